//! `replicates.csv`: a row a replicate with every metric.

use std::io::{self, Write};

use super::sheet::Sheet;
use super::value::column_name;
use crate::experiment::{CaseResult, Replicate, Results};
use crate::metrics::{METRICS, Metric};

/// Writes a line of column names and a row a case and replicate: the variant, the point, what the sweep set there, the
/// number of the replicate, every metric that has a value anywhere (an empty field where it has none) with its unit in
/// the column's name, the greatest lower bound on the makespan, events, and the digest.
///
/// # Errors
/// When the writer fails.
pub fn write(results: &Results, out: &mut dyn Write) -> io::Result<()> {
    let keys = results.cases.first().map_or(&[][..], |case| &case.setting);
    let has = |metric: Metric| results.cases.iter().any(|case| case.summary(metric).is_some());
    let metrics: Vec<Metric> =
        METRICS.iter().map(|entry| entry.metric).filter(|metric| has(*metric)).collect();
    let mut columns = vec!["variant".to_owned(), "point".to_owned()];
    columns.extend(keys.iter().map(|(key, _)| key.clone()));
    columns.push("replicate".to_owned());
    columns.extend(metrics.iter().map(|metric| column_name(*metric)));
    columns.extend(["lower_bound_s", "events", "digest"].map(str::to_owned));
    let mut sheet = Sheet::new(out, columns.iter().map(String::as_str));
    for case in &results.cases {
        for (number, replicate) in case.replicates.iter().enumerate() {
            sheet.row(row(case, number, replicate, &metrics));
        }
    }
    sheet.finish().map(drop)
}

fn row(case: &CaseResult, number: usize, replicate: &Replicate, metrics: &[Metric]) -> Vec<String> {
    let text = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
    let mut row = vec![case.label.clone(), case.point.to_string()];
    row.extend(case.setting.iter().map(|(_, value)| value.clone()));
    row.push(number.to_string());
    row.extend(metrics.iter().map(|metric| text(replicate.values.get(*metric))));
    row.push(text(replicate.bounds.iter().copied().flatten().reduce(f64::max)));
    row.extend([replicate.events.to_string(), replicate.digest.to_string()]);
    row
}
