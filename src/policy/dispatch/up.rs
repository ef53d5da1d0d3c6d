//! The servers of a range that are believed to be up.

use crate::ids::ServerId;

/// The servers of a range that are believed to be up, or all of it where none is: work must wait somewhere.
pub(in crate::policy) struct Up<'a> {
    first: usize,
    end: usize,
    /// Those of the range that are down, lowest first.
    down: &'a [ServerId],
}

impl<'a> Up<'a> {
    /// Of the servers `allowed` (from the first up to but without the second) those that are not in `down`, which is
    /// sorted.
    pub fn of((first, end): (u32, u32), down: &'a [ServerId]) -> Self {
        let (first, end) = (first as usize, end as usize);
        debug_assert!(first < end, "a task must be allowed on some server");
        let from = down.partition_point(|core| core.index() < first);
        let to = down.partition_point(|core| core.index() < end);
        let within = &down[from..to];
        Self { first, end, down: if within.len() == end - first { &[] } else { within } }
    }

    /// Whether any of the servers `allowed` is not in `down`.
    pub fn any((first, end): (u32, u32), down: &[ServerId]) -> bool {
        let before = |end: u32| down.partition_point(|core| core.index() < end as usize);
        before(end) - before(first) < (end - first) as usize
    }

    /// How many there are: at least one.
    pub fn len(&self) -> usize {
        self.end - self.first - self.down.len()
    }

    /// The one that comes after `rank` others.
    pub fn nth(&self, rank: usize) -> ServerId {
        // Before the server that is down as number j come its place in the range less j that are up.
        let up_before = |j: usize| self.down[j].index() - self.first - j;
        let (mut low, mut high) = (0, self.down.len());
        while low < high {
            let middle = low.midpoint(high);
            if up_before(middle) <= rank { low = middle + 1 } else { high = middle }
        }
        ServerId::new(self.first + rank + low)
    }

    /// The first from server number `turn` on, or the lowest of all if there is none.
    pub fn from(&self, turn: usize) -> ServerId {
        let turn = turn.clamp(self.first, self.end);
        let rank = turn - self.first - self.down.partition_point(|core| core.index() < turn);
        self.nth(if rank < self.len() { rank } else { 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ranks_and_turns_skip_what_is_down(
            first in 0_u32..5,
            width in 1_u32..12,
            lost in proptest::collection::btree_set(0_usize..20, 0..16),
        ) {
            let end = first + width;
            let down: Vec<ServerId> = lost.iter().map(|&core| ServerId::new(core)).collect();
            let mut cores: Vec<usize> = (first as usize..end as usize).filter(|core| !lost.contains(core)).collect();
            if cores.is_empty() {
                cores = (first as usize..end as usize).collect();
            }
            let up = Up::of((first, end), &down);
            prop_assert_eq!(up.len(), cores.len());
            for (rank, &core) in cores.iter().enumerate() {
                prop_assert_eq!(up.nth(rank).index(), core);
            }
            for turn in 0..25 {
                let next = cores.iter().find(|&&core| core >= turn).unwrap_or(&cores[0]);
                prop_assert_eq!(up.from(turn).index(), *next);
            }
        }
    }
}
