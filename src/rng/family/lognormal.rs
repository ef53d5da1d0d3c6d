//! The lognormal distribution, of median 1.

use crate::rng::distribution::{Family, not_negative, positive};
use crate::rng::special::normal_quantile;
use crate::rng::{Distribution, OutOfRange};

#[derive(Clone, Debug)]
pub(in crate::rng) struct Lognormal {
    /// 1 + cv² = exp(σ²).
    spread: f64,
    sigma: f64,
}

impl Distribution {
    /// Lognormal with `mean` > 0 and coefficient of variation `cv` ≥ 0; constant if that is 0.
    pub fn lognormal(mean: f64, cv: f64) -> Result<Self, OutOfRange> {
        positive("mean", mean)?;
        not_negative("cv", cv)?;
        if cv == 0.0 {
            return Distribution::constant(mean);
        }
        let spread = 1.0 + cv * cv;
        let sigma = libm::log1p(cv * cv).sqrt();
        Ok(Distribution::new(mean / spread.sqrt(), Family::Lognormal(Lognormal { spread, sigma })))
    }
}

impl Lognormal {
    pub(in crate::rng) fn quantile(&self, u: f64) -> f64 {
        libm::exp(self.sigma * normal_quantile(u))
    }

    pub(in crate::rng) fn mean(&self) -> f64 {
        self.spread.sqrt()
    }

    pub(in crate::rng) fn variance(&self) -> f64 {
        self.spread * libm::expm1(self.sigma * self.sigma)
    }
}
