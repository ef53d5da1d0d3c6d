//! Confidence intervals for a mean.

use super::{Moments, student};

/// A confidence interval for the mean of independent values: mean ± half-width at a level. Its coverage is the level
/// for normal values (Student 1908) and approaches it for others as their number grows.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Interval {
    /// The sample mean, the interval's centre.
    pub mean: f64,
    /// Half of the interval's width; 0 where all values are equal.
    pub half_width: f64,
    /// The confidence level, such as 0.95.
    pub level: f64,
    /// The number of values.
    pub count: u64,
}

impl Interval {
    /// The interval for the mean of the population that `values` were drawn from, at `level` (0 < `level` < 1).
    /// `None` of less than two values: one says nothing about the spread.
    ///
    /// ```
    /// use makespan::stats::Interval;
    /// let interval = Interval::of_mean(&[9.0, 10.0, 11.0], 0.95).unwrap();
    /// assert!((interval.half_width - 4.302652730 / 3.0_f64.sqrt()).abs() < 1e-8);
    /// assert!(Interval::of_mean(&[9.0], 0.95).is_none());
    /// ```
    pub fn of_mean(values: &[f64], level: f64) -> Option<Self> {
        let moments = Moments::of(values);
        let (mean, variance, count) = (moments.mean()?, moments.variance()?, moments.count());
        let standard_error = (variance / count as f64).sqrt();
        // Equal values need no quantile, and deterministic studies have many.
        let half_width =
            if variance == 0.0 { 0.0 } else { student::quantile(level, (count - 1) as f64) * standard_error };
        Some(Interval { mean, half_width, level, count })
    }

    /// The lower end.
    pub fn low(&self) -> f64 {
        self.mean - self.half_width
    }

    /// The upper end.
    pub fn high(&self) -> f64 {
        self.mean + self.half_width
    }

    /// Whether `value` lies in the interval, its ends included.
    pub fn contains(&self, value: f64) -> bool {
        self.low() <= value && value <= self.high()
    }

    /// Whether all values were equal: then there is nothing to estimate, and the interval is that value.
    pub fn is_exact(&self) -> bool {
        self.half_width == 0.0
    }

    /// The half-width as a part of the mean's magnitude: 0 for an exact interval, infinite about a mean of 0.
    pub fn relative_half_width(&self) -> f64 {
        if self.is_exact() { 0.0 } else { self.half_width / self.mean.abs() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Distribution, Key, Purpose, Sampler, Stream};

    #[test]
    fn equal_values_have_an_interval_of_no_width_flagged_exact() {
        let interval = Interval::of_mean(&[0.1; 30], 0.95).unwrap();
        assert_eq!((interval.low(), interval.high()), (0.1, 0.1));
        assert!(interval.is_exact() && interval.contains(0.1) && interval.relative_half_width() == 0.0);
    }

    /// The part of `experiments` intervals that contain the mean.
    fn coverage(values: &mut Sampler, mean: f64, n: usize, experiments: u32) -> f64 {
        let covered = (0..experiments).filter(|_| {
            let sample: Vec<f64> = (0..n).map(|_| values.sample()).collect();
            Interval::of_mean(&sample, 0.95).is_some_and(|interval| interval.contains(mean))
        });
        covered.count() as f64 / f64::from(experiments)
    }

    #[test]
    fn intervals_cover_the_mean_as_often_as_their_level_says() {
        const EXPERIMENTS: u32 = 4_000;
        // Five deviations of a normal so far from 0 that nothing is cut off; for the exponential the t interval covers
        // less than its level, by what a million experiments with another program gave: 0.9009 and 0.9271.
        let normal = Distribution::normal(10.0, 0.1).unwrap();
        let exponential = Distribution::exponential(10.0).unwrap();
        for (source, (distribution, n, expected)) in
            [(&normal, 10, 0.95), (&normal, 30, 0.95), (&exponential, 10, 0.9009), (&exponential, 30, 0.9271)]
                .into_iter()
                .enumerate()
        {
            let key = Key { seed: 1908, replicate: 0, source: source as u64, purpose: Purpose::Work };
            let mut values = Sampler::new(distribution.clone(), Stream::new(key));
            let covered = coverage(&mut values, 10.0, n, EXPERIMENTS);
            // Binomial bounds of 4 standard errors: in all a false alarm once in 4000 seeds.
            let error = (expected * (1.0 - expected) / f64::from(EXPERIMENTS)).sqrt();
            assert!((covered - expected).abs() < 4.0 * error, "source {source}, n {n}: {covered}");
        }
    }
}
