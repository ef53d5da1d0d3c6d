//! Task graphs: which task waits for which, what each costs, and the data that pass between them.
//!
//! A graph never changes once built and lies in flat arrays, so a run reads it without allocating. A *datum* has an
//! identity: two consumers on one node receive it once. An edge is either some data from one task to another or pure
//! ordering, which sends no message and so costs no time.

mod rows;
mod label;
mod error;
mod order;
mod builder;
mod paths;

pub use builder::GraphBuilder;
pub use error::{GraphError, NamedTask};
pub use label::{Stem, TaskName};

use crate::ids::{CoreId, DatumId, TaskId};
use label::Labels;
use rows::Rows;

/// What a task costs, in ticks it holds its cores (all of them, for a task of several).
///
/// A caller who has a sequential total divides it by the task's speed-up first; a recorded runtime is taken as it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Work<'a> {
    /// Ticks on cores of speed 1.
    Uniform(f64),
    /// Ticks on each core of the machine by number, whatever its speed factor.
    PerCore(&'a [f64]),
}

impl Work<'_> {
    /// Ticks on `core`, whose speed factor is `speed` (> 0).
    ///
    /// # Panics
    ///
    /// If the work is given per core and there is no such core.
    pub fn on(self, core: CoreId, speed: f64) -> f64 {
        match self {
            Work::Uniform(work) => work / speed,
            Work::PerCore(row) => row[core.index()],
        }
    }
}

/// A datum that a task waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Input {
    /// Which datum.
    pub datum: DatumId,
    /// The task that makes it.
    pub producer: TaskId,
    /// Its size in bytes.
    pub bytes: u64,
}

/// What one task waits for from one other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The task that must end first.
    pub from: TaskId,
    /// The size of all its data that the later task reads, in bytes; `None` if the edge is pure ordering.
    pub bytes: Option<u64>,
}

/// How the work of a task is stored.
#[derive(Clone, Copy, Debug)]
enum Cost {
    Uniform(f64),
    /// The row of the table of costs per core.
    Row(u32),
}

/// An immutable, acyclic task graph; see [`GraphBuilder`].
#[derive(Clone, Debug)]
pub struct Graph {
    labels: Labels,
    costs: Vec<Cost>,
    /// Costs per core, row by row.
    table: Vec<f64>,
    /// The length of a row of `table`; 0 if there is none.
    width: usize,
    cores: Vec<u32>,
    pins: Vec<Option<(u32, u32)>>,
    preds: Rows<TaskId>,
    succs: Rows<TaskId>,
    /// The data each task reads, ordered by producer.
    inputs: Rows<DatumId>,
    producers: Vec<TaskId>,
    bytes: Vec<u64>,
    topological: Vec<TaskId>,
}

impl Graph {
    /// The number of tasks.
    pub fn len(&self) -> usize {
        self.costs.len()
    }

    /// Whether there is no task.
    pub fn is_empty(&self) -> bool {
        self.costs.is_empty()
    }

    /// All tasks by number.
    pub fn tasks(&self) -> impl ExactSizeIterator<Item = TaskId> + use<> {
        (0..self.len()).map(TaskId::new)
    }

    /// The name of a task, written out only when it is shown.
    pub fn name(&self, task: TaskId) -> TaskName<'_> {
        self.labels.name(task)
    }

    /// What a task costs.
    pub fn work(&self, task: TaskId) -> Work<'_> {
        match self.costs[task.index()] {
            Cost::Uniform(work) => Work::Uniform(work),
            Cost::Row(row) => Work::PerCore(&self.table[row as usize * self.width..][..self.width]),
        }
    }

    /// The number of cores that every cost per core names, or `None` if all work is uniform.
    pub fn per_core_width(&self) -> Option<usize> {
        (!self.table.is_empty()).then_some(self.width)
    }

    /// The same graph with every cost `c` of every task replaced by `change(task, c)`: another unit of time, say.
    ///
    /// # Panics
    ///
    /// If a new cost is negative or not finite.
    #[must_use]
    pub fn map_work(mut self, mut change: impl FnMut(TaskId, f64) -> f64) -> Self {
        let mut changed = |task, cost: &mut f64| {
            *cost = change(task, *cost);
            assert!(cost.is_finite() && *cost >= 0.0, "work must be finite and not negative, not {cost}");
        };
        for (index, cost) in self.costs.iter_mut().enumerate() {
            let task = TaskId::new(index);
            match cost {
                Cost::Uniform(work) => changed(task, work),
                Cost::Row(row) => {
                    let row = &mut self.table[*row as usize * self.width..][..self.width];
                    row.iter_mut().for_each(|cost| changed(task, cost));
                }
            }
        }
        self
    }

    /// The cores of one node that a task holds at once, at least 1.
    pub fn cores(&self, task: TaskId) -> u32 {
        self.cores[task.index()]
    }

    /// The only cores where a task may run, from the first up to but without the second, if it is pinned.
    pub fn pin(&self, task: TaskId) -> Option<(u32, u32)> {
        self.pins[task.index()]
    }

    /// The tasks that must end before `task` starts, lowest first, each once.
    pub fn preds(&self, task: TaskId) -> &[TaskId] {
        self.preds.row(task.index())
    }

    /// The tasks that wait for `task`, lowest first, each once.
    pub fn succs(&self, task: TaskId) -> &[TaskId] {
        self.succs.row(task.index())
    }

    /// The task that makes `datum`.
    pub fn producer(&self, datum: DatumId) -> TaskId {
        self.producers[datum.index()]
    }

    /// The data that `task` waits for, ordered by producer, each once.
    pub fn inputs(&self, task: TaskId) -> impl Iterator<Item = Input> + '_ {
        self.inputs.row(task.index()).iter().map(|&datum| Input {
            datum,
            producer: self.producers[datum.index()],
            bytes: self.bytes[datum.index()],
        })
    }

    /// What `task` waits for from each of its predecessors, in their order.
    pub fn edges_into(&self, task: TaskId) -> impl Iterator<Item = Edge> + '_ {
        let mut inputs = self.inputs(task).peekable();
        self.preds(task).iter().map(move |&from| {
            let mut bytes = None;
            while let Some(input) = inputs.next_if(|input| input.producer == from) {
                bytes = Some(bytes.unwrap_or(0) + input.bytes);
            }
            Edge { from, bytes }
        })
    }

    /// The number of data; a [`DatumId`] counts them.
    pub fn data_len(&self) -> usize {
        self.bytes.len()
    }

    /// The number of pairs of tasks of which one waits for the other.
    pub fn edges_len(&self) -> usize {
        self.preds.len()
    }

    /// All tasks, each after its predecessors; of those that could come next, the lowest.
    pub fn topological(&self) -> &[TaskId] {
        &self.topological
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diamond() -> Graph {
        let mut builder = GraphBuilder::default();
        let [a, b, c, d] = ["a", "b", "c", "d"].map(|name| builder.task(name, Work::Uniform(1.0)));
        let shared = builder.datum(a, 10);
        builder.reads(b, shared);
        builder.reads(c, shared);
        builder.send(a, d, 7);
        builder.send(b, d, 1);
        builder.send(b, d, 2);
        builder.order(c, d);
        builder.build().unwrap()
    }

    #[test]
    fn a_shared_datum_is_one_datum_and_pure_ordering_carries_none() {
        let graph = diamond();
        let [a, b, c, d] = [0, 1, 2, 3].map(TaskId::new);
        assert_eq!(graph.inputs(b).next(), graph.inputs(c).next());
        assert_eq!(graph.succs(a), [b, c, d]);
        let edges: Vec<_> = graph.edges_into(d).collect();
        let edge = |from, bytes| Edge { from, bytes };
        assert_eq!(edges, [edge(a, Some(7)), edge(b, Some(3)), edge(c, None)]);
        assert_eq!((graph.data_len(), graph.edges_len()), (4, 5));
    }

    #[test]
    fn work_scales_with_speed_unless_it_is_given_per_core() {
        let mut builder = GraphBuilder::default();
        let a = builder.task("a", Work::Uniform(6.0));
        let b = builder.task("b", Work::PerCore(&[14.0, 16.0, 9.0]));
        let c = builder.task("c", Work::PerCore(&[1.0, 2.0, 3.0]));
        let graph = builder.build().unwrap().map_work(|_, work| work * 10.0);
        assert_eq!(graph.work(a).on(CoreId::new(1), 2.0), 30.0);
        assert_eq!(graph.work(b).on(CoreId::new(2), 2.0), 90.0);
        assert_eq!(graph.work(c), Work::PerCore(&[10.0, 20.0, 30.0]));
        assert_eq!(graph.per_core_width(), Some(3));
    }
}
