//! The geometric distribution: the number of trials up to the first success.

use crate::rng::distribution::Family;
use crate::rng::{Distribution, OutOfRange};

#[derive(Clone, Debug)]
pub(in crate::rng) struct Geometric {
    mean: f64,
    /// ln(1 − p), the logarithm of the probability that a trial fails.
    log_failure: f64,
}

impl Distribution {
    /// Geometric on 1, 2, 3, … with `mean` from 1 to 10¹⁵: the number of trials up to the first success, which has
    /// the probability 1/`mean` in each. Constant if `mean` is 1.
    pub fn geometric(mean: f64) -> Result<Self, OutOfRange> {
        if !(1.0..=1e15).contains(&mean) {
            return Err(OutOfRange { parameter: "mean", rule: "must be from 1 to 10^15" });
        }
        if mean == 1.0 {
            return Distribution::constant(1.0);
        }
        let log_failure = libm::log1p(-1.0 / mean);
        Ok(Distribution::new(1.0, Family::Geometric(Geometric { mean, log_failure })))
    }
}

impl Geometric {
    pub(in crate::rng) fn quantile(&self, u: f64) -> f64 {
        (libm::log(1.0 - u) / self.log_failure).ceil().max(1.0)
    }

    pub(in crate::rng) fn mean(&self) -> f64 {
        self.mean
    }

    pub(in crate::rng) fn variance(&self) -> f64 {
        self.mean * (self.mean - 1.0)
    }
}
