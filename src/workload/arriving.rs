//! When tasks arrive, as the scenario chooses it.

use std::sync::Arc;

use super::Draws;
use super::file;
use crate::place::Place;
use crate::registry::{Entry, Registered, Registry};
use crate::rng::{Arrivals, Distribution, NumberLaw, Purpose, TimeLaw};
use crate::source::{AnyField, Context, Field, Fields, Frequency, Kind, Read, Shape, Value};
use crate::time::{Span, Time};

/// A process of arrivals.
#[derive(Clone, Debug)]
pub(super) enum Arriving {
    /// After one gap each, in ticks.
    Renewal(Distribution),
    /// Several at once, after one gap (in ticks) each time.
    Bursts { gaps: Distribution, sizes: Distribution },
    /// At these instants, which ascend.
    Given(Arc<[Time]>),
}

impl Arriving {
    /// Arrivals at `instants`, in whatever order they are.
    fn given(mut instants: Vec<Time>) -> Self {
        instants.sort_unstable();
        Arriving::Given(instants.into())
    }

    /// The arrivals of one replicate.
    pub(super) fn start(&self, draws: &Draws) -> Arrivals {
        let key = draws.key(Purpose::Arrival);
        match self {
            Arriving::Renewal(gaps) => Arrivals::renewal(gaps.clone(), key),
            Arriving::Bursts { gaps, sizes } => Arrivals::bursts(gaps.clone(), sizes.clone(), key),
            Arriving::Given(instants) => Arrivals::given(instants.clone()),
        }
    }

    /// How many there are, if they end.
    pub(super) fn count(&self) -> Option<u64> {
        if let Arriving::Given(instants) = self { Some(instants.len() as u64) } else { None }
    }

    /// The rate a tick, if it is a Poisson process.
    pub(super) fn poisson(&self) -> Option<f64> {
        match self {
            Arriving::Renewal(gaps) if gaps.is_exponential() => Some(1.0 / gaps.mean()),
            _ => None,
        }
    }

    pub(super) fn is_random(&self) -> bool {
        match self {
            Arriving::Renewal(gaps) => gaps.is_random(),
            Arriving::Bursts { gaps, sizes } => gaps.is_random() || sizes.is_random(),
            Arriving::Given(_) => false,
        }
    }
}

/// Endless arrivals at one instant would never let time go on.
fn passes(gap: &TimeLaw) -> Result<(), &'static str> {
    if gap.0.mean() > 0.0 { Ok(()) } else { Err("must be above 0") }
}

const RATE: Field<Frequency> = Field::new("rate", "how many arrive in a time, on average")
    .check(|rate| if rate.0 > 0.0 && rate.0.is_finite() { Ok(()) } else { Err("must be above 0") });
const GAP: Field<TimeLaw> = Field::new("gap", "the time from one arrival to the next").check(passes);
const EVERY: Field<TimeLaw> = Field::new("every", "the time from one burst to the next").check(passes);
const SIZE: Field<NumberLaw> = Field::new("size", "how many arrive together, at least 1");
const TIMES: Field<Vec<Time>> = Field::new("times", "the instants, in any order");
const PATH: Field<Instants> = Field::new("path", "a file with one instant a line");
const UNIT: Field<Span> =
    Field::new("unit", "what a plain number in the file is worth, such as \"1 s\"").optional();

static POISSON: Entry<Arriving> = Entry {
    name: "poisson",
    about: "independent arrivals at a rate: exponential gaps",
    cite: "",
    fields: &[&RATE],
    bare: Some("rate"),
    read: |fields| {
        let gaps = Distribution::exponential(1.0 / fields.take(&RATE)?.0);
        // The only parameter was checked when it was read.
        gaps.ok().map(|gaps| Box::new(Arriving::Renewal(gaps)))
    },
};

static EVERY_GAP: Entry<Arriving> = Entry {
    name: "every",
    about: "one after another with a gap, fixed or of any distribution, before each",
    cite: "",
    fields: &[&GAP],
    bare: Some("gap"),
    read: |fields| Some(Box::new(Arriving::Renewal(fields.take(&GAP)?.0))),
};

static AT: Entry<Arriving> = Entry {
    name: "at",
    about: "at the instants of a list",
    cite: "",
    fields: &[&TIMES],
    bare: Some("times"),
    read: |fields| Some(Box::new(Arriving::given(fields.take(&TIMES)?))),
};

static BURSTS: Entry<Arriving> = Entry {
    name: "bursts",
    about: "several at one instant, again and again",
    cite: "",
    fields: &[&EVERY, &SIZE],
    bare: None,
    read: |fields| {
        let (gaps, sizes) = (fields.take(&EVERY), fields.take(&SIZE));
        Some(Box::new(Arriving::Bursts { gaps: gaps?.0, sizes: sizes?.0 }))
    },
};

static FILE: Entry<Arriving> = Entry {
    name: "file",
    about: "at the instants of a file, one a line",
    cite: "",
    fields: &[&PATH, &UNIT],
    bare: Some("path"),
    read: from_file,
};

static ARRIVALS: Registry<Arriving> =
    Registry { noun: "process of arrivals", entries: &[&POISSON, &EVERY_GAP, &AT, &BURSTS, &FILE] };

impl Registered for Arriving {
    fn registry() -> &'static Registry<Self> {
        &ARRIVALS
    }
}

/// What the lines of a file say.
struct Instants(Vec<Value>);

impl Read for Instants {
    fn shape() -> Shape {
        Shape::Text("a path")
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let (text, start) = file::text(value, cx)?;
        let said = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let line = |line: &str| {
            let at = start + (line.as_ptr() as usize - text.as_ptr() as usize) as u32;
            let kind = line.parse().map_or_else(|_| Kind::Text(line.to_owned()), Kind::Float);
            Value::new(kind, Place::new(at, at + line.len() as u32))
        };
        Some(Instants(said.map(line).collect()))
    }
}

fn from_file(fields: &Fields<'_>) -> Option<Box<Arriving>> {
    let (lines, unit) = (fields.take(&PATH), fields.maybe(&UNIT));
    let (Instants(lines), unit) = (lines?, unit?);
    let instant = |value: &Value| match (&value.kind, unit) {
        (Kind::Float(number), Some(unit)) if *number >= 0.0 => {
            Some(Time::ZERO + Span::round_up(number * unit.ticks() as f64))
        }
        _ => fields.cx.below(AnyField::name(&PATH), || Time::read(value, fields.cx)),
    };
    // The first few lines that are wrong show how; a million of them would show no more.
    let mut wrong = 0;
    let mut instants = Vec::with_capacity(lines.len());
    for line in &lines {
        match instant(line) {
            Some(instant) => instants.push(instant),
            None => wrong += 1,
        }
        if wrong == 10 {
            break;
        }
    }
    (wrong == 0).then(|| Box::new(Arriving::given(instants)))
}
