//! What is kept of a replicate: all that results are made of, and nothing else.

use serde::{Deserialize, Serialize};

use crate::metrics::Values;
use crate::record::{Bound, CoreTimes, Digest, Fates, Outcome};
use crate::stats::BatchMeans;

/// Which replicate of which case: the smallest piece of work. Units are ordered by replicate, then by case, so that
/// those that come first are a smaller study of all cases.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Unit {
    /// The number of the replicate.
    pub replicate: u32,
    /// The number of the case in its study.
    pub case: u32,
}

/// What is kept of a replicate. Results are a function of a study and its records, whether they were made just now, an
/// hour ago or on another machine.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Record {
    /// One value a metric.
    pub values: Values,
    /// The lower bounds on its makespan.
    pub bounds: Vec<Bound>,
    /// Where the time of all cores went.
    pub times: CoreTimes,
    /// What became of its tasks.
    pub fates: Fates,
    /// Whether the horizon ended it.
    pub cut: bool,
    /// Observations left out at the start as warm-up; `None` where MSER-5 found the run too short.
    pub warmup: Option<u64>,
    /// Whether quantiles are exact, or from a three-digit histogram.
    pub exact_quantiles: bool,
    /// The batch means of the response times after the warm-up; none of few, and of more than 10⁶.
    pub batches: Option<BatchMeans>,
    /// Events handled.
    pub events: u64,
    /// What happened, in a number.
    pub digest: Digest,
}

impl From<Outcome> for Record {
    fn from(outcome: Outcome) -> Self {
        let Outcome { values, bounds, times, fates, cut, warmup, exact_quantiles, .. } = outcome;
        let Outcome { batches, events, digest, .. } = outcome;
        Record { values, bounds, times, fates, cut, warmup, exact_quantiles, batches, events, digest }
    }
}
