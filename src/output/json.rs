//! `summary.json`: everything that a study came to, for programs.
//!
//! Times are in seconds and everything else in the unit beside it. Keys keep their order and numbers all their digits;
//! nothing of the clock, the host or the threads is in it, so that equal runs give equal bytes.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::provenance::{Provenance, VERSION};
use super::value::unit_name;
use crate::experiment::{CaseResult, Comparison, Results, Summary};
use crate::metrics::{Better, Metric};
use crate::record::{CoreTimes, IDLE, STATES};
use crate::stats::{Interval, OrderQuantile, Paired};

/// The version of the keys: it rises when one is renamed, removed or changes its meaning.
const SCHEMA: u32 = 1;

/// Writes the summary of a study.
///
/// # Errors
/// When the writer fails.
pub fn write(results: &Results, provenance: &Provenance, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(pretty(&summary(results, provenance)).as_bytes())
}

/// A value as text with one key a line.
pub(super) fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn summary(results: &Results, provenance: &Provenance) -> Value {
    let mut metrics: Vec<Metric> =
        results.cases.iter().flat_map(|case| &case.summaries).map(|summary| summary.metric).collect();
    metrics.sort_unstable();
    metrics.dedup();
    json!({
        "schema": SCHEMA,
        "program": { "name": "makespan", "version": VERSION },
        "title": results.title,
        "question": results.question,
        "scenario_hash": provenance.scenario_hash(),
        "seed": results.seed,
        "confidence_level": results.level,
        "random": results.random,
        "compared": results.primary().describe().name,
        "shown": results.metrics.iter().map(|metric| metric.describe().name).collect::<Vec<_>>(),
        "metrics": table(metrics.into_iter().map(|metric| (metric.describe().name, description(metric)))),
        "cases": results.points().flat_map(|point| point.iter().enumerate()).map(|(at, result)| case(result, at == 0)).collect::<Vec<_>>(),
        "precision": results.precision.as_ref().map(|precision| json!({
            "metric": precision.metric.describe().name,
            "relative_half_width": precision.relative,
            "met": precision.met,
        })),
        "selection": results.selection.as_ref().map(|selection| json!({
            "metric": selection.metric.describe().name,
            "error": selection.error,
            "left": selection.inside.iter().map(|point| point.len()).collect::<Vec<_>>(),
        })),
        "expectations": results.judgements.iter().map(|judgement| json!({
            "name": judgement.expect.name,
            "metric": judgement.expect.metric.describe().name,
            "variant": judgement.label,
            "point": judgement.point,
            "met": judgement.met,
            "because": judgement.because,
            "source": judgement.expect.source,
        })).collect::<Vec<_>>(),
        "notes": results.notes,
        "digest": results.digest.to_string(),
    })
}

fn table<'a>(entries: impl Iterator<Item = (&'a str, Value)>) -> Value {
    Value::Object(entries.map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
}

fn description(metric: Metric) -> Value {
    let description = metric.describe();
    let better = match description.better {
        Better::Lower => "lower",
        Better::Higher => "higher",
        Better::Neither => "neither",
    };
    json!({ "unit": unit_name(description.unit), "better": better, "about": description.about })
}

fn case(result: &CaseResult, baseline: bool) -> Value {
    let setting = result.setting.iter().map(|(key, value)| (key.as_str(), json!(value)));
    json!({
        "variant": result.label,
        "baseline": baseline,
        "point": result.point,
        "setting": table(setting),
        "cores": result.cores,
        "replicates": result.replicates.len(),
        "left_out_after": result.left_out,
        "metrics": table(result.summaries.iter().map(|one| (one.metric.describe().name, metric(result, one)))),
        "difference_to_baseline":
            table(result.comparisons.iter().map(|one| (one.metric.describe().name, difference(one)))),
        "bounds": result.bounds.iter().map(|bound| json!({
            "name": bound.name,
            "seconds": bound.seconds,
            "about": bound.about,
        })).collect::<Vec<_>>(),
        "core_time": core_time(&result.times),
        "tasks": {
            "done": result.fates.done,
            "failed": result.fates.failed,
            "dropped": result.fates.dropped,
            "unfinished": result.fates.unfinished,
        },
        "recorded_seconds": result.recorded,
        "digest": result.digest.to_string(),
    })
}

/// The quantiles of a metric over replicates.
const QUANTILES: [(&str, f64); 3] = [("p10", 0.1), ("p50", 0.5), ("p90", 0.9)];

fn metric(result: &CaseResult, summary: &Summary) -> Value {
    let values: Vec<f64> = result.values(summary.metric).collect();
    let quantile = |(name, probability): (&'static str, f64)| {
        let level = summary.interval?.level;
        let quantile = OrderQuantile::of(&values, probability, level)?;
        Some((name, json!({ "value": quantile.value, "low": quantile.low, "high": quantile.high })))
    };
    json!({
        "mean": summary.mean,
        "low": summary.interval.map(|interval| interval.low()),
        "high": summary.interval.map(|interval| interval.high()),
        "deviation": summary.deviation,
        "quantiles": table(QUANTILES.into_iter().filter_map(quantile)),
        "min": summary.min,
        "max": summary.max,
        "replicates": summary.count,
    })
}

fn difference(comparison: &Comparison) -> Value {
    let interval = comparison.paired.map(|paired| paired.difference);
    let ratio = |paired: Option<Paired>| {
        let ratio = paired.and_then(|paired| paired.ratio);
        ratio.map(|ratio| json!({ "estimate": ratio.estimate, "low": ratio.low, "high": ratio.high }))
    };
    let superiority = &comparison.superiority;
    json!({
        "mean": comparison.difference,
        "low": interval.as_ref().map(Interval::low),
        "high": interval.as_ref().map(Interval::high),
        "ratio": ratio(comparison.paired),
        "simultaneous": comparison.together.map(|together| json!({
            "low": together.difference.low(),
            "high": together.difference.high(),
            "ratio": ratio(Some(together)),
        })),
        "p_holm": comparison.p_value,
        "smaller": {
            "pairs": superiority.smaller,
            "ties": superiority.equal,
            "probability": superiority.probability(),
            "low": superiority.interval.0,
            "high": superiority.interval.1,
        },
        "pairs": comparison.pairs,
        "verdict": comparison.verdict,
    })
}

/// The parts of core time in each state, and of idle time for each reason; both add up to 1 and to the idle part.
fn core_time(times: &CoreTimes) -> Value {
    let total = times.total();
    let part = |ticks: u128| if total == 0 { 0.0 } else { ticks as f64 / total as f64 };
    let states = STATES.iter().map(|(state, name)| (*name, json!(part(times.get(*state)))));
    let reasons = IDLE.iter().map(|(reason, name)| (*name, json!(part(times.idle[*reason as usize]))));
    json!({ "states": table(states), "idle": table(reasons) })
}
