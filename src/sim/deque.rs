//! The deques from which cores take work, and who has any.

use std::collections::VecDeque;

use super::idle::IdleSet;
use crate::ids::{CoreId, TaskId};
use crate::policy::steal::Holders;

/// A deque for each core of a range. Owners put tasks at the near end; the far end holds what came first.
pub(super) struct Deques {
    first: usize,
    each: Vec<VecDeque<TaskId>>,
    /// The cores whose deques hold something, in no order, and the place of each core among them.
    holders: Vec<CoreId>,
    place: Vec<u32>,
    /// The same cores by number.
    holding: IdleSet,
}

const NOWHERE: u32 = u32::MAX;

impl Deques {
    /// Empty deques for the cores from the first up to but without the second, of so many in the machine.
    pub fn new((first, end): (u32, u32), cores: usize) -> Self {
        let count = (end - first) as usize;
        Deques {
            first: first as usize,
            each: vec![VecDeque::new(); count],
            holders: Vec::with_capacity(count),
            place: vec![NOWHERE; count],
            holding: IdleSet::new(cores),
        }
    }

    /// How many tasks the deque of `core` holds.
    #[inline]
    pub fn len(&self, core: CoreId) -> usize {
        self.each[core.index() - self.first].len()
    }

    /// Puts a task at the near end.
    #[inline]
    pub fn push(&mut self, core: CoreId, task: TaskId) {
        let at = core.index() - self.first;
        self.each[at].push_back(task);
        if self.each[at].len() == 1 {
            self.place[at] = self.holders.len() as u32;
            self.holders.push(core);
            self.holding.insert(core);
        }
    }

    /// Takes a task from the near end.
    #[inline]
    pub fn pop_near(&mut self, core: CoreId) -> Option<TaskId> {
        let task = self.each[core.index() - self.first].pop_back()?;
        self.note_if_empty(core);
        Some(task)
    }

    /// Takes a task from the far end.
    #[inline]
    pub fn pop_far(&mut self, core: CoreId) -> Option<TaskId> {
        let task = self.each[core.index() - self.first].pop_front()?;
        self.note_if_empty(core);
        Some(task)
    }

    #[inline]
    fn note_if_empty(&mut self, core: CoreId) {
        let at = core.index() - self.first;
        if !self.each[at].is_empty() {
            return;
        }
        let place = std::mem::replace(&mut self.place[at], NOWHERE) as usize;
        self.holders.swap_remove(place);
        if let Some(moved) = self.holders.get(place) {
            self.place[moved.index() - self.first] = place as u32;
        }
        self.holding.remove(core);
    }
}

impl Holders for Deques {
    fn count(&self) -> usize {
        self.holders.len()
    }

    fn nth(&self, at: usize) -> CoreId {
        self.holders[at]
    }

    fn first_in(&self, from: u32, to: u32) -> Option<CoreId> {
        self.holding.first_in(from, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_and_thieves_take_from_different_ends_and_who_holds_any_is_known() {
        let (a, b) = (CoreId::new(3), CoreId::new(5));
        let mut deques = Deques::new((3, 7), 9);
        let task = TaskId::new;
        (0..4).for_each(|at| deques.push(a, task(at)));
        deques.push(b, task(9));
        assert_eq!((deques.count(), deques.len(a), deques.len(b)), (2, 4, 1));
        assert_eq!(deques.pop_near(a), Some(task(3)));
        assert_eq!(deques.pop_far(a), Some(task(0)));
        assert_eq!((deques.first_in(0, 9), deques.first_in(4, 9)), (Some(a), Some(b)));
        assert_eq!(
            (deques.pop_far(a), deques.pop_near(a), deques.pop_near(a)),
            (Some(task(1)), Some(task(2)), None)
        );
        assert_eq!((deques.count(), deques.nth(0), deques.first_in(0, 5)), (1, b, None));
        assert_eq!((deques.pop_near(b), deques.count()), (Some(task(9)), 0));
    }
}
