//! Changes of speed that are no faults: `machine.script`.

use super::{Address, Machine, SpeedChange};
use crate::ids::CoreId;
use crate::source::{AnyField, Context, Field, Fields, Read, Shape, Value};
use crate::time::Time;

const AT: Field<Time> = Field::new("at", "when");
const TARGET: Field<Address> = Field::new("target", "which cores");
const SPEED: Field<f64> = Field::new("speed", "by what their own speed is multiplied from then on")
    .check(|speed| if *speed > 0.0 { Ok(()) } else { Err("must be above 0") });
const FIELDS: &[&dyn AnyField] = &[&AT, &TARGET, &SPEED];

/// One row of the script.
#[derive(Debug)]
pub(super) struct Change {
    at: Time,
    target: Address,
    factor: f64,
}

impl Read for Change {
    fn shape() -> Shape {
        Shape::Table(FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, FIELDS, cx)?;
        let (at, target, factor) = (fields.take(&AT), fields.take(&TARGET), fields.take(&SPEED));
        Some(Change { at: at?, target: target?, factor: factor? })
    }
}

impl Change {
    /// The change on `machine`.
    pub(super) fn resolve(self, machine: &Machine, cx: &Context<'_>) -> Option<SpeedChange> {
        let (first, end) = self.target.cores(machine, cx)?;
        let cores = (first.index()..end.index()).map(CoreId::new).collect();
        Some(SpeedChange { at: self.at, cores, factor: self.factor })
    }
}
