//! Guided self-scheduling: an equal part of what remains.

use std::num::NonZeroU64;

use super::front::{Front, Sizes};
use super::{LoopSchedule, LoopSetup, LoopSpec};
use crate::registry::Entry;
use crate::source::Field;

/// ⌈R / (divisor · P)⌉ iterations of the R that remain on P cores, at least `least`.
#[derive(Clone, Copy, Debug)]
struct Guided {
    divisor: f64,
    least: u64,
}

impl LoopSpec for Guided {
    fn start(&self, setup: &LoopSetup<'_>) -> Box<dyn LoopSchedule> {
        let by = self.divisor * setup.cores() as f64;
        Box::new(Front::new(setup.shape.iterations, Parts { by, least: self.least }))
    }
}

struct Parts {
    by: f64,
    least: u64,
}

impl Sizes for Parts {
    fn size(&mut self, _: u32, remaining: u64) -> u64 {
        ((remaining as f64 / self.by).ceil() as u64).max(self.least)
    }
}

const DIVISOR: Field<f64> = Field::new("divisor", "the part of an equal share that a chunk is, inverted")
    .default("1.0")
    .check(|divisor| if *divisor > 0.0 { Ok(()) } else { Err("must be above 0") });
const LEAST: Field<NonZeroU64> =
    Field::new("min", "the fewest iterations of a chunk but the last").default("1");

pub(super) static ENTRY: Entry<dyn LoopSpec> = Entry {
    name: "guided",
    about: "of R iterations that remain on P cores, ⌈R / (divisor · P)⌉",
    cite: "Polychronopoulos & Kuck 1987, Guided self-scheduling",
    fields: &[&DIVISOR, &LEAST],
    bare: Some("min"),
    read: |fields| {
        let (divisor, least) = (fields.take(&DIVISOR), fields.take(&LEAST));
        Some(Box::new(Guided { divisor: divisor?, least: least?.get() }))
    },
};

#[cfg(test)]
mod tests {
    use super::super::testing::{sizes, spec};

    #[test]
    fn chunks_are_those_of_the_papers() {
        // Tzen & Ni 1993, table I: 1000 iterations on 4 processors.
        let list = [250, 188, 141, 106, 79, 59, 45, 33, 25, 19, 14, 11, 8, 6, 4, 3, 3, 2, 1, 1, 1, 1];
        assert_eq!(sizes(&*spec("guided"), 1000, 4), list);
        // Polychronopoulos & Kuck 1987, table II: 100 iterations on 5 processors.
        let list = [20, 16, 13, 11, 8, 7, 5, 4, 4, 3, 2, 2, 1, 1, 1, 1, 1];
        assert_eq!(sizes(&*spec("guided"), 100, 5), list);
    }

    #[test]
    fn no_chunk_but_the_last_is_smaller_than_the_least_and_a_divisor_divides() {
        assert_eq!(sizes(&*spec("guided = { min = 10 }"), 100, 4), [25, 19, 14, 11, 10, 10, 10, 1]);
        assert_eq!(sizes(&*spec("guided = { divisor = 2 }"), 64, 4)[..4], [8, 7, 7, 6]);
    }
}
