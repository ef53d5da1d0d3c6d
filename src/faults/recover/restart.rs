//! The whole job begins again.

use super::Recover;
use crate::registry::Entry;
use crate::source::Field;
use crate::time::Span;

pub(super) const RESTART: Field<Span> =
    Field::new("restart", "what starting again takes, after the repair").default("0 s");

pub(super) static ENTRY: Entry<Recover> = Entry {
    name: "restart",
    about: "the whole job begins again after the repair",
    cite: "",
    fields: &[&RESTART],
    bare: Some("restart"),
    read: |fields| Some(Box::new(Recover::Restart { restart: fields.take(&RESTART)? })),
};
