//! Shortest processing time first.

use super::{Order, OrderSpec, least_first};
use crate::policy::{Ready, Setup};
use crate::registry::Entry;

/// First what is expected to take least.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spt;

impl OrderSpec for Spt {
    fn start(&self, _: &Setup<'_>) -> Box<dyn Order> {
        Box::new(Spt)
    }

    fn clairvoyant(&self) -> bool {
        true
    }
}

impl Order for Spt {
    fn key(&self, task: &Ready) -> u64 {
        least_first(task.expected)
    }
}

pub(in crate::policy) static ENTRY: Entry<dyn OrderSpec> = Entry {
    name: "spt",
    about: "first what is expected to take least (shortest processing time)",
    cite: "Smith 1956, Various optimizers for single-stage production",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(Spt)),
};
