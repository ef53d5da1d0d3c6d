//! The table of variants by metrics, as cells of text: what every format for people is laid out from.

use std::cmp::Ordering;

use super::value::Shown;
use crate::experiment::{CaseResult, Results};
use crate::metrics::{Better, Metric};

/// The table of a study.
pub struct Grid {
    /// The names of the columns, with their units.
    pub header: Vec<String>,
    /// A row a case.
    pub rows: Vec<Row>,
    /// How many columns on the left name the case.
    pub names: usize,
}

/// A row of the table.
pub struct Row {
    /// As many as the header has.
    pub cells: Vec<String>,
    /// Whether the variant is better or worse than the baseline, where that can be told.
    pub better: Option<bool>,
}

/// The title of the column of verdicts.
pub const VERDICTS: &str = "against the baseline";

/// The cells of a column.
type Column = Box<dyn Fn(&CaseResult) -> String>;

/// What stands where a metric has no value.
const NOTHING: &str = "–";

/// Lays out `results`.
pub fn grid(results: &Results) -> Grid {
    let several = results.points().any(|point| point.len() > 1);
    let keys: Vec<String> = results
        .cases
        .first()
        .map_or(Vec::new(), |case| case.setting.iter().map(|(key, _)| key.clone()).collect());
    let mut header: Vec<String> = keys;
    header.push("variant".to_owned());
    let names = header.len();
    let mut columns: Vec<Column> = Vec::new();
    for metric in &results.metrics {
        let (name, column) = values(results, *metric);
        header.push(name);
        columns.push(column);
        if *metric == Metric::Makespan
            && let Some(bounds) = bounds(results)
        {
            header.push("above bound".to_owned());
            columns.push(bounds);
        }
        if *metric == results.primary() && several {
            header.push(VERDICTS.to_owned());
            let metric = *metric;
            columns.push(Box::new(move |case| verdict(metric, case)));
        }
    }
    let rows = results.cases.iter().map(|case| {
        let mut cells = case.shown.clone();
        cells.push(case.label.clone());
        cells.extend(columns.iter().map(|column| column(case)));
        Row { cells, better: better(results, case) }
    });
    Grid { rows: rows.collect(), header, names }
}

/// The column of `metric`, in one unit for all cases.
fn values(results: &Results, metric: Metric) -> (String, Column) {
    let means =
        results.cases.iter().filter_map(|case| case.summary(metric)).map(|summary| summary.mean.abs());
    let shown = Shown::suited(metric, means.fold(0.0, f64::max));
    let name = metric.describe().name;
    let header = if shown.name.is_empty() { name.to_owned() } else { format!("{name} ({})", shown.name) };
    let cell = move |case: &CaseResult| match case.summary(metric) {
        None => NOTHING.to_owned(),
        Some(summary) => match summary.interval {
            Some(interval) => shown.with_margin(interval.mean, interval.half_width),
            None => shown.number(summary.mean),
        },
    };
    (header, Box::new(cell))
}

/// The column that says how far the makespan is above the greatest of its bounds, if any case has one.
fn bounds(results: &Results) -> Option<Column> {
    let above = |case: &CaseResult| {
        let (bound, seconds) = case.best_bound().filter(|(_, seconds)| *seconds > 0.0)?;
        let makespan = case.summary(Metric::Makespan)?.mean;
        Some(format!("{:.1} % ({})", 100.0 * (makespan / seconds - 1.0), bound.name))
    };
    results.cases.iter().any(|case| above(case).is_some()).then(|| {
        let cell = move |case: &CaseResult| above(case).unwrap_or_else(|| NOTHING.to_owned());
        Box::new(cell) as Column
    })
}

fn verdict(metric: Metric, case: &CaseResult) -> String {
    let left_out = case.left_out.map_or(String::new(), |count| format!("; left out after {count}"));
    match case.comparison(metric) {
        Some(comparison) => comparison.verdict.clone() + &left_out,
        None if case.comparisons.is_empty() => format!("baseline{left_out}"),
        None => format!("{NOTHING}{left_out}"),
    }
}

fn better(results: &Results, case: &CaseResult) -> Option<bool> {
    let order = case.comparison(results.primary())?.order;
    match (results.primary().describe().better, order) {
        (_, Ordering::Equal) | (Better::Neither, _) => None,
        (Better::Lower, order) => Some(order == Ordering::Less),
        (Better::Higher, order) => Some(order == Ordering::Greater),
    }
}
