//! A plan made before the run: heterogeneous earliest finish time.

use std::cell::RefCell;

use super::plan::{Costs, MessageTime, Plan, heft::heft};
use super::{Decision, Policy, PolicySpec, Queues, Ready, Setup, View, fits};
use crate::error::Problem;
use crate::ids::{CoreId, LinkId, NodeId, TaskId};
use crate::network::Network;
use crate::program::graph::Graph;
use crate::registry::Entry;
use crate::workload::Workload;

/// Plans all tasks with [`heft`] from the speeds of the cores and the network, knowing the work of each task.
#[derive(Debug)]
struct Heft;

impl PolicySpec for Heft {
    fn queues(&self) -> Queues<'_> {
        Queues::Planned
    }

    /// # Panics
    ///
    /// Without a graph, or with a task that fits on no node: neither passes the check of a scenario.
    fn start(&self, setup: &Setup<'_>) -> Box<dyn Policy> {
        let Some(graph) = setup.graph else { panic!("`heft` needs all tasks before the run") };
        let plan = heft(graph, &Expected::new(graph, setup));
        Box::new(Planned(Some(plan.unwrap_or_else(|misfit| panic!("{misfit}")))))
    }

    fn clairvoyant(&self) -> bool {
        true
    }

    fn misfits(&self, workload: &dyn Workload) -> Vec<Problem> {
        fits::all_at_the_start("heft", workload).into_iter().collect()
    }
}

struct Planned(Option<Plan>);

impl Policy for Planned {
    /// Nothing is left to decide.
    fn decide(&mut self, _: &Ready, _: &View<'_>) -> Decision {
        unreachable!("the plan has settled where every task goes")
    }

    fn plan(&mut self) -> Option<Plan> {
        self.0.take()
    }
}

/// What is expected of the machine: estimates of work with their errors, and messages that meet no others.
struct Expected<'a> {
    graph: &'a Graph,
    setup: &'a Setup<'a>,
    cores: Vec<(CoreId, NodeId)>,
    /// Room for a route.
    links: RefCell<Vec<LinkId>>,
    mean_message: MessageTime,
}

impl<'a> Expected<'a> {
    fn new(graph: &'a Graph, setup: &'a Setup<'a>) -> Self {
        let (first, end) = setup.on;
        let node = |core: usize| (CoreId::new(core), setup.cores[core].node);
        let cores = (first as usize..end as usize).map(node).collect();
        let links = RefCell::default();
        let mut expected = Self { graph, setup, cores, links, mean_message: MessageTime::FREE };
        if let Some(network) = setup.network {
            expected.mean_message =
                MessageTime::mean(&expected.cores_by_node(), |from, to| expected.between(network, from, to));
        }
        expected
    }

    fn cores_by_node(&self) -> Vec<usize> {
        let nodes = self.cores.iter().map(|(_, node)| node.index() + 1).max().unwrap_or(0);
        let mut counts = vec![0; nodes];
        self.cores.iter().for_each(|(_, node)| counts[node.index()] += 1);
        counts
    }

    /// The time of a message that meets no others: overheads, latencies and bytes over the smallest bandwidth.
    fn between(&self, network: &Network, from: NodeId, to: NodeId) -> MessageTime {
        let path = network.path(from, to, &mut self.links.borrow_mut());
        let protocol = network.protocol;
        let fixed = protocol.send_overhead + path.latency + protocol.receive_overhead;
        MessageTime { fixed: fixed.ticks() as f64, per_byte: 1.0 / path.bandwidth }
    }
}

impl Costs for Expected<'_> {
    fn cores(&self) -> &[(CoreId, NodeId)] {
        &self.cores
    }

    fn execution(&self, task: TaskId, core: CoreId) -> f64 {
        let error = self.setup.error.get(task.index()).copied().unwrap_or(1.0);
        error * self.graph.work(task).on(core, self.setup.cores[core.index()].speed)
    }

    fn message(&self, from: NodeId, to: NodeId) -> MessageTime {
        self.setup.network.map_or(MessageTime::FREE, |network| self.between(network, from, to))
    }

    fn mean_message(&self) -> MessageTime {
        self.mean_message
    }
}

pub(super) static ENTRY: Entry<dyn PolicySpec> = Entry {
    name: "heft",
    about: "a plan: tasks by upward rank, each where it ends first (heterogeneous earliest finish time)",
    cite: "Topcuoglu, Hariri & Wu 2002, Performance-effective and low-complexity task scheduling",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(Heft)),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SocketId;
    use crate::network::{Contention, Layout, Link, Protocol};
    use crate::policy::CoreInfo;
    use crate::policy::testing::{Bag, setup};
    use crate::program::graph::{GraphBuilder, Work};
    use crate::time::Span;

    /// A link up and one down for each node.
    #[derive(Debug)]
    struct Star;

    impl Layout for Star {
        fn route(&self, from: NodeId, to: NodeId, links: &mut Vec<LinkId>) {
            links.extend([LinkId::new(2 * from.index()), LinkId::new(2 * to.index() + 1)]);
        }
    }

    /// Node n has links of `bandwidths[n]` bytes per tick and n + 1 ticks.
    fn star(bandwidths: &[f64]) -> Network {
        let link = |(at, &bandwidth): (u64, &f64)| Link {
            name: format!("link {at}"),
            bandwidth,
            latency: Span::from_ticks(at / 2 + 1),
            capacity: at as usize,
            head: None,
        };
        let both_ways: Vec<f64> = bandwidths.iter().flat_map(|&bandwidth| [bandwidth, bandwidth]).collect();
        Network {
            links: (0..).zip(&both_ways).map(link).collect(),
            layout: Box::new(Star),
            contention: Contention::None,
            protocol: Protocol { send_overhead: Span::from_ticks(3), receive_overhead: Span::from_ticks(4) },
        }
    }

    fn cores(of: &[(usize, f64)]) -> Vec<CoreInfo> {
        of.iter()
            .map(|&(node, speed)| CoreInfo { node: NodeId::new(node), socket: SocketId::new(node), speed })
            .collect()
    }

    fn plan(graph: &Graph, cores: &[CoreInfo], network: Option<&Network>, error: &[f64]) -> Plan {
        let on = (0, cores.len() as u32);
        let known = Setup { cores, on, graph: Some(graph), network, error, ..setup(&Bag::of(0)) };
        Heft.start(&known).plan().expect("a plan")
    }

    /// A sends `bytes` to B and C, which take as long as they do.
    fn fork(bytes: u64) -> Graph {
        let mut builder = GraphBuilder::default();
        let [a, b, c] = [("A", 10.0), ("B", 60.0), ("C", 50.0)]
            .map(|(name, work)| builder.task(name, Work::Uniform(work)));
        builder.send(a, b, bytes);
        builder.send(a, c, bytes);
        builder.build().unwrap()
    }

    #[test]
    fn a_task_goes_to_another_node_where_its_data_arrive_in_time() {
        let machine = cores(&[(0, 1.0), (1, 2.0)]);
        let network = star(&[2.0, 1.0]);
        // A and B run on the fast core until 5 and 35. There C would end at 60; on node 0 its data arrive after
        // 3 + 2 + 1 + 20/1 + 4 = 30 more ticks, at 35, and it ends at 85. So C stays, and goes where messages are free.
        let [a, b, c] = [0, 1, 2].map(TaskId::new);
        let stays = plan(&fork(20), &machine, Some(&network), &[]);
        assert_eq!([a, b, c].map(|task| stays.cores(task)[0].index()), [1, 1, 1]);
        assert_eq!((stays.start(c), stays.makespan()), (35.0, 60.0));
        let goes = plan(&fork(20), &machine, None, &[]);
        assert_eq!([a, b, c].map(|task| goes.cores(task)[0].index()), [1, 1, 0]);
        assert_eq!((goes.start(c), goes.makespan()), (5.0, 55.0));
        // Even speeds: C would end at 120 behind B, and at 10 + 30 + 50 on node 0.
        let even = plan(&fork(20), &cores(&[(0, 1.0), (1, 1.0)]), Some(&network), &[]);
        assert_eq!((even.start(c), even.finish(c)), (40.0, 90.0));
    }

    #[test]
    fn a_plan_believes_its_estimates() {
        let [b, c] = [1, 2].map(TaskId::new);
        let machine = cores(&[(0, 1.0), (0, 1.0)]);
        let right = plan(&fork(1), &machine, None, &[]);
        assert!(right.cores(b)[0] < right.cores(c)[0], "B has the higher rank");
        let wrong = plan(&fork(1), &machine, None, &[1.0, 0.5, 2.0]);
        assert!(wrong.cores(c)[0] < wrong.cores(b)[0], "C is believed to be longer");
        assert_eq!(wrong.makespan(), 110.0);
    }

    #[test]
    fn the_mean_message_is_that_over_ordered_pairs_of_cores() {
        // Nodes of 3, 1 and 2 cores; the workload may use all but the first.
        let machine = cores(&[(0, 1.0), (0, 1.0), (0, 1.0), (1, 1.0), (2, 1.0), (2, 1.0)]);
        let network = star(&[4.0, 0.5, 2.0]);
        let graph = fork(1);
        let known = Setup { cores: &machine, on: (1, 6), network: Some(&network), ..setup(&Bag::of(0)) };
        let expected = Expected::new(&graph, &known);
        let (mut sum, mut pairs, mut links) = (0.0, 0.0, Vec::new());
        for from in 1..6 {
            for to in (1..6).filter(|&to| to != from) {
                let (from, to) = (machine[from].node, machine[to].node);
                if from != to {
                    let path = network.path(from, to, &mut links);
                    sum += network.alone(path, 64.0).ticks() as f64;
                }
                pairs += 1.0;
            }
        }
        assert!((expected.mean_message().of(64) - sum / pairs).abs() < 1e-9);
    }

    #[test]
    fn the_plan_is_given_away_once_and_nothing_is_left_to_decide() {
        let graph = fork(1);
        let machine = cores(&[(0, 1.0)]);
        let mut policy = Heft.start(&Setup { cores: &machine, graph: Some(&graph), ..setup(&Bag::of(0)) });
        assert!(policy.plan().is_some());
        assert!(policy.plan().is_none());
    }
}
