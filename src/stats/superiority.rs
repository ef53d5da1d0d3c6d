//! How often one is smaller than the other: an effect size that needs no distribution.

use super::binomial::clopper_pearson;

/// How the values of a variant lie against the baseline's, pair by pair. The probability that the variant is smaller on
/// new random numbers (ties count half; Wolfe & Hogg 1971, McGraw & Wong 1992) is an effect size that hangs neither on
/// the unit nor on a distribution, and reads aloud: *shorter in 28 of 30 replicates*. Cohen's d of paired differences
/// would not do: it grows without end as pairs share more of their randomness and runs get longer.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Superiority {
    /// Pairs in which the variant is smaller.
    pub smaller: u64,
    /// Pairs without a difference.
    pub equal: u64,
    /// Pairs in which the variant is larger.
    pub larger: u64,
    /// The interval of the probability that the variant is smaller: that of Clopper & Pearson, a tie counting against
    /// each end. It covers at least as often as its level says.
    pub interval: (f64, f64),
}

impl Superiority {
    /// Counts the pairs, in any order; the interval is at `level`. Both slices must have the same length.
    ///
    /// ```
    /// use makespan::stats::Superiority;
    /// let superiority = Superiority::of(&[3.0, 4.0, 5.0, 6.0], &[2.0, 3.0, 5.0, 7.0], 0.95);
    /// assert_eq!((superiority.smaller, superiority.equal, superiority.larger), (2, 1, 1));
    /// assert_eq!(superiority.probability(), 0.625);
    /// ```
    pub fn of(baseline: &[f64], variant: &[f64], level: f64) -> Self {
        assert_eq!(baseline.len(), variant.len(), "pairs need both values");
        let pairs = || baseline.iter().zip(variant);
        let smaller = pairs().filter(|(base, other)| other < base).count() as u64;
        let equal = pairs().filter(|(base, other)| other == base).count() as u64;
        let larger = baseline.len() as u64 - smaller - equal;
        let interval = clopper_pearson(smaller, smaller + equal, baseline.len() as u64, level);
        Superiority { smaller, equal, larger, interval }
    }

    /// The part of the pairs in which the variant is smaller, a tie counting half; half of no pair.
    pub fn probability(&self) -> f64 {
        let all = self.smaller + self.equal + self.larger;
        if all == 0 { 0.5 } else { (self.smaller as f64 + 0.5 * self.equal as f64) / all as f64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Distribution, Key, Purpose, Sampler, Stream};

    #[test]
    fn the_interval_holds_the_probability_as_often_as_it_says_with_ties_too() {
        const EXPERIMENTS: u64 = 4_000;
        // Exponentials of means 2 and 1: the second is smaller with probability 2/3. Rounded down to whole numbers they
        // are geometric: equal with (1 − a)(1 − b)/(1 − ab), smaller with b(1 − a)/(1 − ab), for a = e⁻¹ and b = e^-½.
        let (a, b) = (libm::exp(-1.0), libm::exp(-0.5));
        let equal = (1.0 - a) * (1.0 - b) / (1.0 - a * b);
        let smaller = b * (1.0 - a) / (1.0 - a * b);
        for (round, truth) in [(false, 2.0 / 3.0), (true, smaller + 0.5 * equal)] {
            let mut covered = 0;
            for experiment in 0..EXPERIMENTS {
                let draw = |source: u64, mean: f64| {
                    let key = Key { seed: 1934, replicate: experiment, source, purpose: Purpose::Work };
                    let mut sampler =
                        Sampler::new(Distribution::exponential(mean).unwrap(), Stream::new(key));
                    let value = |_| if round { sampler.sample().floor() } else { sampler.sample() };
                    (0..30).map(value).collect::<Vec<f64>>()
                };
                let found = Superiority::of(&draw(0, 2.0), &draw(1, 1.0), 0.95);
                covered += u64::from(found.interval.0 <= truth && truth <= found.interval.1);
            }
            let covered = covered as f64 / EXPERIMENTS as f64;
            assert!((0.95 - 0.01..=1.0).contains(&covered), "rounded {round}: {covered}");
        }
    }
}
