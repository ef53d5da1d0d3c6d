//! Count, mean and variance in one pass.

/// Running moments of a sequence (Welford 1962): stable where the spread is small against the mean, and exact, with a
/// variance of 0, where all values are equal.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Moments {
    count: u64,
    mean: f64,
    /// The sum of squared deviations from the mean.
    squares: f64,
    min: f64,
    max: f64,
}

impl Default for Moments {
    fn default() -> Self {
        Moments { count: 0, mean: 0.0, squares: 0.0, min: f64::INFINITY, max: f64::NEG_INFINITY }
    }
}

impl Moments {
    /// The moments of `values`, taken from first to last.
    ///
    /// ```
    /// let moments = makespan::stats::Moments::of(&[1.0, 2.0, 6.0]);
    /// assert_eq!((moments.mean(), moments.variance()), (Some(3.0), Some(7.0)));
    /// ```
    pub fn of(values: &[f64]) -> Self {
        let mut moments = Moments::default();
        for &value in values {
            moments.push(value);
        }
        moments
    }

    /// Takes one more value, which must be finite.
    #[inline]
    pub fn push(&mut self, value: f64) {
        debug_assert!(value.is_finite(), "a value of {value}");
        self.count += 1;
        // The quotient doesn't wait for the mean before, so that a push costs no division's latency.
        let weight = 1.0 / self.count as f64;
        let deviation = value - self.mean;
        self.mean += deviation * weight;
        self.squares += deviation * (value - self.mean);
        self.min = self.min.min(value);
        self.max = self.max.max(value);
    }

    /// How many values there were.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their mean; `None` of none.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then_some(self.mean)
    }

    /// Their variance as a sample (divided by n − 1); `None` of less than two.
    pub fn variance(&self) -> Option<f64> {
        (self.count > 1).then(|| self.squares / (self.count - 1) as f64)
    }

    /// The smallest; `None` of none.
    pub fn min(&self) -> Option<f64> {
        (self.count > 0).then_some(self.min)
    }

    /// The largest; `None` of none.
    pub fn max(&self) -> Option<f64> {
        (self.count > 0).then_some(self.max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_spread_about_a_large_mean_keeps_its_variance() {
        // 10⁹ + {4, 7, 13, 16}: a textbook sum of squares loses it all.
        let moments = Moments::of(&[4.0, 7.0, 13.0, 16.0].map(|x| x + 1e9));
        assert_eq!((moments.mean(), moments.variance()), (Some(1e9 + 10.0), Some(30.0)));
        assert_eq!((moments.min(), moments.max()), (Some(1e9 + 4.0), Some(1e9 + 16.0)));
    }

    #[test]
    fn equal_values_have_that_mean_exactly_and_no_variance() {
        let moments = Moments::of(&[0.1; 1000]);
        assert_eq!((moments.mean(), moments.variance()), (Some(0.1), Some(0.0)));
    }

    #[test]
    fn too_few_values_have_no_moments() {
        assert_eq!((Moments::of(&[]).mean(), Moments::of(&[]).max()), (None, None));
        assert_eq!((Moments::of(&[3.0]).mean(), Moments::of(&[3.0]).variance()), (Some(3.0), None));
    }
}
