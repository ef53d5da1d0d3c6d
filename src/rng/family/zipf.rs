//! Zipf's distribution on the ranks 1 to n.

use std::sync::Arc;

use crate::rng::distribution::Family;
use crate::rng::special::exponential_integral;
use crate::rng::{Distribution, OutOfRange};

/// Ranks whose sums are kept; beyond them the Euler–Maclaurin formula is exact to the last bit.
const KEPT: u64 = 1024;

#[derive(Clone, Debug)]
pub(in crate::rng) struct Zipf {
    ranks: u64,
    weights: Harmonic,
    total: f64,
}

impl Distribution {
    /// Zipf's: rank k of 1, 2, …, `n` with a probability proportional to k^−`exponent`; `n` from 1 to 2⁵³,
    /// `exponent` from 0 (all equal) to 20.
    pub fn zipf(n: u64, exponent: f64) -> Result<Self, OutOfRange> {
        if !(1..=1 << 53).contains(&n) {
            return Err(OutOfRange { parameter: "n", rule: "must be from 1 to 2^53" });
        }
        if !(0.0..=20.0).contains(&exponent) {
            return Err(OutOfRange { parameter: "exponent", rule: "must be from 0 to 20" });
        }
        let weights = Harmonic::new(exponent, n);
        let total = weights.up_to(n);
        Ok(Distribution::new(1.0, Family::Zipf(Zipf { ranks: n, weights, total })))
    }
}

impl Zipf {
    /// The smallest rank whose cumulative weight reaches `u` of the whole: from the table, else by bisection.
    pub(in crate::rng) fn quantile(&self, u: f64) -> f64 {
        let target = u * self.total;
        let (mut below, mut at_most) = (0, self.ranks);
        if self.weights.up_to(KEPT.min(self.ranks)) >= target {
            at_most = KEPT.min(self.ranks);
        } else {
            below = KEPT.min(self.ranks);
        }
        while at_most - below > 1 {
            let middle = below + (at_most - below) / 2;
            if self.weights.up_to(middle) >= target {
                at_most = middle;
            } else {
                below = middle;
            }
        }
        at_most as f64
    }

    pub(in crate::rng) fn mean(&self) -> f64 {
        self.moment(1.0)
    }

    pub(in crate::rng) fn variance(&self) -> f64 {
        let mean = self.mean();
        self.moment(2.0) - mean * mean
    }

    fn moment(&self, order: f64) -> f64 {
        Harmonic::new(self.weights.exponent - order, self.ranks).up_to(self.ranks) / self.total
    }
}

/// Generalised harmonic numbers: sums of k^−`exponent` over k = 1, 2, ….
#[derive(Clone, Debug)]
struct Harmonic {
    exponent: f64,
    /// The sums up to 1, 2, …: as many as are kept.
    head: Arc<[f64]>,
}

impl Harmonic {
    fn new(exponent: f64, ranks: u64) -> Self {
        let mut sum = 0.0;
        let head = (1..=ranks.min(KEPT)).map(|k| {
            sum += libm::pow(k as f64, -exponent);
            sum
        });
        Harmonic { exponent, head: head.collect() }
    }

    /// The sum over 1, 2, …, `k`.
    fn up_to(&self, k: u64) -> f64 {
        if k <= self.head.len() as u64 {
            return if k == 0 { 0.0 } else { self.head[k as usize - 1] };
        }
        self.head[self.head.len() - 1] + self.between(self.head.len() as f64, k as f64)
    }

    /// The sum over `from` + 1, …, `to` (Euler–Maclaurin, to the third derivative).
    fn between(&self, from: f64, to: f64) -> f64 {
        let s = self.exponent;
        let (at_from, at_to) = (libm::pow(from, -s), libm::pow(to, -s));
        let integral = from * at_from * exponential_integral(1.0 - s, libm::log(to / from));
        let first = s / 12.0 * (at_from / from - at_to / to);
        let third =
            s * (s + 1.0) * (s + 2.0) / 720.0 * (at_from / (from * from * from) - at_to / (to * to * to));
        integral + 0.5 * (at_to - at_from) + first - third
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_beyond_the_table_are_the_sums_term_by_term() {
        for exponent in [-2.0, -0.5, 0.0, 0.7, 1.0, 1.3, 3.0] {
            // From the smallest term up, so that the plain sum is good to the last bits.
            let mut terms: Vec<f64> = (1..=30_000).map(|k| libm::pow(f64::from(k), -exponent)).collect();
            terms.sort_by(f64::total_cmp);
            let direct: f64 = terms.iter().sum();
            let formula = Harmonic::new(exponent, 30_000).up_to(30_000);
            assert!((formula / direct - 1.0).abs() < 1e-13, "exponent {exponent}: {formula}, {direct}");
        }
    }

    #[test]
    fn a_rank_is_the_first_whose_cumulative_probability_reaches_u() {
        let zipf = Distribution::zipf(5_000, 0.9).unwrap();
        let weights: Vec<f64> = (1..=5_000).map(|k| libm::pow(f64::from(k), -0.9)).collect();
        let total: f64 = weights.iter().sum();
        let mut cumulative = 0.0;
        for (i, weight) in weights.iter().enumerate() {
            let middle = (cumulative + 0.5 * weight) / total;
            assert_eq!(zipf.quantile(middle), Some((i + 1) as f64));
            cumulative += weight;
        }
    }
}
