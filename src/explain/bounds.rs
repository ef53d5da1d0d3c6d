//! The lower bounds on the makespan: what they assume, how far the result is from each, and what it means which one binds.

use super::told;
use super::words::{above, share};
use crate::experiment::CaseResult;
use crate::metrics::Metric;
use crate::scenario::Case;
use crate::units::seconds;

/// A line a bound, the greatest first, and what the greatest means.
pub(super) fn sentences(cases: &[(&Case, &CaseResult)]) -> Vec<String> {
    told(cases, |case, result| {
        // What arrives over time can't be done before it has arrived, which says nothing about the machine.
        if case.scenario.jobs.iter().any(|job| job.workload.arrives()) {
            return Vec::new();
        }
        let Some(makespan) = result.summary(Metric::Makespan).map(|summary| summary.mean) else {
            return Vec::new();
        };
        let mut present: Vec<_> = result.bounds.iter().filter(|bound| bound.seconds.is_some()).collect();
        present.sort_by(|a, b| b.seconds.unwrap_or(0.0).total_cmp(&a.seconds.unwrap_or(0.0)));
        let line = |bound: &&crate::experiment::MeanBound| {
            let least = bound.seconds.unwrap_or(0.0);
            format!(
                "{} {}: {}. The makespan is {} it.",
                super::capital(bound.name),
                seconds(least),
                bound.about,
                above(makespan, least)
            )
        };
        let mut lines: Vec<String> =
            present.iter().filter(|bound| bound.seconds > Some(0.0)).map(line).collect();
        let absent = result.bounds.iter().filter(|bound| bound.seconds.is_none());
        lines.extend(absent.map(|bound| {
            format!("There is no {} bound: {}.", bound.name, bound.about.trim_start_matches("absent: "))
        }));
        lines.extend(present.first().and_then(|bound| meaning(bound.name, makespan, bound.seconds?)));
        lines
    })
}

/// What it means that this bound is the greatest.
fn meaning(name: &str, makespan: f64, bound: f64) -> Option<String> {
    let (limit, help) = match name {
        "area" => ("the cores limit", "more or faster cores or less work"),
        "critical path" => {
            ("the longest chain of tasks limits", "faster cores or a shorter chain, not more cores")
        }
        "dispatcher" => {
            ("the dispatcher limits", "fewer and longer tasks or a faster dispatch, not more cores")
        }
        "memory" => ("memory bandwidth limits", "more bandwidth or less traffic, not more cores"),
        _ => return None,
    };
    let gain = 1.0 - bound / makespan;
    Some(if gain < 0.005 {
        format!("So {limit} the run, and nothing else: to shorten it takes {help}.")
    } else if gain < 0.1 {
        format!(
            "No schedule can be more than {} shorter: {limit} the run, and to go below the bound takes {help}.",
            share(gain)
        )
    } else {
        format!(
            "A perfect schedule without any cost could be up to {} shorter, but not more: below that bound lead only {help}.",
            share(gain)
        )
    })
}
