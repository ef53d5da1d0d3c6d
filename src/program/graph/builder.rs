//! Building a graph: tasks, data and edges in any order, checked together at the end.

use super::error::{GraphError, NamedTask};
use super::label::Labels;
use super::order::{a_cycle, topological};
use super::rows::Rows;
use super::{Cost, Graph, Stem, Work};
use crate::ids::{DatumId, TaskId};

/// Collects the parts of a [`Graph`]. Edges may name tasks that are added later.
///
/// ```
/// use makespan::program::graph::{GraphBuilder, Work};
///
/// let mut builder = GraphBuilder::default();
/// let a = builder.task("A", Work::Uniform(5.0));
/// let b = builder.task("B", Work::Uniform(2.0));
/// builder.send(a, b, 18);
/// let graph = builder.build().expect("no cycle");
/// assert_eq!(graph.preds(b), [a]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct GraphBuilder {
    labels: Labels,
    costs: Vec<Cost>,
    table: Vec<f64>,
    /// Per row of `table` so far: its task and its length.
    row_lengths: Vec<(TaskId, usize)>,
    cores: Vec<u32>,
    pins: Vec<Option<(u32, u32)>>,
    /// (before, after)
    edges: Vec<(TaskId, TaskId)>,
    reads: Vec<(TaskId, DatumId)>,
    producers: Vec<TaskId>,
    bytes: Vec<u64>,
}

impl GraphBuilder {
    /// Adds a task of one core, free to run on any node.
    pub fn task(&mut self, name: &str, work: Work<'_>) -> TaskId {
        let stem = self.labels.stem(name);
        self.numbered(stem, &[], work)
    }

    /// Stores the stem of many names once.
    pub fn stem(&mut self, text: &str) -> Stem {
        self.labels.stem(text)
    }

    /// Adds a task named by a stem and up to three numbers, as in `gemm 3.2.1`.
    ///
    /// # Panics
    ///
    /// If there are more than three numbers.
    pub fn numbered(&mut self, stem: Stem, numbers: &[u32], work: Work<'_>) -> TaskId {
        let task = TaskId::new(self.costs.len());
        self.labels.push(stem, numbers);
        self.costs.push(match work {
            Work::Uniform(work) => Cost::Uniform(work),
            Work::PerCore(row) => {
                self.row_lengths.push((task, row.len()));
                self.table.extend_from_slice(row);
                // Fits: every row has a task, and tasks are counted in 32 bits.
                Cost::Row((self.row_lengths.len() - 1) as u32)
            }
        });
        self.cores.push(1);
        self.pins.push(None);
        task
    }

    /// Lets `task`, already added, hold `cores` cores of one node.
    pub fn cores(&mut self, task: TaskId, cores: u32) {
        self.cores[task.index()] = cores;
    }

    /// Lets `task`, already added, run on `cores` only, from the first up to but without the second.
    pub fn pin(&mut self, task: TaskId, cores: (u32, u32)) {
        self.pins[task.index()] = Some(cores);
    }

    /// Adds a datum that `producer` makes.
    pub fn datum(&mut self, producer: TaskId, bytes: u64) -> DatumId {
        let datum = DatumId::new(self.bytes.len());
        self.producers.push(producer);
        self.bytes.push(bytes);
        datum
    }

    /// Lets `task` wait for `datum`. Said twice, it counts once.
    pub fn reads(&mut self, task: TaskId, datum: DatumId) {
        self.reads.push((task, datum));
    }

    /// Lets `after` wait for a new datum of `bytes` that `before` makes for it alone.
    pub fn send(&mut self, before: TaskId, after: TaskId, bytes: u64) {
        let datum = self.datum(before, bytes);
        self.reads(after, datum);
    }

    /// Lets `after` wait for the end of `before`, without data. Said twice, or beside data, it counts once.
    pub fn order(&mut self, before: TaskId, after: TaskId) {
        self.edges.push((before, after));
    }

    /// Checks the parts and joins them.
    ///
    /// # Errors
    ///
    /// Everything that is wrong (of cycles, one); the list is never empty.
    pub fn build(mut self) -> Result<Graph, Vec<GraphError>> {
        let mut errors = self.task_errors();
        errors.extend(self.edge_errors());
        if !errors.is_empty() {
            return Err(errors);
        }
        let count = self.costs.len();
        for &(task, datum) in &self.reads {
            self.edges.push((self.producers[datum.index()], task));
        }
        let (preds, succs) = both_ways(count, &self.edges);
        let topological = topological(&preds, &succs, count);
        if topological.len() < count {
            let cycle = a_cycle(&preds, &topological, count);
            return Err(vec![GraphError::Cycle(cycle.into_iter().map(|task| self.named(task)).collect())]);
        }
        let producers = &self.producers;
        self.reads.sort_unstable_by_key(|&(task, datum)| (task, producers[datum.index()], datum));
        self.reads.dedup();
        let reads: Vec<_> = self.reads.iter().map(|&(task, datum)| (task.index(), datum)).collect();
        Ok(Graph {
            labels: self.labels,
            costs: self.costs,
            table: self.table,
            width: self.row_lengths.first().map_or(0, |&(_, length)| length),
            cores: self.cores,
            pins: self.pins,
            preds,
            succs,
            inputs: Rows::from_sorted(count, &reads),
            producers: self.producers,
            bytes: self.bytes,
            topological,
        })
    }

    fn named(&self, id: TaskId) -> NamedTask {
        NamedTask { id, name: self.labels.name(id).to_string() }
    }

    fn task_errors(&self) -> Vec<GraphError> {
        let mut errors = Vec::new();
        let wrong = |cost: f64| !(cost.is_finite() && cost >= 0.0);
        for (index, (cost, &cores)) in self.costs.iter().zip(&self.cores).enumerate() {
            if matches!(cost, Cost::Uniform(work) if wrong(*work)) {
                errors.push(GraphError::Work(self.named(TaskId::new(index))));
            }
            if cores == 0 {
                errors.push(GraphError::NoCores(self.named(TaskId::new(index))));
            }
        }
        let expected = self.row_lengths.first().map_or(0, |&(_, length)| length.max(1));
        let mut rest = self.table.as_slice();
        for &(task, found) in &self.row_lengths {
            let (row, later) = rest.split_at(found);
            rest = later;
            if found != expected {
                errors.push(GraphError::PerCoreLength { task: self.named(task), found, expected });
            }
            if row.iter().any(|&cost| wrong(cost)) {
                errors.push(GraphError::Work(self.named(task)));
            }
        }
        errors
    }

    fn edge_errors(&self) -> Vec<GraphError> {
        let mut errors = Vec::new();
        let unknown = |task: TaskId| task.index() >= self.costs.len();
        let named_by_edges = self.edges.iter().flat_map(|&(before, after)| [before, after]);
        let named_by_data = self.producers.iter().copied().chain(self.reads.iter().map(|&(task, _)| task));
        errors.extend(
            named_by_edges.chain(named_by_data).filter(|&task| unknown(task)).map(GraphError::UnknownTask),
        );
        for &(before, after) in &self.edges {
            if before == after && !unknown(before) {
                errors.push(GraphError::SelfEdge(self.named(before)));
            }
        }
        for &(task, datum) in &self.reads {
            match self.producers.get(datum.index()) {
                None => errors.push(GraphError::UnknownDatum(datum)),
                Some(&producer) if producer == task && !unknown(task) => {
                    errors.push(GraphError::SelfEdge(self.named(task)));
                }
                Some(_) => {}
            }
        }
        errors
    }
}

/// Predecessors and successors, sorted and each once.
fn both_ways(count: usize, edges: &[(TaskId, TaskId)]) -> (Rows<TaskId>, Rows<TaskId>) {
    let rows = |mut pairs: Vec<(usize, TaskId)>| {
        pairs.sort_unstable();
        pairs.dedup();
        Rows::from_sorted(count, &pairs)
    };
    let preds = rows(edges.iter().map(|&(before, after)| (after.index(), before)).collect());
    let succs = rows(edges.iter().map(|&(before, after)| (before.index(), after)).collect());
    (preds, succs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_edges(count: usize, edges: &[(usize, usize)]) -> GraphBuilder {
        let mut builder = GraphBuilder::default();
        for task in 0..count {
            builder.task(&format!("t{task}"), Work::Uniform(1.0));
        }
        for &(before, after) in edges {
            builder.order(TaskId::new(before), TaskId::new(after));
        }
        builder
    }

    #[test]
    fn the_topological_order_takes_the_lowest_task_that_can_come() {
        let graph = of_edges(5, &[(4, 0), (4, 2), (1, 0)]).build().unwrap();
        let order: Vec<_> = graph.topological().iter().map(|task| task.index()).collect();
        assert_eq!(order, [1, 3, 4, 0, 2]);
    }

    #[test]
    fn an_edge_said_twice_counts_once() {
        let mut builder = of_edges(2, &[(0, 1), (0, 1)]);
        let datum = builder.datum(TaskId::new(0), 5);
        builder.reads(TaskId::new(1), datum);
        builder.reads(TaskId::new(1), datum);
        let graph = builder.build().unwrap();
        assert_eq!(graph.edges_len(), 1);
        assert_eq!(graph.inputs(TaskId::new(1)).count(), 1);
    }

    #[test]
    fn a_cycle_is_named_along_its_edges_without_what_hangs_on_it() {
        // 1 → 3 → 2 → 1, with 0 before it and 4 behind it.
        let errors = of_edges(5, &[(0, 1), (1, 3), (3, 2), (2, 1), (2, 4)]).build().unwrap_err();
        assert_eq!(errors[0].to_string(), "tasks wait for each other: `t1` → `t3` → `t2` → `t1`");
    }

    #[test]
    fn a_task_cannot_wait_for_itself_or_read_what_it_makes() {
        let mut builder = of_edges(2, &[(1, 1)]);
        builder.send(TaskId::new(0), TaskId::new(0), 3);
        let texts: Vec<_> = builder.build().unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["`t1` waits for itself", "`t0` waits for itself"]);
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let mut builder = of_edges(1, &[(0, 9)]);
        builder.reads(TaskId::new(0), DatumId::new(4));
        builder.task("hungry", Work::Uniform(-1.0));
        let idle = builder.task("idle", Work::PerCore(&[1.0, 2.0]));
        builder.cores(idle, 0);
        builder.task("short", Work::PerCore(&[f64::NAN]));
        let texts: Vec<_> = builder.build().unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "the work of `hungry` must be finite and not negative",
                "`idle` must use at least one core",
                "`short` has costs for 1 cores where 2 are expected",
                "the work of `short` must be finite and not negative",
                "there is no task number 9",
                "there is no datum number 4",
            ]
        );
    }
}
