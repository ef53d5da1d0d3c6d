//! Where core time went, in words: the kinds of it, largest first.

use super::told;
use super::words::share;
use crate::experiment::CaseResult;
use crate::faults::Recover;
use crate::policy::{Queues, Schedule};
use crate::record::{CoreTimes, IDLE, Idle, STATES, State};
use crate::scenario::{Case, Scenario};
use crate::time::Span;

/// A kind of core time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Spent {
    /// In a state other than idle.
    In(State),
    /// Idle for a reason.
    Idle(Idle),
}

impl Spent {
    /// All kinds there are.
    pub fn all() -> impl Iterator<Item = Spent> {
        let busy =
            STATES.iter().filter(|(state, _)| *state != State::Idle).map(|(state, _)| Spent::In(*state));
        busy.chain(IDLE.iter().map(|(reason, _)| Spent::Idle(*reason)))
    }

    /// Whether a core does what it is there for in it.
    pub fn is_useful(self) -> bool {
        self == Spent::In(State::Compute)
    }

    /// The part of the time of all cores that was spent so; 0 of no time.
    pub fn part(self, times: &CoreTimes) -> f64 {
        let ticks = match self {
            Spent::In(state) => times.get(state),
            Spent::Idle(reason) => times.idle[reason as usize],
        };
        if times.total() == 0 { 0.0 } else { ticks as f64 / times.total() as f64 }
    }

    /// What a core does in it when it runs `scenario`, to follow *31 % of core time*.
    pub fn phrase(self, scenario: &Scenario) -> &'static str {
        let arriving = scenario.jobs.iter().any(|job| job.workload.arrives());
        let steals = scenario.jobs.iter().any(|job| {
            matches!(job.schedule.as_ref().unwrap_or(&scenario.schedule).policy.queues(), Queues::Deques(_))
        });
        let costs = |which: fn(&Schedule) -> bool| {
            scenario.jobs.iter().any(|job| which(job.schedule.as_ref().unwrap_or(&scenario.schedule)))
        };
        let switches = costs(|schedule| schedule.cost.switch > Span::ZERO);
        let dispatches = costs(|schedule| schedule.cost.dispatch > Span::ZERO);
        let own = scenario.jobs.iter().all(|job| {
            let schedule = job.schedule.as_ref().unwrap_or(&scenario.schedule);
            job.workload.shape().is_some() && schedule.loop_name() == "static-steal"
        });
        let stands_still =
            matches!(scenario.faults.recover, Recover::Restart { .. } | Recover::Checkpoint { .. });
        match self {
            Spent::In(State::Compute) => "is computing",
            Spent::In(State::Memory) => "is waiting for memory",
            Spent::In(State::Communicate) if steals => "is waiting for victims on other nodes to answer",
            Spent::In(State::Communicate) => "is sending and receiving",
            Spent::In(State::Synchronise) => "is waiting for others while keeping the core",
            Spent::In(State::Schedule) if steals => "is spent on attempts to steal",
            Spent::In(State::Schedule) if switches => match dispatches {
                true => "is spent on the dispatcher and on going over from task to task",
                false => "is spent on going over from task to task",
            },
            Spent::In(State::Schedule) if own => "is spent on taking chunks",
            Spent::In(State::Schedule) => "is waiting for and holding the dispatcher",
            Spent::In(State::Checkpoint) => "is standing still for checkpoints",
            Spent::In(State::Restart) => "is going back to a checkpoint or to the start",
            Spent::In(State::Lost) => "is spent on work that was thrown away",
            Spent::In(State::Down) => "is lost because cores are down",
            Spent::In(State::Idle) => "is idle",
            Spent::Idle(Idle::NoWork) if arriving => "is idle because nothing has arrived",
            Spent::Idle(Idle::NoWork) => "is idle because no more work exists",
            Spent::Idle(Idle::Elsewhere) => "is idle because the work waits in queues of other cores",
            Spent::Idle(Idle::Dependency) if stands_still => {
                "is idle because the work waits for other work to end or for a repair"
            }
            Spent::Idle(Idle::Dependency) => "is idle because the work waits for other work to end",
            Spent::Idle(Idle::Data) => "is idle because the data of a task are on their way",
        }
    }
}

/// Below this part a loss isn't worth a line.
const LEAST: f64 = 0.0005;

/// Where the time of all cores went under each variant: computing, then the losses, largest first.
pub(super) fn sentences(cases: &[(&Case, &CaseResult)]) -> Vec<String> {
    told(cases, |case, result| {
        let times = &result.times;
        if times.total() == 0 || case.scenario.jobs.iter().all(|job| !job.workload.uses_cores()) {
            return Vec::new();
        }
        let line = |(kind, part): (Spent, f64)| {
            format!(
                "  {:>6}  {} {}",
                share(part),
                bar(part),
                kind.phrase(&case.scenario).trim_start_matches("is ")
            )
        };
        let computing = Spent::In(State::Compute);
        let mut all = vec![(computing, computing.part(times))];
        all.extend(losses(times).into_iter().filter(|(_, part)| *part >= LEAST));
        all.into_iter().map(line).collect()
    })
}

/// A bar of at most twenty blocks.
fn bar(part: f64) -> String {
    let blocks = (part * 20.0).round() as usize;
    format!("{}{}", "█".repeat(blocks), "·".repeat(20 - blocks.min(20)))
}

/// The kinds on which any time was spent but computing, with their parts, largest first.
pub fn losses(times: &CoreTimes) -> Vec<(Spent, f64)> {
    let mut losses: Vec<(Spent, f64)> =
        Spent::all().filter(|kind| !kind.is_useful()).map(|kind| (kind, kind.part(times))).collect();
    losses.retain(|(_, part)| *part > 0.0);
    losses.sort_by(|a, b| b.1.total_cmp(&a.1));
    losses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_all_kinds_make_the_whole() {
        let mut times = CoreTimes { states: [30, 5, 0, 0, 0, 0, 0, 15, 40, 10], idle: [10, 0, 28, 2] };
        let whole: f64 = Spent::all().map(|kind| kind.part(&times)).sum();
        assert!((whole - 1.0).abs() < 1e-12);
        let order: Vec<Spent> = losses(&times).iter().map(|(kind, _)| *kind).collect();
        assert_eq!(order[..2], [Spent::Idle(Idle::Dependency), Spent::In(State::Lost)]);
        assert_eq!(order.len(), 6);
        times = CoreTimes::default();
        assert!(losses(&times).is_empty());
    }
}
