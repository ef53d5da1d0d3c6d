//! Variants against the baseline on the same random numbers.

use std::cmp::Ordering;

use super::verdict::verdict;
use crate::metrics::Metric;
use crate::stats::{Moments, Paired, Superiority, Verdict, bonferroni, holm};

/// A metric of a variant compared with the baseline's at the same point, replicate by replicate.
#[derive(Clone, PartialEq, Debug)]
pub struct Comparison {
    /// Which metric.
    pub metric: Metric,
    /// The mean of variant − baseline over the pairs.
    pub difference: f64,
    /// The difference and the ratio with the intervals of this comparison alone; `None` of a single pair.
    pub paired: Option<Paired>,
    /// The same with wider intervals: those of all variants of the point hold together with the level (Bonferroni).
    pub together: Option<Paired>,
    /// The p-value of the paired t test, adjusted by Holm's procedure for the number of variants of the point.
    pub p_value: Option<f64>,
    /// In how many replicates the variant's value is smaller.
    pub superiority: Superiority,
    /// The number of replicates that have a value under both.
    pub pairs: u64,
    /// What can be said, in a few words: `shorter by 12 % ± 2 %`.
    pub verdict: String,
    /// Whether the variant's value is less or greater than the baseline's; equal where it is, or where that can't be
    /// told.
    pub order: Ordering,
}

/// The values of both in the same replicates, in the same order.
pub(super) type Pairs = (Vec<f64>, Vec<f64>);

/// Compares the values of `metric` of all variants of a point with the baseline's, as one family: which way they differ
/// is decided by Holm's procedure, so that the probability of any wrong verdict is at most 1 − `level`. One for each of
/// `family`; none of no pair. `random` says whether anything was drawn: if not, one replicate says all.
pub(super) fn compare(metric: Metric, family: &[Pairs], level: f64, random: bool) -> Vec<Option<Comparison>> {
    let paired = |(baseline, variant): &Pairs, level: f64| {
        let paired = Paired::of(baseline, variant, level)?;
        Some(Paired { ratio: paired.ratio.filter(|_| metric.has_ratio()), ..paired })
    };
    let alone: Vec<Option<Paired>> = family.iter().map(|pairs| paired(pairs, level)).collect();
    let tested: Vec<f64> = alone.iter().flatten().map(Paired::p_value).collect();
    let mut adjusted = holm(&tested).into_iter();
    let together = bonferroni(level, tested.len());
    let one = |(pairs, alone): (&Pairs, Option<Paired>)| {
        let (baseline, variant) = pairs;
        let p_value = alone.and_then(|_| adjusted.next());
        let mean = |values: &[f64]| Moments::of(values).mean();
        let (base, other) = (mean(baseline)?, mean(variant)?);
        let difference = alone.map_or(other - base, |paired| paired.difference.mean);
        let constant = |values: &[f64]| values.windows(2).all(|pair| pair[0] == pair[1]);
        let certain = !random || (baseline.len() > 1 && constant(baseline) && constant(variant));
        let decided = certain || p_value.is_some_and(|p| p <= 1.0 - level);
        let order = if decided { difference.total_cmp(&0.0) } else { Ordering::Equal };
        let mut comparison = Comparison {
            metric,
            difference,
            paired: alone,
            together: paired(pairs, together),
            p_value,
            superiority: Superiority::of(baseline, variant, level),
            pairs: baseline.len() as u64,
            verdict: String::new(),
            order,
        };
        comparison.verdict = verdict(&comparison, base, certain);
        Some(comparison)
    };
    family.iter().zip(alone).map(one).collect()
}

impl Comparison {
    /// Whether the intervals that hold together tell how much it is, too: Holm's procedure may know the direction of
    /// what they can't yet tell from nothing.
    pub(super) fn amount_is_known(&self) -> bool {
        self.together.is_some_and(|paired| paired.verdict() != Verdict::NotDistinguishable)
    }
}
