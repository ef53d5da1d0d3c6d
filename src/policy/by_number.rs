//! What the static policies share: the number of a task settles its core.

use super::{Decision, Policy, Ready, Reason, Setup, View};
use crate::ids::{CoreId, ServerId, TaskId};

/// Puts each task where `place` says: (its number, how many servers it may go to) to one of these, counted from 0.
///
/// A task that may go to some servers only is placed as if there were no others. Nothing moves when one goes down: its
/// tasks wait for its return.
pub(super) struct ByNumber<F> {
    place: F,
    /// The cores of the tasks of a graph.
    settled: Vec<CoreId>,
}

impl<F: Fn(u64, u64) -> u64> ByNumber<F> {
    pub fn new(setup: &Setup<'_>, place: F) -> Self {
        let settled = setup.graph.map_or_else(Vec::new, |graph| {
            // The servers of a graph are cores.
            let core = |task: TaskId| self::place(&place, setup.allowed(graph, task), task.index() as u64);
            graph.tasks().map(|task| CoreId::new(core(task).index())).collect()
        });
        Self { place, settled }
    }
}

fn place(place: &impl Fn(u64, u64) -> u64, (first, end): (u32, u32), number: u64) -> ServerId {
    let width = u64::from(end - first);
    let place = place(number, width);
    debug_assert!(place < width, "task {number} on server {place} of {width}");
    ServerId::new(first as usize + place as usize)
}

impl<F: Fn(u64, u64) -> u64> Policy for ByNumber<F> {
    fn decide(&mut self, ready: &Ready, _: &View<'_>) -> Decision {
        let server = place(&self.place, ready.allowed, ready.number);
        Decision::Enqueue { server, reason: Reason::ByNumber }
    }

    fn settled(&self, number: u64) -> Option<CoreId> {
        self.settled.get(number as usize).copied()
    }
}
