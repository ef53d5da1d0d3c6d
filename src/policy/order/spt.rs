//! Shortest processing time first.

use super::{Candidate, Order, OrderSpec, PREEMPTIVE, Service, least_first};
use crate::policy::Setup;
use crate::registry::Entry;

/// First what is expected to take least in all, however much of it is done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spt {
    pub preemptive: bool,
}

impl OrderSpec for Spt {
    fn first(&self) -> &'static str {
        "the shortest of those that wait"
    }

    fn start(&self, _: &Setup<'_>) -> Box<dyn Order> {
        Box::new(*self)
    }

    fn clairvoyant(&self) -> bool {
        true
    }

    fn service(&self) -> Service {
        Service::preemptive(self.preemptive)
    }
}

impl Order for Spt {
    fn key(&self, task: &Candidate<'_>) -> u64 {
        least_first(task.expected)
    }
}

pub(in crate::policy) static ENTRY: Entry<dyn OrderSpec> = Entry {
    name: "spt",
    about: "first what is expected to take least (shortest processing time)",
    cite: "Smith 1956, Various optimizers for single-stage production",
    fields: &[&PREEMPTIVE],
    bare: None,
    read: |fields| Some(Box::new(Spt { preemptive: fields.take(&PREEMPTIVE)? })),
};
