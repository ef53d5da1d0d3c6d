//! The most urgent first.

use super::{Candidate, Order, OrderSpec, PREEMPTIVE, Service};
use crate::error::Problem;
use crate::policy::Setup;
use crate::program::Standing;
use crate::registry::Entry;

/// First what has the greatest `priority`; of equals, what became ready first.
#[derive(Clone, Copy, Debug)]
struct Priority {
    preemptive: bool,
}

impl OrderSpec for Priority {
    fn first(&self) -> &'static str {
        "the one with the greatest priority"
    }

    fn start(&self, _: &Setup<'_>) -> Box<dyn Order> {
        Box::new(*self)
    }

    fn service(&self) -> Service {
        Service::preemptive(self.preemptive)
    }

    fn idle_for(&self, standings: &[Standing]) -> Option<Problem> {
        let given = standings.iter().any(|standing| standing.priority > 0);
        let problem = || {
            Problem::new("`priority` takes the most urgent task first, but no task has a `priority`").help(
                "give `priority` to some tasks, greater for what is more urgent; it is 0 for the others",
            )
        };
        (!given).then(problem)
    }
}

impl Order for Priority {
    fn key(&self, task: &Candidate<'_>) -> u64 {
        u64::from(u32::MAX - task.standing.priority)
    }
}

pub(super) static ENTRY: Entry<dyn OrderSpec> = Entry {
    name: "priority",
    about: "first what has the greatest `priority`",
    cite: "Cobham 1954, Priority assignment in waiting line problems",
    fields: &[&PREEMPTIVE],
    bare: None,
    read: |fields| Some(Box::new(Priority { preemptive: fields.take(&PREEMPTIVE)? })),
};
