//! The `[run]` table: how a scenario is run.

use crate::metrics::{Better, METRICS, Metric};
use crate::source::{
    AnyField, Bytes, Context, Field, Fields, Kind, Origin, Read, Shape, Value, quantity, whole,
};
use crate::time::Time;
use crate::units::{self, Dimension, Scale};

/// How a scenario is run.
#[derive(Clone, PartialEq, Debug)]
pub struct Run {
    /// The seed of all random numbers.
    pub seed: u64,
    /// How many replicates.
    pub replicates: Replicates,
    /// When open workloads end.
    pub horizon: Time,
    /// What is left out of the statistics at the start.
    pub warmup: Warmup,
    /// What stops a run that goes astray.
    pub limits: Limits,
}

/// How many replicates.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Replicates {
    /// This many.
    Fixed(u32),
    /// As many as it takes until the interval of `metric` is tight.
    Precision {
        /// The half-width wanted, relative to the mean.
        relative: f64,
        /// Of which metric.
        metric: Metric,
        /// At most so many.
        max: u32,
    },
    /// As many as it takes to tell which variant is best, of which those that are clearly worse take fewer.
    Best {
        /// By which metric: one of which more, or less, is better.
        metric: Metric,
        /// At most so many.
        max: u32,
    },
}

/// What is left out of the statistics at the start of a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Warmup {
    /// All that was released before this instant.
    Until(Time),
    /// What MSER-5 finds (White 1997).
    Auto,
}

/// What stops a run that goes astray.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Most events of a replicate.
    pub events: u64,
    /// Most bytes that the replicates running at once may take together.
    pub memory: u64,
    /// Most rounds of decisions within one instant.
    pub rounds: u32,
}

/// The `[run]` table before it is known whether anything is drawn.
pub(super) struct Described {
    seed: u64,
    replicates: Option<Replicates>,
    goal: Option<Goal>,
    horizon: Time,
    warmup: Warmup,
    limits: Limits,
}

impl Described {
    /// The run of a scenario of which something is drawn at random, or nothing.
    pub fn settle(self, random: bool) -> Run {
        let replicates = match (self.goal, self.replicates) {
            (Some(Goal(metric)), given) if random => {
                let max = if let Some(Replicates::Fixed(max)) = given { max } else { MOST_FOR_THE_BEST };
                Replicates::Best { metric, max }
            }
            (_, given) => given.unwrap_or(Replicates::Fixed(if random { 30 } else { 1 })),
        };
        let Described { seed, horizon, warmup, limits, .. } = self;
        Run { seed, replicates, horizon, warmup, limits }
    }

    /// Whether open workloads end.
    pub fn ends(&self) -> bool {
        self.horizon < Time::NEVER
    }

    /// Remembers how many replicates there are by default.
    pub fn echo_replicates(&self, random: bool, cx: &Context<'_>) {
        if self.replicates.is_none() {
            let number = match random {
                true if self.goal.is_some() => MOST_FOR_THE_BEST,
                true => 30,
                false => 1,
            };
            cx.below("run", || cx.below("replicates", || cx.echo(number.to_string(), Origin::Default)));
        }
    }
}

const TICK: Field<Tick> = Field::new("tick", "the resolution of time").default("1 ps");
const SEED: Field<u64> = Field::new("seed", "the seed of all random numbers").default("1");
const REPLICATES: Field<Replicates> = Field::new(
    "replicates",
    "how often each case is simulated, each time with other random numbers: a number, or the precision to be \
     reached; 30 unless given, 1 where nothing is drawn at random",
)
.optional();
const HORIZON: Field<Time> = Field::new("horizon", "when open workloads end")
    .optional()
    .check(|horizon| if *horizon > Time::ZERO { Ok(()) } else { Err("must be above 0") });
const WARMUP: Field<Warmup> = Field::new(
    "warmup",
    "what is left out of the statistics at the start: a time, or \"auto\" for what MSER-5 finds",
)
.default("0 s");
const LIMITS: Field<Limits> = Field::new("limits", "what stops a run that goes astray").default("{}");
const GOAL: Field<Goal> = Field::new(
    "goal",
    "\"best of METRIC\": only the best variant counts; those that are clearly worse take no more replicates, of which \
     `replicates` is then the most, 1000 unless given",
)
.optional();

/// Most replicates where only the best variant counts.
const MOST_FOR_THE_BEST: u32 = 1000;

const FIELDS: &[&dyn AnyField] = &[&TICK, &SEED, &REPLICATES, &HORIZON, &WARMUP, &LIMITS, &GOAL];

impl Read for Described {
    fn shape() -> Shape {
        Shape::Table(FIELDS)
    }

    /// Reads the table and sets the length of a tick for all that is read after it.
    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, FIELDS, cx)?;
        if let Some(Tick(picoseconds)) = fields.take(&TICK) {
            cx.set_scale(Scale { tick: picoseconds, ..cx.scale() });
        }
        let (seed, replicates) = (fields.take(&SEED), fields.maybe(&REPLICATES));
        let goal = fields.maybe(&GOAL);
        let (horizon, warmup) = (fields.maybe(&HORIZON), fields.take(&WARMUP));
        let limits = fields.take(&LIMITS);
        let (horizon, warmup) = (horizon?.unwrap_or(Time::NEVER), warmup?);
        if let Warmup::Until(end) = warmup
            && end >= horizon
        {
            fields.fault("warmup", "the warm-up is as long as the run: nothing is left for the statistics");
            return None;
        }
        let (replicates, goal) = (replicates?, goal?);
        if goal.is_some() && matches!(replicates, Some(Replicates::Precision { .. })) {
            fields
                .fault("replicates", "with `run.goal`, `run.replicates` must be a number: the most of them");
            return None;
        }
        Some(Described { seed: seed?, replicates, goal, horizon, warmup, limits: limits? })
    }
}

/// Picoseconds a tick.
struct Tick(u64);

impl Read for Tick {
    fn shape() -> Shape {
        Shape::Quantity(Dimension::Time)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let parsed = match value.text() {
            Some(text) => units::parse(text, Dimension::Time, &Scale::default()),
            None => {
                cx.wrong_kind(value, "a time, such as \"1 ns\"");
                return None;
            }
        };
        match parsed {
            Ok(picoseconds) if (1.0..=1e12).contains(&picoseconds) && picoseconds.fract() == 0.0 => {
                Some(Tick(picoseconds as u64))
            }
            _ => {
                let what = format!("`{}` must be a whole number of picoseconds", cx.path());
                cx.fault(value, what, "no such time", "write a time from \"1 ps\" to \"1 s\"");
                None
            }
        }
    }
}

const PRECISION: Field<Precise> =
    Field::new("precision", "the half-width of the interval, relative to the mean, such as \"1 %\"");
const METRIC: Field<Metric> = Field::new("metric", "the metric whose interval it is").default("makespan");
const MAX: Field<u32> = Field::new("max", "the most replicates")
    .default("1000")
    .check(|max| if (10..=MOST).contains(max) { Ok(()) } else { Err("from 10 to 1000000") });

const PRECISION_FIELDS: &[&dyn AnyField] = &[&PRECISION, &METRIC, &MAX];

/// Most replicates.
const MOST: u32 = 1_000_000;

impl Read for Replicates {
    fn shape() -> Shape {
        Shape::OneOf(vec![Shape::Integer(1, MOST.into()), Shape::Table(PRECISION_FIELDS)])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        if value.table().is_some() {
            let fields = Fields::open(value, PRECISION_FIELDS, cx)?;
            let (relative, metric, max) = (fields.take(&PRECISION), fields.take(&METRIC), fields.take(&MAX));
            return Some(Replicates::Precision { relative: relative?.0, metric: metric?, max: max? });
        }
        if !matches!(value.kind, Kind::Integer(_) | Kind::Float(_)) {
            cx.wrong_kind(value, "a number, or a precision such as `{ precision = \"1 %\" }`");
            return None;
        }
        whole(value, 1, MOST.into(), cx).map(|number| Replicates::Fixed(number as u32))
    }
}

/// The metric by which a variant is to be the best.
#[derive(Clone, Copy)]
struct Goal(Metric);

impl Read for Goal {
    fn shape() -> Shape {
        Shape::Text("\"best of \" and a metric")
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let wrong = |what: String, label: &str| {
            cx.fault(value, what, label, "write, for example, goal = \"best of makespan\"");
            None
        };
        let words: Vec<&str> = value.text().unwrap_or_default().split_whitespace().collect();
        let ["best", "of", name] = words[..] else {
            return wrong(format!("`{}` must be \"best of\" and a metric", cx.path()), "no goal");
        };
        let Some(metric) = Metric::named(name) else {
            let names: Vec<_> = METRICS.iter().map(|metric| metric.name).collect();
            cx.no_such("metric", name, value, &names);
            return None;
        };
        if metric.describe().better == Better::Neither {
            return wrong(format!("neither more nor less {name} is better"), "best in which way?");
        }
        Some(Goal(metric))
    }
}

/// A half-width relative to the mean.
struct Precise(f64);

impl Read for Precise {
    fn shape() -> Shape {
        Shape::Quantity(Dimension::Fraction)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let relative = quantity(value, Dimension::Fraction, cx)?;
        if relative > 0.0 && relative < 1.0 {
            return Some(Precise(relative));
        }
        let what = format!("`{}` must lie between 0 and 1", cx.path());
        cx.fault(value, what, "out of range", "write it as a percentage, such as \"1 %\"");
        None
    }
}

impl Read for Warmup {
    fn shape() -> Shape {
        Shape::OneOf(vec![Shape::Word(&["auto"]), Shape::Quantity(Dimension::Time)])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        if value.text() == Some("auto") {
            Some(Warmup::Auto)
        } else {
            Time::read(value, cx).map(Warmup::Until)
        }
    }
}

const EVENTS: Field<u64> =
    Field::new("events", "the most events of a replicate").default("1_000_000_000").check(at_least_one);
const MEMORY: Field<Bytes> =
    Field::new("memory", "the most memory that the replicates running at once may take").default("8 GiB");
const ROUNDS: Field<u32> = Field::new("rounds", "the most rounds of decisions within one instant")
    .default("1_000_000")
    .check(|rounds| at_least_one(&u64::from(*rounds)));

const LIMIT_FIELDS: &[&dyn AnyField] = &[&EVENTS, &MEMORY, &ROUNDS];

fn at_least_one(number: &u64) -> Result<(), &'static str> {
    if *number > 0 { Ok(()) } else { Err("must be at least 1") }
}

impl Read for Limits {
    fn shape() -> Shape {
        Shape::Table(LIMIT_FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, LIMIT_FIELDS, cx)?;
        let (events, memory, rounds) = (fields.take(&EVENTS), fields.take(&MEMORY), fields.take(&ROUNDS));
        // "unlimited" is more than any machine has.
        Some(Limits { events: events?, memory: memory?.0 as u64, rounds: rounds? })
    }
}
