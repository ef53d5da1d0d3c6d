//! Last in, first out.

use super::{Candidate, Order, OrderSpec, PREEMPTIVE, Service};
use crate::policy::Setup;
use crate::registry::Entry;

/// First what became ready last; of what became ready together, the lowest number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lifo {
    pub preemptive: bool,
}

impl OrderSpec for Lifo {
    fn first(&self) -> &'static str {
        "the latest to become ready"
    }

    fn start(&self, _: &Setup<'_>) -> Box<dyn Order> {
        Box::new(*self)
    }

    fn service(&self) -> Service {
        Service::preemptive(self.preemptive)
    }
}

impl Order for Lifo {
    fn key(&self, task: &Candidate<'_>) -> u64 {
        u64::MAX - task.since.ticks()
    }
}

pub(super) static ENTRY: Entry<dyn OrderSpec> = Entry {
    name: "lifo",
    about: "first what became ready last",
    cite: "",
    fields: &[&PREEMPTIVE],
    bare: None,
    read: |fields| Some(Box::new(Lifo { preemptive: fields.take(&PREEMPTIVE)? })),
};
