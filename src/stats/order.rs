//! Quantiles of few values, with intervals that need no distribution.

use super::binomial::at_least;

/// A quantile of the distribution that values were drawn from.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct OrderQuantile {
    /// Its estimate: that of Hyndman & Fan (1996), type 7.
    pub value: f64,
    /// The interval's lower end, one of the values; `None` where there are too few for one.
    pub low: Option<f64>,
    /// The interval's upper end, likewise.
    pub high: Option<f64>,
}

impl OrderQuantile {
    /// The quantile at `probability` (0 < `probability` < 1) of independent `values`, in any order, with an interval at
    /// `level` between two of them (Thompson 1936; David & Nagaraja 2003, section 7.1): how many values lie below the
    /// quantile is binomial, whatever the distribution. It covers at least as often as it says. `None` of no value.
    ///
    /// ```
    /// use makespan::stats::OrderQuantile;
    /// let values: Vec<f64> = (1..=30).map(f64::from).collect();
    /// let median = OrderQuantile::of(&values, 0.5, 0.95).unwrap();
    /// assert_eq!((median.value, median.low, median.high), (15.5, Some(10.0), Some(21.0)));
    /// assert_eq!(OrderQuantile::of(&values, 0.99, 0.95).unwrap().high, None);
    /// ```
    pub fn of(values: &[f64], probability: f64, level: f64) -> Option<Self> {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let n = sorted.len() as u64;
        let last = sorted.len().checked_sub(1)?;
        let position = last as f64 * probability;
        let (below, above) = (position.floor(), position.ceil());
        let (low, high) = (sorted[below as usize], sorted[above as usize]);
        let tail = 0.5 * (1.0 - level);
        // The k-th value lies above the quantile where less than k of all lie below it.
        let first = so_many(n, |k| at_least(k, n, probability) >= 1.0 - tail);
        let end = so_many(n, |k| at_least(k, n, probability) > tail) + 1;
        let ranked = |k: u64| sorted.get(k.checked_sub(1)? as usize).copied();
        let value = low + (position - below) * (high - low);
        Some(OrderQuantile { value, low: ranked(first), high: ranked(end) })
    }
}

/// For how many of the numbers from 1 to `n` it holds, where it holds for none behind one for which it doesn't.
fn so_many(n: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut all, mut end) = (0, n);
    while all < end {
        let middle = all + (end - all) / 2 + 1;
        if holds(middle) { all = middle } else { end = middle - 1 }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Distribution, Key, Purpose, Sampler, Stream};

    #[test]
    fn intervals_cover_quantiles_of_any_distribution_at_least_as_often_as_they_say() {
        const EXPERIMENTS: u64 = 3_000;
        let exponential = Distribution::exponential(1.0).unwrap();
        // What the binomial between the ranks comes to, summed up elsewhere; 30 values have no upper end for the last.
        for (n, probability, exact) in
            [(10, 0.5, 0.97852), (30, 0.5, 0.95722), (100, 0.9, 0.95569), (30, 0.9, 0.99222)]
        {
            let truth = -libm::log1p(-probability);
            let covered = (0..EXPERIMENTS).filter(|&experiment| {
                let key = Key { seed: 1936, replicate: experiment, source: n, purpose: Purpose::Work };
                let mut sampler = Sampler::new(exponential.clone(), Stream::new(key));
                let values: Vec<f64> = (0..n).map(|_| sampler.sample()).collect();
                let found = OrderQuantile::of(&values, probability, 0.95).unwrap();
                found.low.is_none_or(|low| low <= truth) && found.high.is_none_or(|high| truth <= high)
            });
            let covered = covered.count() as f64 / EXPERIMENTS as f64;
            // Four standard errors.
            let error = (exact * (1.0 - exact) / EXPERIMENTS as f64).sqrt();
            assert!((covered - exact).abs() < 4.0 * error, "{probability} of {n}: {covered}");
        }
    }

    #[test]
    fn few_values_have_no_ends() {
        let found = OrderQuantile::of(&[3.0, 1.0], 0.5, 0.95).unwrap();
        assert_eq!(found, OrderQuantile { value: 2.0, low: None, high: None });
        assert_eq!(OrderQuantile::of(&[], 0.5, 0.95), None);
    }
}
