//! The job goes back to its last completed checkpoint.

use super::Recover;
use super::restart::RESTART;
use crate::faults::Interval;
use crate::registry::Entry;
use crate::source::Field;
use crate::time::Span;

const INTERVAL: Field<Interval> = Field::new(
    "interval",
    "computing time between checkpoints: a time, `young` (√(2δM), Young 1974) or `daly` (Daly 2006, equation 37)",
);
const COST: Field<Span> = Field::new("cost", "what a checkpoint takes, all cores of the job standing still");
const LAST: Field<bool> = Field::new("last", "whether one is taken at the very end").default("false");

pub(super) static ENTRY: Entry<Recover> = Entry {
    name: "checkpoint",
    about: "the job goes back to its last completed checkpoint after the repair",
    cite: "Daly 2006",
    fields: &[&INTERVAL, &COST, &RESTART, &LAST],
    bare: None,
    read: |fields| {
        let (interval, cost) = (fields.take(&INTERVAL), fields.take(&COST));
        let (restart, last) = (fields.take(&RESTART), fields.take(&LAST));
        let (interval, cost) = (interval?, cost?);
        if cost == Span::ZERO && !matches!(interval, Interval::Given(_)) {
            fields.fault("interval", "checkpoints that cost nothing have no best interval: give a time");
            return None;
        }
        Some(Box::new(Recover::Checkpoint { interval, cost, restart: restart?, last: last? }))
    },
};
