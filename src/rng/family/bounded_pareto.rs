//! The Pareto distribution cut off at both ends, of least value 1.

use crate::rng::distribution::{Family, positive};
use crate::rng::special::exponential_integral;
use crate::rng::{Distribution, OutOfRange};

#[derive(Clone, Debug)]
pub(in crate::rng) struct BoundedPareto {
    shape: f64,
    /// The logarithm of the greatest value.
    log_high: f64,
    /// The probability that the unbounded distribution stays below the greatest value.
    kept: f64,
}

impl Distribution {
    /// Bounded Pareto: density proportional to x^(−`shape` − 1) from `low` > 0 to `high` > `low`, with `shape` > 0
    /// (Crovella, Harchol-Balter & Murta 1998).
    pub fn bounded_pareto(low: f64, high: f64, shape: f64) -> Result<Self, OutOfRange> {
        positive("low", low)?;
        positive("shape", shape)?;
        if !(high > low && high.is_finite()) {
            return Err(OutOfRange { parameter: "high", rule: "must be finite and greater than `low`" });
        }
        let log_high = libm::log(high / low);
        let kept = -libm::expm1(-shape * log_high);
        Ok(Distribution::new(low, Family::BoundedPareto(BoundedPareto { shape, log_high, kept })))
    }
}

impl BoundedPareto {
    pub(in crate::rng) fn quantile(&self, u: f64) -> f64 {
        libm::exp(-libm::log1p(-u * self.kept) / self.shape)
    }

    pub(in crate::rng) fn mean(&self) -> f64 {
        self.moment(1.0)
    }

    pub(in crate::rng) fn variance(&self) -> f64 {
        let mean = self.mean();
        self.moment(2.0) - mean * mean
    }

    fn moment(&self, order: f64) -> f64 {
        self.shape / self.kept * exponential_integral(order - self.shape, self.log_high)
    }
}
