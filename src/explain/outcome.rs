//! What came out, and how the variants compare.

use std::cmp::Ordering;

use super::words::{capital, noun, some};
use crate::experiment::{CaseResult, Comparison, Results, Summary};
use crate::metrics::{Better, Metric};
use crate::scenario::Case;
use crate::units::{percent, seconds};

/// The metric that is compared under each variant, then the finding and each verdict.
pub(super) fn sentences(results: &Results, cases: &[(&Case, &CaseResult)]) -> Vec<String> {
    let metric = results.primary();
    let name = noun(metric);
    let mut lines = Vec::new();
    for (case, result) in cases {
        let under = if cases.len() > 1 { format!(" under “{}”", case.label) } else { String::new() };
        let verdict =
            result.comparison(metric).map_or(String::new(), |comparison| format!(": {}", comparison.verdict));
        match result.summary(metric) {
            Some(summary) => lines
                .push(format!("The {name}{under} is {}{verdict}.", value(metric, summary, results.level))),
            None => lines.push(format!("The {name} has no value{under}.")),
        }
        let compared = result.comparison(metric).filter(|_| results.random);
        lines.extend(compared.and_then(|comparison| superiority(&case.label, comparison)));
        let before = if under.is_empty() { String::new() } else { format!("{},", under.trim_start()) };
        lines
            .extend(fates(case, result).map(|sentence| capital(format!("{before} {sentence}").trim_start())));
    }
    if let Some(real) = cases.iter().find_map(|(_, result)| result.recorded) {
        lines.push(format!("The real run took {}.", seconds(real)));
    }
    let point: Vec<CaseResult> = cases.iter().map(|(_, result)| (*result).clone()).collect();
    // With two variants, the verdict of the second says it all.
    lines.extend(results.finding(&point).filter(|_| cases.len() > 2));
    lines
}

/// In how many replicates a variant is better than the baseline, and what that says of another.
fn superiority(label: &str, comparison: &Comparison) -> Option<String> {
    let superiority = &comparison.superiority;
    let (low, high) = superiority.interval;
    let (better, low, high) = match comparison.metric.describe().better {
        Better::Lower => (superiority.smaller, low, high),
        Better::Higher => (superiority.larger, 1.0 - high, 1.0 - low),
        Better::Neither => return None,
    };
    let chance = comparison.paired.is_some() && comparison.order != Ordering::Equal;
    chance.then(|| {
        format!(
            "“{label}” is better in {better} of {}: on other random numbers it would be so with a probability of {} to {}.",
            some(comparison.pairs, "replicate"),
            percent(low),
            percent(high)
        )
    })
}

/// A mean with its interval, which holds with `level` or more.
fn value(metric: Metric, summary: &Summary, level: f64) -> String {
    let mean = metric.show(summary.mean);
    match summary.interval.filter(|interval| !interval.is_exact()) {
        Some(interval) => format!(
            "{mean} ({} to {} at {} confidence, {})",
            metric.show(interval.low()),
            metric.show(interval.high()),
            percent(level),
            some(summary.count, "replicate")
        ),
        None => mean,
    }
}

/// What became of the tasks that were not done.
fn fates(case: &Case, result: &CaseResult) -> Option<String> {
    let fates = &result.fates;
    // Where work arrives without end, some is always under way.
    let arriving = case.scenario.jobs.iter().any(|job| job.workload.arrives());
    let unfinished = if arriving { 0 } else { fates.unfinished };
    let parts: Vec<String> =
        [(fates.failed, "failed"), (fates.dropped, "was dropped"), (unfinished, "was cut off")]
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| {
                let what = if *count == 1 { (*what).to_owned() } else { what.replace("was", "were") };
                format!("{} {what}", crate::units::count(*count))
            })
            .collect();
    let all = fates.done + fates.failed + fates.dropped + fates.unfinished;
    let over = if result.replicates.len() > 1 { " of all replicates" } else { "" };
    (!parts.is_empty()).then(|| format!("{} of {}{over}.", super::words::list(&parts), some(all, "task")))
}
