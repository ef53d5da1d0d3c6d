//! The hyperexponential distribution: a mixture of two exponential phases, of mean 1.

use crate::rng::distribution::{Family, positive};
use crate::rng::{Distribution, OutOfRange};

#[derive(Clone, Debug)]
pub(in crate::rng) struct Hyperexponential {
    cv: f64,
    phases: [Phase; 2],
}

#[derive(Clone, Debug)]
struct Phase {
    probability: f64,
    rate: f64,
}

impl Distribution {
    /// Hyperexponential of two phases with `mean` > 0 and coefficient of variation `cv` from 1 to 10⁴. Of the many
    /// such pairs this has *balanced means*: each phase contributes half of the mean (Tijms 1994, appendix B).
    /// Exponential if `cv` is 1.
    pub fn hyperexponential(mean: f64, cv: f64) -> Result<Self, OutOfRange> {
        positive("mean", mean)?;
        if !(1.0..=1e4).contains(&cv) {
            return Err(OutOfRange {
                parameter: "cv",
                rule: "must be from 1 to 10000 (below 1 use `gamma`)",
            });
        }
        if cv == 1.0 {
            return Distribution::exponential(mean);
        }
        let square = cv * cv;
        let imbalance = ((square - 1.0) / (square + 1.0)).sqrt();
        // (1 ∓ imbalance)/2, the smaller one without cancellation.
        let rare = 1.0 / ((square + 1.0) * (1.0 + imbalance));
        let phases = [rare, 0.5 * (1.0 + imbalance)].map(|p| Phase { probability: p, rate: 2.0 * p });
        Ok(Distribution::new(mean, Family::Hyperexponential(Hyperexponential { cv, phases })))
    }
}

impl Hyperexponential {
    /// Newton's iteration for P(X > x) = 1 − u, which falls and is convex, from where the larger phase alone reaches
    /// 1 − u: that is left of the root and the iteration stays there.
    pub(in crate::rng) fn quantile(&self, u: f64) -> f64 {
        let beyond = 1.0 - u;
        let mut x = self
            .phases
            .iter()
            .fold(0.0, |x: f64, phase| x.max(libm::log(phase.probability / beyond) / phase.rate));
        for _ in 0..100 {
            let (mut survival, mut density) = (0.0, 0.0);
            for phase in &self.phases {
                let part = phase.probability * libm::exp(-phase.rate * x);
                survival += part;
                density += phase.rate * part;
            }
            let step = (survival - beyond) / density;
            x += step;
            // What is left after a step is about its square.
            if step <= 1e-8 * x {
                break;
            }
        }
        x
    }

    pub(in crate::rng) fn mean(&self) -> f64 {
        1.0
    }

    pub(in crate::rng) fn variance(&self) -> f64 {
        self.cv * self.cv
    }
}
