//! Static scheduling: every core's iterations are settled before the loop begins.

use std::num::NonZeroU64;

use super::{Chunk, Hand, LoopSchedule, LoopSetup, LoopSpec};
use crate::registry::Entry;
use crate::source::Field;

/// One block a core, or chunks of a size dealt out in turn.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::policy) struct Static {
    chunk: Option<u64>,
}

impl LoopSpec for Static {
    fn start(&self, setup: &LoopSetup<'_>) -> Box<dyn LoopSchedule> {
        let cores = setup.cores();
        Box::new(Settled {
            count: setup.shape.iterations,
            cores,
            chunk: self.chunk,
            taken: vec![0; cores as usize],
            serves: (0..cores as u32).map(|core| vec![core]).collect(),
            here: vec![true; cores as usize],
        })
    }
}

/// What is settled and how far each core has got.
struct Settled {
    count: u64,
    cores: u64,
    chunk: Option<u64>,
    /// How many of its chunks have been handed out in this step, core by core.
    taken: Vec<u64>,
    /// Whose chunks each core takes: its own, and those of cores that have left.
    serves: Vec<Vec<u32>>,
    here: Vec<bool>,
}

impl Settled {
    /// Chunk number `at` of `core`; none after its last.
    fn chunk(&self, core: u64, at: u64) -> Option<Chunk> {
        let Some(size) = self.chunk else {
            // The first N mod P cores have one iteration more.
            let (small, larger) = (self.count / self.cores, self.count % self.cores);
            let chunk =
                Chunk { first: core * small + core.min(larger), size: small + u64::from(core < larger) };
            return (at == 0 && chunk.size > 0).then_some(chunk);
        };
        let first = at.checked_mul(self.cores)?.checked_add(core)?.checked_mul(size)?;
        (first < self.count).then(|| Chunk { first, size: size.min(self.count - first) })
    }
}

impl LoopSchedule for Settled {
    fn begin(&mut self) {
        self.taken.fill(0);
    }

    fn take(&mut self, core: u32) -> Option<Chunk> {
        for &owner in &self.serves[core as usize] {
            if let Some(chunk) = self.chunk(owner.into(), self.taken[owner as usize]) {
                self.taken[owner as usize] += 1;
                return Some(chunk);
            }
        }
        None
    }

    fn hand(&self) -> Hand {
        Hand::Settled
    }

    /// The next core that is there takes over.
    fn leave(&mut self, core: u32) {
        self.here[core as usize] = false;
        let others = (core as usize + 1..self.here.len()).chain(0..core as usize);
        if let Some(heir) = others.into_iter().find(|other| self.here[*other]) {
            let left = std::mem::take(&mut self.serves[core as usize]);
            self.serves[heir].extend(left);
        }
    }
}

const CHUNK: Field<NonZeroU64> = Field::new(
    "chunk",
    "how many iterations are dealt out at a time, core after core; absent, each core has one block",
)
.optional();

pub(super) static ENTRY: Entry<dyn LoopSpec> = Entry {
    name: "static",
    about: "settled before the loop begins: one block a core, or chunks dealt out in turn; handing them out is free",
    cite: "",
    fields: &[&CHUNK],
    bare: Some("chunk"),
    read: |fields| Some(Box::new(Static { chunk: fields.maybe(&CHUNK)?.map(NonZeroU64::get) })),
};

#[cfg(test)]
mod tests {
    use super::super::testing::{chunks, setup, spec, start};
    use super::*;

    #[test]
    fn blocks_differ_by_one_at_most_and_chunks_are_dealt_out_in_turn() {
        for (count, cores) in [(10, 4), (3, 4), (12, 4), (1, 1), (1_000_003, 64)] {
            let blocks = chunks(&*spec("static"), count, cores);
            let mut by_first: Vec<_> =
                blocks.iter().map(|(core, chunk)| (chunk.first, *core, chunk.size)).collect();
            by_first.sort_unstable();
            let mut next = 0;
            for (at, (first, core, size)) in by_first.into_iter().enumerate() {
                assert_eq!((first, core as usize), (next, at), "{count} on {cores}");
                let larger = (at as u64) < count % cores as u64;
                assert_eq!(size, count / cores as u64 + u64::from(larger));
                next += size;
            }
            assert_eq!(next, count);
        }
        let dealt = chunks(&*spec("static = { chunk = 3 }"), 20, 3);
        let of = |core: u32| -> Vec<(u64, u64)> {
            dealt.iter().filter(|(other, _)| *other == core).map(|(_, c)| (c.first, c.size)).collect()
        };
        assert_eq!(of(0), [(0, 3), (9, 3), (18, 2)]);
        assert_eq!(of(1), [(3, 3), (12, 3)]);
        assert_eq!(of(2), [(6, 3), (15, 3)]);
    }

    #[test]
    fn who_leaves_is_replaced_by_the_next_who_is_there() {
        let mut schedule = start(&*spec("static"), &setup(9, &[1.0; 3]));
        schedule.begin();
        assert_eq!(schedule.take(0), Some(Chunk { first: 0, size: 3 }));
        schedule.leave(1);
        schedule.leave(2);
        assert_eq!(schedule.take(0), Some(Chunk { first: 6, size: 3 }));
        assert_eq!(schedule.take(0), Some(Chunk { first: 3, size: 3 }));
        assert_eq!(schedule.take(0), None);
        schedule.begin();
        assert_eq!((0..3).filter_map(|_| schedule.take(0)).count(), 3, "and takes over in later steps too");
    }
}
