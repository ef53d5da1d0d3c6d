//! Trapezoid self-scheduling: chunks that shrink in equal steps.

use std::num::NonZeroU64;

use super::front::{Front, Sizes};
use super::{LoopSchedule, LoopSetup, LoopSpec};
use crate::registry::Entry;
use crate::source::Field;

/// The sizes of the first and the last chunk.
#[derive(Clone, Copy, Debug)]
struct Trapezoid {
    first: Option<u64>,
    last: u64,
}

impl LoopSpec for Trapezoid {
    fn start(&self, setup: &LoopSetup<'_>) -> Box<dyn LoopSchedule> {
        let (n, p) = (setup.shape.iterations, setup.cores());
        let first = self.first.unwrap_or(n / (2 * p)).max(1);
        // A first chunk smaller than the last would grow.
        let last = self.last.min(first);
        let chunks = (2 * n).div_ceil(first + last);
        let step = if chunks > 1 { (first - last) / (chunks - 1) } else { 0 };
        Box::new(Front::new(n, Shrinking { first, last, step, next: first }))
    }
}

struct Shrinking {
    first: u64,
    last: u64,
    step: u64,
    next: u64,
}

impl Sizes for Shrinking {
    fn begin(&mut self, _: u64) {
        self.next = self.first;
    }

    fn size(&mut self, _: u32, _: u64) -> u64 {
        let size = self.next;
        self.next = size.saturating_sub(self.step).max(self.last);
        size
    }
}

const FIRST: Field<NonZeroU64> =
    Field::new("first", "how many iterations the first chunk has; absent, half of an equal share").optional();
const LAST: Field<NonZeroU64> = Field::new("last", "how many iterations the last chunk has").default("1");

pub(super) static ENTRY: Entry<dyn LoopSpec> = Entry {
    name: "trapezoid",
    about: "chunks that shrink in equal steps, from ⌊N/2P⌋ to 1 iterations",
    cite: "Tzen & Ni 1993, Trapezoid self-scheduling",
    fields: &[&FIRST, &LAST],
    bare: None,
    read: |fields| {
        let (first, last) = (fields.maybe(&FIRST), fields.take(&LAST));
        Some(Box::new(Trapezoid { first: first?.map(NonZeroU64::get), last: last?.get() }))
    },
};

#[cfg(test)]
mod tests {
    use super::super::testing::{sizes, spec};

    #[test]
    fn chunks_are_those_of_the_paper() {
        // Tzen & Ni 1993, table I: 1000 iterations on 4 processors, TSS(125, 1): 16 chunks that shrink by 8.
        let list = [125, 117, 109, 101, 93, 85, 77, 69, 61, 53, 45, 37, 28];
        assert_eq!(sizes(&*spec("trapezoid"), 1000, 4), list);
        // TSS(88, 12) of the same loop: 20 chunks that shrink by 4.
        let list = [88, 84, 80, 76, 72, 68, 64, 60, 56, 52, 48, 44, 40, 36, 32, 28, 24, 20, 16, 12];
        assert_eq!(sizes(&*spec("trapezoid = { first = 88, last = 12 }"), 1000, 4), list);
    }

    #[test]
    fn small_loops_and_odd_ends_are_handed_out_whole() {
        assert_eq!(sizes(&*spec("trapezoid"), 3, 8), [1, 1, 1]);
        assert_eq!(sizes(&*spec("trapezoid"), 1, 1), [1]);
        assert_eq!(sizes(&*spec("trapezoid = { first = 4, last = 9 }"), 10, 2), [4, 4, 2]);
    }
}
