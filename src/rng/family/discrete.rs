//! A few values with weights.

use std::sync::Arc;

use crate::rng::distribution::{Family, not_negative};
use crate::rng::{Distribution, OutOfRange};

#[derive(Clone, Debug)]
pub(in crate::rng) struct Discrete {
    /// Ascending, each with the probability of a value up to it.
    steps: Arc<[Step]>,
}

#[derive(Clone, Debug)]
struct Step {
    value: f64,
    weight: f64,
    cumulative: f64,
}

impl Distribution {
    /// Two modes or more: (value ≥ 0, weight ≥ 0) pairs, at least one weight above 0; weights need not add up to 1.
    pub fn bimodal(modes: &[(f64, f64)]) -> Result<Self, OutOfRange> {
        for &(value, weight) in modes {
            not_negative("values", value)?;
            not_negative("weights", weight)?;
        }
        let total: f64 = modes.iter().map(|mode| mode.1).sum();
        if !(total > 0.0 && total.is_finite()) {
            return Err(OutOfRange { parameter: "weights", rule: "must not all be 0" });
        }
        let mut sorted: Vec<(f64, f64)> = modes.iter().copied().filter(|mode| mode.1 > 0.0).collect();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut cumulative = 0.0;
        let steps = sorted.into_iter().map(|(value, weight)| {
            cumulative += weight / total;
            Step { value, weight: weight / total, cumulative }
        });
        Ok(Distribution::new(1.0, Family::Discrete(Discrete { steps: steps.collect() })))
    }
}

impl Discrete {
    pub(in crate::rng) fn quantile(&self, u: f64) -> f64 {
        let step = self.steps.partition_point(|step| step.cumulative < u);
        // Rounding may leave the last sum a little below 1.
        self.steps[step.min(self.steps.len() - 1)].value
    }

    pub(in crate::rng) fn mean(&self) -> f64 {
        self.steps.iter().map(|step| step.weight * step.value).sum()
    }

    pub(in crate::rng) fn variance(&self) -> f64 {
        let mean = self.mean();
        self.steps.iter().map(|step| step.weight * (step.value - mean) * (step.value - mean)).sum()
    }
}
