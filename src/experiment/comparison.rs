//! A variant against the baseline on the same random numbers.

use std::cmp::Ordering;

use crate::metrics::Metric;
use crate::stats::Paired;

/// A metric of a variant compared with the baseline's at the same point, replicate by replicate.
#[derive(Clone, PartialEq, Debug)]
pub struct Comparison {
    /// Which metric.
    pub metric: Metric,
    /// The mean of variant − baseline over the pairs.
    pub difference: f64,
    /// The difference and the ratio with their intervals; `None` of a single pair.
    pub paired: Option<Paired>,
    /// The number of replicates that have a value under both.
    pub pairs: u64,
    /// What can be said, in a few words: `shorter by 12 % ± 2 %`.
    pub verdict: String,
    /// Whether the variant's value is less or greater than the baseline's; equal where it is, or where that can't be
    /// told.
    pub order: Ordering,
}
