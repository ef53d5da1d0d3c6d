//! The metric that is compared over two swept keys, of one variant.

use super::paper::{Paper, quantity, title};
use crate::experiment::CaseResult;
use crate::plot::heatmap::{HeatMap, Key};

/// Whether the sweep is one over two keys.
pub(super) fn fits(paper: &Paper<'_>) -> bool {
    let cases = &paper.results.cases;
    let settings = cases.first().map_or(0, |case| case.setting.len());
    settings == 2 && (0..2).all(|key| values(cases.iter(), key).len() > 1)
}

/// The chart of the variant that stands at `at` at each point; none where the sweep isn't one over two keys.
pub(super) fn fill(paper: &Paper<'_>, at: usize) -> Option<HeatMap> {
    if !fits(paper) {
        return None;
    }
    let metric = paper.results.primary();
    let cases: Vec<&CaseResult> = paper.results.points().filter_map(|point| point.get(at)).collect();
    let key = |key: usize| Key {
        name: cases.first().map_or(String::new(), |case| case.setting[key].0.clone()),
        values: values(cases.iter().copied(), key),
    };
    let (down, across) = (key(0), key(1));
    let value = |row: &String, column: &String| {
        let case = cases.iter().find(|case| case.shown[0] == *row && case.shown[1] == *column)?;
        Some(case.summary(metric)?.mean)
    };
    let row = |row: &String| across.values.iter().map(|column| value(row, column)).collect();
    let values = down.values.iter().map(row).collect();
    let label = cases.first().map_or("", |case| case.label.as_str());
    let whose = if paper.first_point().len() > 1 { format!("“{label}”: ") } else { String::new() };
    let subtitle = format!("{whose}{}: {}", title(metric), metric.describe().about);
    Some(HeatMap {
        heading: paper.heading(finding(paper, &cases), subtitle),
        metric: title(metric),
        quantity: quantity(metric),
        across,
        down,
        values,
        range: None,
    })
}

/// The values of a key in the order of the sweep.
fn values<'a>(cases: impl Iterator<Item = &'a CaseResult>, key: usize) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for case in cases {
        let value = case.shown.get(key).cloned();
        values.extend(value.filter(|value| !values.contains(value)));
    }
    values
}

/// Where the metric is least and where greatest.
fn finding(paper: &Paper<'_>, cases: &[&CaseResult]) -> String {
    let metric = paper.results.primary();
    let mean = |case: &&&CaseResult| case.summary(metric).map_or(f64::NAN, |summary| summary.mean);
    let known = || cases.iter().filter(|case| mean(case).is_finite());
    let by = |a: &&&CaseResult, b: &&&CaseResult| mean(a).total_cmp(&mean(b));
    match known().min_by(by).zip(known().max_by(by)) {
        Some((least, most)) => format!(
            "{} goes from {} at {} to {} at {}",
            title(metric),
            quantity(metric).text(mean(&least)),
            least.setting_text(),
            quantity(metric).text(mean(&most)),
            most.setting_text()
        ),
        None => title(metric),
    }
}
