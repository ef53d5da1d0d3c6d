//! The registry of faults: what happens to a target.

mod crash;
mod slowdown;

use crate::registry::{Registered, Registry};

/// What happens to a target.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Fault {
    /// It stops; what runs on it and every message from, to or through it is lost.
    Crash,
    /// Its cores run at this part of their speed.
    Slowdown {
        /// From 0 (excluded) to 1.
        speed: f64,
    },
}

/// The kinds of faults.
pub static FAULT_KINDS: Registry<Fault> =
    Registry { noun: "fault", entries: &[&crash::ENTRY, &slowdown::ENTRY] };

impl Registered for Fault {
    fn registry() -> &'static Registry<Self> {
        &FAULT_KINDS
    }

    fn later() -> &'static [&'static str] {
        &["corruption"]
    }
}
