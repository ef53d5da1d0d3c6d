//! The metric that is compared, by variant.

use std::cmp::Ordering;

use super::paper::{Paper, ROWS, quantity, title};
use super::trend::{self, Step};
use crate::experiment::CaseResult;
use crate::explain::words::{above, share};
use crate::metrics::Metric;
use crate::plot::comparison::{Comparison, Difference, Variant};
use crate::plot::quantity::Quantity;

/// The chart; none where the metric has no value.
pub(super) fn fill(paper: &Paper<'_>) -> Option<Comparison> {
    let metric = paper.results.primary();
    let about = about(paper);
    let cases = &about[..about.len().min(ROWS)];
    let variants: Vec<Variant> = cases.iter().filter_map(|case| variant(paper, case)).collect();
    if variants.is_empty() {
        return None;
    }
    let remark = paper.remark(cases);
    let subtitle = match &paper.results.question {
        Some(question) => format!("{remark}{question}"),
        None => format!("{remark}{}: {}", title(metric), metric.describe().about),
    };
    let recorded = cases.iter().find_map(|case| case.recorded).filter(|_| metric == Metric::Makespan);
    let beside =
        recorded.map_or(String::new(), |real| format!("; the real run took {}", Quantity::Time.text(real)));
    let subtitle = subtitle + &beside;
    let baseline = paper.first_point().first().filter(|_| paper.first_point().len() > 1);
    Some(Comparison {
        heading: paper.heading(finding(paper, about), subtitle),
        metric: title(metric),
        quantity: quantity(metric),
        level: paper.results.level,
        variants,
        baseline: baseline.map(|case| case.label.clone()),
    })
}

fn variant(paper: &Paper<'_>, case: &CaseResult) -> Option<Variant> {
    let metric = paper.results.primary();
    let summary = case.summary(metric)?;
    let bound = case.best_bound().filter(|(_, seconds)| metric == Metric::Makespan && *seconds > 0.0);
    let difference = case.comparison(metric).map(|comparison| {
        let both = paper.results.cases.iter().find(|base| base.point == case.point).map(|base| {
            let pairs = base.replicates.iter().zip(&case.replicates);
            pairs.filter_map(|(base, own)| Some(own.values.get(metric)? - base.values.get(metric)?)).collect()
        });
        Difference {
            mean: comparison.difference,
            interval: comparison.together.map(|paired| (paired.difference.low(), paired.difference.high())),
            replicates: both.unwrap_or_default(),
            verdict: comparison.verdict.replace(" %", "\u{a0}%").replace(" ± ", " ±\u{a0}"),
        }
    });
    Some(Variant {
        name: paper.name(case),
        mean: summary.mean,
        interval: summary.ends(),
        replicates: case.values(metric).collect(),
        bound: bound.map(|(bound, seconds)| (seconds, bound.name.to_owned())),
        difference,
    })
}

/// The part of a case's tasks that were never done.
fn undone(case: &CaseResult) -> f64 {
    let fates = case.fates;
    let undone = fates.failed + fates.dropped;
    undone as f64 / (undone + fates.done).max(1) as f64
}

/// What the chart is about: all cases, if there is room for them; else the point at which the variants differ most, or of a
/// single variant as many points as there is room for.
fn about<'a>(paper: &Paper<'a>) -> &'a [CaseResult] {
    let results = paper.results;
    if results.cases.len() <= ROWS {
        &results.cases
    } else if paper.first_point().len() == 1 {
        &results.cases[..ROWS]
    } else {
        widest(results.points(), results.primary()).unwrap_or_default()
    }
}

/// What was found of `cases`, which are whole points, in a sentence without its full stop.
pub(super) fn finding(paper: &Paper<'_>, cases: &[CaseResult]) -> String {
    let worst = cases.iter().max_by(|a, b| undone(a).total_cmp(&undone(b)));
    if let Some(worst) = worst.filter(|worst| cases.iter().any(|case| undone(case) < undone(worst))) {
        let part = share(undone(worst));
        return format!(
            "{part} of the tasks are never done {}: its value is no fair one",
            paper.under(worst)
        );
    }
    let results = paper.results;
    let metric = results.primary();
    let points = || cases.chunk_by(|one, next| one.point == next.point);
    let Some(point) = widest(points(), metric) else { return title(metric) };
    if point.len() > 1 {
        let found = results
            .finding(point)
            .map_or_else(|| title(metric), |found| found.trim_end_matches('.').to_owned());
        return match results.points().nth(1).and(point.first()) {
            Some(case) => format!("At {}: {found}", case.setting_text()),
            None => found,
        };
    }
    match cases {
        [case] => alone(paper, case),
        _ => trend(paper, cases),
    }
}

/// The point where the variants differ most.
fn widest<'a>(points: impl Iterator<Item = &'a [CaseResult]>, metric: Metric) -> Option<&'a [CaseResult]> {
    let by = |point: &[CaseResult]| point.iter().map(|case| difference(case, metric)).fold(0.0, f64::max);
    points.max_by(|a, b| by(a).total_cmp(&by(b)))
}

/// By what part of its mean a case differs from the baseline at its point, as far as that is certain.
fn difference(case: &CaseResult, metric: Metric) -> f64 {
    let certain = case.comparison(metric).filter(|comparison| comparison.order != Ordering::Equal);
    let mean = case.summary(metric).map_or(f64::INFINITY, |summary| summary.mean.abs());
    certain.map_or(0.0, |comparison| comparison.difference.abs() / mean)
}

/// What a single case came to.
fn alone(paper: &Paper<'_>, case: &CaseResult) -> String {
    let metric = paper.results.primary();
    let Some(summary) = case.summary(metric) else { return title(metric) };
    let value = quantity(metric).unit(summary.mean).with_interval(summary.mean, summary.ends());
    let bound = case.best_bound().filter(|(_, seconds)| metric == Metric::Makespan && *seconds > 0.0);
    match bound {
        Some((bound, seconds)) => {
            format!("{} is {value}: {} the {} bound", title(metric), above(summary.mean, seconds), bound.name)
        }
        None => format!("{} is {value}", title(metric)),
    }
}

/// How a sweep of one case goes.
fn trend(paper: &Paper<'_>, cases: &[CaseResult]) -> String {
    let metric = paper.results.primary();
    let step = |case: &CaseResult| {
        let summary = case.summary(metric)?;
        let at = format!("at {}", case.setting_text());
        let again = match &case.shown[..] {
            [value] => format!("at {value}"),
            _ => at.clone(),
        };
        Some(Step { at, again, value: summary.mean, interval: summary.ends() })
    };
    let steps: Vec<Step> = cases.iter().filter_map(step).collect();
    trend::sentence(&title(metric), &quantity(metric), metric.describe().better, &steps)
        .unwrap_or_else(|| title(metric))
}
