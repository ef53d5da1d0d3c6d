//! What recorders are told of cores and queues: intervals at their ends, and levels where they change.

use super::world::World;
use crate::ids::CoreId;
use crate::record::{Closed, Idle, Interval, Levels, Recorder, State};
use crate::time::{Span, Time};

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// States the interval that has just ended, unless it was one of computing, which is stated with its task.
    #[inline]
    pub fn state_interval(&mut self, core: CoreId, now: Time, closed: Closed) {
        if R::ACTIVE && closed.state != State::Compute {
            self.state_closed(core, now, closed);
        }
    }

    pub fn state_closed(&mut self, core: CoreId, now: Time, closed: Closed) {
        if closed.since == now {
            return;
        }
        // A core that was idle may have been given the task that ends its idleness already.
        let has_task = match closed.state {
            State::Idle => closed.claimed,
            State::Down => false,
            _ => true,
        };
        let task = self.cores[core.index()].task.filter(|_| has_task);
        let task = task.map(|task| (self.tasks[task].job, self.tasks[task].number));
        let idle = if closed.claimed { Idle::Data } else { self.account.reason() };
        self.recorder.interval(&Interval {
            core,
            from: closed.since,
            to: now,
            state: closed.state,
            idle,
            task,
            sharers: 1,
            memory: Span::ZERO,
            first: false,
            last: false,
        });
    }

    /// States how much waits, runs and idles, if that has changed.
    pub fn state_levels(&mut self, now: Time) {
        let levels = Levels {
            waiting: self.totals.waiting(),
            running: self.totals.running(),
            idle: self.account.unclaimed(),
        };
        if levels != self.levels {
            self.levels = levels;
            self.recorder.levels(now, levels);
        }
    }

    /// Cuts the intervals of all idle cores where their reason changes, for records, which show it core by core.
    pub fn state_idle(&mut self, now: Time) {
        for core in (0..self.cores.len()).map(CoreId::new) {
            if self.account.state(core) == State::Idle && self.cores[core.index()].task.is_none() {
                self.enter(core, now, State::Idle);
            }
        }
    }
}
