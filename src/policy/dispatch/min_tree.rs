//! The least of many keys in a range, and how often it occurs.

use std::array;
use std::ops::Range;

/// A key for each number from 0 up, in a tournament tree: a key changes, and the least in any range is found, in
/// O(log n). Keys are of several kinds, which aren't compared with one another; a number has one key of one kind.
#[derive(Clone, Debug)]
pub(crate) struct MinTree<const KINDS: usize> {
    /// Node 1 is the root, the children of node i are 2i and 2i + 1, and the last `leaves` nodes are the keys. Each
    /// tells the least below it of each kind.
    nodes: Vec<[Least; KINDS]>,
    leaves: usize,
}

/// The least key of some numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Least {
    /// The key; at its largest where there is none.
    pub key: u64,
    /// How many have it: none where there is no key at all.
    pub count: u32,
}

impl Least {
    const NONE: Self = Least { key: u64::MAX, count: 0 };

    /// The least of both, without a branch that could go either way.
    pub fn or(self, other: Self) -> Self {
        let key = self.key.min(other.key);
        let count = |its: Self| u32::from(its.key == key) * its.count;
        Least { key, count: count(self) + count(other) }
    }
}

impl<const KINDS: usize> MinTree<KINDS> {
    const NONE: [Least; KINDS] = [Least::NONE; KINDS];

    /// No number below `len` has a key yet.
    pub fn new(len: usize) -> Self {
        let leaves = len.next_power_of_two();
        Self { nodes: vec![Self::NONE; 2 * leaves], leaves }
    }

    /// Gives the number `at` a key, in place of any that it has. The largest key counts as the one below it.
    pub fn set(&mut self, at: usize, kind: usize, key: u64) {
        let mut node = self.leaves + at;
        let mut least = Self::NONE;
        least[kind] = Least { key: key.min(u64::MAX - 1), count: 1 };
        while self.nodes[node] != least {
            self.nodes[node] = least;
            node /= 2;
            if node == 0 {
                break;
            }
            least = either(self.nodes[2 * node], self.nodes[2 * node + 1]);
        }
    }

    /// The least key of each kind of the numbers in `range`.
    pub fn least(&self, range: &Range<usize>) -> [Least; KINDS] {
        self.least_below(1, 0..self.leaves, range)
    }

    fn least_below(&self, node: usize, covers: Range<usize>, range: &Range<usize>) -> [Least; KINDS] {
        if covers.end <= range.start || range.end <= covers.start {
            return Self::NONE;
        }
        if range.start <= covers.start && covers.end <= range.end || covers.len() == 1 {
            return self.nodes[node];
        }
        let middle = covers.start.midpoint(covers.end);
        let left = self.least_below(2 * node, covers.start..middle, range);
        either(left, self.least_below(2 * node + 1, middle..covers.end, range))
    }

    /// The number in `range` that has its least key of a kind, `key`, after `rank` others.
    ///
    /// # Panics
    ///
    /// If no more than `rank` have it.
    pub fn nth(&self, range: &Range<usize>, kind: usize, key: u64, rank: u32) -> usize {
        let found = self.nth_below(1, 0..self.leaves, &Wanted { range, kind, key }, &mut { rank });
        found.unwrap_or_else(|| panic!("{rank} or fewer of {range:?} have the key {key}"))
    }

    fn nth_below(
        &self,
        node: usize,
        covers: Range<usize>,
        wanted: &Wanted<'_>,
        rank: &mut u32,
    ) -> Option<usize> {
        let Least { key: least, count } = self.nodes[node][wanted.kind];
        let range = wanted.range;
        if covers.end <= range.start || range.end <= covers.start || least > wanted.key {
            return None;
        }
        let within = range.start <= covers.start && covers.end <= range.end;
        if within && *rank >= count {
            // Within the range no key is less than the wanted one, so that all that are counted here have it.
            *rank -= count;
            return None;
        }
        if covers.len() == 1 {
            return Some(covers.start);
        }
        let middle = covers.start.midpoint(covers.end);
        let left = self.nth_below(2 * node, covers.start..middle, wanted, rank);
        left.or_else(|| self.nth_below(2 * node + 1, middle..covers.end, wanted, rank))
    }
}

fn either<const KINDS: usize>(one: [Least; KINDS], other: [Least; KINDS]) -> [Least; KINDS] {
    array::from_fn(|kind| one[kind].or(other[kind]))
}

/// What [`MinTree::nth`] looks for.
struct Wanted<'a> {
    range: &'a Range<usize>,
    kind: usize,
    key: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn least_keys_and_their_places_are_those_of_a_search(
            changes in proptest::collection::vec((0_usize..13, 0_usize..2, 0_u64..4), 0..60),
            start in 0_usize..13,
            width in 0_usize..14,
        ) {
            let mut tree = MinTree::<2>::new(13);
            let mut keys = [None; 13];
            for (at, kind, key) in changes {
                keys[at] = Some((kind, key));
                tree.set(at, kind, key);
            }
            let range = start..(start + width).min(13);
            for (kind, least) in (0..).zip(tree.least(&range)) {
                let of_kind = |at: &usize| keys[*at].filter(|key| key.0 == kind);
                let key = range.clone().filter_map(|at| of_kind(&at)).min();
                let places: Vec<usize> = range.clone().filter(|at| key.is_some() && of_kind(at) == key).collect();
                prop_assert_eq!(least.count as usize, places.len());
                prop_assert_eq!(least.key, key.map_or(u64::MAX, |key| key.1));
                for (rank, &place) in (0..).zip(&places) {
                    prop_assert_eq!(tree.nth(&range, kind, least.key, rank), place);
                }
            }
        }
    }

    #[test]
    fn the_largest_key_is_still_a_key() {
        let mut tree = MinTree::<1>::new(1);
        tree.set(0, 0, u64::MAX);
        let [least] = tree.least(&(0..1));
        assert_eq!(least.count, 1);
        assert_eq!(tree.nth(&(0..1), 0, least.key, 0), 0);
    }
}
