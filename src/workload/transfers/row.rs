//! Transfers listed one by one.

use crate::error::Problem;
use crate::ids::NodeId;
use crate::machine::{Address, Machine};
use crate::place::Place;
use crate::rng::{BytesLaw, Distribution};
use crate::source::{AnyField, Context, Field, Fields, Read, Shape, Value};
use crate::time::Time;

pub(super) const FROM: Field<Address> =
    Field::new("from", "the node where the bytes lie").on_side("transfers", "list");
pub(super) const TO: Field<Address> =
    Field::new("to", "the node to which they go").on_side("transfers", "list");
pub(super) const BYTES: Field<BytesLaw> = Field::new("bytes", "how many bytes a transfer moves").optional();
pub(super) const WEIGHT: Field<f64> =
    Field::new("weight", "its part of a shared link against that of others; 1 if absent")
        .optional()
        .check(|weight| if *weight > 0.0 { Ok(()) } else { Err("must be above 0") });
const NAME: Field<String> = Field::new("name", "what it is called").optional();
const START: Field<Time> = Field::new("start", "when it starts; at time 0 if absent").optional();
const FIELDS: &[&dyn AnyField] = &[&NAME, &FROM, &TO, &BYTES, &START, &WEIGHT];

/// What a row and the keys beside the list may say, each absent where it isn't given.
#[derive(Debug)]
pub(super) struct Given {
    from: Option<Address>,
    to: Option<Address>,
    bytes: Option<Distribution>,
    weight: Option<f64>,
}

impl Given {
    /// Takes the keys out of a table that is being read.
    pub(super) fn take(fields: &Fields<'_>) -> Option<Self> {
        let (from, to) = (fields.maybe(&FROM), fields.maybe(&TO));
        let (bytes, weight) = (fields.maybe(&BYTES), fields.maybe(&WEIGHT));
        Some(Given { from: from?, to: to?, bytes: bytes?.map(|bytes| bytes.0), weight: weight? })
    }

    /// How many bytes move; `place` is where they should have been given.
    pub(super) fn bytes(&self, place: Place, cx: &Context<'_>) -> Option<Distribution> {
        needed(self.bytes.as_ref(), &BYTES, place, cx).cloned()
    }

    pub(super) fn weight(&self) -> f64 {
        self.weight.unwrap_or(1.0)
    }
}

/// A key that must be given, in a row or beside the list.
fn needed<'a, T>(
    given: Option<&'a T>,
    field: &dyn AnyField,
    place: Place,
    cx: &Context<'_>,
) -> Option<&'a T> {
    if given.is_none() {
        let problem = Problem::new(format!("a transfer needs `{}`", field.name()));
        let problem = problem.at(place, format!("`{}` is missing", field.name()));
        cx.problem(problem.help(format!("`{}`: {}", field.name(), field.about())));
    }
    given
}

/// A transfer of its own.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) name: Option<String>,
    given: Given,
    start: Option<Time>,
    place: Place,
}

impl Read for Row {
    fn shape() -> Shape {
        Shape::Table(FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, FIELDS, cx)?;
        let (name, start, given) = (fields.maybe(&NAME), fields.maybe(&START), Given::take(&fields));
        Some(Row { name: name?, given: given?, start: start?, place: fields.place })
    }
}

/// The rows in the order of their starts, which numbers them. `closed` tells whether the end of one starts the next.
pub(super) fn in_order(mut rows: Vec<Row>, closed: bool, cx: &Context<'_>) -> Option<Vec<Row>> {
    if let Some(row) = rows.iter().find(|row| closed && row.start.is_some()) {
        let problem = Problem::new("`start` and `at_once`: each says when a transfer starts");
        cx.problem(problem.at(row.place, "this one has a start").help("keep one of them"));
        return None;
    }
    rows.sort_by_key(|row| row.start.unwrap_or(Time::ZERO));
    Some(rows)
}

/// A transfer on a machine.
#[derive(Clone, Debug)]
pub(super) struct Transfer {
    pub(super) from: NodeId,
    pub(super) to: NodeId,
    pub(super) bytes: Distribution,
    pub(super) start: Time,
    pub(super) weight: f64,
}

impl Row {
    /// The transfer on `machine`, `defaults` standing in for what the row leaves out.
    pub(super) fn resolve(self, defaults: &Given, machine: &Machine, cx: &Context<'_>) -> Option<Transfer> {
        let Row { given, start, place, .. } = self;
        let node = |own: &Option<Address>, other: &Option<Address>, field: &dyn AnyField| {
            needed(own.as_ref().or(other.as_ref()), field, place, cx)?.node(machine, cx)
        };
        let (from, to) = (node(&given.from, &defaults.from, &FROM), node(&given.to, &defaults.to, &TO));
        let bytes = needed(given.bytes.as_ref().or(defaults.bytes.as_ref()), &BYTES, place, cx);
        let (from, to, bytes) = (from?, to?, bytes?.clone());
        if from == to {
            let what = format!("a transfer from `{}` to itself moves nothing", machine.node_name(from));
            cx.problem(Problem::new(what).at(place, "`from` and `to` are the same node"));
            return None;
        }
        let weight = given.weight.unwrap_or_else(|| defaults.weight());
        Some(Transfer { from, to, bytes, start: start.unwrap_or(Time::ZERO), weight })
    }
}
