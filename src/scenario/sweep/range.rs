//! Ranges: values evenly spaced from one end to another.

use crate::place::Place;
use crate::source::{AnyField, Context, Field, Fields, Kind, Read, Shape, Value};
use crate::units;

/// Most values of an axis given by its ends.
const MOST_STEPS: u32 = 1000;

/// Values evenly spaced from one end to the other.
pub(super) struct Range {
    from: End,
    to: End,
    /// How much a unit of `from` is in that of `to`.
    ratio: f64,
    steps: u32,
    log: bool,
}

const FROM: Field<End> = Field::new("from", "the first value");
const TO: Field<End> = Field::new("to", "the last value");
const STEPS: Field<u32> = Field::new("steps", "how many values, both ends among them")
    .check(|steps| if (2..=MOST_STEPS).contains(steps) { Ok(()) } else { Err("from 2 to 1000") });
const SCALE: Field<Log> =
    Field::new("scale", "\"linear\": equal differences; \"log\": equal ratios").default("linear");

const FIELDS: &[&dyn AnyField] = &[&FROM, &TO, &STEPS, &SCALE];

impl Read for Range {
    fn shape() -> Shape {
        Shape::Table(FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, FIELDS, cx)?;
        let (from, to) = (fields.take(&FROM), fields.take(&TO));
        let (steps, log) = (fields.take(&STEPS), fields.take(&SCALE));
        let (from, to, Log(log)) = (from?, to?, log?);
        let Some(ratio) = from.ratio(&to) else {
            fields.fault(
                "to",
                "`from` and `to` must be of one kind: both without a unit, or such as \"1 ms\" and \"1 s\"",
            );
            return None;
        };
        if from.number * ratio == to.number {
            fields.fault("to", "`from` and `to` are the same, so that all values are");
            return None;
        }
        if log && (from.number <= 0.0 || to.number <= 0.0) {
            fields.fault("scale", "equal ratios need both ends above 0");
            return None;
        }
        Some(Range { from, to, ratio, steps: steps?, log })
    }
}

impl Range {
    /// The values, as if they had been written out at `place`.
    pub fn values(&self, place: Place) -> Vec<Value> {
        (0..self.steps).map(|step| Value::new(self.value(step), place)).collect()
    }

    fn value(&self, step: u32) -> Kind {
        // Both in the finer unit, so that what is even in it stays so.
        let (from, to, unit) = match self.ratio < 1.0 {
            true => (self.from.number, self.to.number / self.ratio, &self.from.unit),
            false => (self.from.number * self.ratio, self.to.number, &self.to.unit),
        };
        let part = f64::from(step) / f64::from(self.steps - 1);
        let number = match step {
            0 => return self.from.kind(),
            _ if step == self.steps - 1 => return self.to.kind(),
            _ if self.log => from * libm::pow(to / from, part),
            _ => from + (to - from) * part,
        };
        End { number, unit: unit.clone() }.kind()
    }
}

/// An end of a range: a number, with a unit or without.
struct End {
    number: f64,
    unit: Option<String>,
}

impl End {
    /// How much a unit of it is in the unit of `other`, where both are of one kind.
    fn ratio(&self, other: &End) -> Option<f64> {
        match (&self.unit, &other.unit) {
            (Some(own), Some(other)) => units::ratio(own, other),
            (None, None) => Some(1.0),
            _ => None,
        }
    }

    /// As a scenario spells it.
    fn kind(&self) -> Kind {
        // Whole numbers stay whole whatever the rounding: 1, 2, 4, 8 in equal ratios.
        let whole = self.number.round();
        let number = if (self.number - whole).abs() <= 1e-9 * whole.abs() { whole } else { self.number };
        match &self.unit {
            Some(unit) => Kind::Text(format!("{number} {unit}")),
            None if number.fract() == 0.0 && number.abs() < 1e15 => Kind::Integer(number as i64),
            None => Kind::Float(number),
        }
    }
}

impl Read for End {
    fn shape() -> Shape {
        Shape::Any
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let Some(text) = value.text() else {
            return f64::read(value, cx).map(|number| End { number, unit: None });
        };
        let text = text.trim();
        let split = text.find(|c: char| c.is_alphabetic() || c == '/' || c == '%').unwrap_or(text.len());
        let (number, unit) = text.split_at(split);
        match number.trim().parse::<f64>() {
            Ok(number) if number.is_finite() && !unit.is_empty() => {
                Some(End { number, unit: Some(unit.to_owned()) })
            }
            _ => {
                cx.wrong_kind(value, "a number, or a quantity such as \"10 ms\"");
                None
            }
        }
    }
}

/// Whether steps are equal ratios.
struct Log(bool);

impl Read for Log {
    fn shape() -> Shape {
        Shape::Word(&["linear", "log"])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        match value.text() {
            Some("linear") => Some(Log(false)),
            Some("log") => Some(Log(true)),
            _ => {
                cx.fault(value, format!("`{}` must be \"linear\" or \"log\"", cx.path()), "neither", "");
                None
            }
        }
    }
}
