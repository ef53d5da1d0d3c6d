//! First in, first out.

use super::{Order, OrderSpec};
use crate::policy::{Candidate, Setup};
use crate::registry::Entry;

/// First what became ready first.
#[derive(Clone, Copy, Debug)]
pub(in crate::policy) struct Fifo;

impl OrderSpec for Fifo {
    fn first(&self) -> &'static str {
        "the longest waiting"
    }

    fn start(&self, _: &Setup<'_>) -> Box<dyn Order> {
        Box::new(Fifo)
    }
}

impl Order for Fifo {
    /// The same for all, which leaves the order to the instant of readiness.
    fn key(&self, _: &Candidate<'_>) -> u64 {
        0
    }

    fn tells_apart(&self) -> bool {
        false
    }
}

pub(in crate::policy) static ENTRY: Entry<dyn OrderSpec> = Entry {
    name: "fifo",
    about: "first what became ready first",
    cite: "",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(Fifo)),
};
