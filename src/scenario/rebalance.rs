//! Whether workloads can be rebalanced: what they run on, and what else does.

use super::Job;
use crate::error::Problem;
use crate::policy::Schedule;
use crate::policy::rebalance::Way;

/// Why the workloads can't be rebalanced as their schedules say; nothing if they can.
pub(super) fn problems(jobs: &[&Job], shared: &Schedule, network: bool) -> Vec<Problem> {
    let of = |job: &Job| -> *const Schedule { job.schedule.as_ref().unwrap_or(shared) };
    let mut problems = Vec::new();
    let mut members: Vec<&Job> = Vec::new();
    for job in jobs.iter().copied().filter(|job| job.workload.uses_cores() && job.workload.shape().is_none())
    {
        let schedule = job.schedule.as_ref().unwrap_or(shared);
        let Some(spec) = &schedule.rebalance else { continue };
        let place = schedule.rebalance_place();
        if schedule.order().service().shares {
            let what = format!(
                "under `{}` all tasks of a core are served at once: none waits that could be moved",
                schedule.order_name()
            );
            let help = "leave `rebalance` out, or let tasks take turns: queue.round-robin-quantum = \"1 ms\"";
            problems.push(Problem::new(what).at(place, "nothing waits").help(help));
            continue;
        }
        if let Some(service) = job.workload.service().filter(|service| service.cores > 1) {
            let what = format!(
                "a replica of `{}` is {} cores that share a queue, but only queues of single cores are rebalanced",
                job.name, service.cores
            );
            let help = "give the replicas one core each, or leave `rebalance` out";
            problems.push(Problem::new(what).at(place, "no queues of single cores").help(help));
            continue;
        }
        if let Way::Rounds(rounds) = spec.way()
            && rounds.needs_network()
            && !network
        {
            let what = "`neighbours = \"network\"` are those that the network joins, but there is none";
            let help = "give a `[network]`, or choose neighbours = \"ring\"";
            problems.push(Problem::new(what).at(place, "joined by what?").help(help));
        }
        let overlaps = |other: &&&Job| {
            let common = other.on.0.max(job.on.0) < other.on.1.min(job.on.1);
            common && (of(other) != of(job) || reach(other) != reach(job))
        };
        if let Some(other) = members.iter().find(overlaps) {
            let what = format!(
                "`{}` and `{}` are rebalanced on the same cores, but not by one schedule for the same cores",
                other.name, job.name
            );
            let help =
                "let them share one schedule and the same `on`, or give each cores of its own with `on`";
            problems.push(Problem::new(what).at(place, "the second").help(help));
        }
        members.push(job);
    }
    problems
}

/// The cores that a job really uses: a service no more than its replicas have.
fn reach(job: &Job) -> (u32, u32) {
    let (from, to) = job.on;
    let used =
        job.workload.service().map_or(to - from, |service| service.replicas_on(to - from) * service.cores);
    (from, from + used)
}
