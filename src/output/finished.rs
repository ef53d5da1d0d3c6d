//! Finished outputs read back, to be compared with others.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::manifest;
use super::value::column_name;
use crate::experiment::{Measured, MeasuredCase, MeasuredMetric, workload_of};
use crate::metrics::{METRICS, Metric};
use crate::stats::Sample;

/// The name of the summary in a run's folder.
pub const SUMMARY: &str = "summary.json";

/// Reads what a run has left: its folder, or its `summary.json`. Where `replicates.csv` lies beside it, the values of
/// every replicate are known too.
///
/// # Errors
/// A sentence without a full stop, where that is no output of a run.
pub fn read(path: &Path) -> Result<Measured, String> {
    let summary = if path.is_dir() { path.join(SUMMARY) } else { path.to_owned() };
    let text = fs::read_to_string(&summary)
        .map_err(|error| format!("`{}` can't be read: {error}", summary.display()))?;
    let wrong = |what: &str| format!("`{}` is no summary of a run: {what}", summary.display());
    let json: Value = serde_json::from_str(&text).map_err(|error| wrong(&error.to_string()))?;
    if json["program"]["name"] != "makespan" {
        return Err(wrong("makespan didn't write it"));
    }
    let compared = json["compared"].as_str().and_then(Metric::named);
    let cases = json["cases"].as_array().ok_or_else(|| wrong("it has no cases"))?;
    let mut cases: Vec<MeasuredCase> = cases
        .iter()
        .map(|case| measured(case).ok_or_else(|| wrong("a case lacks its numbers")))
        .collect::<Result<_, _>>()?;
    let beside = |name: &str| -> PathBuf { summary.with_file_name(name) };
    let replicates = beside("replicates.csv");
    if replicates.is_file() {
        fill(&mut cases, &replicates)?;
    }
    let resolved = fs::read_to_string(beside(manifest::NAME))
        .ok()
        .and_then(|text| serde_json::from_str::<Value>(&text).ok())
        .and_then(|manifest| Some(manifest["resolved"].as_str()?.to_owned()));
    Ok(Measured {
        name: path.display().to_string(),
        seed: json["seed"].as_u64().ok_or_else(|| wrong("it has no seed"))?,
        random: json["random"].as_bool().unwrap_or(true),
        compared: compared.ok_or_else(|| wrong("it compares no metric"))?,
        workload: resolved.as_deref().and_then(workload_of),
        cases,
    })
}

/// How many replicates each case of the run has that was completed in `folder`; none where there is no such run.
pub fn replicates(folder: &Path) -> Option<Vec<u64>> {
    let manifest: Value = fs::read_to_string(folder.join(manifest::NAME))
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())?;
    manifest["replicates"].as_array()?.iter().map(Value::as_u64).collect()
}

/// A case of a summary, with the moments of its metrics.
fn measured(case: &Value) -> Option<MeasuredCase> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let setting = case["setting"].as_object()?.iter().map(|(key, value)| Some((key.clone(), text(value)?)));
    let metrics = case["metrics"].as_object()?.iter().map(|(name, value)| {
        let count = value["replicates"].as_u64()?;
        // Of a single value there is no deviation.
        let deviation = value["deviation"].as_f64().or((count == 1).then_some(0.0))?;
        let sample = Sample { count, mean: value["mean"].as_f64()?, variance: deviation * deviation };
        Some(MeasuredMetric { metric: Metric::named(name)?, sample, values: Vec::new() })
    });
    Some(MeasuredCase {
        label: text(&case["variant"])?,
        setting: setting.collect::<Option<_>>()?,
        metrics: metrics.collect::<Option<_>>()?,
    })
}

/// Fills in the values of every replicate, from a table whose rows stand case by case in the order of the summary.
fn fill(cases: &mut [MeasuredCase], path: &Path) -> Result<(), String> {
    let wrong = |what: &str| format!("`{}` doesn't belong to its summary: {what}", path.display());
    let mut reader = csv::Reader::from_path(path).map_err(|error| wrong(&error.to_string()))?;
    let headers = reader.headers().map_err(|error| wrong(&error.to_string()))?.clone();
    let column = |name: &str| headers.iter().position(|header| header == name);
    let replicate = column("replicate").ok_or_else(|| wrong("it has no column `replicate`"))?;
    let columns: Vec<(Metric, usize)> = METRICS
        .iter()
        .filter_map(|entry| Some((entry.metric, column(&column_name(entry.metric))?)))
        .collect();
    let mut rows: Vec<Vec<Vec<Option<f64>>>> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| wrong(&error.to_string()))?;
        if record.get(replicate) == Some("0") {
            rows.push(vec![Vec::new(); columns.len()]);
        }
        let case = rows.last_mut().ok_or_else(|| wrong("it doesn't begin with replicate 0"))?;
        for (values, (_, at)) in case.iter_mut().zip(&columns) {
            values.push(record.get(*at).and_then(|cell| cell.parse().ok()));
        }
    }
    if rows.len() != cases.len() {
        return Err(wrong(&format!("it has {} cases, not {}", rows.len(), cases.len())));
    }
    for (case, rows) in cases.iter_mut().zip(rows) {
        let metrics = columns.iter().zip(rows);
        case.metrics =
            metrics.filter_map(|((metric, _), values)| MeasuredMetric::of(*metric, values)).collect();
    }
    Ok(())
}
