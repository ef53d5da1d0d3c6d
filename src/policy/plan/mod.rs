//! Static plans: which cores run each task of a graph and in which order, fixed before the run.

mod timeline;
pub mod heft;

use std::fmt;

use crate::ids::{CoreId, NodeId, TaskId};

/// The time of a message between two places, nothing else under way, as a function of its size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MessageTime {
    /// Overheads and latencies, in ticks.
    pub fixed: f64,
    /// Ticks per byte.
    pub per_byte: f64,
}

impl MessageTime {
    /// No time whatever the size.
    pub const FREE: Self = Self { fixed: 0.0, per_byte: 0.0 };

    /// Ticks that a message of `bytes` takes.
    pub fn of(self, bytes: u64) -> f64 {
        self.fixed + bytes as f64 * self.per_byte
    }

    /// The mean over ordered pairs of different cores, being free within a node; free if there is but one core.
    ///
    /// `cores` counts the cores of each node and `between` is asked once for each ordered pair of different nodes
    /// that have any.
    pub fn mean(cores: &[usize], mut between: impl FnMut(NodeId, NodeId) -> Self) -> Self {
        let total: usize = cores.iter().sum();
        let pairs = total as f64 * total.saturating_sub(1) as f64;
        let mut mean = Self::FREE;
        for (from, &senders) in cores.iter().enumerate().filter(|&(_, &count)| count > 0) {
            for (to, &receivers) in cores.iter().enumerate().filter(|&(to, &count)| to != from && count > 0) {
                let share = senders as f64 * receivers as f64 / pairs;
                let time = between(NodeId::new(from), NodeId::new(to));
                mean.fixed += share * time.fixed;
                mean.per_byte += share * time.per_byte;
            }
        }
        mean
    }
}

/// What a planner believes about the machine. All times are in ticks, finite and not negative.
pub trait Costs {
    /// The cores that may be used, lowest first, and the node of each.
    fn cores(&self) -> &[(CoreId, NodeId)];

    /// Time of a task on a core (and as many more as it needs, all like this one).
    fn execution(&self, task: TaskId, core: CoreId) -> f64;

    /// Time of a message between two different nodes; within a node it is free.
    fn message(&self, from: NodeId, to: NodeId) -> MessageTime;

    /// The mean of [`message`](Self::message) over ordered pairs of different cores; see [`MessageTime::mean`].
    fn mean_message(&self) -> MessageTime;
}

/// Why there is no plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unplaceable {
    /// A task that needs more cores than any node it may use has.
    pub task: TaskId,
}

impl fmt::Display for Unplaceable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "no node that task number {} may use has enough cores for it", self.task.index())
    }
}

impl std::error::Error for Unplaceable {}

/// Where and in which order to run the tasks of a graph. Only cores and orders bind a run; the times are what the
/// planner expected.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    cores: Vec<Box<[CoreId]>>,
    orders: Vec<Vec<TaskId>>,
    starts: Vec<f64>,
    finishes: Vec<f64>,
}

impl Plan {
    /// The cores that run `task`, lowest first, all of one node.
    pub fn cores(&self, task: TaskId) -> &[CoreId] {
        &self.cores[task.index()]
    }

    /// The tasks of `core` in the order of their starts; none for a core that was not to be used.
    pub fn order(&self, core: CoreId) -> &[TaskId] {
        self.orders.get(core.index()).map_or(&[], Vec::as_slice)
    }

    /// When `task` is expected to start, in ticks.
    pub fn start(&self, task: TaskId) -> f64 {
        self.starts[task.index()]
    }

    /// When `task` is expected to end, in ticks.
    pub fn finish(&self, task: TaskId) -> f64 {
        self.finishes[task.index()]
    }

    /// The expected end of the last task, in ticks; 0 without tasks.
    pub fn makespan(&self) -> f64 {
        self.finishes.iter().copied().fold(0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_message_counts_pairs_of_cores_and_those_within_a_node_as_free() {
        // Nodes of 2, 0 and 1 cores: of 6 ordered pairs of cores, 2 lie within a node, 2 go out and 2 come back.
        let between = |from: NodeId, to: NodeId| {
            assert!(from.index() != 1 && to.index() != 1);
            MessageTime { fixed: if from < to { 3.0 } else { 6.0 }, per_byte: 1.5 }
        };
        let mean = MessageTime::mean(&[2, 0, 1], between);
        assert!((mean.of(0) - 3.0).abs() < 1e-12);
        assert!((mean.of(10) - 13.0).abs() < 1e-12);
        assert_eq!(MessageTime::mean(&[1], |_, _| unreachable!()), MessageTime::FREE);
    }
}
