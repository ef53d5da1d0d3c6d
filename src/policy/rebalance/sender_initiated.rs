//! Cores that have too much look for others that have room.

use super::measure::{MEASURE, Measure};
use super::probing::{self, PROBES, Probing, Side, THRESHOLD};
use super::{RebalanceSpec, Way};
use crate::policy::Reason;
use crate::registry::Entry;

/// When a task comes to a core that then has more than the threshold, the core asks others, and the first that has less
/// gets the task which it would serve last.
#[derive(Debug)]
struct SenderInitiated(Probing);

impl RebalanceSpec for SenderInitiated {
    fn measure(&self) -> Measure {
        self.0.measure
    }

    fn way(&self) -> Way<'_> {
        Way::Probes(self.0)
    }

    fn reason(&self) -> Reason {
        Reason::SentOn
    }
}

pub(super) static ENTRY: Entry<dyn RebalanceSpec> = Entry {
    name: "sender-initiated",
    about: "a core that has more than enough when a task comes asks others, and sends one to the first that has less",
    cite: "Eager, Lazowska & Zahorjan 1986, Adaptive load sharing in homogeneous distributed systems",
    fields: &[&THRESHOLD, &PROBES, &MEASURE],
    bare: None,
    read: |fields| Some(Box::new(SenderInitiated(probing::read(fields, Side::Sender, None)?))),
};
