//! Whether workloads can steal from one another, and outlast what breaks.

use super::Job;
use super::workloads::Places;
use crate::error::Problem;
use crate::faults::{Fault, Faults, Recover};
use crate::policy::{Queues, Schedule};
use crate::time::Span;

/// Why the workloads that steal can't share their deques, or what unfolds or is stolen can't outlast the faults; nothing
/// if all is well.
pub(super) fn problems(jobs: &[(Job, Places)], schedule: &Schedule, faults: &Faults) -> Vec<Problem> {
    let mut problems = Vec::new();
    let of = |job: &Job| -> *const Schedule { job.schedule.as_ref().unwrap_or(schedule) };
    let steals = |job: &&Job| {
        let queues = job.schedule.as_ref().unwrap_or(schedule).policy.queues();
        job.workload.uses_cores() && matches!(queues, Queues::Deques(_))
    };
    let stealing: Vec<&Job> = jobs.iter().map(|(job, _)| job).filter(steals).collect();
    if let Some((first, rest)) = stealing.split_first() {
        if let Some(other) = rest.iter().find(|job| of(job) != of(first)) {
            let what = format!("`{}` and `{}` steal by schedules of their own", first.name, other.name);
            let place = other.schedule.as_ref().unwrap_or(schedule).place();
            let help = "a core has one deque: let all that steal share one schedule, such as `[schedule]`";
            problems.push(Problem::new(what).at(place, "the second").help(help));
        } else if let Some(other) = rest.iter().find(|job| job.on != first.on) {
            let what =
                format!("`{}` and `{}` share deques, but may use different cores", first.name, other.name);
            let help = "give them the same `on`, or schedule one of them by another policy";
            problems.push(
                Problem::new(what)
                    .at(first.schedule.as_ref().unwrap_or(schedule).place(), "these deques")
                    .help(help),
            );
        }
    }
    problems.extend(stealing.iter().filter_map(|job| service(job, schedule)));
    for (job, _) in jobs.iter().filter(|(job, _)| job.workload.unfolds()) {
        let schedule = job.schedule.as_ref().unwrap_or(schedule);
        let service = schedule.order().service();
        if service.takes_back() || service.shares {
            let what = format!(
                "`{}` unfolds while it runs, but under `{}` tasks give up their cores",
                job.name,
                schedule.order_name()
            );
            let help = "choose a queue whose tasks run to their end, such as \"lifo\", or policy = \"work-stealing\"";
            problems.push(Problem::new(what).at(schedule.queue_place(), "cores are shared").help(help));
        }
    }
    for (job, _) in jobs {
        let schedule = job.schedule.as_ref().unwrap_or(schedule);
        if schedule.cost.switch > Span::ZERO && (job.workload.unfolds() || steals(&job)) {
            let what = format!(
                "`cost.switch` is not charged for `{}`, whose tasks follow one another as calls do",
                job.name
            );
            let help =
                "leave it out; what a spawn costs is `spawn`, what an attempt to steal costs `cost.steal`";
            problems.push(Problem::new(what).at(schedule.place(), "this schedule").help(help));
        }
    }
    let Some(crash) = faults.inject.iter().find(|inject| inject.fault == Fault::Crash) else {
        return problems;
    };
    let unfolds = jobs.iter().map(|(job, _)| job).find(|job| job.workload.unfolds());
    let rolls_back = matches!(faults.recover, Recover::Restart { .. } | Recover::Checkpoint { .. });
    let help = "give `faults.recover = \"retry\"`: what was lost runs again, from the last spawn or sync of a tree's node";
    if let Some(job) = unfolds.filter(|_| !matches!(faults.recover, Recover::Retry { .. })) {
        let why = if rolls_back {
            "can't go back to a checkpoint or its start"
        } else {
            "can't do without a node that is lost"
        };
        let what =
            format!("`{}` unfolds while it runs, and {why} after a crash such as `{}`", job.name, crash.name);
        problems.push(Problem::new(what).help(help));
    } else if let Some(job) = stealing.first().filter(|_| rolls_back) {
        let what = format!(
            "`{}` is stolen from core to core: after a crash such as `{}` it can't go back as a whole",
            job.name, crash.name
        );
        problems.push(Problem::new(what).help(help));
    }
    problems
}

/// Why a service can't be stolen from: thieves know tasks of one core, not replicas and requests.
fn service(job: &Job, schedule: &Schedule) -> Option<Problem> {
    let service = job.workload.service()?;
    let cores = job.on.1 - job.on.0;
    let (what, help) = if service.most_tasks() > 1 {
        (
            format!("requests of `{}` have several parts or copies, which can't be stolen", job.name),
            "choose a policy that sends each to a replica, such as \"jsq\"; or leave out `fan_out` and `hedge`",
        )
    } else if service.cores > 1 || service.replicas_on(cores) < cores {
        (
            format!(
                "`{}` has replicas that aren't single cores, all that there are, from which thieves steal",
                job.name
            ),
            "leave out `replicas` and `cores`, and give the cores by `on`; or choose a policy that sends requests to replicas, \
             such as \"jsq\"",
        )
    } else if service.capacity.is_some() {
        (
            format!("replicas of `{}` have a capacity, which thieves would get round", job.name),
            "leave out `capacity`, or choose a policy that sends requests to replicas, such as \"jsq\"",
        )
    } else {
        return None;
    };
    let place = job.schedule.as_ref().unwrap_or(schedule).place();
    Some(Problem::new(what).at(place, "it steals").help(help))
}
