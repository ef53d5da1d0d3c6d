//! The `[schedule]` table.

use super::estimate::EstimateError;
use super::{OrderSpec, PolicySpec, Queues, order::fifo::Fifo};
use crate::place::Place;
use crate::rng::Distribution;
use crate::source::{AnyField, Context, Field, Fields, Kind, Later, Read, Shape, Value};
use crate::time::Span;
use crate::workload::Workload;

/// How work is scheduled.
#[derive(Debug)]
pub struct Schedule {
    /// Which core or queue gets ready work.
    pub policy: Box<dyn PolicySpec>,
    /// What decisions cost.
    pub cost: Cost,
    /// The factor by which the work that a clairvoyant scheduler sees is wrong, drawn for each task.
    pub estimate_error: Option<Distribution>,
    /// Whether ties go to the lowest index and not to one of the equals at random.
    pub lowest: bool,
    /// The order of `schedule.queue`, where the policy leaves one to be chosen.
    queue: Option<Box<dyn OrderSpec>>,
    /// Where the policy is chosen.
    place: Place,
}

/// What decisions cost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cost {
    /// What taking a task from a shared queue takes.
    pub dispatch: Span,
    /// Whether that happens under one lock.
    pub serial: bool,
}

impl Schedule {
    /// The order within each queue: the policy's own, else that of `schedule.queue`.
    pub fn order(&self) -> &dyn OrderSpec {
        match self.policy.queues() {
            Queues::Central(Some(order)) => order,
            _ => self.queue.as_deref().unwrap_or(&Fifo),
        }
    }

    /// Whether it knows the work of a task beforehand.
    pub fn clairvoyant(&self) -> bool {
        self.policy.clairvoyant() || self.order().clairvoyant()
    }

    /// Whether anything of it is drawn at random.
    pub fn is_random(&self) -> bool {
        let estimates =
            self.clairvoyant() && self.estimate_error.as_ref().is_some_and(Distribution::is_random);
        estimates || self.policy.is_random(self.lowest)
    }

    /// Reports why it can't schedule `workload`, which the scenario calls `name`; nothing if it can.
    pub fn check(&self, name: &str, workload: &dyn Workload, cx: &Context<'_>) {
        if !workload.uses_cores() {
            return;
        }
        let mut problems = self.policy.misfits(workload);
        if let Some(queue) = &self.queue {
            problems.extend(queue.misfits(workload));
        }
        for problem in problems {
            let placed = problem.at.is_some();
            let label = format!("doesn't fit the workload `{name}`");
            cx.problem(if placed { problem } else { problem.at(self.place, label) });
        }
    }
}

const POLICY: Field<Box<dyn PolicySpec>> =
    Field::new("policy", "which core or queue gets ready work").default("central-queue");
const QUEUE: Field<Box<dyn OrderSpec>> = Field::new("queue", "the order within a queue").default("fifo");
const COST: Field<Cost> = Field::new("cost", "what decisions cost").default("{}");
const ESTIMATE_ERROR: Field<EstimateError> = Field::new(
    "estimate_error",
    "how wrong the work is that clairvoyant policies see: a relative standard error, or a distribution of the factor",
)
.optional();
const TIES: Field<Ties> =
    Field::new("ties", "which of equally good cores is taken: one at `random`, or the `lowest`")
        .default("random");
const LOOP: Field<Later> = Field::later("loop", "how a loop hands out chunks");
const REBALANCE: Field<Later> = Field::later("rebalance", "how load moves between cores");
const INITIAL: Field<Later> = Field::later("initial", "where work starts or arrives under stealing");
const STALE: Field<Later> = Field::later("stale", "the age of the load information");
const OVERSUBSCRIBE: Field<Later> = Field::later("oversubscribe", "whether ranks may share a core");

const FIELDS: &[&dyn AnyField] =
    &[&POLICY, &QUEUE, &COST, &ESTIMATE_ERROR, &TIES, &LOOP, &REBALANCE, &INITIAL, &STALE, &OVERSUBSCRIBE];

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
        let estimate_error = fields.maybe(&ESTIMATE_ERROR);
        let ties = fields.take(&TIES);
        Some(Schedule {
            policy: policy?,
            queue: queue?,
            cost: cost?,
            estimate_error: estimate_error?.map(|error| error.0),
            lowest: ties?.0,
            place: fields.given(&POLICY).map_or(fields.place, |value| value.place),
        })
    }
}

/// The order of the queues, where `policy` leaves one to be chosen; else none may be given.
fn queue_beside(policy: &dyn PolicySpec, fields: &Fields<'_>) -> Option<Option<Box<dyn OrderSpec>>> {
    let name = fields.given(&POLICY).map_or("", chosen);
    let (what, help) = match policy.queues() {
        Queues::Central(None) | Queues::PerCore => return fields.take(&QUEUE).map(Some),
        Queues::Central(Some(_)) => (
            format!("`{name}` is `central-queue` with queue = \"{name}\": it can't have another queue"),
            "leave `queue` out, or choose policy = \"central-queue\"",
        ),
        Queues::Planned => (
            format!("`{name}` plans the order of tasks on each core: there is no queue to be ordered"),
            "leave `queue` out",
        ),
    };
    let Some(value) = fields.given(&QUEUE) else { return Some(None) };
    fields.cx.fault(value, what, "an order of its own", help);
    None
}

/// The name that a choice chooses.
fn chosen(value: &Value) -> &str {
    match &value.kind {
        Kind::Table(table) => table.only().map_or("", |(key, _)| &key.name),
        _ => value.text().unwrap_or(""),
    }
}

const DISPATCH: Field<Span> =
    Field::new("dispatch", "the time that taking a task from a shared queue takes").default("0 s");
const SERIAL: Field<bool> =
    Field::new("serial", "whether the queue is locked meanwhile, so that dispatches wait for one another")
        .default("true");
const STEAL: Field<Later> = Field::later("steal", "the time that an attempt to steal takes");

const COSTS: &[&dyn AnyField] = &[&DISPATCH, &SERIAL, &STEAL];

impl Read for Cost {
    fn shape() -> Shape {
        Shape::Table(COSTS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, COSTS, cx)?;
        let (dispatch, serial) = (fields.take(&DISPATCH), fields.take(&SERIAL));
        Some(Cost { dispatch: dispatch?, serial: serial? })
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
