//! Decisions stated to recorders.

use super::world::World;
use crate::ids::{CoreId, TaskId};
use crate::record::{Choice, Recorder, Why};
use crate::time::Time;

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// States that `core` was chosen for `task`, and why; at no cost where nobody listens.
    #[inline]
    pub fn state_choice(&mut self, now: Time, task: TaskId, core: CoreId, why: Why) {
        if R::ACTIVE {
            let entry = &self.tasks[task];
            let (job, number) = (entry.job, entry.number);
            // Of what waits, the task itself is no longer part, or not yet.
            let others = self.totals.waiting().saturating_sub(u64::from(why.leaves_waiting()));
            self.recorder.choice(now, &Choice { job, number, core, why, others });
        }
    }
}
