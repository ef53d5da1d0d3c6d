//! From the tree of one case to what is simulated.

use super::keys::{ALL, FAULTS, MACHINE, NETWORK, RUN, SCHEDULE, WORKLOAD};
use super::workloads::Places;
use super::{Job, Scenario, fit, queues, rebalance, run, shared_cores, steal};
use crate::error::Problem;
use crate::faults::{Faults, When};
use crate::machine::{Described, Machine};
use crate::network::Network;
use crate::policy::Schedule;
use crate::rng::Distribution;
use crate::source::{Context, Fields, Value};
use crate::units::Scale;
use crate::workload::Workload;

/// A case but for the number of its replicates, which depends on whether anything is drawn in any case.
pub(super) struct Unsettled {
    /// How it is run.
    pub run: run::Described,
    /// All else.
    pub rest: Rest,
}

/// A scenario without its run.
pub(super) struct Rest {
    machine: Machine,
    network: Option<Network>,
    jobs: Vec<Job>,
    schedule: Schedule,
    faults: Faults,
    scale: Scale,
}

/// Reads the tree of one case; problems go to `cx`. The order matters: the tick before any time, the machine's
/// speeds before any work, the machine before addresses on it.
pub(super) fn read(tree: &Value, cx: &Context<'_>) -> Option<Unsettled> {
    cx.set_scale(Scale::default());
    let fields = Fields::open(tree, ALL, cx)?;
    let run = fields.take(&RUN);
    let machine = fields.take(&MACHINE);
    let (network, workloads) = (fields.maybe(&NETWORK), fields.take(&WORKLOAD));
    let (schedule, faults) = (fields.take(&SCHEDULE), fields.maybe(&FAULTS));
    let (run, described, workloads, schedule) = (run?, machine?, workloads?, schedule?);
    let machine = match described {
        Described::Built(machine) => machine,
        Described::FromWorkload => match workloads.machine() {
            Some(machine) => machine,
            None => {
                let given = fields.given(&MACHINE);
                let from = given.and_then(|machine| machine.table()?.get("from"));
                let place = from.or(given).map_or(tree.place, |value| value.place);
                cx.problem(
                    Problem::new("no workload names the machines that it ran on")
                        .at(place, "recorded where?")
                        .help("only a recorded workload does, such as `workload.dag.file`"),
                );
                return None;
            }
        },
    };
    let jobs = workloads.resolve(&machine, cx);
    let network = match network? {
        Some(described) => described.build(&machine, cx).map(Some),
        None => Some(None),
    };
    let faults = match faults? {
        Some(described) => described.resolve(&machine, cx),
        None => Some(Faults::default()),
    };
    let (jobs, network, faults) = (jobs?, network?, faults?);
    let recover = fields.given(&FAULTS).and_then(|faults| faults.table()?.get("recover"));
    cx.problems(recover.and_then(|recover| fit::recovery(&jobs, &faults, recover.place)));
    check(&jobs, &schedule, &machine, &run, cx);
    let all: Vec<&Job> = jobs.iter().map(|(job, _)| job).collect();
    cx.problems(queues::problems(&all, &schedule, &faults));
    cx.problems(shared_cores::problems(&all, &schedule, &machine, network.is_some()));
    cx.problems(steal::problems(&jobs, &schedule, &faults));
    cx.problems(rebalance::problems(&all, &schedule, network.is_some()));
    let jobs = jobs.into_iter().map(|(job, _)| job).collect();
    let rest = Rest { machine, network, jobs, schedule, faults, scale: cx.scale() };
    Some(Unsettled { run, rest })
}

fn check(
    jobs: &[(Job, Places)],
    schedule: &Schedule,
    machine: &Machine,
    run: &run::Described,
    cx: &Context<'_>,
) {
    let shared: Vec<_> =
        jobs.iter().filter(|(job, _)| job.schedule.is_none()).map(|(job, _)| user(job)).collect();
    schedule.check_users(&shared, cx);
    for (job, places) in jobs {
        if let Some(own) = &job.schedule {
            own.check_users(&[user(job)], cx);
        }
        let cores = job.on.1 - job.on.0;
        let servers = job.workload.service().map_or(cores, |service| service.replicas_on(cores));
        job.schedule.as_ref().unwrap_or(schedule).check(&job.name, &*job.workload, servers, cx);
        cx.problems(fit::problems(job, places, machine, run.ends()));
    }
}

/// A job as its schedule sees it: its name, its workload, and how many cores it may use.
fn user(job: &Job) -> (&str, &dyn Workload, u32) {
    (&job.name, &*job.workload, job.on.1.saturating_sub(job.on.0))
}

impl Rest {
    /// Whether anything is drawn at random.
    pub fn is_random(&self) -> bool {
        let drawn_speeds = self.machine.drawn.iter().any(Distribution::is_random);
        let drawn_faults = self.faults.inject.iter().any(|inject| match &inject.when {
            When::Random { uptime, repair } => {
                uptime.is_random() || repair.as_ref().is_some_and(Distribution::is_random)
            }
            When::Scripted { .. } => false,
        });
        let schedules = self.jobs.iter().map(|job| job.schedule.as_ref().unwrap_or(&self.schedule));
        drawn_speeds
            || drawn_faults
            || self.jobs.iter().any(|job| job.workload.is_random())
            || schedules.into_iter().any(Schedule::is_random)
    }
}

impl Unsettled {
    /// The case, of a study in which something is drawn at random, or nothing.
    pub fn settle(self, random: bool) -> Scenario {
        let Rest { machine, network, jobs, schedule, faults, scale } = self.rest;
        Scenario { machine, network, jobs, schedule, faults, run: self.run.settle(random), scale }
    }
}
