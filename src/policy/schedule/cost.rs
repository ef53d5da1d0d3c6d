//! What decisions cost (`schedule.cost`).

use crate::source::{AnyField, Context, Field, Fields, Read, Shape, Value};
use crate::time::Span;

/// What decisions cost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cost {
    /// What taking a task from a shared queue takes, or what a dispatcher takes to send it to a server.
    pub dispatch: Span,
    /// Whether that happens under one lock, or a dispatcher has one task in hand at a time.
    pub serial: bool,
    /// What it takes a core to go over to a task that it did not have last.
    pub switch: Span,
    /// What an attempt to steal takes, whether it succeeds or not.
    pub steal: Span,
    /// What it takes to ask for the load of another core, or of all that take part in a round of rebalancing.
    pub probe: Span,
}

const DISPATCH: Field<Span> = Field::new(
    "dispatch",
    "the time that it takes to take a task from a shared queue, or a dispatcher to send it to a server",
)
.default("0 s");
const SERIAL: Field<bool> =
    Field::new("serial", "whether dispatches from one queue, or of one dispatcher, wait for one another")
        .default("true");
const SWITCH: Field<Span> = Field::new(
    "switch",
    "the time that a core takes to go over to another task than it had last: a context switch",
)
.default("0 s");
const STEAL: Field<Span> =
    Field::new("steal", "the time that an attempt to steal takes, whether it succeeds or not").default("0 s");
const PROBE: Field<Span> = Field::new(
    "probe",
    "the time that it takes under `rebalance` to ask a core for its load, or all of them in a round; messages come on top",
)
.default("0 s");

const COSTS: &[&dyn AnyField] = &[&DISPATCH, &SERIAL, &SWITCH, &STEAL, &PROBE];

impl Read for Cost {
    fn shape() -> Shape {
        Shape::Table(COSTS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, COSTS, cx)?;
        let (dispatch, serial) = (fields.take(&DISPATCH), fields.take(&SERIAL));
        let (switch, steal, probe) = (fields.take(&SWITCH), fields.take(&STEAL), fields.take(&PROBE));
        Some(Cost { dispatch: dispatch?, serial: serial?, switch: switch?, steal: steal?, probe: probe? })
    }
}
