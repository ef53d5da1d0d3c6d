//! Two variants compared replicate by replicate.

use super::{Interval, student};

/// The comparison of a variant with the baseline on common random numbers: what both share cancels in the difference
/// of a pair, so that far fewer replicates tell them apart than two separate intervals would need.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Paired {
    /// The mean of variant − baseline, with its Student-t interval.
    pub difference: Interval,
    /// The ratio of the means; `None` where the baseline's mean can't be told to be above 0 at this level.
    pub ratio: Option<Ratio>,
    /// How many standard errors the mean difference is from 0: infinite where there is no spread about it.
    pub t: f64,
}

/// The variant's mean as a multiple of the baseline's, with Fieller's interval (Fieller 1954): the values ρ for which
/// the paired t test doesn't reject variant − ρ · baseline = 0. It isn't symmetric, and it excludes 1 exactly when the
/// interval of the difference excludes 0, so that the two never contradict each other. Its coverage is exact for
/// normal pairs.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Ratio {
    /// The variant's mean divided by the baseline's.
    pub estimate: f64,
    /// The interval's lower end.
    pub low: f64,
    /// The interval's upper end.
    pub high: f64,
}

impl Ratio {
    /// A ratio with its interval, which holds the estimate whatever rounding makes of either.
    pub(super) fn new(estimate: f64, low: f64, high: f64) -> Self {
        Ratio { estimate, low: low.min(estimate), high: high.max(estimate) }
    }
}

/// What the interval of the difference allows to say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The variant's values are smaller: for a duration, it is shorter.
    Smaller,
    /// The variant's values are larger.
    Larger,
    /// The interval holds 0.
    NotDistinguishable,
}

impl Paired {
    /// Compares the values of the same replicates, in the same order, at `level` (0 < `level` < 1). `None` of less
    /// than two replicates. Both slices must have the same length.
    ///
    /// ```
    /// use makespan::stats::{Paired, Verdict};
    /// let paired = Paired::of(&[10.0, 20.0, 30.0], &[9.0, 18.1, 26.9], 0.95).unwrap();
    /// assert_eq!(paired.verdict(), Verdict::NotDistinguishable);
    /// let paired = Paired::of(&[10.0, 20.0, 30.0], &[9.0, 19.1, 28.9], 0.95).unwrap();
    /// assert_eq!(paired.verdict(), Verdict::Smaller);
    /// ```
    pub fn of(baseline: &[f64], variant: &[f64], level: f64) -> Option<Self> {
        assert_eq!(baseline.len(), variant.len(), "pairs need both values");
        let differences: Vec<f64> = baseline.iter().zip(variant).map(|(base, other)| other - base).collect();
        let difference = Interval::of_mean(&differences, level)?;
        let variance = super::Moments::of(&differences).variance()?;
        let standard_error = (variance / difference.count as f64).sqrt();
        let t = if difference.mean == 0.0 { 0.0 } else { difference.mean / standard_error };
        let ratio = fieller(baseline, variant, student::quantile(level, (difference.count - 1) as f64));
        Some(Paired { difference, ratio, t })
    }

    /// The probability of a mean difference as far from 0, were there none: the p-value of the paired t test.
    pub fn p_value(&self) -> f64 {
        student::beyond(self.t, (self.difference.count - 1) as f64)
    }

    /// Which way the difference goes, if it can be told at the level of the interval.
    pub fn verdict(&self) -> Verdict {
        match self.difference {
            interval if interval.high() < 0.0 => Verdict::Smaller,
            interval if interval.low() > 0.0 => Verdict::Larger,
            _ => Verdict::NotDistinguishable,
        }
    }
}

/// The roots in ρ of (ȳ − ρx̄)² = t²(s_yy − 2ρs_xy + ρ²s_xx)/n, with x the baseline and y the variant.
fn fieller(baseline: &[f64], variant: &[f64], t: f64) -> Option<Ratio> {
    let n = baseline.len() as f64;
    let (x, y) = (mean(baseline), mean(variant));
    let uncertainty = t * t / (n * (n - 1.0));
    let xx = x * x - uncertainty * co_deviation(baseline, baseline);
    let xy = x * y - uncertainty * co_deviation(baseline, variant);
    let yy = y * y - uncertainty * co_deviation(variant, variant);
    if x <= 0.0 || xx <= 0.0 {
        return None;
    }
    // Not negative on paper where xx > 0.
    let root = (xy * xy - xx * yy).max(0.0).sqrt();
    Some(Ratio::new(y / x, (xy - root) / xx, (xy + root) / xx))
}

fn mean(values: &[f64]) -> f64 {
    super::Moments::of(values).mean().unwrap_or(0.0)
}

/// Σ (a − ā)(b − b̄).
fn co_deviation(a: &[f64], b: &[f64]) -> f64 {
    let (mean_a, mean_b) = (mean(a), mean(b));
    a.iter().zip(b).map(|(a, b)| (a - mean_a) * (b - mean_b)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Distribution, Key, Purpose, Sampler, Stream};

    const LEVEL: f64 = 0.95;

    fn normal(mean: f64, sd: f64, source: u64) -> Sampler {
        let key = Key { seed: 1954, replicate: 0, source, purpose: Purpose::Work };
        Sampler::new(Distribution::normal(mean, sd / mean).unwrap(), Stream::new(key))
    }

    /// `n` pairs: what they share has a deviation of 2, what is each one's own 0.5; means 10 and 9.5.
    fn correlated(n: usize, source: u64) -> (Vec<f64>, Vec<f64>) {
        let mut shared = normal(100.0, 2.0, 3 * source);
        let (mut own, mut other) = (normal(100.0, 0.5, 3 * source + 1), normal(100.0, 0.5, 3 * source + 2));
        (0..n)
            .map(|_| {
                let both = shared.sample() - 190.0;
                (both + own.sample(), both + other.sample() - 0.5)
            })
            .unzip()
    }

    #[test]
    fn pairing_tells_apart_what_two_intervals_cannot() {
        let (baseline, variant) = correlated(30, 0);
        let paired = Paired::of(&baseline, &variant, LEVEL).unwrap();
        assert_eq!(paired.verdict(), Verdict::Smaller);
        assert!(paired.ratio.unwrap().high < 1.0);
        let [base, other] = [&baseline, &variant].map(|values| Interval::of_mean(values, LEVEL).unwrap());
        assert!(other.high() > base.low(), "the separate intervals overlap");
        assert!(paired.difference.half_width < 0.5 * base.half_width.hypot(other.half_width));
    }

    #[test]
    fn both_intervals_cover_the_truth_and_never_contradict_each_other() {
        const EXPERIMENTS: u32 = 2_000;
        let (mut difference, mut ratio) = (0, 0);
        for experiment in 0..EXPERIMENTS {
            let (baseline, variant) = correlated(10, 1 + u64::from(experiment));
            let paired = Paired::of(&baseline, &variant, LEVEL).unwrap();
            let fieller = paired.ratio.unwrap();
            difference += u32::from(paired.difference.contains(-0.5));
            ratio += u32::from(fieller.low <= 0.95 && 0.95 <= fieller.high);
            assert!(fieller.low <= fieller.estimate && fieller.estimate <= fieller.high);
            assert_eq!(paired.difference.contains(0.0), fieller.low <= 1.0 && 1.0 <= fieller.high);
        }
        // Binomial bounds of 4 standard errors.
        for covered in [difference, ratio] {
            let covered = f64::from(covered) / f64::from(EXPERIMENTS);
            assert!(
                (covered - LEVEL).abs() < 4.0 * (LEVEL * (1.0 - LEVEL) / f64::from(EXPERIMENTS)).sqrt(),
                "{covered}"
            );
        }
    }

    #[test]
    fn identical_variants_have_an_exact_difference_of_nothing() {
        let paired = Paired::of(&[1.0, 2.0, 4.0], &[1.0, 2.0, 4.0], LEVEL).unwrap();
        assert!(paired.difference.is_exact() && paired.difference.mean == 0.0);
        assert_eq!(paired.verdict(), Verdict::NotDistinguishable);
        let ratio = paired.ratio;
        assert!(ratio.is_none_or(|ratio| (ratio.low - 1.0).abs() < 1e-7 && (ratio.high - 1.0).abs() < 1e-7));
    }

    #[test]
    fn a_constant_shift_is_certain() {
        let paired = Paired::of(&[10.0, 20.0, 15.0], &[9.0, 19.0, 14.0], LEVEL).unwrap();
        assert!(paired.difference.is_exact());
        assert_eq!(paired.verdict(), Verdict::Smaller);
    }

    #[test]
    fn a_baseline_that_may_be_0_has_no_ratio() {
        let paired = Paired::of(&[-1.0, 1.0, 0.1], &[5.0, 6.0, 7.0], LEVEL).unwrap();
        assert_eq!(paired.ratio, None);
        assert!(Paired::of(&[1.0], &[2.0], LEVEL).is_none());
    }
}
