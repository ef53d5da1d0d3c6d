//! Confidence intervals for a mean.

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::Moments;
use crate::rng::normal_quantile;

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
            if variance == 0.0 { 0.0 } else { student_quantile(level, count - 1) * standard_error };
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

/// From so many degrees of freedom on the series for t is good to 10⁻⁹, while the library's iteration gets worse and
/// at last doesn't end.
const MANY_DEGREES: u64 = 1_000;

/// The t that a Student variable of `freedom` ≥ 1 degrees stays within, on both sides, with probability `level`.
pub(super) fn student_quantile(level: f64, freedom: u64) -> f64 {
    debug_assert!(0.0 < level && level < 1.0, "a confidence level of {level}");
    let tail = 0.5 * (1.0 - level);
    let t = if freedom >= MANY_DEGREES {
        cornish_fisher(-normal_quantile(tail), freedom as f64)
    } else {
        let student =
            StudentsT::new(0.0, 1.0, freedom as f64).expect("a scale and degrees of freedom above 0");
        -student.inverse_cdf(tail)
    };
    // The last bits of the library's quantile depend on the platform's logarithm. Rounded to what is certain, it
    // gives the same results everywhere.
    (t * 1e9).round() / 1e9
}

/// Student's quantile at the standard normal quantile `z` (Cornish & Fisher 1937; Abramowitz & Stegun 1964, 26.7.5).
fn cornish_fisher(z: f64, freedom: f64) -> f64 {
    let z2 = z * z;
    let terms = [
        z,
        z * (z2 + 1.0) / 4.0,
        z * ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0,
        z * (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0,
    ];
    terms.iter().rev().fold(0.0, |sum, term| sum / freedom + term)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Distribution, Key, Purpose, Sampler, Stream};

    #[test]
    fn quantiles_are_the_tabulated_ones() {
        for (level, freedom, t) in [
            (0.95, 1, 12.706_204_736),
            (0.95, 9, 2.262_157_163),
            (0.95, 29, 2.045_229_642),
            (0.99, 4, 4.604_094_871),
            (0.90, 60, 1.670_648_865),
            (0.95, 1_000_000_000, 1.959_963_988),
        ] {
            assert!((student_quantile(level, freedom) - t).abs() < 2e-9, "{level}, {freedom} degrees");
        }
    }

    #[test]
    fn the_series_for_many_degrees_joins_the_iteration() {
        for level in [0.5, 0.9, 0.95, 0.99, 0.999, 0.9999] {
            let freedom = MANY_DEGREES as f64;
            let iterated = -StudentsT::new(0.0, 1.0, freedom).unwrap().inverse_cdf(0.5 * (1.0 - level));
            let series = cornish_fisher(-normal_quantile(0.5 * (1.0 - level)), freedom);
            assert!((series - iterated).abs() < 1e-9, "{level}: {series}, {iterated}");
        }
    }

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
