//! What is worth a sentence in a run: sums that no metric holds.

use super::{Choice, ChunkRow, CoreRow, Interval, Loops, Queues, Recorder, StepRow, TaskRow, Waits};
use crate::scenario::Scenario;
use crate::time::Time;

/// What is worth a sentence in a run.
#[derive(Debug)]
pub struct Story {
    /// Of its loops.
    pub loops: Loops,
    /// Of the servers that have queues of their own.
    pub queues: Queues,
    /// Of who waited, where work arrives over time.
    pub waits: Option<Waits>,
}

impl Story {
    /// Nothing yet of a run of `scenario`.
    pub fn new(scenario: &Scenario) -> Self {
        let arriving = scenario.jobs.iter().any(|job| job.workload.arrives() && job.workload.uses_cores());
        let waits = arriving.then(Waits::default);
        Story { loops: Loops::default(), queues: Queues::new(scenario), waits }
    }
}

impl Recorder for Story {
    fn interval(&mut self, interval: &Interval) {
        self.waits.interval(interval);
    }

    fn chunk(&mut self, row: &ChunkRow) {
        self.loops.chunk(row);
    }

    fn step(&mut self, row: &StepRow<'_>) {
        self.loops.step(row);
    }

    fn choice(&mut self, at: Time, choice: &Choice) {
        self.queues.choice(at, choice);
    }

    fn task(&mut self, row: &TaskRow) {
        self.loops.task(row);
        self.queues.task(row);
        self.waits.task(row);
    }

    fn core(&mut self, row: &CoreRow) {
        self.queues.core(row);
    }
}
