//! Whether the orders of queues fit what there is: the tasks in them, the other queues of their cores, and the faults.

use super::Job;
use crate::error::Problem;
use crate::faults::{Faults, Recover};
use crate::policy::Schedule;
use crate::program::Standing;

/// What is wrong with the queues of `jobs`, of which those without a schedule of their own follow `shared`.
pub(super) fn problems(jobs: &[&Job], shared: &Schedule, faults: &Faults) -> Vec<Problem> {
    let users: Vec<&Job> = jobs.iter().copied().filter(|job| job.workload.uses_cores()).collect();
    let mut problems = Vec::new();
    let own = users.iter().filter_map(|job| job.schedule.as_ref().map(|schedule| (schedule, vec![*job])));
    let following: Vec<&Job> = users.iter().copied().filter(|job| job.schedule.is_none()).collect();
    for (schedule, jobs) in std::iter::once((shared, following)).chain(own) {
        if jobs.is_empty() {
            continue;
        }
        let standings: Vec<Standing> =
            jobs.iter().flat_map(|job| job.workload.kinds()).map(|kind| kind.standing).collect();
        let place = schedule.queue_place();
        problems.extend(schedule.order().idle_for(&standings).map(|problem| problem.at(place, "by what?")));
        problems.extend(jobs.iter().filter_map(|job| wide(job, schedule)));
        problems.extend(rolls_back(schedule, faults));
    }
    problems.extend(mixed(&users, shared));
    problems
}

/// A task of several cores in a queue that could not take all of them back at once.
fn wide(job: &Job, schedule: &Schedule) -> Option<Problem> {
    let service = schedule.order().service();
    let kind = job.workload.kinds().iter().find(|kind| kind.cores > 1)?;
    if !service.takes_back() && !service.shares {
        return None;
    }
    let task = kind.name.as_ref().map_or("a task".to_owned(), |name| format!("the task `{name}`"));
    let why = match service.shares {
        true => "each task has at most the time of one core",
        false => "tasks give up single cores to one another",
    };
    let what = format!(
        "{task} of `{}` takes {} cores, but under `{}` {why}",
        job.name,
        kind.cores,
        schedule.order_name()
    );
    let help = "give it one core, or choose a queue whose tasks run to their end, such as \"fifo\"";
    Some(Problem::new(what).at(schedule.queue_place(), "cores are shared").help(help))
}

/// Jobs that go back as a whole, of tasks that have done a part each and wait.
fn rolls_back(schedule: &Schedule, faults: &Faults) -> Option<Problem> {
    let service = schedule.order().service();
    let back = matches!(faults.recover, Recover::Restart { .. } | Recover::Checkpoint { .. });
    if !back || !(service.takes_back() || service.shares) {
        return None;
    }
    let what = format!(
        "under `{}` tasks give up their cores to one another: they can't go back to a checkpoint or their start together",
        schedule.order_name()
    );
    let help = "choose faults.recover = \"retry\", or a queue whose tasks run to their end, such as \"fifo\"";
    Some(Problem::new(what).at(schedule.queue_place(), "cores are shared").help(help))
}

/// Two schedules for the same cores, of which one takes them back or shares them.
fn mixed(users: &[&Job], shared: &Schedule) -> Option<Problem> {
    let of = |job: &Job| -> *const Schedule { job.schedule.as_ref().unwrap_or(shared) };
    for (at, one) in users.iter().enumerate() {
        for other in &users[at + 1..] {
            let overlap = one.on.0.max(other.on.0) < one.on.1.min(other.on.1);
            if of(one) == of(other) || !overlap {
                continue;
            }
            let schedules = [one, other].map(|job| job.schedule.as_ref().unwrap_or(shared));
            let Some(schedule) = schedules.iter().find(|schedule| {
                let service = schedule.order().service();
                service.takes_back() || service.shares
            }) else {
                continue;
            };
            let what = format!(
                "`{}` and `{}` have schedules of their own for the same cores, which under `{}` go from task to task",
                one.name,
                other.name,
                schedule.order_name()
            );
            let help = "give both one schedule, or each cores of its own with `on`";
            return Some(Problem::new(what).at(schedule.queue_place(), "whose cores?").help(help));
        }
    }
    None
}
