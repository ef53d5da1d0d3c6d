//! How several cores speed a task up, as the scenario chooses it.

use crate::program::Speedup;
use crate::registry::{Entry, Registered, Registry};
use crate::source::{Field, Fraction};

const SERIAL: Field<Fraction> = Field::new("serial", "the part of the work that only one core can do")
    .check(|serial| if serial.0 <= 1.0 { Ok(()) } else { Err("must be at most 1") });

static LINEAR: Entry<Speedup> = Entry {
    name: "linear",
    about: "as many times as fast as there are cores",
    cite: "",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(Speedup::Linear)),
};

static AMDAHL: Entry<Speedup> = Entry {
    name: "amdahl",
    about: "a part of the work gains nothing from more cores, the rest shares them evenly",
    cite: "Amdahl 1967",
    fields: &[&SERIAL],
    bare: Some("serial"),
    read: |fields| Some(Box::new(Speedup::Amdahl { serial: fields.take(&SERIAL)?.0 })),
};

static SPEEDUPS: Registry<Speedup> = Registry { noun: "speed-up", entries: &[&LINEAR, &AMDAHL] };

impl Registered for Speedup {
    fn registry() -> &'static Registry<Self> {
        &SPEEDUPS
    }
}
