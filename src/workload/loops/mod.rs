//! A parallel loop: iterations that cores take in chunks, once or in many time steps.

mod drift;
mod pieces;
mod profile;
mod table;
#[cfg(test)]
mod tests;

use std::num::NonZeroU64;
use std::sync::Arc;

use super::{Described, Draws, LoopShape, Workload};
use crate::error::Problem;
use crate::machine::Machine;
use crate::program::{Iterations, Kind, Program, Speedup, Standing};
use crate::registry::Entry;
use crate::source::{AnyField, Bytes, Context, Field, Fields, Read, Shape, Value};
use crate::time::Span;
use drift::{Drift, Drifting};
use profile::{Cost, Costs};

/// Most iterations over all time steps: their numbers stay exact in a float.
const MOST: u64 = 1 << 53;

/// Most iterations whose costs are held one by one, at eight bytes each.
const MOST_HELD: u64 = 1 << 28;

const ITERATIONS: Field<NonZeroU64> =
    Field::new("iterations", "how many iterations a time step has; those of the file where `cost` is one")
        .optional();
const COST: Field<Cost> = Field::new(
    "cost",
    "the work of an iteration: one amount for all of them, a distribution from which each is drawn, or a profile",
);
const STEPS: Field<NonZeroU64> =
    Field::new("steps", "how many times the loop runs, one time step after another").default("1");
const BARRIER: Field<Span> =
    Field::new("barrier", "how long the barrier at the end of each time step takes, the last one included")
        .default("0 s");
const DRIFT: Field<Box<Drift>> =
    Field::new("drift", "how costs change from one time step to the next; not at all if absent").optional();
const MEMORY: Field<Memory> =
    Field::new("memory", "what an iteration asks of the memory while it computes").optional();

/// The workload `loop`.
pub(super) static LOOP: Entry<dyn Described> = Entry {
    name: "loop",
    about: "a parallel loop whose iterations cores take in chunks, once or in many time steps",
    cite: "",
    fields: &[&ITERATIONS, &COST, &STEPS, &BARRIER, &DRIFT, &MEMORY],
    bare: None,
    read,
};

const TRAFFIC: Field<Bytes> =
    Field::new("traffic", "bytes that each iteration asks for, spread evenly over its chunk");
const MEMORY_FIELDS: &[&dyn AnyField] = &[&TRAFFIC];

/// What an iteration asks of the memory.
struct Memory(f64);

impl Read for Memory {
    fn shape() -> Shape {
        Shape::Table(MEMORY_FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        Some(Memory(Fields::open(value, MEMORY_FIELDS, cx)?.take(&TRAFFIC)?.0))
    }
}

fn read(fields: &Fields<'_>) -> Option<Box<dyn Described>> {
    let (iterations, cost) = (fields.maybe(&ITERATIONS), fields.take(&COST));
    let (steps, barrier) = (fields.take(&STEPS), fields.take(&BARRIER));
    let (drift, memory) = (fields.maybe(&DRIFT), fields.maybe(&MEMORY));
    let (Cost(profile), drift) = (cost?, drift?.map(|drift| *drift));
    let problem = |field: &dyn AnyField, what: String, help: &str| {
        let given = fields.value(field.name());
        let (place, base) = given.map_or((fields.place, None), |value| (value.place, value.base));
        let problem = Problem::new(what).at(place, "").over(base);
        fields.cx.problem(if help.is_empty() { problem } else { problem.help(help) });
    };
    let count = match (iterations?.map(NonZeroU64::get), profile.count()) {
        (Some(given), Some(held)) => {
            let what = format!("`iterations` says {given}, but the file of `cost` has {held} of them");
            problem(&ITERATIONS, what, "leave `iterations` out: the rows of the file say how many there are");
            return None;
        }
        (given, held) => given.or(held),
    };
    let Some(count) = count else {
        fields.missing(AnyField::name(&ITERATIONS), AnyField::about(&ITERATIONS));
        return None;
    };
    let steps = steps?.get();
    if count.checked_mul(steps).is_none_or(|all| all > MOST) {
        problem(&ITERATIONS, format!("more than {MOST} iterations over all time steps"), "");
        return None;
    }
    let held = profile.is_drawn() || drift.as_ref().is_some_and(Drift::holds_each);
    if held && count > MOST_HELD {
        let what =
            format!("costs that are drawn are held one by one: at most {MOST_HELD} iterations of them");
        problem(&ITERATIONS, what, "");
        return None;
    }
    if let Some(why) = drift.as_ref().and_then(|drift| drift.misfits(profile.is_drawn(), steps)) {
        problem(&DRIFT, why.0, why.1);
        return None;
    }
    let costs = Arc::from(profile.of(count));
    Some(Box::new(Loop {
        costs,
        steps,
        barrier: barrier?,
        drift,
        traffic: memory?.map_or(0.0, |memory| memory.0),
        kinds: [Kind {
            name: None,
            cores: 1,
            speedup: Speedup::Linear,
            pin: None,
            standing: Standing::default(),
        }],
        count,
    }))
}

/// A loop, the same before and after it meets a machine: it has no addresses.
#[derive(Debug)]
struct Loop {
    costs: Arc<dyn Costs>,
    steps: u64,
    barrier: Span,
    drift: Option<Drift>,
    traffic: f64,
    kinds: [Kind; 1],
    count: u64,
}

impl Described for Loop {
    fn resolve(self: Box<Self>, _: &Machine, _: &Context<'_>) -> Option<Box<dyn Workload>> {
        Some(self)
    }
}

impl Workload for Loop {
    fn start(&self, draws: &Draws) -> Program {
        Program::Loop(Box::new(Running {
            present: Drifting::new(&self.costs, self.count, self.drift.as_ref(), draws),
            count: self.count,
            steps: self.steps,
            traffic: self.traffic,
        }))
    }

    fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// Which tasks there are depends on the schedule.
    fn count(&self) -> Option<u64> {
        None
    }

    fn shape(&self) -> Option<LoopShape> {
        let (mean, sd) = (self.costs.mean(), self.costs.variance().max(0.0).sqrt());
        Some(LoopShape { iterations: self.count, steps: self.steps, barrier: self.barrier, mean, sd })
    }

    fn is_random(&self) -> bool {
        self.costs.is_random() || self.drift.as_ref().is_some_and(Drift::is_random)
    }

    /// A chunk is called by its first iteration, of which its number is the index over all time steps.
    fn task_name(&self, number: u64) -> String {
        let (step, first) = (number / self.count, number % self.count);
        if self.steps == 1 { format!("from {first}") } else { format!("step {step} from {first}") }
    }
}

/// A loop in one replicate.
struct Running {
    present: Drifting,
    count: u64,
    steps: u64,
    traffic: f64,
}

impl Iterations for Running {
    fn count(&self) -> u64 {
        self.count
    }

    fn steps(&self) -> u64 {
        self.steps
    }

    fn begin(&mut self, step: u64) {
        self.present.begin(step);
    }

    fn work(&self, first: u64, size: u64) -> f64 {
        self.present.work(first, size)
    }

    fn squares(&self, first: u64, size: u64) -> f64 {
        self.present.squares(first, size)
    }

    fn longest(&self) -> f64 {
        self.present.longest()
    }

    fn traffic(&self) -> f64 {
        self.traffic
    }
}
