//! Heterogeneous earliest finish time (Topcuoglu, Hariri & Wu 2002).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::timeline::Timeline;
use super::{Costs, Plan, Unplaceable};
use crate::ids::{CoreId, NodeId, TaskId};
use crate::program::graph::Graph;

/// Plans `graph`: tasks in the order of decreasing upward rank, each where it ends first, in a gap if one holds it.
///
/// All that passes over one edge counts as one message of the summed size; pure ordering is free, and so is a message
/// within a node. Ties go to the lowest index, of tasks and of cores. A task of k > 1 cores takes, on each node, the k
/// cores that are available first (after all that they have: gaps are not searched), starts when the last of them is
/// and runs as long as the slowest.
///
/// # Errors
///
/// [`Unplaceable`] if a task needs more cores than any node where it may run has.
pub fn heft(graph: &Graph, costs: &impl Costs) -> Result<Plan, Unplaceable> {
    let ranks = upward_ranks(graph, costs);
    // Ranks are not negative, so their bits are ordered as they are.
    let key = |task: TaskId| (ranks[task.index()].to_bits(), Reverse(task));
    let mut waits_for: Vec<usize> = graph.tasks().map(|task| graph.preds(task).len()).collect();
    let mut ready: BinaryHeap<_> =
        graph.tasks().filter(|task| graph.preds(*task).is_empty()).map(key).collect();
    let mut planner = Planner::new(graph, costs);
    // A rank is nowhere below a successor's, so this is the order of ranks, with ties in the order of the graph.
    while let Some((_, Reverse(task))) = ready.pop() {
        planner.place(task)?;
        for &succ in graph.succs(task) {
            waits_for[succ.index()] -= 1;
            if waits_for[succ.index()] == 0 {
                ready.push(key(succ));
            }
        }
    }
    Ok(planner.finish())
}

/// The upward rank of each task, in ticks: its mean execution time and the longest way from there to the end, edges
/// taking the mean message time (Topcuoglu et al. 2002, eqs. 8 and 9).
pub fn upward_ranks(graph: &Graph, costs: &impl Costs) -> Vec<f64> {
    let cores = costs.cores();
    let message = costs.mean_message();
    // Until a task's turn comes, its entry is the longest way behind it.
    let mut ranks = vec![0.0_f64; graph.len()];
    for &task in graph.topological().iter().rev() {
        let total: f64 = cores.iter().map(|&(core, _)| costs.execution(task, core)).sum();
        let rank = ranks[task.index()] + total / cores.len().max(1) as f64;
        ranks[task.index()] = rank;
        for edge in graph.edges_into(task) {
            let behind = &mut ranks[edge.from.index()];
            *behind = behind.max(rank + edge.bytes.map_or(0.0, |bytes| message.of(bytes)));
        }
    }
    ranks
}

/// A place found for a task; compared by when it ends, then by its lowest core.
struct Offer {
    start: f64,
    finish: f64,
    node: NodeId,
    cores: Vec<CoreId>,
}

struct Planner<'a, C> {
    graph: &'a Graph,
    costs: &'a C,
    /// Cores by node, nodes and cores lowest first.
    nodes: Vec<(NodeId, Vec<CoreId>)>,
    /// By core number; those that may not be used stay empty.
    timelines: Vec<Timeline>,
    /// What has been placed; tasks not yet placed have no core.
    plan: Plan,
    task_nodes: Vec<NodeId>,
}

impl<'a, C: Costs> Planner<'a, C> {
    fn new(graph: &'a Graph, costs: &'a C) -> Self {
        let mut by_node: Vec<(NodeId, CoreId)> =
            costs.cores().iter().map(|&(core, node)| (node, core)).collect();
        by_node.sort_unstable();
        let nodes = by_node
            .chunk_by(|one, other| one.0 == other.0)
            .map(|cores| (cores[0].0, cores.iter().map(|&(_, core)| core).collect()))
            .collect();
        let numbered = by_node.iter().map(|&(_, core)| core.index() + 1).max().unwrap_or(0);
        let count = graph.len();
        Self {
            graph,
            costs,
            nodes,
            timelines: vec![Timeline::default(); numbered],
            plan: Plan {
                cores: vec![Box::default(); count],
                orders: Vec::new(),
                starts: vec![0.0; count],
                finishes: vec![0.0; count],
            },
            task_nodes: vec![NodeId::new(0); count],
        }
    }

    fn place(&mut self, task: TaskId) -> Result<(), Unplaceable> {
        let (from, to) = self.graph.pin(task).unwrap_or((0, u32::MAX));
        let offers = self.nodes.iter().filter_map(|(node, cores)| {
            let before = |end: u32| cores.partition_point(|core| (core.index() as u32) < end);
            self.offer(task, *node, &cores[before(from)..before(to)])
        });
        let best = offers.min_by(|one, other| {
            one.finish.total_cmp(&other.finish).then_with(|| one.cores[0].cmp(&other.cores[0]))
        });
        let Offer { start, finish, node, cores } = best.ok_or(Unplaceable { task })?;
        for core in &cores {
            self.timelines[core.index()].insert(task, start, finish);
        }
        self.plan.starts[task.index()] = start;
        self.plan.finishes[task.index()] = finish;
        self.plan.cores[task.index()] = cores.into();
        self.task_nodes[task.index()] = node;
        Ok(())
    }

    /// The best that one node can do, if it has cores enough.
    fn offer(&self, task: TaskId, node: NodeId, cores: &[CoreId]) -> Option<Offer> {
        let wanted = self.graph.cores(task) as usize;
        if wanted > cores.len() {
            return None;
        }
        let ready = self.ready(task, node);
        if wanted == 1 {
            return self.offer_one(task, node, cores, ready);
        }
        let mut by_end = cores.to_vec();
        let end = |core: &CoreId| self.timelines[core.index()].end();
        by_end.sort_by(|one, other| end(one).total_cmp(&end(other)));
        by_end.truncate(wanted);
        let start = by_end.iter().map(end).fold(ready, f64::max);
        let length = by_end.iter().map(|&core| self.costs.execution(task, core)).fold(0.0, f64::max);
        by_end.sort_unstable();
        Some(Offer { start, finish: start + length, node, cores: by_end })
    }

    fn offer_one(&self, task: TaskId, node: NodeId, cores: &[CoreId], ready: f64) -> Option<Offer> {
        let on = |&core: &CoreId| {
            let length = self.costs.execution(task, core);
            let start = self.timelines[core.index()].earliest(ready, length);
            (start + length, start, core)
        };
        let first_to_end = cores.iter().map(on).min_by(|one, other| one.0.total_cmp(&other.0));
        first_to_end.map(|(finish, start, core)| Offer { start, finish, node, cores: vec![core] })
    }

    /// When all that `task` waits for has come to `node`.
    fn ready(&self, task: TaskId, node: NodeId) -> f64 {
        let arrivals = self.graph.edges_into(task).map(|edge| {
            let from = self.task_nodes[edge.from.index()];
            let message = match edge.bytes {
                Some(bytes) if from != node => self.costs.message(from, node).of(bytes),
                _ => 0.0,
            };
            self.plan.finishes[edge.from.index()] + message
        });
        arrivals.fold(0.0, f64::max)
    }

    fn finish(mut self) -> Plan {
        self.plan.orders = self.timelines.into_iter().map(Timeline::into_order).collect();
        self.plan
    }
}
