//! Values that were given one by one: drawn from, or taken in turn.

use std::sync::Arc;

use crate::rng::distribution::{Family, not_negative};
use crate::rng::{Distribution, OutOfRange};

#[derive(Clone, Debug)]
pub(in crate::rng) struct List(Arc<[f64]>);

impl Distribution {
    /// One of `observed` (at least one, each ≥ 0), each equally likely: the step function of the observations,
    /// without interpolation, so that mean and variance are exactly theirs (the bootstrap's distribution; Efron 1979).
    pub fn empirical(observed: &[f64]) -> Result<Self, OutOfRange> {
        let mut sorted = checked(observed)?;
        sorted.sort_by(f64::total_cmp);
        Ok(Distribution::new(1.0, Family::Empirical(List(sorted.into()))))
    }

    /// The `values` (at least one, each ≥ 0) in turn, again from the first after the last; draws nothing.
    pub fn in_turn(values: &[f64]) -> Result<Self, OutOfRange> {
        Ok(Distribution::new(1.0, Family::InTurn(List(checked(values)?.into()))))
    }
}

fn checked(values: &[f64]) -> Result<Vec<f64>, OutOfRange> {
    if values.is_empty() {
        return Err(OutOfRange { parameter: "values", rule: "must hold at least one value" });
    }
    for &value in values {
        not_negative("values", value)?;
    }
    Ok(values.to_vec())
}

impl List {
    pub(in crate::rng) fn in_turn(&self, turn: u64) -> f64 {
        self.0[(turn % self.0.len() as u64) as usize]
    }

    pub(in crate::rng) fn quantile(&self, u: f64) -> f64 {
        let rank = (u * self.0.len() as f64).ceil() as usize;
        self.0[rank.clamp(1, self.0.len()) - 1]
    }

    pub(in crate::rng) fn least(&self) -> f64 {
        self.0.iter().copied().fold(f64::INFINITY, f64::min)
    }

    pub(in crate::rng) fn mean(&self) -> f64 {
        self.0.iter().sum::<f64>() / self.0.len() as f64
    }

    pub(in crate::rng) fn variance(&self) -> f64 {
        let mean = self.mean();
        self.0.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / self.0.len() as f64
    }
}
