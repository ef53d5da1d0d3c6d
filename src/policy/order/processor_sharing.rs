//! Processor sharing: all at once.

use super::{Candidate, Order, OrderSpec, Service};
use crate::policy::Setup;
use crate::registry::Entry;

/// All tasks are served at once, each by its share of the cores that serve the queue: what remains of round robin when
/// turns get infinitely short.
///
/// The mean number of tasks in M/G/1 under it depends on the law of work only through its mean (Kleinrock 1976, section 4.4).
#[derive(Clone, Copy, Debug)]
struct ProcessorSharing;

impl OrderSpec for ProcessorSharing {
    fn first(&self) -> &'static str {
        "beside all others"
    }

    fn start(&self, _: &Setup<'_>) -> Box<dyn Order> {
        Box::new(ProcessorSharing)
    }

    fn service(&self) -> Service {
        Service::SHARED
    }
}

impl Order for ProcessorSharing {
    /// The same for all: nobody waits for another.
    fn key(&self, _: &Candidate<'_>) -> u64 {
        0
    }

    fn tells_apart(&self) -> bool {
        false
    }
}

pub(super) static ENTRY: Entry<dyn OrderSpec> = Entry {
    name: "processor-sharing",
    about: "all tasks at once, each with the share of the cores that its `weight` gives it, and one core at most",
    cite: "Kleinrock 1967, Time-shared systems: a theoretical treatment; Kleinrock 1976, Queueing Systems II, section 4.4",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(ProcessorSharing)),
};
