//! What stealing did, in words.

use super::told;
use super::words::share;
use crate::experiment::CaseResult;
use crate::metrics::Metric;
use crate::policy::Queues;
use crate::scenario::Case;
use crate::units::{bytes, number, seconds};

/// How often thieves tried, what they got, and how far the makespan is from that of a perfect division.
pub(super) fn sentences(cases: &[(&Case, &CaseResult)]) -> Vec<String> {
    told(cases, |case, result| {
        let mean = |metric: Metric| result.summary(metric).map(|summary| summary.mean);
        let (Some(attempts), Some(steals)) = (mean(Metric::StealAttempts), mean(Metric::Steals)) else {
            return Vec::new();
        };
        if steals == 0.0 {
            return vec![match attempts > 0.0 {
                true => format!("Thieves tried {} times and got nothing.", count(attempts)),
                false => "Nobody stole anything.".to_owned(),
            }];
        }
        let mut lines = Vec::new();
        let lifelines = case.scenario.jobs.iter().any(|job| {
            let schedule = job.schedule.as_ref().unwrap_or(&case.scenario.schedule);
            matches!(schedule.policy.queues(), Queues::Deques(rules) if rules.lifelines.is_some())
        });
        let tried = match attempts > steals {
            _ if lifelines => format!(
                "Thieves tried {} times; {} times a core without work got some, by an attempt or over a lifeline",
                count(attempts),
                count(steals)
            ),
            true => format!(
                "Thieves tried {} times and got something {} times ({})",
                count(attempts),
                count(steals),
                share(steals / attempts)
            ),
            false => format!("Cores without work got some {} times", count(steals)),
        };
        let tasks = mean(Metric::StolenTasks).unwrap_or(0.0);
        let each = if tasks > steals {
            format!(", {} tasks at a time", number(round(tasks / steals)))
        } else {
            String::new()
        };
        lines.push(format!("{tried}{each}."));
        if let Some(delay) = mean(Metric::StealDelay) {
            lines.push(format!(
                "From running out of work to having some they took {} on average.",
                seconds(delay)
            ));
        }
        if let Some(depth) = mean(Metric::StealDepth) {
            lines.push(format!("What was stolen lay {} levels below the root on average: the higher, the more work it brings.", number(round(depth))));
        }
        if let Some(moved) = mean(Metric::StolenBytes).filter(|moved| *moved > 0.0) {
            lines.push(format!("With it went {}.", bytes(moved)));
        }
        lines.extend(excess(case, result));
        lines
    })
}

/// By how many times the longest chain the makespan exceeds the work over the cores.
fn excess(case: &Case, result: &CaseResult) -> Option<String> {
    if !case.scenario.jobs.iter().any(|job| job.workload.unfolds()) {
        return None;
    }
    let bound = |name: &str| result.bounds.iter().find(|bound| bound.name == name)?.seconds.as_ref().copied();
    let (area, chain) = (bound("area")?, bound("critical path").filter(|chain| *chain > 0.0)?);
    let makespan = result.summary(Metric::Makespan)?.mean;
    let times = number(round((makespan - area) / chain));
    Some(format!(
        "The makespan is the work divided by all cores, and {times} times the longest chain (T1/P + {times} Tinf; Blumofe & Leiserson 1999)."
    ))
}

fn count(number: f64) -> String {
    crate::units::count(number.round() as u64)
}

/// To three digits.
fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
