//! Adaptive factoring: chunks that are likely to end together, from the mean and variance measured on each core.

use std::num::NonZeroU64;

use super::front::{Front, Sizes};
use super::{LoopSchedule, LoopSetup, LoopSpec, Measured};
use crate::registry::Entry;
use crate::source::Field;

/// How many iterations a core gets before it has been measured.
#[derive(Clone, Copy, Debug)]
struct Adaptive {
    first: Option<u64>,
}

/// Without `first`, a core begins with a hundredth of an equal share, and with two iterations at least: one has no variance.
const FIRST_PART: u64 = 100;

impl LoopSpec for Adaptive {
    fn start(&self, setup: &LoopSetup<'_>) -> Box<dyn LoopSchedule> {
        let (n, p) = (setup.shape.iterations, setup.cores());
        let first = self.first.unwrap_or_else(|| n.div_ceil(p * FIRST_PART).max(2));
        let cores = vec![Moments::default(); p as usize];
        Box::new(Front::new(n, Estimates { first, cores, measured: 0, d: 0.0, rates: 0.0 }))
    }
}

/// Sums over the iterations that a core has done.
#[derive(Clone, Copy, Debug, Default)]
struct Moments {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Moments {
    /// The mean time of an iteration; none before any took time.
    fn mean(&self) -> Option<f64> {
        (self.sum > 0.0).then(|| self.sum / self.count)
    }

    /// Variance over mean.
    fn dispersion(&self) -> f64 {
        let Some(mean) = self.mean().filter(|_| self.count > 1.0) else { return 0.0 };
        ((self.squares - self.count * mean * mean) / (self.count - 1.0)).max(0.0) / mean
    }

    fn rate(&self) -> f64 {
        self.mean().map_or(0.0, |mean| 1.0 / mean)
    }
}

struct Estimates {
    first: u64,
    cores: Vec<Moments>,
    /// How many cores have been measured; over those, Σ σᵢ²/μᵢ and Σ 1/μᵢ.
    measured: u32,
    d: f64,
    rates: f64,
}

impl Sizes for Estimates {
    /// (D + 2TR − √(D² + 4DTR)) / 2μᵢ with D = Σ σⱼ²/μⱼ and T = 1 / Σ 1/μⱼ (Banicescu & Liu 2000, eq. 2). Who has not been
    /// measured counts as the mean of the others.
    fn size(&mut self, core: u32, remaining: u64) -> u64 {
        let Some(mean) = self.cores[core as usize].mean() else { return self.first };
        let all = self.cores.len() as f64 / f64::from(self.measured);
        let (d, t, r) = (self.d * all, 1.0 / (self.rates * all), remaining as f64);
        let size = (d + 2.0 * t * r - (d * d + 4.0 * d * t * r).sqrt()) / (2.0 * mean);
        // Rounded to the nearest, as the authors' program does.
        (size + 0.5) as u64
    }

    fn measured(&mut self, chunk: &Measured) {
        let core = &mut self.cores[chunk.core as usize];
        let before = (core.dispersion(), core.rate());
        core.count += chunk.size as f64;
        core.sum += chunk.computing as f64;
        core.squares += chunk.squares;
        self.measured += u32::from(before.1 == 0.0 && core.rate() > 0.0);
        self.d += core.dispersion() - before.0;
        self.rates += core.rate() - before.1;
    }

    fn looks_at_squares(&self) -> bool {
        true
    }

    /// In proportion to the rates: the part of the formula that doesn't depend on the variance.
    fn weights(&self) -> Option<Vec<f64>> {
        let mean = self.rates / f64::from(self.measured);
        let weight = |core: &Moments| match core.rate() {
            rate if rate > 0.0 && mean > 0.0 => rate / mean,
            _ => 1.0,
        };
        Some(self.cores.iter().map(weight).collect())
    }
}

const FIRST: Field<NonZeroU64> = Field::new(
    "first",
    "how many iterations a core gets to be measured; absent, a hundredth of an equal share, at least 2",
)
.optional();

pub(super) static ENTRY: Entry<dyn LoopSpec> = Entry {
    name: "adaptive",
    about: "factoring by the mean and variance of iterations as measured on each core",
    cite: "Banicescu & Liu 2000, Adaptive factoring",
    fields: &[&FIRST],
    bare: Some("first"),
    read: |fields| Some(Box::new(Adaptive { first: fields.maybe(&FIRST)?.map(NonZeroU64::get) })),
};

#[cfg(test)]
mod tests {
    use super::super::testing::{setup, sizes, spec, start};
    use super::super::{LoopSchedule, Measured};

    /// Core `core` has done `size` iterations of `mean` ticks with this standard deviation of a population.
    fn done(schedule: &mut dyn LoopSchedule, core: u32, size: u64, mean: f64, sd: f64) {
        let squares = size as f64 * (mean * mean + sd * sd);
        let computing = (size as f64 * mean) as u64;
        schedule.measured(&Measured { core, size, computing, total: computing, squares });
    }

    #[test]
    fn cores_begin_with_the_first_chunk_until_they_are_measured() {
        assert_eq!(sizes(&*spec("adaptive = 10"), 35, 4), [10, 10, 10, 5]);
        assert_eq!(sizes(&*spec("adaptive"), 8, 4), [2; 4]);
        assert_eq!(sizes(&*spec("adaptive"), 1000, 4)[..2], [3, 3]);
    }

    #[test]
    fn without_variance_what_remains_is_shared_by_speed_and_with_it_by_the_formula() {
        let mut schedule = start(&*spec("adaptive = 10"), &setup(1000, &[1.0; 2]));
        schedule.begin();
        schedule.take(0);
        schedule.take(1);
        done(&mut *schedule, 0, 10, 100.0, 0.0);
        done(&mut *schedule, 1, 10, 300.0, 0.0);
        assert_eq!(schedule.weights().unwrap(), [1.5, 0.5]);
        // D = 0: TR/μ with 1/T = 1/100 + 1/300, so three quarters of 980.
        assert_eq!(schedule.take(0).unwrap().size, 735);
        let mut schedule = start(&*spec("adaptive = 10"), &setup(1000, &[1.0; 2]));
        schedule.begin();
        schedule.take(0);
        schedule.take(1);
        done(&mut *schedule, 0, 10, 100.0, 90.0);
        done(&mut *schedule, 1, 10, 100.0, 90.0);
        // σ² = 8100 · 10/9 = 9000, D = 180, T = 50, R = 980: (180 + 98000 − √(32400 + 35280000)) / 200 = 461.18…
        assert_eq!(schedule.take(0).unwrap().size, 461);
    }
}
