//! The set of idle cores, from which the lowest is taken.

use crate::ids::CoreId;

/// A set of core numbers in levels of words, so that the lowest member of a range is found in a few steps among any
/// number of cores.
pub(super) struct IdleSet {
    /// A bit a core.
    words: Vec<u64>,
    /// In each level a bit for each word of the one below that isn't zero, up to a level of one word. None for at most 64
    /// cores.
    above: Vec<Vec<u64>>,
}

impl IdleSet {
    /// The empty set over `cores` cores.
    pub fn new(cores: usize) -> Self {
        let words = vec![0; cores.div_ceil(64).max(1)];
        let mut above = Vec::new();
        let mut below = words.len();
        while below > 1 {
            below = below.div_ceil(64);
            above.push(vec![0; below]);
        }
        IdleSet { words, above }
    }

    /// Adds a core, if it isn't there.
    #[inline]
    pub fn insert(&mut self, core: CoreId) {
        let at = core.index();
        let word = &mut self.words[at / 64];
        let was = std::mem::replace(word, *word | 1 << (at % 64));
        if was == 0 {
            self.fill(at / 64);
        }
    }

    /// Takes out a core, if it is there.
    #[inline]
    pub fn remove(&mut self, core: CoreId) {
        let at = core.index();
        let word = &mut self.words[at / 64];
        *word &= !(1 << (at % 64));
        if *word == 0 {
            self.empty(at / 64);
        }
    }

    /// A word that was zero isn't any more.
    fn fill(&mut self, mut at: usize) {
        for level in &mut self.above {
            level[at / 64] |= 1 << (at % 64);
            at /= 64;
        }
    }

    /// A word is zero.
    fn empty(&mut self, mut at: usize) {
        for level in &mut self.above {
            let word = &mut level[at / 64];
            *word &= !(1 << (at % 64));
            if *word != 0 {
                return;
            }
            at /= 64;
        }
    }

    /// Whether no core is in it.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.above.last().unwrap_or(&self.words)[0] == 0
    }

    /// Whether a core is in it.
    #[inline]
    pub fn contains(&self, core: CoreId) -> bool {
        self.words[core.index() / 64] & (1 << (core.index() % 64)) != 0
    }

    /// The number of members from `from` up to but without `to`.
    pub fn count_in(&self, from: u32, to: u32) -> u32 {
        let (from, to) = (from as usize, to as usize);
        let mut count = 0;
        for at in from / 64..to.div_ceil(64) {
            let mut word = self.words[at];
            if at == from / 64 {
                word &= u64::MAX << (from % 64);
            }
            if at == to / 64 {
                word &= !(u64::MAX << (to % 64));
            }
            count += word.count_ones();
        }
        count
    }

    /// The lowest member from `from` up to but without `to`.
    #[inline]
    pub fn first_in(&self, from: u32, to: u32) -> Option<CoreId> {
        let at = from as usize;
        let word = self.words.get(at / 64)? & (u64::MAX << (at % 64));
        let found = match word {
            0 => self.behind(at / 64)?,
            _ => at / 64 * 64 + word.trailing_zeros() as usize,
        };
        (found < to as usize).then(|| CoreId::new(found))
    }

    /// The lowest member in the words behind word `word`.
    fn behind(&self, word: usize) -> Option<usize> {
        let mut at = word + 1;
        for (height, level) in self.above.iter().enumerate() {
            let word = level.get(at / 64)? & (u64::MAX << (at % 64));
            if word != 0 {
                let mut found = at / 64 * 64 + word.trailing_zeros() as usize;
                for lower in self.above[..height].iter().rev().chain([&self.words]) {
                    found = found * 64 + lower[found].trailing_zeros() as usize;
                }
                return Some(found);
            }
            at = at / 64 + 1;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_member_of_a_range_is_found_as_by_looking_at_all() {
        for cores in [1usize, 64, 65, 5000] {
            let mut set = IdleSet::new(cores);
            let mut plain = std::collections::BTreeSet::new();
            let mut state = 12345u64;
            for _ in 0..4000 {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                let core = (state >> 33) as usize % cores;
                if state & (1 << 20) == 0 || plain.len() > 20 {
                    plain.remove(&core);
                    set.remove(CoreId::new(core));
                } else {
                    plain.insert(core);
                    set.insert(CoreId::new(core));
                }
                let (a, b) = ((state >> 10) as usize % cores, (state >> 40) as usize % (cores + 1));
                let (from, to) = (a.min(b), a.max(b));
                let expected = plain.range(from..to).next().map(|core| CoreId::new(*core));
                assert_eq!(set.first_in(from as u32, to as u32), expected);
                assert_eq!(set.contains(CoreId::new(core)), plain.contains(&core));
                assert_eq!(set.count_in(from as u32, to as u32) as usize, plain.range(from..to).count());
                assert_eq!(set.is_empty(), plain.is_empty());
            }
        }
    }
}
