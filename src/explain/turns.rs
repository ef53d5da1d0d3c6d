//! Who waited for whom, in words: what an order within queues and time sharing did.

use super::words::share;
use super::{Recorded, grouped};
use crate::experiment::CaseResult;
use crate::metrics::Metric;
use crate::record::{Group, Story};
use crate::scenario::{Case, Scenario};
use crate::units::{count, number, seconds};

/// Who waited, by how long tasks are; how often tasks lost their cores, and what going over to others cost.
pub(super) fn sentences(cases: &[Recorded<'_>]) -> Vec<String> {
    let tell = |(case, result, story): &Recorded<'_>| one(case, result, story);
    grouped(cases.iter().map(|told| (told.0, tell(told))).collect())
}

fn one(case: &Case, result: &CaseResult, story: &Story) -> Vec<String> {
    let scenario = &*case.scenario;
    if !scenario.jobs.iter().any(|job| job.workload.arrives() && job.workload.uses_cores()) {
        return Vec::new();
    }
    let mut lines = Vec::new();
    if let Some((short, long)) = story.waits.as_ref().and_then(|waits| waits.short_and_long()) {
        lines.push(waits(scenario, &short, &long));
        lines.extend(fairness(&short, &long));
    }
    lines.extend(interruptions(scenario, result));
    lines
}

fn ticks(scenario: &Scenario, ticks: f64) -> String {
    seconds(scenario.scale.seconds(ticks))
}

fn waits(scenario: &Scenario, short: &Group, long: &Group) -> String {
    format!(
        "In replicate 0, the shorter half of the tasks (up to {}) waits {} on average, the longest tenth (from {}) {}.",
        ticks(scenario, short.sizes.1 as f64),
        ticks(scenario, short.wait),
        ticks(scenario, long.sizes.0 as f64),
        ticks(scenario, long.wait)
    )
}

/// Who bears the waiting, and how it feels to short and long tasks.
fn fairness(short: &Group, long: &Group) -> Option<String> {
    if short.wait == 0.0 && long.wait == 0.0 {
        return None;
    }
    let times = |group: &Group| group.wait / group.size.max(1.0);
    let round = |value: f64| number((value * 100.0).round() / 100.0);
    let follows = match (short.wait, long.wait) {
        _ if times(short).max(times(long)) < 0.05 => "hardly anyone waits",
        (short, long) if short > 1.5 * long => "the short ones wait for the long ones",
        (short, long) if long > 1.5 * short => "the long ones wait for the short ones",
        _ => "all wait alike, which the short ones feel most",
    };
    Some(format!(
        "That is {} and {} times as long as they compute: {follows}.",
        round(times(short)),
        round(times(long))
    ))
}

/// Preemptions and switches, over all replicates.
fn interruptions(scenario: &Scenario, result: &CaseResult) -> Option<String> {
    let mean = |metric: Metric| result.summary(metric).map(|summary| summary.mean);
    let (lost, done) = (mean(Metric::Preemptions)?, mean(Metric::Attempts)?);
    if lost == 0.0 {
        return None;
    }
    let round = |value: f64| number((value * 100.0).round() / 100.0);
    let times = count(lost.round() as u64);
    let each = if done > 0.0 { format!(", {} a task", round(lost / done)) } else { String::new() };
    let cost = scenario.schedule.cost.switch.ticks() as f64;
    let own = scenario.jobs.iter().any(|job| job.schedule.is_some());
    let switches = mean(Metric::Switches).filter(|switches| *switches > 0.0 && !own);
    let switched = switches.zip(mean(Metric::Duration)).map_or(String::new(), |(switches, duration)| {
        let spent = scenario.scale.seconds(cost) * switches;
        format!(
            "; going over to another task {} times takes {} of core time",
            count(switches.round() as u64),
            share(spent / (duration * result.cores as f64).max(f64::MIN_POSITIVE))
        )
    });
    Some(format!("Tasks lose their cores {times} times{each}{switched}."))
}
