//! Earliest deadline first.

use super::{Candidate, Order, OrderSpec, PREEMPTIVE, Service};
use crate::error::Problem;
use crate::policy::Setup;
use crate::program::Standing;
use crate::registry::Entry;
use crate::time::Span;

/// First what must have ended first: `deadline` after its release. What has no deadline comes last.
///
/// Preemptive and on one core it meets all deadlines if any order does (Liu & Layland 1973; Dertouzos 1974).
#[derive(Clone, Copy, Debug)]
struct Edf {
    preemptive: bool,
}

impl OrderSpec for Edf {
    fn first(&self) -> &'static str {
        "the one with the earliest deadline"
    }

    fn start(&self, _: &Setup<'_>) -> Box<dyn Order> {
        Box::new(*self)
    }

    fn service(&self) -> Service {
        Service::preemptive(self.preemptive)
    }

    fn idle_for(&self, standings: &[Standing]) -> Option<Problem> {
        let given = standings.iter().any(|standing| standing.deadline.is_some());
        let problem = || {
            Problem::new("`edf` takes the earliest deadline first, but no task has a `deadline`")
                .help("give `deadline` to some tasks: how long after its release each should have ended")
        };
        (!given).then(problem)
    }
}

impl Order for Edf {
    fn key(&self, task: &Candidate<'_>) -> u64 {
        (task.release + task.standing.deadline.unwrap_or(Span::FOREVER)).ticks()
    }
}

pub(super) static ENTRY: Entry<dyn OrderSpec> = Entry {
    name: "edf",
    about: "first what has the earliest deadline",
    cite: "Jackson 1955; Liu & Layland 1973, Scheduling algorithms for multiprogramming in a hard-real-time environment",
    fields: &[&PREEMPTIVE],
    bare: None,
    read: |fields| Some(Box::new(Edf { preemptive: fields.take(&PREEMPTIVE)? })),
};
