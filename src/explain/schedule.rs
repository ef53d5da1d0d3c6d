//! What there is to do, and how it is scheduled.

use super::told;
use super::words::some;
use crate::experiment::CaseResult;
use crate::faults::{Fault, Recover};
use crate::policy::loops::LOOPS;
use crate::policy::{Knowledge, ORDERS, POLICIES, Queues, REBALANCERS, Schedule, Stale};
use crate::scenario::{Case, Job, Scenario};
use crate::source::AnyRegistry;
use crate::time::Span;
use crate::units::{number, seconds};
use crate::workload::LoopShape;

/// The workloads, a sentence each, and what breaks.
pub(super) fn work(cases: &[(&Case, &CaseResult)]) -> Vec<String> {
    told(cases, |case, result| {
        let scenario = &*case.scenario;
        let mut lines: Vec<String> = scenario.jobs.iter().map(|job| workload(job, scenario)).collect();
        if result.recorded.is_some() {
            lines.push("It is the record of a real run, to which nothing here is fitted.".to_owned());
        }
        lines.extend(faults(scenario));
        lines
    })
}

fn workload(job: &Job, scenario: &Scenario) -> String {
    let what = match (job.workload.shape(), job.workload.count()) {
        (Some(shape), _) => iterations(&shape, scenario),
        (None, Some(count)) => some(count, "task"),
        (None, None) => "tasks without a given number".to_owned(),
    };
    let when = match (job.workload.at_once(), job.workload.arrives()) {
        (Some(most), _) => format!(", {most} of them under way at a time"),
        (None, true) => " that arrive over time".to_owned(),
        (None, false) if job.workload.shape().is_some() => ", which cores take in chunks".to_owned(),
        (None, false) if job.workload.unfolds() => " that make one another while they run".to_owned(),
        (None, false) => ", all there at the start".to_owned(),
    };
    let all = job.on == (0, scenario.machine.len() as u32);
    let place =
        if all { String::new() } else { format!(", on cores {} to {}", job.on.0, job.on.1.max(1) - 1) };
    let end = if job.background { "; the run doesn't wait for it" } else { "" };
    format!("“{}”: {what}{when}{place}{end}.", job.name)
}

/// The iterations of a loop, how long they take at speed 1, and how much that differs.
fn iterations(shape: &LoopShape, scenario: &Scenario) -> String {
    let each = seconds(scenario.scale.seconds(shape.mean));
    let spread = match shape.cv() {
        0.0 => String::new(),
        cv if cv.is_finite() => {
            format!(" on average (coefficient of variation {})", number((cv * 100.0).round() / 100.0))
        }
        _ => " on average, without a finite variance".to_owned(),
    };
    let steps = match (shape.steps, shape.barrier) {
        (1, Span::ZERO) => String::new(),
        (steps, Span::ZERO) => format!(" in each of {}", some(steps, "time step")),
        (steps, barrier) => format!(
            " in each of {}, with a barrier of {} behind it",
            some(steps, "time step"),
            seconds(scenario.scale.seconds(barrier.ticks() as f64))
        ),
    };
    format!("{} of {each}{spread}{steps}", some(shape.iterations, "iteration"))
}

fn faults(scenario: &Scenario) -> Vec<String> {
    let inject = scenario.faults.inject.iter().map(|inject| {
        let what = match inject.fault {
            Fault::Crash => "can crash".to_owned(),
            Fault::Slowdown { speed } => {
                format!("can slow down to {} times their speed", crate::units::number(speed))
            }
        };
        let targets = match &inject.targets[..] {
            [one] => format!("{} {}", one.name, what.replace("their", "its")),
            all => format!("{} {what}", some(all.len() as u64, "target")),
        };
        format!("“{}”: {targets}.", inject.name)
    });
    let mut lines: Vec<String> = inject.collect();
    if lines.is_empty() {
        return lines;
    }
    if scenario.faults.inject.iter().all(|inject| inject.fault != Fault::Crash) {
        return lines;
    }
    let recover = match &scenario.faults.recover {
        Recover::Nothing => "What runs there is lost, ends failed, and what depends on it is dropped.",
        Recover::Retry { .. } => "Tasks that are lost run again from their start.",
        Recover::Restart { .. } => "After a loss the whole job begins again.",
        Recover::Checkpoint { .. } => "After a loss the job goes back to its last completed checkpoint.",
    };
    lines.push(recover.to_owned());
    lines
}

/// What each policy does, in the words of its registry.
pub(super) fn policies(cases: &[(&Case, &CaseResult)]) -> Vec<String> {
    told(cases, |case, _| {
        let scenario = &*case.scenario;
        if scenario.jobs.iter().all(|job| !job.workload.uses_cores()) {
            return Vec::new();
        }
        let is_loop = |job: &Job| job.workload.shape().is_some();
        let shared = |job: &&Job| job.schedule.is_none();
        let mut lines = Vec::new();
        if scenario.jobs.iter().filter(shared).any(|job| !is_loop(job)) {
            lines.extend(policy(&scenario.schedule, scenario));
        }
        if scenario.jobs.iter().filter(shared).any(is_loop) {
            lines.extend(chunks(&scenario.schedule, scenario));
        }
        for job in &scenario.jobs {
            if let Some(own) = &job.schedule {
                let told = if is_loop(job) { chunks(own, scenario) } else { policy(own, scenario) };
                lines.extend(told.into_iter().map(|line| format!("“{}”: {line}", job.name)));
            }
        }
        lines
    })
}

fn policy(schedule: &Schedule, scenario: &Scenario) -> Vec<String> {
    let name = schedule.policy_name();
    let entry = POLICIES.listings().into_iter().find(|entry| entry.name == name);
    let about = entry.as_ref().map_or("", |entry| entry.about);
    let cite = entry.as_ref().map_or("", |entry| entry.cite);
    let source = if cite.is_empty() { String::new() } else { format!(" See {cite}.") };
    let mut lines = vec![format!("The policy is {name}: {about}.{source}")];
    if let Some(queue) = schedule.queue_name() {
        let order = ORDERS.listings().into_iter().find(|entry| entry.name == queue);
        lines
            .push(format!("The order within a queue is {queue}: {}.", order.map_or("", |order| order.about)));
    }
    lines.extend(dispatchers(schedule, scenario));
    if schedule.clairvoyant() {
        let wrong = if schedule.estimate_error.is_some() { ", but for an error" } else { "" };
        lines.push(format!("It knows beforehand how long tasks take{wrong}."));
    }
    if matches!(schedule.policy.queues(), Queues::Deques(_)) {
        let steal = schedule.cost.steal.ticks() as f64;
        lines.push(match steal > 0.0 {
            true => format!("An attempt to steal costs {}.", seconds(scenario.scale.seconds(steal))),
            false => "An attempt to steal costs nothing but messages between nodes.".to_owned(),
        });
    }
    lines.extend(rebalancing(schedule, scenario));
    lines.extend(match (schedule.policy.knowledge(), schedule.policy.queues()) {
        (Some(_), _) => dispatch(schedule, scenario, "Sending a task to a server takes"),
        (None, Queues::Central(_)) => dispatch(schedule, scenario, "Taking a task from the queue costs"),
        (None, _) => None,
    });
    lines
}

/// How a loop is handed out.
fn chunks(schedule: &Schedule, scenario: &Scenario) -> Vec<String> {
    let name = schedule.loop_name();
    let entry = LOOPS.listings().into_iter().find(|entry| entry.name == name);
    let about = entry.as_ref().map_or("", |entry| entry.about);
    let cite = entry.as_ref().map_or("", |entry| entry.cite);
    let source = if cite.is_empty() { String::new() } else { format!(" See {cite}.") };
    let mut lines = vec![format!("The loop schedule is {name}: {about}.{source}")];
    let cost = schedule.cost.dispatch.ticks() as f64;
    match name {
        _ if cost == 0.0 => {}
        "static" => {
            lines.push("Its chunks are settled before it begins: handing them out costs nothing.".to_owned())
        }
        "static-steal" => {
            let cost = seconds(scenario.scale.seconds(cost));
            lines.push(format!("A core pays {cost} for each chunk, be it of its own queue or another's, and waits for nobody."));
        }
        _ => lines.extend(dispatch(schedule, scenario, "Taking a chunk from the queue costs")),
    }
    lines
}

/// What it costs to hand something out, which `what` begins to say.
fn dispatch(schedule: &Schedule, scenario: &Scenario, what: &str) -> Option<String> {
    let cost = schedule.cost.dispatch.ticks() as f64;
    let how = match (schedule.cost.serial, schedule.dispatchers.count) {
        (true, 1) => "one after another, under one lock",
        (true, _) => "one after another at each dispatcher",
        (false, _) => "side by side",
    };
    let text = || seconds(scenario.scale.seconds(cost));
    (cost > 0.0).then(|| format!("{what} {}, {how}.", text()))
}

/// How what waits moves from core to core, if it does.
fn rebalancing(schedule: &Schedule, scenario: &Scenario) -> Vec<String> {
    let Some(name) = schedule.rebalance_name() else { return Vec::new() };
    let entry = REBALANCERS.listings().into_iter().find(|entry| entry.name == name);
    let (about, cite) = entry.map_or(("", ""), |entry| (entry.about, entry.cite));
    let probe = schedule.cost.probe.ticks() as f64;
    let cost = match probe > 0.0 {
        true => format!("To ask for a load takes {}", seconds(scenario.scale.seconds(probe))),
        false => "To ask for a load takes no time".to_owned(),
    };
    vec![
        format!("What waits is rebalanced, {name}: {about}. See {cite}."),
        format!("{cost}, and occupies no core."),
    ]
}

/// How many dispatchers there are, and how old what they know is.
fn dispatchers(schedule: &Schedule, scenario: &Scenario) -> Vec<String> {
    let mut lines = Vec::new();
    let many = schedule.dispatchers;
    if many.count > 1 {
        let split = if many.in_turn { "in turn" } else { "at random" };
        let knows = match schedule.policy.knowledge() {
            Some(Knowledge::OwnTasks) => ", and each counts its own tasks only",
            Some(Knowledge::Reports) => ", and an idle server reports to one of them",
            _ => "",
        };
        lines.push(format!("{} dispatchers get the requests {split}{knows}.", many.count));
    }
    let time = |span: crate::time::Span| seconds(scenario.scale.seconds(span.ticks() as f64));
    lines.extend(schedule.stale.map(|stale| match stale {
        Stale::Age(age) => format!("Loads are seen as they were {} ago.", time(age)),
        Stale::Board(period) => format!("Loads are seen on a board that is written every {}.", time(period)),
        Stale::Individual(period) => {
            format!("Loads are seen on a board on which each server writes its own every {}.", time(period))
        }
    }));
    lines
}
