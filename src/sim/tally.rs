//! Sums over a run: how many tasks wait and run, what they took, and what bounds their makespan.

use super::tasks::Status;
use super::world::World;
use crate::ids::TaskId;
use crate::metrics::{Metric, Values};
use crate::record::{Observations, Recorder, State};
use crate::scenario::{Scenario, Warmup};
use crate::stats::Tally;
use crate::time::Time;

/// Ticks of the warm-up, over all cores.
#[derive(Default)]
pub(super) struct Cold {
    /// In which they computed or waited for memory, without what was lost since.
    pub busy: u128,
    /// In which they were up.
    pub up: u128,
}

/// How tasks kept their deadlines, in ticks after them.
#[derive(Default)]
pub(super) struct Deadlines {
    count: u64,
    missed: u64,
    lateness: i128,
    tardiness: u128,
    largest: Option<i128>,
}

impl Deadlines {
    /// A task ended at `end` that should have ended at `due`.
    pub fn push(&mut self, end: Time, due: Time) {
        let late = i128::from(end.ticks()) - i128::from(due.ticks());
        self.count += 1;
        self.missed += u64::from(late > 0);
        self.lateness += late;
        self.tardiness += late.max(0) as u128;
        self.largest = self.largest.max(Some(late));
    }

    /// Sets what they come to; `seconds` converts ticks.
    pub fn set(&self, values: &mut Values, seconds: impl Fn(f64) -> f64) {
        let Some(largest) = self.largest else { return };
        let count = self.count as f64;
        values.set(Metric::Missed, self.missed as f64 / count);
        values.set(Metric::Lateness, seconds(self.lateness as f64 / count));
        values.set(Metric::LatenessMax, seconds(largest as f64));
        values.set(Metric::Tardiness, seconds(self.tardiness as f64 / count));
    }
}

/// Sums over a run.
pub(super) struct Totals {
    /// Before this instant nothing is observed.
    pub warm: Time,
    pub cold: Cold,
    waiting: Tally,
    running: Tally,
    pub response: Observations,
    pub wait: Observations,
    pub slowdown: (f64, u64),
    pub done_warm: u64,
    pub attempts: u64,
    /// Parts and copies of requests that were needed no more.
    pub cancelled: u64,
    pub failures: u64,
    pub deadlines: Deadlines,
    pub checkpoints: u64,
    /// When the last job that the run waits for had ended.
    pub last_end: Time,
    /// Core-ticks at speed 1 of the tasks done.
    pub area: f64,
    /// Ticks at speed 1 of the tasks done, one after another.
    pub sequential: f64,
    /// The latest that a task done could have ended had it run alone at once.
    pub longest: f64,
    /// Bytes of memory traffic of the tasks done.
    pub traffic: f64,
    /// Work of the tasks done, and the work that the time of their cores amounts to.
    pub work: f64,
    pub credit: f64,
    pub slack: f64,
    /// Tasks done, each of which may end up to a tick late.
    pub done: u64,
}

impl Totals {
    /// Nothing yet.
    pub fn new(scenario: &Scenario) -> Self {
        let (warm, detect) = match scenario.run.warmup {
            Warmup::Until(warm) => (warm, false),
            Warmup::Auto => (Time::ZERO, true),
        };
        Totals {
            warm,
            cold: Cold::default(),
            waiting: Tally::new(Time::ZERO, 0),
            running: Tally::new(Time::ZERO, 0),
            response: Observations::new(detect),
            wait: Observations::new(detect),
            slowdown: (0.0, 0),
            done_warm: 0,
            attempts: 0,
            cancelled: 0,
            failures: 0,
            deadlines: Deadlines::default(),
            checkpoints: 0,
            last_end: Time::ZERO,
            area: 0.0,
            sequential: 0.0,
            longest: 0.0,
            traffic: 0.0,
            work: 0.0,
            credit: 0.0,
            slack: 0.0,
            done: 0,
        }
    }

    /// `change` tasks more wait.
    #[inline]
    pub fn waits(&mut self, now: Time, change: i64) {
        match change {
            1 => self.waiting.rise(now),
            -1 => self.waiting.fall(now),
            _ => self.waiting.set(now, self.waiting.level().wrapping_add_signed(change)),
        }
    }

    /// `change` tasks more are in service.
    #[inline]
    pub fn serves(&mut self, now: Time, change: i64) {
        match change {
            1 => self.running.rise(now),
            -1 => self.running.fall(now),
            _ => self.running.set(now, self.running.level().wrapping_add_signed(change)),
        }
    }

    /// How many tasks wait.
    #[inline]
    pub fn waiting(&self) -> u64 {
        self.waiting.level()
    }

    /// How many tasks are in service.
    #[inline]
    pub fn running(&self) -> u64 {
        self.running.level()
    }

    /// The mean numbers of tasks that waited and that were in service after the warm-up; none if the run didn't
    /// outlast it.
    pub fn means(&self, now: Time) -> Option<(f64, f64)> {
        Some((self.waiting.mean(now)?, self.running.mean(now)?))
    }
}

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// The warm-up is over: from now on levels are averaged and core time is observed.
    pub fn on_warm(&mut self, now: Time) {
        self.totals.waiting.restart(now);
        self.totals.running.restart(now);
        let times = self.account.so_far(now);
        self.totals.cold = Cold {
            busy: times.get(State::Compute) + times.get(State::Memory),
            up: times.total() - times.get(State::Down),
        };
        // Should a fault throw away what was done so far, it was not busy after all.
        for task in (0..self.tasks.slots()).map(TaskId::new) {
            if self.tasks.progress_of(task).is_none() {
                continue;
            }
            let shared = if self.shares(task) { Some(self.shared_ticks(task, now)) } else { None };
            let (entry, progress) = self.tasks.both_mut(task);
            let under_way = match shared {
                Some(ticks) => ticks,
                None if entry.status == Status::Running => (now - progress.segment).ticks(),
                None => 0,
            };
            progress.cold = progress.served().ticks() + under_way;
        }
    }
}
