//! The least of many keys in a range, and how often it occurs.

use std::ops::Range;

/// A key for some of the numbers from 0 up, in a tournament tree: a key changes, and the least in any range is found,
/// in O(log n).
#[derive(Clone, Debug)]
pub(super) struct MinTree {
    /// Node 1 is the root, the children of node i are 2i and 2i + 1, and the last `leaves` nodes are the keys.
    nodes: Vec<Least>,
    leaves: usize,
}

/// The least key of some numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Least {
    /// The key; at its largest where there is none.
    pub key: u64,
    /// How many have it: none where there is no key at all.
    pub count: u32,
}

impl Least {
    /// Of no key at all.
    pub const NONE: Self = Least { key: u64::MAX, count: 0 };

    /// The least of both.
    pub fn or(self, other: Self) -> Self {
        match self.key.cmp(&other.key) {
            std::cmp::Ordering::Less => self,
            std::cmp::Ordering::Greater => other,
            std::cmp::Ordering::Equal => Least { key: self.key, count: self.count + other.count },
        }
    }
}

impl MinTree {
    /// No number below `len` has a key yet.
    pub fn new(len: usize) -> Self {
        let leaves = len.next_power_of_two();
        Self { nodes: vec![Least::NONE; 2 * leaves], leaves }
    }

    /// Gives the number `at` a key, in place of any that it has. The largest key counts as the one below it.
    pub fn set(&mut self, at: usize, key: u64) {
        self.put(at, Least { key: key.min(u64::MAX - 1), count: 1 });
    }

    /// Takes the key of the number `at` away, if it has one.
    pub fn remove(&mut self, at: usize) {
        self.put(at, Least::NONE);
    }

    fn put(&mut self, at: usize, leaf: Least) {
        let mut node = self.leaves + at;
        let mut least = leaf;
        while self.nodes[node] != least {
            self.nodes[node] = least;
            node /= 2;
            if node == 0 {
                break;
            }
            least = self.nodes[2 * node].or(self.nodes[2 * node + 1]);
        }
    }

    /// The least key of the numbers in `range`.
    pub fn least(&self, range: &Range<usize>) -> Least {
        self.least_below(1, 0..self.leaves, range)
    }

    fn least_below(&self, node: usize, covers: Range<usize>, range: &Range<usize>) -> Least {
        if covers.end <= range.start || range.end <= covers.start || self.nodes[node].count == 0 {
            return Least::NONE;
        }
        if range.start <= covers.start && covers.end <= range.end {
            return self.nodes[node];
        }
        let middle = covers.start.midpoint(covers.end);
        let left = self.least_below(2 * node, covers.start..middle, range);
        left.or(self.least_below(2 * node + 1, middle..covers.end, range))
    }

    /// The number in `range` that has its least key after `rank` others.
    ///
    /// # Panics
    ///
    /// If no more than `rank` have it.
    pub fn nth(&self, range: &Range<usize>, rank: u32) -> usize {
        let key = self.least(range).key;
        let found = self.nth_below(1, 0..self.leaves, range, key, &mut { rank });
        found.unwrap_or_else(|| panic!("{rank} or fewer of {range:?} have the least key"))
    }

    fn nth_below(
        &self,
        node: usize,
        covers: Range<usize>,
        range: &Range<usize>,
        key: u64,
        rank: &mut u32,
    ) -> Option<usize> {
        let Least { key: least, count } = self.nodes[node];
        if covers.end <= range.start || range.end <= covers.start || least > key || count == 0 {
            return None;
        }
        let within = range.start <= covers.start && covers.end <= range.end;
        if within && *rank >= count {
            // Within the range no key is less than `key`, so that all that are counted here have it.
            *rank -= count;
            return None;
        }
        if covers.len() == 1 {
            return Some(covers.start);
        }
        let middle = covers.start.midpoint(covers.end);
        let left = self.nth_below(2 * node, covers.start..middle, range, key, rank);
        left.or_else(|| self.nth_below(2 * node + 1, middle..covers.end, range, key, rank))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn least_keys_and_their_places_are_those_of_a_search(
            changes in proptest::collection::vec((0_usize..13, proptest::option::of(0_u64..4)), 0..60),
            start in 0_usize..13,
            width in 0_usize..14,
        ) {
            let mut tree = MinTree::new(13);
            let mut keys = [None; 13];
            for (at, key) in changes {
                keys[at] = key;
                match key {
                    Some(key) => tree.set(at, key),
                    None => tree.remove(at),
                }
            }
            let range = start..(start + width).min(13);
            let key = keys[range.clone()].iter().flatten().min().copied();
            let places: Vec<usize> = range.clone().filter(|&at| key.is_some() && keys[at] == key).collect();
            let least = tree.least(&range);
            prop_assert_eq!(least.count as usize, places.len());
            prop_assert_eq!(least.key, key.unwrap_or(u64::MAX));
            for (rank, &place) in (0..).zip(&places) {
                prop_assert_eq!(tree.nth(&range, rank), place);
            }
        }
    }

    #[test]
    fn the_largest_key_is_still_a_key() {
        let mut tree = MinTree::new(1);
        tree.set(0, u64::MAX);
        assert_eq!(tree.least(&(0..1)).count, 1);
        assert_eq!(tree.nth(&(0..1), 0), 0);
    }
}
