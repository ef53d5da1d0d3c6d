//! How a loop hands out its iterations (`schedule.loop`): one file a schedule.
//!
//! A schedule is asked by a core that has nothing to do, and answers with a chunk: so many iterations from the first that
//! nobody has yet, or of a share that was settled before. It knows the loop's size, the cores that may ask, and what the
//! chunks so far took.

mod adaptive;
mod adaptive_weighted;
mod auto;
mod batches;
mod factoring;
mod fixed;
mod front;
mod guided;
mod self_scheduling;
mod static_chunks;
mod static_steal;
mod tapering;
mod trapezoid;
mod weighted_factoring;
#[cfg(test)]
mod testing;

use std::fmt::Debug;

use super::{Decision, Policy, Ready, View};
use crate::registry::{Entry, Registered, Registry};
use crate::rng::Key;
use crate::time::Span;
use crate::workload::LoopShape;

pub(super) use static_chunks::Static;

/// A loop schedule as the scenario chooses it.
pub trait LoopSpec: Debug + Send + Sync {
    /// Fresh state for one replicate.
    fn start(&self, setup: &LoopSetup<'_>) -> Box<dyn LoopSchedule>;

    /// Whether it draws at random.
    fn is_random(&self) -> bool {
        false
    }

    /// How many iterations each chunk has, where all have as many and that was given.
    fn chunk(&self) -> Option<u64> {
        None
    }

    /// Why it can't schedule a loop of this shape on `cores` cores: what is wrong, and what would fit.
    fn misfits(&self, _shape: &LoopShape, _cores: u32) -> Option<(String, &'static str)> {
        None
    }
}

/// What a loop schedule knows before the run.
#[derive(Clone, Copy, Debug)]
pub struct LoopSetup<'a> {
    /// The loop.
    pub shape: LoopShape,
    /// The speed of each core that may ask, by its number among them.
    pub speeds: &'a [f64],
    /// What handing out a chunk takes.
    pub dispatch: Span,
    /// Who draws: the loop's own key, with a purpose to be filled in.
    pub key: Key,
}

impl LoopSetup<'_> {
    /// How many cores may ask, at least 1.
    pub fn cores(&self) -> u64 {
        self.speeds.len() as u64
    }
}

/// Iterations that are done one after another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Chunk {
    /// The first of them in its time step.
    pub first: u64,
    /// How many they are, at least 1.
    pub size: u64,
}

/// What a chunk took.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Measured {
    /// The core, by its number among those that may ask.
    pub core: u32,
    /// How many iterations it was.
    pub size: u64,
    /// Ticks from the core's start on it to its end.
    pub computing: u64,
    /// Ticks from the core's asking for it to its end.
    pub total: u64,
    /// The sum of the squares of the ticks of each iteration; 0 for a schedule that doesn't look at it.
    pub squares: f64,
}

/// How a chunk gets to its core.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hand {
    /// From a queue that all share: each pays `cost.dispatch`, under its lock where that is serial.
    Shared,
    /// From a queue of its own, or another's: each pays `cost.dispatch`, but waits for nobody.
    Own,
    /// It was settled before the loop began and costs nothing.
    Settled,
}

/// The state of a loop schedule in one replicate.
pub trait LoopSchedule {
    /// A time step begins: no iteration of it has been handed out.
    fn begin(&mut self);

    /// The chunk that `core` gets, which asks for one. None where nothing is left for it in this time step.
    fn take(&mut self, core: u32) -> Option<Chunk>;

    /// How chunks of the present step get to their cores.
    fn hand(&self) -> Hand {
        Hand::Shared
    }

    /// A chunk has been done.
    fn measured(&mut self, _chunk: &Measured) {}

    /// Whether it looks at [`Measured::squares`].
    fn looks_at_squares(&self) -> bool {
        false
    }

    /// The time step is over, after so many ticks.
    fn end(&mut self, _took: u64) {}

    /// `core` will never ask again: what was settled for it goes to others.
    fn leave(&mut self, _core: u32) {}

    /// The name of the schedule that it has chosen for the present step; none where it doesn't choose.
    fn choice(&self) -> Option<&str> {
        None
    }

    /// What it has learned of the cores so far: what each gets of equal parts, of mean 1. None where it learns nothing of
    /// them.
    fn weights(&self) -> Option<Vec<f64>> {
        None
    }

    /// Ticks by which the steps so far took longer than they would have in the mean under the best of the schedules among
    /// which it chose; none where it doesn't choose.
    fn regret(&self) -> Option<f64> {
        None
    }
}

/// The policy of a loop, which has no tasks but those that its cores ask for.
pub struct NoTasks;

impl Policy for NoTasks {
    fn decide(&mut self, _: &Ready, _: &View<'_>) -> Decision {
        unreachable!("a loop has no task that is ready")
    }
}

/// Every loop schedule but `auto`, which chooses among them.
static PLAIN: Registry<dyn LoopSpec> = Registry {
    noun: "loop schedule",
    entries: &[
        &static_chunks::ENTRY,
        &self_scheduling::ENTRY,
        &fixed::ENTRY,
        &guided::ENTRY,
        &trapezoid::ENTRY,
        &factoring::ENTRY,
        &weighted_factoring::ENTRY,
        &adaptive_weighted::ENTRY,
        &adaptive::ENTRY,
        &tapering::ENTRY,
        &static_steal::ENTRY,
    ],
};

/// The loop schedules.
pub static LOOPS: Registry<dyn LoopSpec> = Registry { noun: "loop schedule", entries: &with_auto() };

/// The others, and `auto` at the end.
const fn with_auto() -> [&'static Entry<dyn LoopSpec>; PLAIN.entries.len() + 1] {
    let mut all = [&auto::ENTRY; PLAIN.entries.len() + 1];
    let mut at = 0;
    while at < PLAIN.entries.len() {
        all[at] = PLAIN.entries[at];
        at += 1;
    }
    all
}

impl Registered for dyn LoopSpec {
    fn registry() -> &'static Registry<Self> {
        &LOOPS
    }

    fn elsewhere(name: &str) -> Option<&'static str> {
        let known = crate::policy::POLICIES.entries.iter().any(|entry| entry.name == name);
        known.then_some(
            "that is a policy for tasks: give it as `schedule.policy`; a loop needs one of its own",
        )
    }
}
