//! The keys of `[schedule]`.

use super::beside::{initial_beside, queue_beside, rebalance_beside};
use super::{Cost, Names, Schedule};
use crate::policy::estimate::EstimateError;
use crate::policy::loops::{LoopSpec, Static};
use crate::policy::steal::Initial;
use crate::policy::{Dispatchers, OrderSpec, PolicySpec, RebalanceSpec, Stale};
use crate::source::{AnyField, Context, Field, Fields, Kind, Later, Read, Shape, Value};

pub(super) const POLICY: Field<Box<dyn PolicySpec>> =
    Field::new("policy", "which core or queue gets ready work").default("central-queue");
pub(super) const QUEUE: Field<Box<dyn OrderSpec>> =
    Field::new("queue", "the order within a queue").default("fifo");
const COST: Field<Cost> = Field::new("cost", "what decisions cost").default("{}");
const ESTIMATE_ERROR: Field<EstimateError> = Field::new(
    "estimate_error",
    "how wrong the work is that clairvoyant policies see: a relative standard error, or a distribution of the factor",
)
.optional();
const TIES: Field<Ties> =
    Field::new("ties", "which of equally good cores is taken: one at `random`, or the `lowest`")
        .default("random");
const LOOP: Field<Box<dyn LoopSpec>> =
    Field::new("loop", "how a loop hands out its iterations; `static` if absent").optional();
pub(super) const REBALANCE: Field<Box<dyn RebalanceSpec>> =
    Field::new("rebalance", "how work that waits moves from core to core; not at all if absent").optional();
pub(super) const INITIAL: Field<Initial> =
    Field::new("initial", "where work starts or arrives under stealing; `spread` if absent").optional();
const DISPATCHERS: Field<Dispatchers> =
    Field::new("dispatchers", "how many dispatchers there are, which don't see what the others decide")
        .default("1");
const STALE: Field<Stale> =
    Field::new("stale", "the age of the load information, or how it comes about; current if absent")
        .optional();
const OVERSUBSCRIBE: Field<Later> = Field::later("oversubscribe", "whether ranks may share a core");

const FIELDS: &[&dyn AnyField] = &[
    &POLICY,
    &QUEUE,
    &COST,
    &ESTIMATE_ERROR,
    &TIES,
    &LOOP,
    &REBALANCE,
    &INITIAL,
    &DISPATCHERS,
    &STALE,
    &OVERSUBSCRIBE,
];

impl Read for Schedule {
    fn shape() -> Shape {
        Shape::Table(FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, FIELDS, cx)?;
        let policy = fields.take(&POLICY);
        let queue = match &policy {
            Some(policy) => queue_beside(&**policy, &fields),
            None => fields.maybe(&QUEUE),
        };
        let cost = fields.take(&COST);
        let (chunks, estimate_error) = (fields.maybe(&LOOP), fields.maybe(&ESTIMATE_ERROR));
        let ties = fields.take(&TIES);
        let initial = initial_beside(policy.as_deref(), &fields);
        let rebalance = rebalance_beside(policy.as_deref(), &fields);
        let (dispatchers, stale) = (fields.take(&DISPATCHERS), fields.maybe(&STALE));
        if let (Some(policy), Some(dispatchers)) = (&policy, dispatchers) {
            let name = fields.given(&POLICY).map_or("central-queue", chosen);
            dispatchers.check(&**policy, name, fields.given(&DISPATCHERS), cx)?;
            Stale::check(&**policy, name, fields.given(&STALE), cx)?;
        }
        let name = |given: Option<&Value>, field: &dyn AnyField| {
            given.map_or(field.default().unwrap_or(""), chosen).to_owned()
        };
        let task_keys: [(&'static str, Option<&Value>); 5] = [
            ("policy", fields.given(&POLICY)),
            ("queue", fields.given(&QUEUE)),
            ("estimate_error", fields.given(&ESTIMATE_ERROR)),
            ("ties", fields.given(&TIES)),
            ("rebalance", fields.given(&REBALANCE)),
        ];
        // A resolved scenario spells every default, which says nothing to a loop and asks nothing of it.
        let asks = |name: &str, value: &Value| {
            let default = FIELDS.iter().find(|field| field.name() == name).and_then(|field| field.default());
            value.text().is_none_or(|text| Some(text) != default)
        };
        let given = task_keys
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.filter(|value| asks(name, value))?.place)))
            .collect();
        let ordered = queue.as_ref().is_some_and(Option::is_some);
        let names = Names {
            policy: name(fields.given(&POLICY), &POLICY),
            queue: ordered.then(|| name(fields.given(&QUEUE), &QUEUE)),
            chunks: fields.given(&LOOP).map_or("static", chosen).to_owned(),
            rebalance: fields.given(&REBALANCE).map(|value| chosen(value).to_owned()),
        };
        let place = fields.given(&POLICY).map_or(fields.place, |value| value.place);
        Some(Schedule {
            policy: policy?,
            queue: queue?,
            chunks: chunks?.unwrap_or_else(|| Box::new(Static::default())),
            names,
            cost: cost?,
            estimate_error: estimate_error?.map(|error| error.0),
            lowest: ties?.0,
            initial: initial?,
            rebalance: rebalance?,
            dispatchers: dispatchers?,
            stale: stale?,
            place,
            queue_place: fields.given(&QUEUE).map_or(place, |value| value.place),
            rebalance_place: fields.given(&REBALANCE).map_or(place, |value| value.place),
            given: (fields.given(&LOOP).map(|value| value.place), given),
        })
    }
}
/// The name that a choice chooses.
pub(super) fn chosen(value: &Value) -> &str {
    match &value.kind {
        Kind::Table(table) => table.only().map_or("", |(key, _)| &key.name),
        _ => value.text().unwrap_or(""),
    }
}
/// Whether ties go to the lowest index.
struct Ties(bool);

impl Read for Ties {
    fn shape() -> Shape {
        Shape::Word(&["random", "lowest"])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        match value.text() {
            Some("random") => Some(Ties(false)),
            Some("lowest") => Some(Ties(true)),
            _ => {
                let what = format!("`{}` must be `\"random\"` or `\"lowest\"`", cx.path());
                cx.fault(value, what, "neither of them", "");
                None
            }
        }
    }
}
