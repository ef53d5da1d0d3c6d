//! A target stops.

use super::Fault;
use crate::registry::Entry;

pub(super) static ENTRY: Entry<Fault> = Entry {
    name: "crash",
    about: "it stops: what runs on it is lost, and so is every message from, to or through it",
    cite: "Schlichting & Schneider 1983",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(Fault::Crash)),
};
