//! The normal distribution without its values below 0, of standard deviation 1 before that.

use crate::rng::distribution::{Family, not_negative, positive};
use crate::rng::special::{normal_density, normal_probability, normal_quantile};
use crate::rng::{Distribution, OutOfRange};

#[derive(Clone, Debug)]
pub(in crate::rng) struct Normal {
    /// The untruncated mean.
    centre: f64,
    /// The part of the untruncated distribution that is above 0.
    kept: f64,
}

impl Distribution {
    /// Normal, truncated at 0: the distribution of a normal variable *given that it is positive*. `mean` > 0 and `cv`
    /// ≥ 0 are those of the variable before truncation; constant if `cv` is 0.
    ///
    /// With α = 1/`cv` and λ = φ(α)/Φ(α), the true mean, which [`Distribution::mean`] returns, is `mean` · (1 + `cv` ·
    /// λ): larger by 3·10⁻⁷ at a `cv` of 0.2, by 2.8 % at 0.5, by 29 % at 1 (Johnson, Kotz & Balakrishnan 1994,
    /// ch. 13).
    pub fn normal(mean: f64, cv: f64) -> Result<Self, OutOfRange> {
        positive("mean", mean)?;
        not_negative("cv", cv)?;
        if cv == 0.0 {
            return Distribution::constant(mean);
        }
        let centre = 1.0 / cv;
        let family = Normal { centre, kept: normal_probability(centre) };
        Ok(Distribution::new(mean * cv, Family::Normal(family)))
    }
}

impl Normal {
    pub(in crate::rng) fn quantile(&self, u: f64) -> f64 {
        // Through the upper tail, where 1 − u is exact and nothing cancels.
        (self.centre - normal_quantile(self.kept * (1.0 - u))).max(0.0)
    }

    pub(in crate::rng) fn mean(&self) -> f64 {
        self.centre + self.hazard()
    }

    pub(in crate::rng) fn variance(&self) -> f64 {
        let hazard = self.hazard();
        1.0 - hazard * (self.centre + hazard)
    }

    /// λ: the density at the cut over the part kept.
    fn hazard(&self) -> f64 {
        normal_density(self.centre) / self.kept
    }
}
