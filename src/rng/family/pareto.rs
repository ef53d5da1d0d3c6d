//! The Pareto distribution, of least value 1.

use crate::rng::distribution::{Family, positive};
use crate::rng::{Distribution, OutOfRange};

#[derive(Clone, Debug)]
pub(in crate::rng) struct Pareto {
    shape: f64,
}

impl Distribution {
    /// Pareto with `mean` > 0 and `shape` > 1, so that the mean exists; the least value is `mean` · (1 − 1/`shape`).
    /// Up to a `shape` of 2 the variance is infinite.
    pub fn pareto(mean: f64, shape: f64) -> Result<Self, OutOfRange> {
        positive("mean", mean)?;
        if !(shape > 1.0 && shape.is_finite()) {
            return Err(OutOfRange {
                parameter: "shape",
                rule: "must be finite and greater than 1, or there is no mean (use `bounded-pareto`)",
            });
        }
        let family = Pareto { shape };
        Ok(Distribution::new(mean / family.mean(), Family::Pareto(family)))
    }
}

impl Pareto {
    pub(in crate::rng) fn quantile(&self, u: f64) -> f64 {
        libm::pow(1.0 - u, -1.0 / self.shape)
    }

    pub(in crate::rng) fn mean(&self) -> f64 {
        self.shape / (self.shape - 1.0)
    }

    pub(in crate::rng) fn variance(&self) -> f64 {
        if self.shape <= 2.0 {
            return f64::INFINITY;
        }
        let below = self.shape - 1.0;
        self.shape / (below * below * (self.shape - 2.0))
    }
}
