//! Self-scheduling: chunks of one size, one iteration unless given.

use super::front::{Front, Sizes};
use super::{LoopSchedule, LoopSetup, LoopSpec};
use crate::registry::Entry;
use crate::source::Field;

use std::num::NonZeroU64;

/// So many iterations at a time.
#[derive(Clone, Copy, Debug)]
struct SelfScheduling(u64);

impl LoopSpec for SelfScheduling {
    fn start(&self, setup: &LoopSetup<'_>) -> Box<dyn LoopSchedule> {
        Box::new(Front::new(setup.shape.iterations, *self))
    }

    fn chunk(&self) -> Option<u64> {
        Some(self.0)
    }
}

impl Sizes for SelfScheduling {
    fn size(&mut self, _: u32, _: u64) -> u64 {
        self.0
    }
}

const CHUNK: Field<NonZeroU64> =
    Field::new("chunk", "how many iterations a core takes at a time").default("1");

pub(super) static ENTRY: Entry<dyn LoopSpec> = Entry {
    name: "self",
    about: "a core that has nothing to do takes the next iteration, or the next few (OpenMP's `dynamic`)",
    cite: "Tang & Yew 1986, Processor self-scheduling for multiple-nested parallel loops",
    fields: &[&CHUNK],
    bare: Some("chunk"),
    read: |fields| Some(Box::new(SelfScheduling(fields.take(&CHUNK)?.get()))),
};

#[cfg(test)]
mod tests {
    use super::super::testing::{chunks, sizes, spec};

    #[test]
    fn chunks_are_of_one_size_but_for_what_is_left_at_the_end() {
        assert_eq!(sizes(&*spec("self"), 5, 2), [1; 5]);
        assert_eq!(sizes(&*spec("self = { chunk = 4 }"), 10, 3), [4, 4, 2]);
        let firsts: Vec<u64> =
            chunks(&*spec("self = { chunk = 4 }"), 10, 3).iter().map(|chunk| chunk.1.first).collect();
        assert_eq!(firsts, [0, 4, 8]);
    }
}
