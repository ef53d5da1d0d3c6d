//! The far future, sorted only as finely as it is dense and only when it comes near.
//!
//! A radix heap on the ticks of entries (Ahuja, Mehlhorn, Orlin & Tarjan 1990), which can be because nothing is set
//! before what has gone off, with digits as wide as the entries to sort are many, as the rungs of a ladder queue are
//! (Tang, Goh & Thng 2005). Widths follow what is pending: there is nothing to tune, and no mixture of scales that
//! moves an entry more than once a digit.

use super::alarm::Entry;
use crate::time::Time;

/// So many entries are sorted at once rather than divided further.
const FEW: usize = 32;
/// Slots are opened until so many entries have come out.
const ENOUGH: usize = 8;
/// The widest digit, in bits: more slots than that are slower to fill than a second division.
const WIDEST: u32 = 10;
/// Width of the digits above those that divide anything yet, in bits.
const SPARE: u32 = 6;
/// Entries of a chunk: two cache lines.
const CHUNK: usize = 8;
const NO_CHUNK: u32 = u32::MAX;
const BITS: u32 = u64::BITS;

/// Entries with the same digit, in no order: a stack of chunks of which all but the top one are full. An empty slot
/// keeps one chunk, so that only full ones are a special case.
struct Slot {
    top: u32,
    len: u32,
}

/// A digit of the ticks, and for each of its values a slot.
#[derive(Default)]
struct Rung {
    /// As many ones as the digit is wide.
    mask: usize,
    slots: Vec<Slot>,
    /// A bit for each slot that holds entries, and in `words` one for each word with such a bit.
    occupied: Vec<u64>,
    words: u64,
}

/// Entries later than `base`. Each lies in the rung of the highest digit in which it differs from the base, so that
/// all of a rung comes before all of the next higher one.
pub(super) struct Ladder {
    base: u64,
    /// As many low bits of the base are ones: those values lie open, no rung divides them.
    open: u32,
    len: usize,
    /// Rungs by their lowest bit, those with entries, and for each bit the lowest one of its digit.
    rungs: Box<[Rung; BITS as usize]>,
    occupied: u64,
    lowest: [u8; BITS as usize],
    /// The entries, so that memory follows their number, wherever in time they crowd.
    chunks: Vec<[Entry; CHUNK]>,
    /// For each chunk, the one below it in its slot or among the free.
    below: Vec<u32>,
    free: u32,
}

impl Ladder {
    pub(super) fn new() -> Self {
        Ladder {
            base: u64::MAX,
            open: BITS,
            len: 0,
            rungs: Box::new(std::array::from_fn(|_| Rung::default())),
            occupied: 0,
            lowest: [0; BITS as usize],
            chunks: Vec::new(),
            below: Vec::new(),
            free: NO_CHUNK,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// What is pushed must be later than this.
    #[inline]
    pub(super) fn base(&self) -> Time {
        Time::from_ticks(self.base)
    }

    #[inline(always)]
    pub(super) fn push(&mut self, entry: Entry) {
        let ticks = entry.at().ticks();
        let lowest = self.lowest[(ticks ^ self.base).ilog2() as usize];
        let rung = &mut self.rungs[usize::from(lowest % BITS as u8)];
        let digit = (ticks >> lowest) as usize & rung.mask;
        // Marked without asking whether it is already: a branch would be as random as the entries.
        rung.occupied[digit / 64] |= 1 << (digit % 64);
        rung.words |= 1 << (digit / 64);
        self.occupied |= 1 << lowest;
        self.len += 1;
        let slot = &mut rung.slots[digit];
        let place = slot.len as usize % CHUNK;
        if place == 0 && slot.len > 0 {
            return self.push_on_new_chunk(entry, lowest, digit);
        }
        self.chunks[slot.top as usize][place] = entry;
        slot.len += 1;
    }

    /// Apart from the rest of [`Ladder::push`], and last in it, so that a usual push needs no stack.
    #[inline(never)]
    fn push_on_new_chunk(&mut self, entry: Entry, lowest: u8, digit: usize) {
        let slot = &mut self.rungs[usize::from(lowest)].slots[digit];
        slot.top = stack_chunk(&mut self.chunks, &mut self.below, &mut self.free, slot.top);
        self.chunks[slot.top as usize][0] = entry;
        slot.len += 1;
    }

    /// Moves the earliest entries to `out`, in no order, and the base behind them. All, if they are few.
    pub(super) fn open(&mut self, out: &mut Vec<Entry>) {
        if self.len <= FEW {
            return self.drain_into(out);
        }
        while out.len() < ENOUGH && self.occupied != 0 {
            let lowest = self.occupied.trailing_zeros();
            let above = lowest + self.rungs[lowest as usize].mask.count_ones();
            let digit = self.take(lowest, out);
            self.base = without_low_bits(self.base, above) | digit << lowest | low_bits(lowest);
            self.open = lowest;
            if out.len() > FEW {
                self.divide(out);
            }
        }
    }

    /// Moves all entries to `out`, in no order, and the base to the end of time.
    pub(super) fn drain_into(&mut self, out: &mut Vec<Entry>) {
        while self.occupied != 0 {
            self.take(self.occupied.trailing_zeros(), out);
        }
        self.base = u64::MAX;
        self.open = BITS;
    }

    /// Takes back all but the first of `entries` if they are many and not all at one instant, and moves the base
    /// down behind those that are left.
    ///
    /// None of the entries may be later than the base.
    pub(super) fn divide(&mut self, entries: &mut Vec<Entry>) {
        while entries.len() > FEW {
            // The base can't move below what lies open: entries in the ladder would be in the wrong rung.
            let floor = without_low_bits(self.base, self.open);
            let ticks = entries.iter().map(|entry| entry.at().ticks());
            let (first, last) =
                ticks.fold((u64::MAX, floor), |(first, last), at| (first.min(at), last.max(at)));
            let first = first.max(floor);
            if first == last {
                return;
            }
            let top = (first ^ last).ilog2() + 1;
            // About two slots an entry, for more are set before those slots come near.
            let width = (entries.len().ilog2() + 1).min(WIDEST).min(top);
            let bottom = top - width;
            self.place_rung(bottom, width);
            for spare in (top..self.open).step_by(SPARE as usize) {
                self.place_rung(spare, SPARE.min(self.open - spare));
            }
            self.base = first | low_bits(bottom);
            self.open = bottom;
            entries.retain(|&entry| {
                let stays = entry.at() <= self.base();
                if !stays {
                    self.push(entry);
                }
                stays
            });
        }
    }

    /// Makes one digit of `width` bits from bit `lowest` on, which must be open.
    fn place_rung(&mut self, lowest: u32, width: u32) {
        self.lowest[lowest as usize..(lowest + width) as usize].fill(lowest as u8);
        let rung = &mut self.rungs[lowest as usize];
        rung.mask = (1 << width) - 1;
        while rung.slots.len() < 1 << width {
            let top = stack_chunk(&mut self.chunks, &mut self.below, &mut self.free, NO_CHUNK);
            rung.slots.push(Slot { top, len: 0 });
        }
        rung.occupied.resize(rung.slots.len().div_ceil(64), 0);
    }

    /// Moves the entries of a rung's first slot to `out` and returns their digit.
    fn take(&mut self, lowest: u32, out: &mut Vec<Entry>) -> u64 {
        let rung = &mut self.rungs[lowest as usize];
        let word = rung.words.trailing_zeros() as usize;
        let digit = word * 64 + rung.occupied[word].trailing_zeros() as usize;
        rung.occupied[word] &= !(1 << (digit % 64));
        if rung.occupied[word] == 0 {
            rung.words &= !(1 << word);
            if rung.words == 0 {
                self.occupied &= !(1 << lowest);
            }
        }
        let slot = &mut rung.slots[digit];
        let mut rest = std::mem::take(&mut slot.len) as usize;
        self.len -= rest;
        while rest > CHUNK {
            let filled = (rest - 1) % CHUNK + 1;
            out.extend_from_slice(&self.chunks[slot.top as usize][..filled]);
            rest -= filled;
            let under = std::mem::replace(&mut self.below[slot.top as usize], self.free);
            self.free = std::mem::replace(&mut slot.top, under);
        }
        // Copying the whole chunk is faster than asking how much of it.
        let end = out.len() + rest;
        out.extend_from_slice(&self.chunks[slot.top as usize]);
        out.truncate(end);
        digit as u64
    }
}

/// A free chunk on top of `under`.
#[cold]
#[inline(never)]
fn stack_chunk(chunks: &mut Vec<[Entry; CHUNK]>, below: &mut Vec<u32>, free: &mut u32, under: u32) -> u32 {
    let chunk = *free;
    if chunk == NO_CHUNK {
        below.push(under);
        chunks.push([Entry::NONE; CHUNK]);
        chunks.len() as u32 - 1
    } else {
        *free = std::mem::replace(&mut below[chunk as usize], under);
        chunk
    }
}

/// As many ones.
fn low_bits(count: u32) -> u64 {
    1u64.checked_shl(count).map_or(u64::MAX, |bit| bit - 1)
}

fn without_low_bits(ticks: u64, count: u32) -> u64 {
    ticks & !low_bits(count)
}
