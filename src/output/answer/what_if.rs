//! What `makespan whatif` answers.

use serde_json::{Value, json};

use super::{Answer, Part, at, replicates, text};
use crate::experiment::{WhatIf, WhatIfs, relative};
use crate::metrics::{Metric, Unit};
use crate::output::value::unit_name;
use crate::stats::Ratio;
use crate::units::percent;

/// What each resource of the scenario at `path` would buy, were it twice as good; `level` is that of all intervals together.
pub fn what_if(found: &WhatIfs, path: &str, level: f64) -> Answer {
    let described = found.metric.describe();
    let name = described.name;
    let below = match found.all.is_empty() {
        true => "The scenario has no resource that could be doubled.".to_owned(),
        false if found.replicates == 1 => "One replicate has no intervals.".to_owned(),
        false => format!("Intervals hold together with {}.", percent(level)),
    };
    let part = Part {
        above: format!(
            "What would change the {name} of {path}{} the most; {} on the same random numbers each.",
            at(&found.setting),
            replicates(found.replicates)
        ),
        header: vec![text("change"), text(name), text("value → tried")],
        rows: found.all.iter().map(|what| row(what, found.metric)).collect(),
        below: vec![below],
        records: found.all.iter().map(record).collect(),
    };
    Answer {
        asked: "whatif",
        head: vec![
            ("scenario", json!(path)),
            ("metric", json!(name)),
            ("unit", json!(unit_name(described.unit))),
            ("confidence_level", json!(level)),
            ("replicates", json!(found.replicates)),
        ],
        columns: vec!["change", "key", "value", "tried", "effect", "ratio", "low", "high", "why"],
        parts: vec![part],
    }
}

/// Whether a ratio can't be told from 1.
fn unclear(ratio: &Ratio) -> bool {
    ratio.low <= 1.0 && 1.0 <= ratio.high && ratio.low < ratio.high
}

fn row(what: &WhatIf, metric: Metric) -> Vec<String> {
    let change = match (&what.refused, &what.ratio) {
        (Some(why), _) => format!("not possible: {why}"),
        _ if what.same => "no effect: every event stayed the same".to_owned(),
        (None, None) => "can't be told".to_owned(),
        (None, Some(ratio)) if unclear(ratio) => {
            format!("not distinguishable ({} to {})", signed(ratio.low), signed(ratio.high))
        }
        (None, Some(ratio)) => changed(metric, ratio),
    };
    let (from, to) = &what.values;
    vec![what.words.to_owned(), change, format!("{}: {from} → {to}", what.key)]
}

/// `shorter by 31.2 % ± 0.4 %`.
fn changed(metric: Metric, ratio: &Ratio) -> String {
    let less = ratio.estimate < 1.0;
    let way = match (metric.describe().unit, less) {
        (Unit::Seconds, true) => "shorter",
        (Unit::Seconds, false) => "longer",
        (_, true) => "lower",
        (_, false) => "higher",
    };
    match ratio.low == ratio.high {
        true if ratio.low == 1.0 => "the same".to_owned(),
        true => format!("{way} by {}", percent((ratio.estimate - 1.0).abs())),
        false => format!("{way} by {}", relative(ratio)),
    }
}

fn signed(ratio: f64) -> String {
    let sign = if ratio < 1.0 { "−" } else { "+" };
    format!("{sign}{}", percent((ratio - 1.0).abs()))
}

fn record(what: &WhatIf) -> Vec<Value> {
    let effect = match (&what.refused, &what.ratio) {
        (Some(_), _) => "refused",
        _ if what.same => "none",
        (None, None) => "unknown",
        (None, Some(ratio)) if unclear(ratio) => "unclear",
        (None, Some(_)) => "changed",
    };
    let of = |number: fn(&Ratio) -> f64| json!(what.ratio.as_ref().map(number));
    vec![
        json!(what.words),
        json!(what.key),
        json!(what.values.0),
        json!(what.values.1),
        json!(effect),
        of(|ratio| ratio.estimate),
        of(|ratio| ratio.low),
        of(|ratio| ratio.high),
        json!(what.refused),
    ]
}
