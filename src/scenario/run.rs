//! The `[run]`, `[report]` and `[expect]` tables, resolved.

use crate::metrics::Metric;
use crate::time::Time;

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

/// What is shown.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Report {
    /// The charts to draw, by name; the usual ones where empty.
    pub plots: Vec<String>,
    /// The metrics to show, the first being the one that is compared; the usual ones where empty.
    pub metrics: Vec<Metric>,
}

/// Something that a scenario says must come out.
#[derive(Clone, PartialEq, Debug)]
pub struct Expect {
    /// Its name.
    pub name: String,
    /// Which metric.
    pub metric: Metric,
    /// Of which variant; the baseline where absent.
    pub variant: Option<String>,
    /// What it must be.
    pub wanted: Wanted,
    /// Where the value comes from.
    pub source: Option<String>,
}

/// What a metric is expected to be, in the metric's unit.
#[derive(Clone, PartialEq, Debug)]
pub enum Wanted {
    /// This value, within a margin.
    Value(f64, Margin),
    /// At most this, in the mean.
    AtMost(f64),
    /// At least this, in the mean.
    AtLeast(f64),
}

/// How near an expected value must be.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Margin {
    /// The interval of the mean contains it.
    Interval,
    /// Relative to the value.
    Relative(f64),
    /// The same to the tick, in every replicate.
    Exact,
}
