//! What is rare: what most scenarios lack, so that their world is compiled without it.
//!
//! A world is compiled twice. `RARE` says of one that anything may occur in it, and folds out of the other, in which a
//! task's way is a quarter shorter, every question about what can't. What both do must be the same: a test lets all shipped
//! scenarios that qualify run in both. What is recorded is always the first.

use super::central::Central;
use super::core::Core;
use super::job::JobState;
use crate::faults::Recover;
use crate::scenario::Scenario;
use crate::time::Span;

/// Who is there when a replicate begins.
pub(super) struct Cast<'a> {
    pub cores: Vec<Core>,
    pub jobs: Vec<JobState<'a>>,
    /// The central queues of the jobs.
    pub centrals: Vec<Central>,
}

impl<'a> Cast<'a> {
    /// All of them before anything has happened.
    pub fn new(scenario: &'a Scenario, replicate: u64) -> Self {
        let cores = super::core::all(scenario, replicate);
        let mut centrals = Vec::new();
        let jobs = super::job::start(scenario, replicate, &cores, &mut centrals);
        Cast { cores, jobs, centrals }
    }

    /// Whether something rare can occur: on the machine or in any job.
    pub fn has_rare(&self, scenario: &Scenario) -> bool {
        let (machine, faults) = (&scenario.machine, &scenario.faults);
        !faults.inject.is_empty()
            || matches!(faults.recover, Recover::Restart { .. } | Recover::Checkpoint { .. })
            || !machine.script.is_empty()
            || machine.sockets.iter().any(|socket| socket.bandwidth.is_finite())
            || scenario.network.is_some()
            || self.jobs.iter().any(JobState::has_rare)
    }
}

impl JobState<'_> {
    /// Whether it has more than tasks or chunks of one core each that come by themselves, wait for a core, keep it to their
    /// end, and are then done.
    fn has_rare(&self) -> bool {
        let apart = self.graph.is_some()
            || self.tree.is_some()
            || self.plan.is_some()
            || self.steals
            || self.group_alone.is_some();
        let requests = self.served.is_some_and(|service| {
            service.most_tasks() > 1
                || service.cores > 1
                || service.capacity.is_some()
                || service.users.is_some()
        });
        apart
            || requests
            || self.dispatching.is_some()
            || self.at_once < u64::MAX
            || !self.spec.workload.uses_cores()
            || self.service.takes_back()
            || self.service.shares
            || self.schedule.cost.switch > Span::ZERO
            || self.kinds.iter().any(|kind| kind.width > 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Request, check};
    use crate::source::InMemory;

    fn has_rare(text: &str) -> bool {
        let text = format!("machine.cores = 4\n{text}");
        let files = InMemory::new([("rare.toml", text.as_str())]);
        let Ok(checked) = check(&files, &Request { path: "rare.toml", ..Request::default() }) else {
            panic!("a mistake in {text}");
        };
        let scenario = &checked.study.cases[0].scenario;
        Cast::new(scenario, 0).has_rare(scenario)
    }

    #[test]
    fn queues_loops_and_dispatchers_have_nothing_rare() {
        let tasks = "workload.tasks = { count = 9, work = \"1 s\", arrivals = { poisson = \"1 /s\" } }";
        assert!(!has_rare(tasks));
        assert!(!has_rare(&format!("schedule.queue = \"spt\"\n{tasks}")));
        assert!(!has_rare(&format!("schedule.policy = \"jsq\"\n{tasks}")));
        assert!(!has_rare("workload.loop = { iterations = 9, cost = \"1 s\" }"));
    }

    #[test]
    fn what_is_rare_is_seen_wherever_it_lies() {
        let tasks = "workload.tasks = { count = 9, work = \"1 s\" }";
        for rare in [
            "faults.recover = { checkpoint = { interval = \"9 s\", cost = \"1 s\" } }",
            "schedule.queue = \"srpt\"",
            "schedule.policy = \"work-stealing\"",
            "schedule.cost.switch = \"1 ms\"",
        ] {
            assert!(has_rare(&format!("{rare}\n{tasks}")), "{rare}");
        }
        assert!(has_rare("workload.tasks = { count = 9, work = \"1 s\", cores = 2 }"));
        assert!(has_rare("workload.tree = { shape.balanced = 3, work = \"1 s\" }"));
    }
}
