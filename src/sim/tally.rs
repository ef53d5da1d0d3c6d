//! Sums over a run: how many tasks wait and run, what they took, and what bounds their makespan.

use crate::record::Observations;
use crate::scenario::{Scenario, Warmup};
use crate::stats::Tally;
use crate::time::Time;

/// Sums over a run.
pub(super) struct Totals {
    /// Before this instant nothing is observed.
    pub warm: Time,
    waiting: Tally,
    running: Tally,
    pub response: Observations,
    pub wait: Observations,
    pub slowdown: (f64, u64),
    pub done_warm: u64,
    pub attempts: u64,
    pub failures: u64,
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
            waiting: Tally::new(Time::ZERO, 0),
            running: Tally::new(Time::ZERO, 0),
            response: Observations::new(detect),
            wait: Observations::new(detect),
            slowdown: (0.0, 0),
            done_warm: 0,
            attempts: 0,
            failures: 0,
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
        self.waiting.set(now, self.waiting.level().wrapping_add_signed(change));
    }

    /// `change` tasks more are in service.
    #[inline]
    pub fn serves(&mut self, now: Time, change: i64) {
        self.running.set(now, self.running.level().wrapping_add_signed(change));
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

    /// The warm-up is over: levels are averaged from now on.
    pub fn warmed_up(&mut self, now: Time) {
        self.waiting.restart(now);
        self.running.restart(now);
    }

    /// The mean numbers of tasks that waited and that were in service after the warm-up; none if the run didn't
    /// outlast it.
    pub fn means(&self, now: Time) -> Option<(f64, f64)> {
        Some((self.waiting.mean(now)?, self.running.mean(now)?))
    }
}
