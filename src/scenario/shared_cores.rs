//! Whether the cores of queues whose tasks are served all at once can be shared so.

use super::Job;
use crate::error::Problem;
use crate::machine::Machine;
use crate::policy::{Queues, Schedule};
use crate::time::Span;

/// Cores, from the first up to but without the second.
type Range = (u32, u32);

/// What is wrong with the cores that the tasks of `jobs` share by processor sharing, if those that have no schedule of
/// their own follow `shared`. `network`: messages between nodes take time.
pub(super) fn problems(jobs: &[&Job], shared: &Schedule, machine: &Machine, network: bool) -> Vec<Problem> {
    let of = |job: &Job| job.schedule.as_ref().map_or(shared as *const Schedule, |own| own);
    let users: Vec<&Job> = jobs.iter().copied().filter(|job| job.workload.uses_cores()).collect();
    let mut problems = Vec::new();
    let mut pools: Vec<(*const Schedule, Range)> = Vec::new();
    let mut alone: Vec<(*const Schedule, Range)> = Vec::new();
    for job in users.iter().copied() {
        let schedule = job.schedule.as_ref().unwrap_or(shared);
        if !schedule.order().service().shares || job.workload.shape().is_some() {
            continue;
        }
        problems.extend(costs(job, schedule));
        problems.extend(memory(job, schedule, machine));
        problems.extend(beside_loop(job, schedule, &users));
        for pool in pooled(job, schedule) {
            problems.extend(across_nodes(job, schedule, pool, machine, network));
            let other = pools.iter().find(|(whose, other)| *whose == of(job) && overlap(*other, pool));
            problems.extend(other.and_then(|(_, other)| in_part(job, schedule, *other, pool)));
            let other = alone.iter().find(|(whose, other)| *whose == of(job) && overlap(*other, pool));
            problems.extend(other.map(|(_, other)| pooled_or_alone(job, schedule, pool, *other)));
            pools.push((of(job), pool));
        }
        if let Some(each) = queue_for_each_core(job, schedule) {
            let other = pools.iter().find(|(whose, other)| *whose == of(job) && overlap(*other, each));
            problems.extend(other.map(|(_, other)| pooled_or_alone(job, schedule, *other, each)));
            alone.push((of(job), each));
        }
        if matches!(schedule.policy.queues(), Queues::Central(_)) && job.workload.pins_within() {
            problems.push(pinned(job, schedule));
        }
    }
    problems
}

fn overlap(one: Range, other: Range) -> bool {
    one.0.max(other.0) < one.1.min(other.1)
}

/// The cores that each queue of a job pools: none where each core has its own.
fn pooled(job: &Job, schedule: &Schedule) -> Vec<Range> {
    let (from, to) = job.on;
    let service = job.workload.service();
    let replicas = service.map_or(0, |service| service.replicas_on(to.saturating_sub(from)));
    match (schedule.policy.queues(), service) {
        (Queues::Central(_), _) => {
            let to = service.map_or(to, |service| from + replicas * service.cores);
            let within = |pin: Range| (pin.0.max(from), pin.1.min(to));
            job.workload.kinds().iter().map(|kind| kind.pin.map_or((from, to), within)).collect()
        }
        (Queues::PerServer, Some(service)) if service.cores > 1 => {
            let first = |replica: u32| from + replica * service.cores;
            (0..replicas).map(|replica| (first(replica), first(replica) + service.cores)).collect()
        }
        _ => Vec::new(),
    }
}

/// The cores of a job each of which has a queue of its own.
fn queue_for_each_core(job: &Job, schedule: &Schedule) -> Option<Range> {
    let pools = job.workload.service().is_some_and(|service| service.cores > 1);
    (matches!(schedule.policy.queues(), Queues::PerServer) && !pools).then_some(job.on)
}

/// Cores that some tasks pool, while others have each by itself.
fn pooled_or_alone(job: &Job, schedule: &Schedule, pool: Range, each: Range) -> Problem {
    let what = format!(
        "under `{}` a replica of several cores pools cores {} to {}, but other tasks queue at each of cores {} to {}",
        schedule.order_name(),
        pool.0,
        pool.1.saturating_sub(1),
        each.0,
        each.1.saturating_sub(1)
    );
    let help = format!(
        "give the tasks of `{}` cores that no other may use, with `on`, or the replicas one core each",
        job.name
    );
    Problem::new(what).at(schedule.queue_place(), "pooled, and not pooled").help(help)
}

/// Costs of handing work from task to task, which is what fluid sharing leaves out.
fn costs(job: &Job, schedule: &Schedule) -> Option<Problem> {
    let (key, cost) = match schedule.cost {
        cost if cost.switch > Span::ZERO => ("switch", "going over to another task"),
        cost if cost.dispatch > Span::ZERO => ("dispatch", "taking a task from the queue"),
        _ => return None,
    };
    let what = format!(
        "`cost.{key}` is a time for {cost}, but under `{}` the tasks of `{}` are served all at once",
        schedule.order_name(),
        job.name
    );
    let help = "leave it out, or let tasks take turns: queue.round-robin-quantum = \"1 ms\"";
    Some(Problem::new(what).at(schedule.queue_place(), "without dispatches and switches").help(help))
}

/// Tasks that ask for memory where it is scarce: what a part of a core asks for is not modelled.
fn memory(job: &Job, schedule: &Schedule, machine: &Machine) -> Option<Problem> {
    let cores = &machine.cores[job.on.0 as usize..job.on.1 as usize];
    let scarce = cores.iter().any(|core| machine.sockets[core.socket.index()].bandwidth.is_finite());
    if !scarce || !job.workload.asks_for_memory() {
        return None;
    }
    let what = format!(
        "tasks of `{}` ask for memory bandwidth, which sockets have a limit of: how tasks that share cores share it too isn't modelled",
        job.name
    );
    let help = "leave out `memory.traffic` or `machine.memory.bandwidth`, or let tasks take turns: queue.round-robin-quantum = \"1 ms\"";
    Some(Problem::new(what).at(schedule.queue_place(), "cores are shared").help(help))
}

/// A loop that takes whole cores out of those that are shared.
fn beside_loop(job: &Job, schedule: &Schedule, users: &[&Job]) -> Option<Problem> {
    let other = users.iter().find(|other| other.workload.shape().is_some() && overlap(job.on, other.on))?;
    let what = format!(
        "the loop `{}` takes whole cores for its chunks, but under `{}` those of `{}` are shared by all its tasks",
        other.name,
        schedule.order_name(),
        job.name
    );
    let help =
        "give each cores of its own with `on`, or choose another queue, such as \"round-robin-quantum\"";
    Some(Problem::new(what).at(schedule.queue_place(), "whose cores?").help(help))
}

/// A pool of several nodes, between which tasks would move for nothing.
fn across_nodes(
    job: &Job,
    schedule: &Schedule,
    (from, to): Range,
    machine: &Machine,
    network: bool,
) -> Option<Problem> {
    let node = |core: u32| machine.cores.get(core as usize).map(|core| core.node);
    if !network || from >= to || node(from) == node(to - 1) {
        return None;
    }
    let what = format!(
        "under `{}` tasks of `{}` would move between nodes all the time, which the network would have to carry",
        schedule.order_name(),
        job.name
    );
    let help = "choose a policy that gives each core a queue, such as \"jsq\", or keep the workload on one node with `on`";
    Some(Problem::new(what).at(schedule.queue_place(), "one pool of several nodes").help(help))
}

/// Pools that have some cores in common and others not.
fn in_part(job: &Job, schedule: &Schedule, one: Range, other: Range) -> Option<Problem> {
    if one == other {
        return None;
    }
    let text = |(from, to): Range| format!("cores {from} to {}", to.saturating_sub(1));
    let what = format!(
        "some tasks may use {} and others {}, but under `{}` cores are shared by all tasks or by none of them",
        text(one),
        text(other),
        schedule.order_name()
    );
    let help = format!(
        "give the tasks of `{}` the same cores as the others, or cores that no other may use, with `pin` or `on`; or choose a policy that gives each core a queue, such as \"jsq\"",
        job.name
    );
    Some(Problem::new(what).at(schedule.queue_place(), "which cores?").help(help))
}

/// A graph some of whose tasks are pinned.
fn pinned(job: &Job, schedule: &Schedule) -> Problem {
    let what = format!(
        "some tasks of `{}` are pinned to nodes, but under `{}` cores are shared by all tasks or by none of them",
        job.name,
        schedule.order_name()
    );
    let help = "leave out `pin`, or choose a policy that gives each core a queue, such as \"jsq\"";
    Problem::new(what).at(schedule.queue_place(), "which cores?").help(help)
}
