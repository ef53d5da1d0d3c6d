//! The lower bounds on the makespan: what they assume, how far the result is from each, and what it means which one binds.

use super::told;
use super::words::{above, capital, share};
use crate::experiment::{CaseResult, MeanBound};
use crate::metrics::Metric;
use crate::scenario::Case;
use crate::units::seconds;

/// What each bound assumes, then under each variant how far the makespan is from them, and what the greatest means.
pub(super) fn sentences(cases: &[(&Case, &CaseResult)]) -> Vec<String> {
    // What arrives over time can't be done before it has arrived, which says nothing about the machine.
    let closed = |case: &Case| case.scenario.jobs.iter().all(|job| !job.workload.arrives());
    let closed: Vec<(&Case, &CaseResult)> = cases.iter().filter(|(case, _)| closed(case)).copied().collect();
    let mut lines: Vec<String> = Vec::new();
    for (name, about) in
        closed.iter().flat_map(|(_, result)| present(result)).map(|(bound, _)| (bound.name, bound.about))
    {
        let line = format!("{}: {about}.", capital(name));
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.extend(told(&closed, |_, result| {
        let Some(makespan) = result.summary(Metric::Makespan).map(|summary| summary.mean) else {
            return Vec::new();
        };
        let present = present(result);
        let distance = |(bound, least): &(&MeanBound, f64)| {
            format!(
                "{} {}: the makespan is {} it.",
                capital(bound.name),
                seconds(*least),
                above(makespan, *least)
            )
        };
        let distances: Vec<String> = present.iter().map(distance).collect();
        let mut lines = if distances.is_empty() { Vec::new() } else { vec![distances.join(" ")] };
        let absent = result.bounds.iter().filter(|bound| bound.seconds.is_none());
        lines.extend(absent.map(|bound| {
            format!("There is no {} bound: {}.", bound.name, bound.about.trim_start_matches("absent: "))
        }));
        lines.extend(present.first().and_then(|(bound, least)| meaning(bound.name, makespan, *least)));
        lines
    }));
    lines
}

/// The bounds that say something, the greatest first. Of equal ones the area comes last: where another binds too, more
/// cores don't help.
fn present(result: &CaseResult) -> Vec<(&MeanBound, f64)> {
    let mut present: Vec<(&MeanBound, f64)> = result
        .bounds
        .iter()
        .filter_map(|bound| Some((bound, bound.seconds.filter(|seconds| *seconds > 0.0)?)))
        .collect();
    let greatest = present.iter().map(|(_, seconds)| *seconds).fold(0.0, f64::max);
    let rank = |(bound, seconds): &(&MeanBound, f64)| {
        let binds = *seconds >= greatest * (1.0 - 1e-9);
        (if binds { f64::INFINITY } else { *seconds }, bound.name != "area")
    };
    present.sort_by(|a, b| {
        let ((a, not_area), (b, also_not)) = (rank(a), rank(b));
        b.total_cmp(&a).then(also_not.cmp(&not_area))
    });
    present
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
