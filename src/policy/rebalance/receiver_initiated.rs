//! Cores that have too little look for others that have more than enough.

use super::measure::{MEASURE, Measure};
use super::probing::{self, PROBES, Probing, Side, THRESHOLD};
use super::{RebalanceSpec, Way};
use crate::policy::Reason;
use crate::registry::Entry;
use crate::source::Field;
use crate::time::Span;

/// When a task ends on a core that then has less than the threshold, the core asks others, and the first that has more
/// gives it the task which that would serve last.
#[derive(Debug)]
struct ReceiverInitiated(Probing);

impl RebalanceSpec for ReceiverInitiated {
    fn measure(&self) -> Measure {
        self.0.measure
    }

    fn way(&self) -> Way<'_> {
        Way::Probes(self.0)
    }

    fn reason(&self) -> Reason {
        Reason::AskedFor
    }
}

const AGAIN: Field<Span> = Field::new(
    "again",
    "how long after an attempt in vain a core that still has too little begins another, and one that never had any the first; only when a task ends if absent",
)
.optional()
.check(|again| if *again > Span::ZERO { Ok(()) } else { Err("must be above 0") });

pub(super) static ENTRY: Entry<dyn RebalanceSpec> = Entry {
    name: "receiver-initiated",
    about: "a core that has too little when a task ends asks others, and gets one from the first that has more than enough",
    cite: "Eager, Lazowska & Zahorjan 1986, A comparison of receiver-initiated and sender-initiated adaptive load sharing",
    fields: &[&THRESHOLD, &PROBES, &AGAIN, &MEASURE],
    bare: None,
    read: |fields| {
        let again = fields.maybe(&AGAIN);
        Some(Box::new(ReceiverInitiated(probing::read(fields, Side::Receiver, again?)?)))
    },
};
