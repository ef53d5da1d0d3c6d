//! Sweeps: keys and the values that each takes, all crossed with one another.

use super::variant::{plain, refuse_study_keys};
use crate::error::Problem;
use crate::place::Place;
use crate::source::{
    AnyField, Context, Field, Fields, Key, Kind, Read, Shape, Table, Value, parse, path_keys,
};

/// A key and the values that it takes.
pub(super) struct Axis {
    /// The keys that lead to it.
    pub path: Vec<String>,
    /// Where it is named.
    pub place: Place,
    /// Its values.
    pub values: Vec<Value>,
}

/// Most values of an axis given by its ends.
const MOST_STEPS: u32 = 1000;

/// The axes under `value`, the `[sweep]` table; problems go to `cx`.
pub(super) fn read(value: &Value, cx: &Context<'_>) -> Vec<Axis> {
    let mut axes = Vec::new();
    match &value.kind {
        Kind::Table(table) => collect(table, &[], &mut axes, cx),
        _ => cx.below("sweep", || cx.wrong_kind(value, "a table of keys and their values")),
    }
    axes
}

/// An axis of the form `key.path=1,2,4` as the command line takes it; `text` starts at offset `start`.
pub(super) fn parse_axis(text: &str, start: u32, cx: &Context<'_>) -> Option<Axis> {
    let (name, values) = text.split_once('=').unwrap_or((text, ""));
    let place = Place::new(start, start + name.len() as u32);
    let path = path_keys(name);
    if values.trim().is_empty() || path.is_none() {
        let what = format!("`{text}` sweeps nothing");
        let help = "write a key and its values, such as machine.cores=1,2,4";
        cx.problem(Problem::new(what).at(place, "here").help(help));
        return None;
    }
    let mut at = start + name.len() as u32 + 1;
    let mut items = Vec::new();
    for item in values.split(',') {
        let place = Place::new(at, at + item.len() as u32);
        at = place.end + 1;
        // The two bytes before an item are the key that the parser needs.
        let mut problems = Vec::new();
        let document = parse(&format!("x={item}"), place.start - 2, &mut problems);
        let parsed = document.table().and_then(|table| table.get("x")).filter(|_| problems.is_empty());
        items.push(parsed.cloned().unwrap_or_else(|| Value::new(Kind::Text(item.trim().to_owned()), place)));
    }
    Some(Axis { path: path?, place, values: items })
}

fn collect(table: &Table, above: &[String], axes: &mut Vec<Axis>, cx: &Context<'_>) {
    for (key, value) in &table.entries {
        let Some(own) = path_keys(&key.name) else {
            let what = format!("`{}` is not a path of keys", key.name);
            cx.problem(Problem::new(what).at(key.place, "no key of the language"));
            continue;
        };
        let path = [above, &own].concat();
        let range = |table: &Table| ["from", "to", "steps"].iter().any(|name| table.get(name).is_some());
        let values = match &value.kind {
            Kind::List(items) if items.is_empty() => {
                cx.fault(value, format!("the sweep of `{}` has no values", path.join(".")), "empty", "");
                continue;
            }
            Kind::List(items) => items.clone(),
            Kind::Table(table) if !range(table) => {
                collect(table, &path, axes, cx);
                continue;
            }
            Kind::Table(_) => match cx.below("sweep", || cx.below(&key.name, || Range::read(value, cx))) {
                Some(range) => range.values(value.place),
                None => continue,
            },
            _ => {
                let what = format!("the sweep of `{}` needs several values", path.join("."));
                let help = "give a list such as [1, 2, 4], or { from = 1, to = 8, steps = 8 }";
                cx.fault(value, what, format!("this is {}", value.noun()), help);
                continue;
            }
        };
        axes.push(Axis { path, place: key.place, values });
    }
}

impl Axis {
    /// An overlay that gives the key its value number `at`.
    pub fn overlay(&self, at: usize) -> Value {
        self.path.iter().rev().fold(self.values[at].clone(), |inner, name| {
            let key = Key { name: name.clone(), place: self.place };
            Value::new(Kind::Table(Table { entries: vec![(key, inner)] }), self.place)
        })
    }

    /// Value number `at` as it is shown.
    pub fn shown(&self, at: usize) -> String {
        plain(&self.values[at].inline())
    }

    /// The dotted path as it is shown.
    pub fn name(&self) -> String {
        self.path.join(".")
    }

    /// Whether another path leads to the key, above or below it.
    pub fn touches(&self, path: &[String]) -> bool {
        self.path.starts_with(path) || path.starts_with(&self.path)
    }

    /// Reports a key that holds for the whole study.
    pub fn check(&self, cx: &Context<'_>) {
        if let Kind::Table(table) = self.overlay(0).kind {
            refuse_study_keys(&table, "a sweep", cx);
        }
    }
}

/// Values evenly spaced from one end to the other.
struct Range {
    from: End,
    to: End,
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
        if from.unit != to.unit {
            fields.fault("to", "`from` and `to` must have the same unit");
            return None;
        }
        if log && (from.number <= 0.0 || to.number <= 0.0) {
            fields.fault("scale", "equal ratios need both ends above 0");
            return None;
        }
        Some(Range { from, to, steps: steps?, log })
    }
}

impl Range {
    fn values(&self, place: Place) -> Vec<Value> {
        (0..self.steps).map(|step| Value::new(self.value(step), place)).collect()
    }

    fn value(&self, step: u32) -> Kind {
        let (from, to) = (self.from.number, self.to.number);
        let part = f64::from(step) / f64::from(self.steps - 1);
        let number = match step {
            0 => from,
            _ if step == self.steps - 1 => to,
            _ if self.log => from * libm::pow(to / from, part),
            _ => from + (to - from) * part,
        };
        // Whole numbers stay whole whatever the rounding: 1, 2, 4, 8 in equal ratios.
        let whole = number.round();
        let number = if (number - whole).abs() <= 1e-9 * whole.abs() { whole } else { number };
        match &self.from.unit {
            Some(unit) => Kind::Text(format!("{number} {unit}")),
            None if number.fract() == 0.0 && number.abs() < 1e15 => Kind::Integer(number as i64),
            None => Kind::Float(number),
        }
    }
}

/// An end of a range: a number, with a unit or without.
struct End {
    number: f64,
    unit: Option<String>,
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
