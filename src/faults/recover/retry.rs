//! Lost tasks run again.

use super::Recover;
use crate::registry::Entry;
use crate::source::Field;

const RESAMPLE: Field<bool> =
    Field::new("resample", "whether the work of a task is drawn anew when it runs again").default("false");

pub(super) static ENTRY: Entry<Recover> = Entry {
    name: "retry",
    about: "the lost tasks run again from their start, the others go on",
    cite: "",
    fields: &[&RESAMPLE],
    bare: None,
    read: |fields| Some(Box::new(Recover::Retry { resample: fields.take(&RESAMPLE)? })),
};
