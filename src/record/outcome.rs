//! What a replicate comes to: one plain value between running and reporting.

use serde::{Deserialize, Serialize};

use super::{Bound, CoreTimes, Digest};
use crate::metrics::Values;
use crate::stats::BatchMeans;
use crate::time::Time;

/// What a replicate comes to.
#[derive(Clone, PartialEq, Debug)]
pub struct Outcome {
    /// When the run ended.
    pub end: Time,
    /// Whether the horizon ended it.
    pub cut: bool,
    /// One value a metric.
    pub values: Values,
    /// Where the time of all cores went.
    pub times: CoreTimes,
    /// What became of the tasks.
    pub fates: Fates,
    /// The lower bounds on the makespan, from the drawn work.
    pub bounds: Vec<Bound>,
    /// The response times of the tasks done, for the picture of their distribution.
    pub tail: Tail,
    /// Observations left out at the start as warm-up; `None` where MSER-5 found the run too short.
    pub warmup: Option<u64>,
    /// Whether quantiles are exact, or from a three-digit histogram.
    pub exact_quantiles: bool,
    /// The batch means of the response times after the warm-up; none of few, and of more than 10⁶.
    pub batches: Option<BatchMeans>,
    /// What happened, in a number: equal digests mean equal facts.
    pub digest: Digest,
    /// Events handled.
    pub events: u64,
}

/// What became of the tasks: every one ended in exactly one way.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Fates {
    /// Finished.
    pub done: u64,
    /// Lost and not run again.
    pub failed: u64,
    /// Never run, because something they need failed.
    pub dropped: u64,
    /// Released and not finished at the horizon.
    pub unfinished: u64,
}

/// A distribution in few points: equally likely quantiles in seconds, ascending, and the largest value.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Tail {
    /// `(part of the observations that are not larger, seconds)`, both ascending.
    pub points: Vec<(f64, f64)>,
}
