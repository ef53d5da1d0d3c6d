//! A queue of ready tasks in the order of their keys.

use std::collections::{BinaryHeap, VecDeque};

use crate::ids::TaskId;
use crate::time::Time;

/// A ready task with what orders it: its key, then the instant at which it became ready, then its lap,
/// then its job and number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Waiting {
    /// What the order says of it; smaller is sooner.
    pub key: u64,
    /// When it became ready.
    pub since: Time,
    /// Of those whose turns were over at one instant, which it was; 0 of others.
    pub lap: u32,
    /// Its job.
    pub job: u32,
    /// Its number in its job.
    pub number: u64,
    /// The task.
    pub task: TaskId,
}

/// Ready tasks, smallest first. Tasks that come in order, as they do first come first served, cost no more than a
/// ring; the others go through a heap.
#[derive(Default)]
pub(super) struct ReadyQueue {
    ring: VecDeque<Waiting>,
    heap: BinaryHeap<std::cmp::Reverse<Waiting>>,
}

impl ReadyQueue {
    /// Puts a task in its place.
    #[inline(always)]
    pub fn push(&mut self, waiting: Waiting) {
        if self.ring.back().is_none_or(|last| *last < waiting) {
            self.ring.push_back(waiting);
        } else {
            self.push_out_of_order(waiting);
        }
    }

    #[inline(never)]
    fn push_out_of_order(&mut self, waiting: Waiting) {
        self.heap.push(std::cmp::Reverse(waiting));
    }

    /// The task that comes first.
    #[inline]
    pub fn first(&self) -> Option<&Waiting> {
        if self.heap.is_empty() {
            return self.ring.front();
        }
        match (self.ring.front(), self.heap.peek()) {
            (Some(ring), Some(std::cmp::Reverse(heap))) => Some(ring.min(heap)),
            (ring, heap) => ring.or(heap.map(|std::cmp::Reverse(heap)| heap)),
        }
    }

    /// Takes the task that comes first.
    #[inline(always)]
    pub fn pop(&mut self) -> Option<Waiting> {
        if self.heap.is_empty() { self.ring.pop_front() } else { self.pop_of_both() }
    }

    #[inline(never)]
    fn pop_of_both(&mut self) -> Option<Waiting> {
        let from_heap = match (self.ring.front(), self.heap.peek()) {
            (Some(ring), Some(std::cmp::Reverse(heap))) => heap < ring,
            (ring, _) => ring.is_none(),
        };
        if from_heap { self.heap.pop().map(|std::cmp::Reverse(heap)| heap) } else { self.ring.pop_front() }
    }

    /// The task that comes last of those for which `which` holds.
    pub fn last(&self, which: impl Fn(&Waiting) -> bool) -> Option<&Waiting> {
        let ring = self.ring.iter().rev().find(|waiting| which(waiting));
        let heap = self.heap.iter().map(|reverse| &reverse.0).filter(|waiting| which(waiting)).max();
        ring.max(heap)
    }

    /// Takes out the task that comes last of those for which `which` holds.
    pub fn take_last(&mut self, which: impl Fn(&Waiting) -> bool) -> Option<Waiting> {
        let last = *self.last(which)?;
        match self.ring.binary_search(&last) {
            Ok(at) => drop(self.ring.remove(at)),
            Err(_) => self.heap.retain(|waiting| waiting.0 != last),
        }
        Some(last)
    }

    /// Takes out all tasks for which `which` holds, in order.
    pub fn extract(&mut self, which: impl Fn(&Waiting) -> bool) -> Vec<Waiting> {
        let mut out: Vec<Waiting> =
            self.ring.iter().chain(self.heap.iter().map(|r| &r.0)).copied().filter(&which).collect();
        self.ring.retain(|waiting| !which(waiting));
        self.heap.retain(|waiting| !which(&waiting.0));
        out.sort_unstable();
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(key: u64, number: u64) -> Waiting {
        Waiting { key, since: Time::ZERO, lap: 0, job: 0, number, task: TaskId::new(number as usize) }
    }

    #[test]
    fn tasks_leave_by_key_and_then_by_number_in_whatever_order_they_came() {
        let mut queue = ReadyQueue::default();
        for (key, number) in [(5, 0), (7, 1), (3, 2), (5, 3), (9, 4), (3, 5)] {
            queue.push(waiting(key, number));
        }
        let mut left = Vec::new();
        while let Some(first) = queue.first().copied() {
            assert_eq!(queue.pop(), Some(first));
            left.push((first.key, first.number));
        }
        assert_eq!(left, [(3, 2), (3, 5), (5, 0), (5, 3), (7, 1), (9, 4)]);
    }

    #[test]
    fn the_last_of_those_that_may_is_taken_wherever_it_lies() {
        let mut queue = ReadyQueue::default();
        for (key, number) in [(5, 0), (7, 1), (3, 2), (6, 3), (9, 4), (4, 5)] {
            queue.push(waiting(key, number));
        }
        let mut take = |from: u64| queue.take_last(|waiting| waiting.number >= from).map(|w| w.number);
        assert_eq!([take(5), take(5), take(0), take(0), take(0)], [Some(5), None, Some(4), Some(1), Some(3)]);
        let left: Vec<u64> = std::iter::from_fn(|| queue.pop()).map(|waiting| waiting.number).collect();
        assert_eq!(left, [2, 0]);
    }

    #[test]
    fn extracting_takes_those_asked_for_and_leaves_the_rest_in_order() {
        let mut queue = ReadyQueue::default();
        (0..6).for_each(|number| queue.push(waiting(10 - number, number)));
        let odd: Vec<u64> =
            queue.extract(|waiting| waiting.number % 2 == 1).iter().map(|w| w.number).collect();
        assert_eq!(odd, [5, 3, 1]);
        assert_eq!(queue.pop().map(|waiting| waiting.number), Some(4));
    }
}
