//! Static scheduling with stealing: a core that has done its block takes part of what another has left.

use std::collections::BTreeSet;
use std::num::NonZeroU64;

use super::{Chunk, Hand, LoopSchedule, LoopSetup, LoopSpec};
use crate::registry::Entry;
use crate::source::{Field, Fraction};

#[derive(Clone, Copy, Debug)]
struct StaticSteal {
    chunk: u64,
    part: f64,
}

impl LoopSpec for StaticSteal {
    fn start(&self, setup: &LoopSetup<'_>) -> Box<dyn LoopSchedule> {
        let blocks = vec![(0, 0); setup.cores() as usize];
        Box::new(Blocks { spec: *self, count: setup.shape.iterations, blocks, with_some: BTreeSet::new() })
    }
}

struct Blocks {
    spec: StaticSteal,
    count: u64,
    /// What each core has left: iterations from the first up to but without the second.
    blocks: Vec<(u64, u64)>,
    /// The cores that have some left.
    with_some: BTreeSet<u32>,
}

impl Blocks {
    fn set(&mut self, core: u32, block: (u64, u64)) {
        self.blocks[core as usize] = block;
        if block.0 < block.1 {
            self.with_some.insert(core);
        } else {
            self.with_some.remove(&core);
        }
    }

    /// Takes part of what the next core that has some has left, from its end and in whole chunks.
    fn steal(&mut self, thief: u32) -> Option<()> {
        let next = self.with_some.range(thief..).next().or_else(|| self.with_some.first());
        let victim = *next?;
        let (from, to) = self.blocks[victim as usize];
        let chunks = (to - from).div_ceil(self.spec.chunk);
        let kept = chunks - ((chunks as f64 * self.spec.part).ceil() as u64).clamp(1, chunks);
        let at = from + kept * self.spec.chunk;
        self.set(victim, (from, at));
        self.set(thief, (at, to));
        Some(())
    }
}

impl LoopSchedule for Blocks {
    fn begin(&mut self) {
        let cores = self.blocks.len() as u64;
        let (small, larger) = (self.count / cores, self.count % cores);
        for core in 0..cores {
            let from = core * small + core.min(larger);
            self.set(core as u32, (from, from + small + u64::from(core < larger)));
        }
    }

    fn take(&mut self, core: u32) -> Option<Chunk> {
        if !self.with_some.contains(&core) {
            self.steal(core)?;
        }
        let (from, to) = self.blocks[core as usize];
        let size = self.spec.chunk.min(to - from);
        self.set(core, (from + size, to));
        Some(Chunk { first: from, size })
    }

    fn hand(&self) -> Hand {
        Hand::Own
    }
}

const CHUNK: Field<NonZeroU64> =
    Field::new("chunk", "how many iterations a core takes at a time").default("1");
const PART: Field<Fraction> =
    Field::new("part", "the part of a core's remaining chunks that is stolen, rounded up")
        .default("50 %")
        .check(|part| if part.0 > 0.0 && part.0 <= 1.0 { Ok(()) } else { Err("above 0 and at most 100 %") });

pub(super) static ENTRY: Entry<dyn LoopSpec> = Entry {
    name: "static-steal",
    about: "a block for each core, of which others steal the end when they have done their own",
    cite: "LLVM's OpenMP runtime, `static_steal`; after Blumofe & Leiserson 1999",
    fields: &[&CHUNK, &PART],
    bare: Some("chunk"),
    read: |fields| {
        let (chunk, part) = (fields.take(&CHUNK), fields.take(&PART));
        Some(Box::new(StaticSteal { chunk: chunk?.get(), part: part?.0 }))
    },
};

#[cfg(test)]
mod tests {
    use super::super::testing::{chunks, setup, spec, start};

    #[test]
    fn everyone_takes_its_own_block_and_then_the_end_of_another() {
        let mut schedule = start(&*spec("static-steal = 5"), &setup(60, &[1.0; 3]));
        schedule.begin();
        let mut next = |core| schedule.take(core).map(|chunk| (chunk.first, chunk.size));
        for first in [0, 5, 10, 15] {
            assert_eq!(next(0), Some((first, 5)));
        }
        // Core 1 has four chunks left, from 20 to 39: the last two go.
        assert_eq!(next(0), Some((30, 5)));
        assert_eq!(next(1), Some((20, 5)));
        assert_eq!(next(0), Some((35, 5)));
        // Of the one that core 1 has left, that one.
        assert_eq!(next(0), Some((25, 5)));
        assert_eq!(next(1), Some((50, 5)), "of the four of core 2 the last two");
    }

    #[test]
    fn every_iteration_is_done_once_whoever_leaves() {
        for (iterations, cores) in [(1, 4), (10, 3), (1000, 7)] {
            chunks(&*spec("static-steal"), iterations, cores);
            chunks(&*spec("static-steal = { chunk = 4, part = '25 %' }"), iterations, cores);
        }
        let mut schedule = start(&*spec("static-steal = 5"), &setup(60, &[1.0; 3]));
        schedule.begin();
        schedule.leave(2);
        let all: u64 = std::iter::from_fn(|| schedule.take(0)).map(|chunk| chunk.size).sum();
        assert_eq!(all, 60);
    }
}
