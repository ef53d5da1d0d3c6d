//! The registry of victims: whom a thief tries.

mod hierarchical;
mod last;
mod max_loaded;
mod nearest;
mod random;
mod round_robin;

use std::fmt::Debug;

use crate::ids::CoreId;
use crate::policy::Setup;
use crate::registry::{Registered, Registry};

/// A choice of victims as the scenario names it.
pub trait VictimSpec: Debug + Send + Sync {
    /// Fresh state for one replicate. The cores of `setup` that the work may use are at least two.
    fn start(&self, setup: &Setup<'_>) -> Box<dyn Victims>;

    /// Whether it draws at random, be it only to break ties (unless `lowest`).
    fn is_random(&self, _lowest: bool) -> bool {
        true
    }
}

/// The cores whose deques hold something.
pub trait Holders {
    /// How many there are.
    fn count(&self) -> usize;

    /// One of them by its place in a list of no particular order.
    fn nth(&self, at: usize) -> CoreId;

    /// The lowest from `from` up to but without `to`.
    fn first_in(&self, from: u32, to: u32) -> Option<CoreId>;
}

/// Chooses victims in one replicate. Its answers take O(log cores) time.
pub trait Victims {
    /// Whom `thief` tries, who has failed `failures` times since it last had work: another core, which may have nothing.
    fn try_next(&mut self, thief: CoreId, failures: u32) -> CoreId;

    /// From whom `thief` takes where failures cost nothing, so that it finds a holder in any case: there is one, and
    /// the thief is none.
    fn find(&mut self, thief: CoreId, holders: &dyn Holders) -> CoreId;

    /// `thief` has taken something from `victim`.
    fn took(&mut self, _thief: CoreId, _victim: CoreId) {}

    /// Whether it wants to be told how long deques are.
    fn watches(&self) -> bool {
        false
    }

    /// The deque of `core` holds so many tasks now.
    fn changed(&mut self, _core: CoreId, _queued: usize) {}
}

/// The ways to choose a victim.
pub static VICTIMS: Registry<dyn VictimSpec> = Registry {
    noun: "choice of victims",
    entries: &[
        &random::ENTRY,
        &nearest::ENTRY,
        &hierarchical::ENTRY,
        &round_robin::ENTRY,
        &last::ENTRY,
        &max_loaded::ENTRY,
    ],
};

impl Registered for dyn VictimSpec {
    fn registry() -> &'static Registry<Self> {
        &VICTIMS
    }
}
