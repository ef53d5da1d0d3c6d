//! What a plan has put on one core, and the gaps between.

use crate::ids::TaskId;

#[derive(Clone, Copy, Debug)]
struct Slot {
    start: f64,
    finish: f64,
    task: TaskId,
}

/// The tasks of one core in the order of their starts. They don't overlap.
#[derive(Clone, Debug, Default)]
pub(super) struct Timeline {
    slots: Vec<Slot>,
}

impl Timeline {
    /// The earliest start, not before `ready`, of a free stretch of `length`: in a gap or after everything.
    pub fn earliest(&self, ready: f64, length: f64) -> f64 {
        let first = self.slots.partition_point(|slot| slot.finish <= ready);
        let mut start = ready;
        for slot in &self.slots[first..] {
            if start + length <= slot.start {
                break;
            }
            start = slot.finish;
        }
        start
    }

    /// When the last task ends.
    pub fn end(&self) -> f64 {
        self.slots.last().map_or(0.0, |slot| slot.finish)
    }

    /// Puts `task` into a stretch that is free. Of tasks without length at one instant, what came first stays first,
    /// so that an order on a core never contradicts the graph.
    pub fn insert(&mut self, task: TaskId, start: f64, finish: f64) {
        let at = self.slots.partition_point(|slot| (slot.start, slot.finish) <= (start, finish));
        self.slots.insert(at, Slot { start, finish, task });
    }

    /// The tasks in order.
    pub fn into_order(self) -> Vec<TaskId> {
        self.slots.into_iter().map(|slot| slot.task).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_goes_into_the_first_gap_that_holds_it() {
        let mut line = Timeline::default();
        line.insert(TaskId::new(0), 2.0, 4.0);
        line.insert(TaskId::new(1), 7.0, 9.0);
        assert_eq!(line.earliest(0.0, 2.0), 0.0);
        assert_eq!(line.earliest(0.0, 3.0), 4.0);
        assert_eq!(line.earliest(5.0, 2.0), 5.0);
        assert_eq!(line.earliest(5.0, 2.5), 9.0);
        assert_eq!(line.earliest(8.0, 0.0), 9.0);
        assert_eq!(line.end(), 9.0);
    }

    #[test]
    fn tasks_without_length_keep_the_order_in_which_they_came() {
        let mut line = Timeline::default();
        line.insert(TaskId::new(5), 1.0, 3.0);
        line.insert(TaskId::new(9), 1.0, 1.0);
        line.insert(TaskId::new(2), 1.0, 1.0);
        let order: Vec<_> = line.into_order().iter().map(|task| task.index()).collect();
        assert_eq!(order, [9, 2, 5]);
    }
}
