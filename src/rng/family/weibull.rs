//! The Weibull distribution, of scale 1.

use crate::rng::distribution::{Family, positive};
use crate::rng::{Distribution, OutOfRange};

#[derive(Clone, Debug)]
pub(in crate::rng) struct Weibull {
    shape: f64,
}

impl Distribution {
    /// Weibull with `mean` > 0 and `shape` ≥ 0.02: below 1 the rate of failure falls with age, above 1 it rises, at 1
    /// this is the exponential distribution.
    pub fn weibull(mean: f64, shape: f64) -> Result<Self, OutOfRange> {
        positive("mean", mean)?;
        if !(shape >= 0.02 && shape.is_finite()) {
            return Err(OutOfRange { parameter: "shape", rule: "must be finite and at least 0.02" });
        }
        if shape == 1.0 {
            return Distribution::exponential(mean);
        }
        let family = Weibull { shape };
        Ok(Distribution::new(mean / family.mean(), Family::Weibull(family)))
    }
}

impl Weibull {
    pub(in crate::rng) fn quantile(&self, u: f64) -> f64 {
        libm::pow(-libm::log(1.0 - u), 1.0 / self.shape)
    }

    pub(in crate::rng) fn mean(&self) -> f64 {
        libm::tgamma(1.0 + 1.0 / self.shape)
    }

    pub(in crate::rng) fn variance(&self) -> f64 {
        let mean = self.mean();
        libm::tgamma(1.0 + 2.0 / self.shape) - mean * mean
    }
}
