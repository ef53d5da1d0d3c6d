//! What the static policies share: the number of a task settles its core.

use super::{Decision, Policy, Reason, Setup, View};
use crate::ids::CoreId;

/// Puts each task where `place` says: (its number, how many cores it may use) to one of these, counted from 0.
///
/// A task that may use some cores only is placed as if there were no others. Nothing moves when a core goes down: its
/// tasks wait for its return.
pub(super) struct ByNumber<F> {
    place: F,
    /// The cores of the tasks of a graph.
    settled: Vec<CoreId>,
}

impl<F: Fn(u64, u64) -> u64> ByNumber<F> {
    pub fn new(setup: &Setup<'_>, place: F) -> Self {
        let settled = setup.graph.map_or_else(Vec::new, |graph| {
            let core = |task| core(&place, setup.allowed(graph, task), task.index() as u64);
            graph.tasks().map(core).collect()
        });
        Self { place, settled }
    }
}

fn core(place: &impl Fn(u64, u64) -> u64, (first, end): (u32, u32), number: u64) -> CoreId {
    let width = u64::from(end - first);
    let place = place(number, width);
    debug_assert!(place < width, "task {number} on core {place} of {width}");
    CoreId::new(first as usize + place as usize)
}

impl<F: Fn(u64, u64) -> u64> Policy for ByNumber<F> {
    fn decide(&mut self, view: &View<'_>, decisions: &mut Vec<Decision>) {
        decisions.extend(view.ready.iter().map(|ready| Decision::Enqueue {
            task: ready.task,
            core: core(&self.place, ready.allowed, ready.number),
            reason: Reason::ByNumber,
        }));
    }

    fn settled(&self, number: u64) -> Option<CoreId> {
        self.settled.get(number as usize).copied()
    }
}
