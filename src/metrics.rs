//! The metrics: what each measures, its unit, and which way is better.

use serde::de::Error as _;
use serde::ser::SerializeSeq as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::units::{Dimension, bytes, number, percent, seconds};

/// What is measured. The discriminants index [`METRICS`] and [`Values`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(usize)]
#[allow(missing_docs, reason = "each is described in METRICS")]
pub enum Metric {
    Makespan,
    Duration,
    Throughput,
    Response,
    ResponseP50,
    ResponseP90,
    ResponseP95,
    ResponseP99,
    ResponseMax,
    Wait,
    WaitP50,
    WaitP90,
    WaitP95,
    WaitP99,
    WaitMax,
    Slowdown,
    Utilisation,
    Imbalance,
    SpeedUp,
    Efficiency,
    Availability,
    Queue,
    Waiting,
    Done,
    Failed,
    Dropped,
    Unfinished,
    Attempts,
    Cancelled,
    Failures,
    Checkpoints,
    Lost,
    Messages,
    Bytes,
    Chunks,
    Overhead,
    Dispatching,
    Regret,
    Preemptions,
    Switches,
    Missed,
    Lateness,
    LatenessMax,
    Tardiness,
    InFlight,
    StealAttempts,
    Steals,
    StolenTasks,
    StolenBytes,
    StealDepth,
    StealDelay,
    Probes,
    Migrations,
    MigratedBytes,
}

/// The unit of a metric's values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// Events a second.
    PerSecond,
    /// A part of a whole, shown as a percentage.
    Fraction,
    /// A plain ratio.
    Ratio,
    /// A number of things.
    Count,
    /// Bytes.
    Bytes,
}

/// Which way a metric is better.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Better {
    /// Less is better.
    Lower,
    /// More is better.
    Higher,
    /// Neither: it describes.
    Neither,
}

/// The description of a metric.
pub struct Description {
    /// Which it is.
    pub metric: Metric,
    /// The name by which scenarios ask for it.
    pub name: &'static str,
    /// Its definition in a line.
    pub about: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// Which way is better.
    pub better: Better,
}

macro_rules! metrics {
    ($($metric:ident, $name:literal, $unit:ident, $better:ident, $about:literal;)*) => {
        /// All metrics, in the order of [`Metric`].
        pub static METRICS: &[Description] = &[$(Description {
            metric: Metric::$metric, name: $name, about: $about, unit: Unit::$unit, better: Better::$better,
        },)*];
    };
}

metrics! {
    Makespan, "makespan", Seconds, Lower, "last end of any workload that is not in the background";
    Duration, "duration", Seconds, Neither, "from the start to the end of the run";
    Throughput, "throughput", PerSecond, Higher, "tasks done / duration, without the warm-up";
    Response, "response", Seconds, Lower, "mean of end − release over the tasks done";
    ResponseP50, "response.p50", Seconds, Lower, "median of end − release";
    ResponseP90, "response.p90", Seconds, Lower, "90th percentile of end − release";
    ResponseP95, "response.p95", Seconds, Lower, "95th percentile of end − release";
    ResponseP99, "response.p99", Seconds, Lower, "99th percentile of end − release";
    ResponseMax, "response.max", Seconds, Lower, "largest end − release";
    Wait, "wait", Seconds, Lower, "mean of start − release over the tasks done";
    WaitP50, "wait.p50", Seconds, Lower, "median of start − release";
    WaitP90, "wait.p90", Seconds, Lower, "90th percentile of start − release";
    WaitP95, "wait.p95", Seconds, Lower, "95th percentile of start − release";
    WaitP99, "wait.p99", Seconds, Lower, "99th percentile of start − release";
    WaitMax, "wait.max", Seconds, Lower, "largest start − release";
    Slowdown, "slowdown", Ratio, Lower, "mean of response / (work alone on the fastest core it may use)";
    Utilisation, "utilisation", Fraction, Higher, "(compute + memory) / (cores × duration − down)";
    Imbalance, "imbalance", Ratio, Lower, "largest busy time of a core / mean busy time − 1";
    SpeedUp, "speed-up", Ratio, Higher, "sequential time on the fastest core / makespan";
    Efficiency, "efficiency", Fraction, Higher, "speed-up / sum of the speeds relative to the fastest core";
    Availability, "availability", Fraction, Higher, "mean fraction of the cores that are up";
    Queue, "queue", Count, Lower, "mean number of tasks ready or in service";
    Waiting, "waiting", Count, Lower, "mean number of tasks ready and not in service";
    Done, "done", Count, Higher, "tasks done";
    Failed, "failed", Count, Lower, "tasks that ended failed";
    Dropped, "dropped", Count, Lower, "tasks refused, or dropped because something they need failed";
    Unfinished, "unfinished", Count, Lower, "tasks unfinished at the horizon";
    Attempts, "attempts", Count, Lower, "times that a task was started";
    Cancelled, "cancelled", Count, Lower, "parts and copies of requests that were cancelled, as they were needed no more";
    Failures, "failures", Count, Neither, "crashes";
    Checkpoints, "checkpoints", Count, Neither, "completed checkpoints";
    Lost, "lost", Fraction, Lower, "time of work that was thrown away / (cores × duration)";
    Messages, "messages", Count, Neither, "messages delivered";
    Bytes, "bytes", Bytes, Neither, "bytes delivered";
    Chunks, "chunks", Count, Neither, "chunks of loops handed out, those done again not among them";
    Overhead, "overhead", Fraction, Lower, "time in which cores wait for dispatchers and are served by them / (cores × duration)";
    Dispatching, "dispatching", Fraction, Lower, "time in which the busiest serial dispatcher is at work / duration, background apart";
    Regret, "regret", Seconds, Lower, "time of the steps of a loop under `auto` − steps × mean time of a step under its best schedule";
    Preemptions, "preemptions", Count, Neither, "times that a task lost its core to another";
    Switches, "switches", Count, Neither, "times that a core went over to another task at the cost of a switch";
    Missed, "missed", Fraction, Lower, "part of the tasks done with a deadline that ended after it";
    Lateness, "lateness", Seconds, Lower, "mean of end − deadline over the tasks done that have one; negative if early";
    LatenessMax, "lateness.max", Seconds, Lower, "largest end − deadline";
    Tardiness, "tardiness", Seconds, Lower, "mean of max(end − deadline, 0) over the tasks done that have one";
    InFlight, "in-flight", Count, Lower, "most tasks of a workload that were there and had not ended";
    StealAttempts, "steal.attempts", Count, Lower, "attempts to steal";
    Steals, "steals", Count, Neither, "attempts that got something, and gifts over lifelines";
    StolenTasks, "steal.tasks", Count, Neither, "tasks that went from one deque to another";
    StolenBytes, "steal.bytes", Bytes, Neither, "bytes that went with them";
    StealDepth, "steal.depth", Count, Neither, "mean distance of stolen tasks from the root of their tree";
    StealDelay, "steal.delay", Seconds, Lower, "mean time of a thief from running out of work to having some";
    Probes, "probes", Count, Lower, "loads of cores that rebalancing has asked for";
    Migrations, "migrations", Count, Neither, "tasks that went from one queue to another";
    MigratedBytes, "migrations.bytes", Bytes, Neither, "bytes that went with them";
}

/// The number of metrics.
pub const COUNT: usize = Metric::MigratedBytes as usize + 1;

impl Metric {
    /// Whether a multiple of it says anything: not where 0 is only one value among others.
    pub fn has_ratio(self) -> bool {
        !matches!(self, Metric::Lateness | Metric::LatenessMax)
    }

    /// What a scenario gives a value of it in.
    pub fn dimension(self) -> Dimension {
        match self.describe().unit {
            Unit::Seconds => Dimension::Time,
            Unit::PerSecond => Dimension::Frequency,
            Unit::Fraction | Unit::Ratio => Dimension::Fraction,
            Unit::Count => Dimension::Number,
            Unit::Bytes => Dimension::Bytes,
        }
    }

    /// A value of it with its unit, as it stands in a sentence.
    pub fn show(self, value: f64) -> String {
        match self.describe().unit {
            Unit::Seconds => seconds(value),
            Unit::PerSecond => format!("{} /s", number(value)),
            Unit::Fraction => percent(value),
            Unit::Bytes => bytes(value),
            Unit::Ratio | Unit::Count => number(value),
        }
    }

    /// Its description.
    pub fn describe(self) -> &'static Description {
        &METRICS[self as usize]
    }

    /// The metric called `name`.
    pub fn named(name: &str) -> Option<Metric> {
        METRICS.iter().find(|entry| entry.name == name).map(|entry| entry.metric)
    }
}

/// One value a metric, absent where it isn't defined: a bag without arrivals has no throughput of interest, but an
/// open run has no makespan.
///
/// An absent value is held as NaN, which is no value of a metric: results of a million replicates keep one of these each.
#[derive(Clone)]
pub struct Values([f64; COUNT]);

impl Default for Values {
    fn default() -> Self {
        Values([f64::NAN; COUNT])
    }
}

impl PartialEq for Values {
    fn eq(&self, other: &Self) -> bool {
        self.present().eq(other.present())
    }
}

impl std::fmt::Debug for Values {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.present().map(|(at, value)| (METRICS[at].name, value))).finish()
    }
}

impl Values {
    /// The value of `metric`.
    pub fn get(&self, metric: Metric) -> Option<f64> {
        let value = self.0[metric as usize];
        (!value.is_nan()).then_some(value)
    }

    /// Sets the value of `metric`.
    pub fn set(&mut self, metric: Metric, value: f64) {
        self.0[metric as usize] = if value.is_finite() { value } else { f64::NAN };
    }

    /// Those that are there, by the index of their metric.
    fn present(&self) -> impl Iterator<Item = (usize, f64)> {
        self.0.iter().copied().enumerate().filter(|(_, value)| !value.is_nan())
    }
}

impl Serialize for Values {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.present().count()))?;
        for entry in self.present() {
            list.serialize_element(&entry)?;
        }
        list.end()
    }
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut values = Values::default();
        for (at, value) in Vec::<(usize, f64)>::deserialize(deserializer)? {
            let place = values.0.get_mut(at).ok_or_else(|| D::Error::custom(format!("no metric {at}")))?;
            *place = value;
        }
        Ok(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_stand_in_the_order_of_the_metrics() {
        assert_eq!(METRICS.len(), COUNT);
        for (at, entry) in METRICS.iter().enumerate() {
            assert_eq!(entry.metric as usize, at, "{}", entry.name);
            assert_eq!(Metric::named(entry.name), Some(entry.metric));
        }
    }
}
