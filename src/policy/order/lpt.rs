//! Longest processing time first.

use super::{Order, OrderSpec, least_first};
use crate::policy::{Candidate, Setup};
use crate::registry::Entry;

/// First what is expected to take longest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lpt;

impl OrderSpec for Lpt {
    fn first(&self) -> &'static str {
        "the longest of those that wait"
    }

    fn start(&self, _: &Setup<'_>) -> Box<dyn Order> {
        Box::new(Lpt)
    }

    fn clairvoyant(&self) -> bool {
        true
    }
}

impl Order for Lpt {
    fn key(&self, task: &Candidate<'_>) -> u64 {
        u64::MAX - least_first(task.expected)
    }
}

pub(in crate::policy) static ENTRY: Entry<dyn OrderSpec> = Entry {
    name: "lpt",
    about: "first what is expected to take longest (longest processing time)",
    cite: "Graham 1969, Bounds on multiprocessing timing anomalies",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(Lpt)),
};
