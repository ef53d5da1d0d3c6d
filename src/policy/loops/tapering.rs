//! Tapering: chunks small enough that the last are unlikely to end much later than the others.

use std::num::NonZeroU64;

use super::front::{Front, Sizes};
use super::{LoopSchedule, LoopSetup, LoopSpec};
use crate::registry::Entry;
use crate::source::Field;

#[derive(Clone, Copy, Debug)]
struct Tapering {
    alpha: f64,
    least: u64,
    cv: Option<f64>,
}

impl LoopSpec for Tapering {
    fn start(&self, setup: &LoopSetup<'_>) -> Box<dyn LoopSchedule> {
        let v = self.alpha * self.cv.unwrap_or(setup.shape.cv());
        let tapered = Tapered { v, least: self.least, cores: setup.cores() as f64 };
        Box::new(Front::new(setup.shape.iterations, tapered))
    }
}

struct Tapered {
    v: f64,
    least: u64,
    cores: f64,
}

impl Sizes for Tapered {
    /// T + v²/2 − v·√(2T + v²/4), T being an equal share of what remains (Lucco 1992, section 3.2).
    fn size(&mut self, _: u32, remaining: u64) -> u64 {
        let (share, v) = (remaining as f64 / self.cores, self.v);
        // Without a variance nothing but the smallest chunks is safe.
        let size =
            if v.is_finite() { share + v * v / 2.0 - v * (2.0 * share + v * v / 4.0).sqrt() } else { 1.0 };
        (size.ceil().max(1.0) as u64).max(self.least)
    }
}

const ALPHA: Field<f64> = Field::new("alpha", "how many standard deviations the end of a chunk may be late")
    .default("1.3")
    .check(|alpha| if *alpha >= 0.0 { Ok(()) } else { Err("must not be negative") });
const LEAST: Field<NonZeroU64> =
    Field::new("min", "the fewest iterations of a chunk but the last").default("1");
const CV: Field<f64> =
    Field::new("cv", "standard deviation / mean of an iteration's work; absent, that of `cost`")
        .optional()
        .check(|cv| if *cv >= 0.0 { Ok(()) } else { Err("must not be negative") });

pub(super) static ENTRY: Entry<dyn LoopSpec> = Entry {
    name: "tapering",
    about: "guided self-scheduling with chunks that are smaller the more iterations vary",
    cite: "Lucco 1992, A dynamic scheduling method for irregular parallel programs",
    fields: &[&ALPHA, &LEAST, &CV],
    bare: None,
    read: |fields| {
        let (alpha, least, cv) = (fields.take(&ALPHA), fields.take(&LEAST), fields.maybe(&CV));
        Some(Box::new(Tapering { alpha: alpha?, least: least?.get(), cv: cv? }))
    },
};

#[cfg(test)]
mod tests {
    use super::super::testing::{sizes, spec};

    #[test]
    fn without_variance_it_is_guided_self_scheduling() {
        for (iterations, cores) in [(1000, 4), (100, 5), (7, 8)] {
            assert_eq!(
                sizes(&*spec("tapering = { cv = 0 }"), iterations, cores),
                sizes(&*spec("guided"), iterations, cores)
            );
        }
    }

    #[test]
    fn variance_makes_chunks_smaller_by_the_formula() {
        // v = 0.65: 250 + 0.21125 − 0.65 · √500.105625 = 235.675…; then 764 remain: 191 + 0.21125 − 0.65 · √382.105625.
        assert_eq!(sizes(&*spec("tapering"), 1000, 4)[..2], [236, 179]);
        assert_eq!(sizes(&*spec("tapering = { min = 200 }"), 1000, 4), [236, 200, 200, 200, 164]);
    }
}
