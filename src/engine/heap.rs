//! A four-ary heap that leaves half of a pop undone: a push that follows fills the hole at the root.

use super::alarm::Entry;
use std::hint::select_unpredictable;

/// Children of a node. Four make the heap half as deep as two would, and lie side by side.
const CHILDREN: usize = 4;

/// Entries of which the earliest is always at hand.
///
/// Most events set another, and one sift from the root then does the work of two.
pub(super) struct Heap {
    /// [`Entry::NONE`] if the root has been popped and not replaced yet, or the heap is empty.
    root: Entry,
    /// The children of each node side by side: those of the root, those of its first child, of its second and so
    /// on. The last family is filled up with [`Entry::NONE`], so that every node has four children or none.
    families: Vec<[Entry; CHILDREN]>,
    /// Entries in the families.
    below: usize,
}

impl Heap {
    pub(super) const fn new() -> Self {
        Heap { root: Entry::NONE, families: Vec::new(), below: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.below + usize::from(!self.root.is_none())
    }

    /// Whether the root has been popped and not replaced yet, or the heap is empty.
    #[inline]
    pub(super) fn has_hole(&self) -> bool {
        self.root.is_none()
    }

    pub(super) fn push(&mut self, entry: Entry) {
        if self.has_hole() {
            self.fill(entry);
        } else if entry < self.root {
            let root = std::mem::replace(&mut self.root, entry);
            self.sift_up(root);
        } else {
            self.sift_up(entry);
        }
    }

    /// The earliest entry, or [`Entry::NONE`].
    #[inline]
    pub(super) fn first(&mut self) -> Entry {
        if self.root.is_none() && self.below > 0 {
            self.close();
        }
        self.root
    }

    /// Removes the earliest entry, which [`Heap::first`] has told.
    #[inline]
    pub(super) fn pop(&mut self) {
        self.root = Entry::NONE;
    }

    /// Moves all entries to `out`, in no order.
    pub(super) fn drain_into(&mut self, out: &mut Vec<Entry>) {
        let entries = self.families.as_flattened().iter().chain([&self.root]);
        out.extend(entries.filter(|entry| !entry.is_none()));
        self.root = Entry::NONE;
        self.families.clear();
        self.below = 0;
    }

    /// Fills the hole with the last entry.
    #[inline(never)]
    fn close(&mut self) {
        self.below -= 1;
        let (family, child) = (self.below / CHILDREN, self.below % CHILDREN);
        let last = std::mem::replace(&mut self.families[family][child], Entry::NONE);
        if child == 0 {
            self.families.pop();
        }
        self.fill(last);
    }

    #[inline]
    fn sift_up(&mut self, entry: Entry) {
        let mut node = self.below;
        if node.is_multiple_of(CHILDREN) {
            self.families.push([Entry::NONE; CHILDREN]);
        }
        self.below += 1;
        while node >= CHILDREN {
            let parent = node / CHILDREN - 1;
            let above = self.families[parent / CHILDREN][parent % CHILDREN];
            if above < entry {
                break;
            }
            self.families[node / CHILDREN][node % CHILDREN] = above;
            node = parent;
        }
        self.families[node / CHILDREN][node % CHILDREN] = entry;
    }

    /// Pushes into the hole.
    ///
    /// Of `entry` and the earliest child the earlier moves up, the other goes on down, to the lowest level even if
    /// it is in order before: where that is can't be foreseen, and a branch on it costs more than what it saves.
    #[inline(never)]
    pub(super) fn fill(&mut self, mut entry: Entry) {
        let mut hole = &mut self.root;
        // Families come later than their parents' family, so what is behind can be left with the hole.
        let (mut families, mut passed, mut next) = (&mut self.families[..], 0, 0);
        while let Some((family, rest)) = families.get_mut(next - passed..).and_then(<[_]>::split_first_mut) {
            let [a, b, c, d] = *family;
            let left = if b < a { (1, b) } else { (0, a) };
            let right = if d < c { (3, d) } else { (2, c) };
            let (child, earliest) = if right.1 < left.1 { right } else { left };
            let rises = earliest < entry;
            *hole = select_unpredictable(rises, earliest, entry);
            entry = select_unpredictable(rises, entry, earliest);
            hole = &mut family[child];
            families = rest;
            passed = next + 1;
            next = CHILDREN * next + child + 1;
        }
        *hole = entry;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Alarm;
    use crate::time::Time;
    use proptest::prelude::*;

    fn entry(ticks: u64) -> Entry {
        Entry::new(Time::from_ticks(ticks), Alarm::new(0, 0))
    }

    proptest! {
        #[test]
        fn pushes_and_pops_in_any_order_give_the_earliest(steps in prop::collection::vec(prop::option::of(0..99u64), 0..300)) {
            let mut heap = Heap::new();
            let mut sorted = Vec::new();
            for step in steps {
                match step {
                    Some(ticks) => {
                        heap.push(entry(ticks));
                        sorted.push(ticks);
                        sorted.sort_unstable_by(|a, b| b.cmp(a));
                    }
                    None => {
                        let first = heap.first();
                        prop_assert_eq!(first, sorted.pop().map_or(Entry::NONE, entry));
                        heap.pop();
                    }
                }
                prop_assert_eq!(heap.len(), sorted.len());
            }
            let mut rest = Vec::new();
            heap.drain_into(&mut rest);
            rest.sort_unstable_by(|a, b| b.cmp(a));
            prop_assert_eq!(rest, sorted.into_iter().map(entry).collect::<Vec<_>>());
            prop_assert_eq!(heap.len(), 0);
        }
    }
}
