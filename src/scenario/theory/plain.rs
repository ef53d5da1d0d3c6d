//! What most theories assume: one workload on identical cores that always run.

use crate::machine::Speed;
use crate::policy::Schedule;
use crate::program::Kind;
use crate::scenario::{Job, Scenario};

/// One workload on identical cores that always run at one speed.
pub(super) struct Plain<'a> {
    pub scenario: &'a Scenario,
    pub job: &'a Job,
    pub schedule: &'a Schedule,
    /// How many cores it may use.
    pub cores: f64,
    /// Their speed.
    pub speed: f64,
}

impl<'a> Plain<'a> {
    /// What a theory needs of `scenario`, or why it says nothing of it: to be read after its name.
    pub fn of(scenario: &'a Scenario) -> Result<Self, String> {
        let [job] = &scenario.jobs[..] else { return Err("needs a single workload".to_owned()) };
        let machine = &scenario.machine;
        let (first, end) = (job.on.0 as usize, job.on.1 as usize);
        let cores = machine.cores.get(first..end).unwrap_or_default();
        let speed = match cores.first().map(|core| core.speed) {
            Some(Speed::Given(speed)) if cores.iter().all(|core| core.speed == Speed::Given(speed)) => speed,
            _ => return Err("needs identical cores".to_owned()),
        };
        if !machine.script.is_empty() {
            return Err("needs cores whose speed never changes".to_owned());
        }
        let schedule = job.schedule.as_ref().unwrap_or(&scenario.schedule);
        Ok(Plain { scenario, job, schedule, cores: cores.len() as f64, speed })
    }

    /// `ticks` of work in seconds on one of its cores.
    pub fn seconds(&self, ticks: f64) -> f64 {
        self.scenario.scale.seconds(ticks) / self.speed
    }

    /// Without faults.
    pub fn sound(self) -> Result<Self, String> {
        if self.scenario.faults.inject.is_empty() {
            Ok(self)
        } else {
            Err("needs a machine without faults".to_owned())
        }
    }

    /// The only task of the workload: its kind, and its work in seconds on one core.
    pub fn single_task(&self) -> Result<(&'a Kind, f64), String> {
        let workload = &self.job.workload;
        match (workload.count(), workload.kinds(), &workload.sizes()[..]) {
            (Some(1), [kind], [(_, work)]) if workload.is_plain() => Ok((kind, self.seconds(work.mean()))),
            _ => Err("needs a workload of one task that only computes".to_owned()),
        }
    }
}
