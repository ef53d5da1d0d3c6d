//! The set of idle cores, from which the lowest is taken.

use crate::ids::CoreId;

/// A set of core numbers in levels of words, so that the lowest member of a range is found in a few steps among any
/// number of cores.
pub(super) struct IdleSet {
    /// Level 0 has a bit a core; each further level a bit for each word of the one below that isn't zero.
    levels: Vec<Vec<u64>>,
}

impl IdleSet {
    /// The empty set over `cores` cores.
    pub fn new(cores: usize) -> Self {
        let mut levels = Vec::new();
        let mut words = cores.div_ceil(64).max(1);
        loop {
            levels.push(vec![0; words]);
            if words == 1 {
                return IdleSet { levels };
            }
            words = words.div_ceil(64);
        }
    }

    /// Adds a core.
    #[inline]
    pub fn insert(&mut self, core: CoreId) {
        let mut at = core.index();
        for level in &mut self.levels {
            let word = &mut level[at / 64];
            let was = *word;
            *word |= 1 << (at % 64);
            if was != 0 {
                return;
            }
            at /= 64;
        }
    }

    /// Takes out a core.
    #[inline]
    pub fn remove(&mut self, core: CoreId) {
        let mut at = core.index();
        for level in &mut self.levels {
            let word = &mut level[at / 64];
            *word &= !(1 << (at % 64));
            if *word != 0 {
                return;
            }
            at /= 64;
        }
    }

    /// Whether a core is in it.
    pub fn contains(&self, core: CoreId) -> bool {
        self.levels[0][core.index() / 64] & (1 << (core.index() % 64)) != 0
    }

    /// The lowest member from `from` up to but without `to`.
    #[inline]
    pub fn first_in(&self, from: u32, to: u32) -> Option<CoreId> {
        let found = self.next(from as usize)?;
        (found < to as usize).then(|| CoreId::new(found))
    }

    fn next(&self, from: usize) -> Option<usize> {
        let mut at = from;
        for (height, level) in self.levels.iter().enumerate() {
            let word = level.get(at / 64)? & (u64::MAX << (at % 64));
            if word != 0 {
                let mut found = at / 64 * 64 + word.trailing_zeros() as usize;
                for lower in self.levels[..height].iter().rev() {
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
            }
        }
    }
}
