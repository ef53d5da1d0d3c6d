//! Shortest remaining processing time first.

use super::{Candidate, Order, OrderSpec, Service, least_first};
use crate::policy::Setup;
use crate::registry::Entry;
use crate::time::Time;

/// First what is expected to have least left; what runs loses its core to what has less left than it.
///
/// No other order has a smaller mean response on one core, on any sequence of tasks (Schrage 1968).
#[derive(Clone, Copy, Debug)]
struct Srpt;

impl OrderSpec for Srpt {
    fn first(&self) -> &'static str {
        "the one with the least left to do"
    }

    fn start(&self, _: &Setup<'_>) -> Box<dyn Order> {
        Box::new(Srpt)
    }

    fn clairvoyant(&self) -> bool {
        true
    }

    fn service(&self) -> Service {
        Service::PREEMPTIVE
    }
}

impl Order for Srpt {
    fn key(&self, task: &Candidate<'_>) -> u64 {
        least_first(task.remaining())
    }

    /// What is left shrinks as fast for all: the last is who is expected to end last.
    fn rank(&self, _: &Candidate<'_>, end: Time) -> u64 {
        end.ticks()
    }
}

pub(super) static ENTRY: Entry<dyn OrderSpec> = Entry {
    name: "srpt",
    about: "first what is expected to have least left, preemptive (shortest remaining processing time)",
    cite: "Schrage 1968, A proof of the optimality of the shortest remaining processing time discipline",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(Srpt)),
};
