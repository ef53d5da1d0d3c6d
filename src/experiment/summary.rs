//! A metric over the replicates of a case.

use crate::metrics::Metric;
use crate::stats::{Interval, Moments};

/// A metric over the replicates of a case, in the metric's unit.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Summary {
    /// Which metric.
    pub metric: Metric,
    /// The mean over the replicates that have a value.
    pub mean: f64,
    /// The mean's interval; `None` of a single value.
    pub interval: Option<Interval>,
    /// The standard deviation of the values; `None` of a single value.
    pub deviation: Option<f64>,
    /// The smallest value.
    pub min: f64,
    /// The largest value.
    pub max: f64,
    /// The number of replicates that have a value.
    pub count: u64,
}

impl Summary {
    /// Summarises `values` with an interval at `level`; `None` of no value.
    pub(super) fn of(metric: Metric, values: &[f64], level: f64) -> Option<Self> {
        let moments = Moments::of(values);
        let (mean, min, max) = (moments.mean()?, moments.min()?, moments.max()?);
        let interval = Interval::of_mean(values, level);
        let deviation = moments.variance().map(f64::sqrt);
        Some(Summary { metric, mean, interval, deviation, min, max, count: moments.count() })
    }

    /// The ends of the interval, if there is one.
    pub fn ends(&self) -> Option<(f64, f64)> {
        self.interval.map(|interval| (interval.low(), interval.high()))
    }
}
