//! The gamma distribution, of scale 1, and Erlang's.

use crate::rng::distribution::{Family, not_negative, positive};
use crate::rng::special::gamma_quantile;
use crate::rng::{Distribution, OutOfRange};

#[derive(Clone, Debug)]
pub(in crate::rng) struct Gamma {
    shape: f64,
}

impl Distribution {
    /// Gamma with `mean` > 0 and coefficient of variation `cv` from 0 to 100; its shape is 1/`cv`². Constant if `cv`
    /// is 0, exponential if it is 1.
    ///
    /// A value takes some hundred nanoseconds: the inverse of the distribution function is iterated.
    pub fn gamma(mean: f64, cv: f64) -> Result<Self, OutOfRange> {
        positive("mean", mean)?;
        not_negative("cv", cv)?;
        if cv > 100.0 {
            return Err(OutOfRange { parameter: "cv", rule: "must be at most 100" });
        }
        if cv < 1e-8 {
            return Distribution::constant(mean);
        }
        Distribution::gamma_of_shape(mean, 1.0 / (cv * cv))
    }

    /// Erlang's: the sum of `k` ≥ 1 exponential phases, with `mean` > 0 in all; its coefficient of variation is 1/√k.
    pub fn erlang(mean: f64, k: u32) -> Result<Self, OutOfRange> {
        positive("mean", mean)?;
        if k == 0 {
            return Err(OutOfRange { parameter: "k", rule: "must be at least 1" });
        }
        Distribution::gamma_of_shape(mean, f64::from(k))
    }

    fn gamma_of_shape(mean: f64, shape: f64) -> Result<Self, OutOfRange> {
        if shape == 1.0 {
            return Distribution::exponential(mean);
        }
        Ok(Distribution::new(mean / shape, Family::Gamma(Gamma { shape })))
    }
}

impl Gamma {
    pub(in crate::rng) fn quantile(&self, u: f64) -> f64 {
        gamma_quantile(self.shape, u)
    }

    pub(in crate::rng) fn mean(&self) -> f64 {
        self.shape
    }

    pub(in crate::rng) fn variance(&self) -> f64 {
        self.shape
    }
}
