//! Last in, first out.

use super::{Order, OrderSpec};
use crate::policy::{Ready, Setup};
use crate::registry::Entry;

/// First what became ready last; of what became ready together, the lowest number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lifo;

impl OrderSpec for Lifo {
    fn start(&self, _: &Setup<'_>) -> Box<dyn Order> {
        Box::new(Lifo)
    }
}

impl Order for Lifo {
    fn key(&self, task: &Ready) -> u64 {
        u64::MAX - task.since.ticks()
    }
}

pub(super) static ENTRY: Entry<dyn OrderSpec> = Entry {
    name: "lifo",
    about: "first what became ready last",
    cite: "",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(Lifo)),
};
