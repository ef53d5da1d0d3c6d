//! A target becomes slower.

use super::Fault;
use crate::registry::Entry;
use crate::source::{Field, Fraction};

const SPEED: Field<Fraction> = Field::new("speed", "the part of their speed that its cores keep, up to 1")
    .check(
        |speed| if 0.0 < speed.0 && speed.0 <= 1.0 { Ok(()) } else { Err("must be above 0 and at most 1") },
    );

pub(super) static ENTRY: Entry<Fault> = Entry {
    name: "slowdown",
    about: "its cores run at a part of their speed",
    cite: "",
    fields: &[&SPEED],
    bare: Some("speed"),
    read: |fields| Some(Box::new(Fault::Slowdown { speed: fields.take(&SPEED)?.0 })),
};
