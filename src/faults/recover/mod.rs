//! The registry of recoveries: what becomes of lost work.

mod checkpoint;
mod restart;
mod retry;

use super::Interval;
use crate::registry::{Registered, Registry};
use crate::time::Span;

/// What becomes of lost work.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub enum Recover {
    /// Nothing: it ends failed, and what depends on it is dropped.
    #[default]
    Nothing,
    /// Lost tasks run again.
    Retry {
        /// Whether their work is drawn anew.
        resample: bool,
    },
    /// The whole job begins again.
    Restart {
        /// What starting again costs after the repair.
        restart: Span,
    },
    /// The job goes back to its last completed checkpoint.
    Checkpoint {
        /// Computing time between checkpoints.
        interval: Interval,
        /// What one takes, all cores of the job standing still.
        cost: Span,
        /// What going back takes after the repair.
        restart: Span,
        /// Whether one is taken at the very end.
        last: bool,
    },
}

/// The recoveries.
pub static RECOVERIES: Registry<Recover> =
    Registry { noun: "recovery", entries: &[&retry::ENTRY, &restart::ENTRY, &checkpoint::ENTRY] };

impl Registered for Recover {
    fn registry() -> &'static Registry<Self> {
        &RECOVERIES
    }

    fn later() -> &'static [&'static str] {
        &["replicate", "speculate"]
    }
}
