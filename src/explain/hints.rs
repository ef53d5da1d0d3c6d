//! What follows from the numbers, and only from them.

use std::cmp::Ordering;

use super::told;
use super::whereabouts::Spent;
use super::words::share;
use crate::experiment::{CaseResult, Results};
use crate::faults::Recover;
use crate::metrics::Metric;
use crate::policy::Queues;
use crate::record::{Idle, State};
use crate::scenario::{Case, Scenario};

/// The hints of each case.
pub(super) fn sentences(results: &Results, cases: &[(&Case, &CaseResult)]) -> Vec<String> {
    told(cases, |case, result| {
        let scenario = &*case.scenario;
        let mut lines = Vec::new();
        lines.extend(undone(result));
        lines.extend(dispatcher(scenario, result));
        lines.extend(imbalance(scenario, result));
        lines.extend(waiting(result));
        lines.extend(load(scenario, result));
        lines.extend(recovery(scenario, result));
        lines.extend(precision(results, result));
        lines
    })
}

fn part(result: &CaseResult, kind: Spent) -> f64 {
    kind.part(&result.times)
}

fn mean(result: &CaseResult, metric: Metric) -> Option<f64> {
    result.summary(metric).map(|summary| summary.mean)
}

/// Tasks that were never done, which makes a run look fast.
fn undone(result: &CaseResult) -> Option<String> {
    let (undone, done) = (result.fates.failed + result.fates.dropped, result.fates.done);
    (undone > 0).then(|| {
        format!(
            "{} of the tasks were never done: don't compare this run with one that did them all.",
            share(undone as f64 / (undone + done) as f64)
        )
    })
}

/// A serial dispatcher that hardly rests.
fn dispatcher(scenario: &Scenario, result: &CaseResult) -> Option<String> {
    let busy = mean(result, Metric::Dispatching)?;
    (busy >= 0.8).then(|| {
        let schedules = scenario.jobs.iter().map(|job| job.schedule.as_ref().unwrap_or(&scenario.schedule));
        let one = schedules.map(|schedule| schedule.dispatchers.count).max() == Some(1);
        let which = if one { "The dispatcher" } else { "The busiest dispatcher" };
        format!("{which} is busy {} of the time: it, not the cores, sets the pace.", share(busy.min(1.0)))
    })
}

/// Cores that have run out of work while others still have some.
fn imbalance(scenario: &Scenario, result: &CaseResult) -> Option<String> {
    let jobs = || scenario.jobs.iter();
    if jobs().any(|job| job.workload.arrives()) || jobs().all(|job| !job.workload.uses_cores()) {
        return None;
    }
    let (early, elsewhere) =
        (part(result, Spent::Idle(Idle::NoWork)), part(result, Spent::Idle(Idle::Elsewhere)));
    if elsewhere >= 0.05 && matches!(scenario.schedule.policy.queues(), Queues::Planned) {
        return Some(format!(
            "The plan holds ready work for certain cores while others are idle ({} of core time): what was planned and what \
             happened differ, or the work fits some cores badly.",
            share(elsewhere)
        ));
    }
    if elsewhere >= 0.05 {
        return Some(format!(
            "Work waits in some queues while other cores are idle ({} of core time): one shared queue, or moving work, \
             could use it.",
            share(elsewhere)
        ));
    }
    let longest =
        result.bounds.iter().find(|bound| bound.name == "critical path").and_then(|bound| bound.seconds);
    let makespan = mean(result, Metric::Makespan)?;
    if jobs().any(|job| job.workload.shape().is_some()) {
        return chunks(early, mean(result, Metric::Overhead).unwrap_or(0.0));
    }
    (early >= 0.05).then(|| match longest {
        Some(longest) if longest >= 0.95 * makespan => {
            "Cores run out of work at the end because one chain of tasks takes nearly all of the makespan."
                .to_owned()
        }
        _ => format!(
            "Cores run out of work before the end ({} of core time): shorter tasks{} would end more evenly.",
            share(early),
            if scenario.schedule.policy_name() == "lpt" { "" } else { ", or the longest ones first," }
        ),
    })
}

/// What a loop loses to chunks that are too large, beside what it loses to their number.
fn chunks(early: f64, overhead: f64) -> Option<String> {
    match (early >= 0.02, overhead >= 0.02) {
        (true, _) if early > 2.0 * overhead => Some(format!(
            "More is lost because cores run out of work before the others ({} of core time) than to handing out chunks \
             ({}): smaller chunks would end more evenly, the last ones, or the first where iterations take less and less.",
            share(early),
            share(overhead)
        )),
        (_, true) if overhead > 2.0 * early => Some(format!(
            "More is lost to handing out chunks ({} of core time) than because cores run out of work before the others \
             ({}): fewer and larger chunks would cost less.",
            share(overhead),
            share(early)
        )),
        _ => None,
    }
}

/// Time spent waiting for what is shared.
fn waiting(result: &CaseResult) -> Vec<String> {
    let mut lines = Vec::new();
    let memory = part(result, Spent::In(State::Memory));
    if memory >= 0.1 {
        let compute = part(result, Spent::In(State::Compute));
        lines.push(format!(
            "Of the time that tasks run, {} goes to waiting for memory bandwidth: on as many cores, they take {} times as \
             long as they need by themselves.",
            share(memory / (memory + compute)),
            crate::units::number((((memory + compute) / compute.max(1e-12)) * 100.0).round() / 100.0)
        ));
    }
    let data = part(result, Spent::Idle(Idle::Data));
    if data >= 0.1 {
        lines.push(format!(
            "Cores that have a task wait for its data {} of the time: a faster network, or a policy that keeps tasks near \
             their data, would help.",
            share(data)
        ));
    }
    lines
}

/// A queue that can't keep up.
fn load(scenario: &Scenario, result: &CaseResult) -> Option<String> {
    if !scenario.jobs.iter().any(|job| job.workload.arrives()) {
        return None;
    }
    let used = mean(result, Metric::Utilisation)?;
    let (unfinished, done) = (result.fates.unfinished, result.fates.done);
    if used >= 0.95 && unfinished as f64 > 0.02 * done as f64 {
        return Some(format!(
            "The cores are busy {} of the time and {} tasks were left over: work comes faster than it can be done, so that \
             queues and response times grow with the length of the run.",
            share(used),
            crate::units::count(unfinished)
        ));
    }
    (used >= 0.9).then(|| {
        format!(
            "The cores are busy {} of the time: response times react strongly to a little more load.",
            share(used)
        )
    })
}

/// Work thrown away, and what guards against it.
fn recovery(scenario: &Scenario, result: &CaseResult) -> Option<String> {
    let (lost, checkpoints) =
        (part(result, Spent::In(State::Lost)), part(result, Spent::In(State::Checkpoint)));
    match scenario.faults.recover {
        // The optimum of Young 1974 spends about as much on checkpoints as is lost.
        Recover::Checkpoint { .. } if checkpoints > 2.0 * lost && checkpoints >= 0.02 => Some(format!(
            "Checkpoints take {} of core time and save all but {}: a longer interval would take less.",
            share(checkpoints),
            share(lost)
        )),
        Recover::Checkpoint { .. } if lost > 2.0 * checkpoints && lost >= 0.02 => Some(format!(
            "Lost work takes {} of core time and checkpoints only {}: a shorter interval would lose less.",
            share(lost),
            share(checkpoints)
        )),
        Recover::Restart { .. } if lost >= 0.1 => Some(format!(
            "Beginning again throws away {} of core time: checkpoints would keep some of it.",
            share(lost)
        )),
        _ => None,
    }
}

/// An interval too wide to say much.
fn precision(results: &Results, result: &CaseResult) -> Option<String> {
    let metric = results.primary();
    let interval = result.summary(metric)?.interval.filter(|interval| !interval.is_exact())?;
    let undecided = result.comparison(metric).is_some_and(|comparison| {
        comparison.order == Ordering::Equal
            && !comparison.paired.is_some_and(|paired| paired.difference.is_exact())
    });
    let wide = interval.relative_half_width();
    if wide < 0.1 && !undecided {
        return None;
    }
    let name = metric.describe().name;
    Some(match undecided {
        true => format!(
            "Its {name} can't be told from the baseline's: four times as many replicates halve the interval."
        ),
        false => format!(
            "The {name} is known to ± {} only: four times as many replicates halve that.",
            share(wide)
        ),
    })
}
