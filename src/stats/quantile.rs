//! Quantiles of a long sequence of whole numbers.

use hdrhistogram::Histogram;

/// Up to so many observations every one is kept and quantiles are exact.
const MOST_EXACT: usize = 1_000_000;
/// Decimal digits that the histogram keeps of an observation.
const DIGITS: u8 = 3;

/// Collects observations in ticks and answers with their quantiles: exact ones up to 10⁶ observations, then those of a
/// histogram of three digits (Tene 2012, HdrHistogram), whose error is at most 0.1 % of the value.
///
/// A quantile is that of Hyndman & Fan (1996), type 7, the default of R and NumPy: linear between the ⌊(n − 1)p⌋-th
/// and the next of the ordered observations, counted from 0. In the histogram it is the ⌈n·p⌉-th (their type 1),
/// since neighbours among more than 10⁶ are closer than its digits show.
///
/// ```
/// let mut ticks = makespan::stats::Quantiles::default();
/// for value in [40, 10, 20, 30] {
///     ticks.push(value);
/// }
/// assert_eq!(ticks.at(&[0.0, 0.5, 0.9, 1.0]), Some(vec![10.0, 25.0, 37.0, 40.0]));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Quantiles {
    /// All observations, as long as they are few; empty thereafter.
    exact: Vec<u64>,
    histogram: Option<Box<Histogram<u64>>>,
}

impl Quantiles {
    /// Takes one more observation.
    #[inline(always)]
    pub fn push(&mut self, value: u64) {
        match &mut self.histogram {
            None if self.exact.len() < MOST_EXACT => self.exact.push(value),
            None => self.leave_exactness(value),
            Some(histogram) => histogram.saturating_record(value),
        }
    }

    #[cold]
    fn leave_exactness(&mut self, value: u64) {
        let mut histogram =
            Histogram::new_with_bounds(1, u64::MAX, DIGITS).expect("bounds and digits that exist");
        for value in std::mem::take(&mut self.exact).into_iter().chain([value]) {
            histogram.saturating_record(value);
        }
        self.histogram = Some(Box::new(histogram));
    }

    /// Forgets the first `count` observations, those of a warm-up; before any quantile was asked for. What the
    /// histogram holds can't be told apart any more: then nothing is forgotten, and the answer is false.
    pub fn forget_first(&mut self, count: u64) -> bool {
        let exact = self.is_exact();
        if exact {
            self.exact.drain(..usize::try_from(count).unwrap_or(usize::MAX).min(self.exact.len()));
        }
        exact
    }

    /// All observations that are kept, in the order in which they came as long as no quantile was asked for; none where
    /// they are in the histogram.
    pub fn kept(&self) -> &[u64] {
        &self.exact
    }

    /// How many observations there were.
    pub fn count(&self) -> u64 {
        self.histogram.as_ref().map_or(self.exact.len() as u64, |histogram| histogram.len())
    }

    /// Whether quantiles are exact; otherwise they come from the histogram.
    pub fn is_exact(&self) -> bool {
        self.histogram.is_none()
    }

    /// The quantiles at `probabilities` (each from 0 to 1, ascending), in ticks and in that order; `None` if nothing
    /// was observed. Reorders what is kept, hence `&mut`.
    pub fn at(&mut self, probabilities: &[f64]) -> Option<Vec<f64>> {
        debug_assert!(probabilities.is_sorted(), "probabilities must ascend");
        if let Some(histogram) = &self.histogram {
            return Some(probabilities.iter().map(|&p| of_histogram(histogram, p)).collect());
        }
        (!self.exact.is_empty()).then(|| of_values(&mut self.exact, probabilities))
    }
}

/// The middle of the histogram's cell, but never outside of what was observed.
fn of_histogram(histogram: &Histogram<u64>, p: f64) -> f64 {
    let cell = histogram.median_equivalent(histogram.value_at_quantile(p));
    cell.clamp(histogram.min(), histogram.max()) as f64
}

/// Each quantile selects in what the one before has left above itself, so that together they take about one pass.
fn of_values(values: &mut [u64], probabilities: &[f64]) -> Vec<f64> {
    let last = values.len() - 1;
    let mut from = 0;
    let quantile = |&p: &f64| {
        let position = last as f64 * p;
        let rank = (position as usize).min(last);
        let (_, low, above) = values[from..].select_nth_unstable(rank - from);
        let low = *low;
        // The next in order begins what is left, for a probability that falls between the same two.
        from = rank;
        let next = above.iter().min().copied().unwrap_or(low);
        low as f64 + (position - rank as f64) * (next - low) as f64
    };
    probabilities.iter().map(quantile).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Distribution, Key, Purpose, Sampler, Stream};

    const PROBABILITIES: [f64; 9] = [0.0, 0.001, 0.25, 0.5, 0.501, 0.9, 0.99, 0.999, 1.0];

    fn observed(n: usize) -> (Quantiles, Vec<u64>) {
        let key = Key { seed: 1996, replicate: 0, source: n as u64, purpose: Purpose::Work };
        let mut sampler = Sampler::new(Distribution::lognormal(1e9, 3.0).unwrap(), Stream::new(key));
        let values: Vec<u64> = (0..n).map(|_| sampler.sample() as u64).collect();
        let mut quantiles = Quantiles::default();
        values.iter().for_each(|&value| quantiles.push(value));
        (quantiles, values)
    }

    #[test]
    fn exact_quantiles_are_those_of_the_sorted_observations() {
        for n in [1, 2, 3, 10, 999, 4_000] {
            let (mut quantiles, mut values) = observed(n);
            values.sort_unstable();
            let sorted = |p: f64| {
                let position = (n - 1) as f64 * p;
                let (low, high) =
                    (values[position.floor() as usize] as f64, values[position.ceil() as usize] as f64);
                low + (position - position.floor()) * (high - low)
            };
            assert!(quantiles.is_exact() && quantiles.count() == n as u64);
            assert_eq!(
                quantiles.at(&PROBABILITIES),
                Some(PROBABILITIES.map(sorted).to_vec()),
                "{n} observations"
            );
            assert_eq!(quantiles.at(&[0.5]), Some(vec![sorted(0.5)]), "asked again");
        }
    }

    #[test]
    fn beyond_a_million_observations_the_error_is_at_most_a_thousandth() {
        let (mut quantiles, mut values) = observed(MOST_EXACT + 1);
        values.sort_unstable();
        assert!(!quantiles.is_exact() && quantiles.count() == MOST_EXACT as u64 + 1);
        let estimates = quantiles.at(&PROBABILITIES).unwrap();
        for (p, estimate) in PROBABILITIES.into_iter().zip(estimates) {
            let rank = (p * values.len() as f64).ceil().max(1.0) as usize;
            let exact = values[rank - 1] as f64;
            assert!((estimate / exact - 1.0).abs() <= 1e-3, "{p}: {estimate}, not {exact}");
        }
    }

    #[test]
    fn nothing_observed_has_no_quantiles() {
        assert_eq!(Quantiles::default().at(&[0.5]), None);
    }

    #[test]
    fn the_longest_observations_fit_into_the_histogram() {
        let mut quantiles = Quantiles::default();
        for _ in 0..=MOST_EXACT {
            quantiles.push(u64::MAX);
        }
        let median = quantiles.at(&[0.5]).unwrap()[0];
        assert!((median / u64::MAX as f64 - 1.0).abs() <= 1e-3);
    }
}
