//! What `makespan sensitivity` answers.

use serde_json::{Value, json};

use super::{Answer, Part, at, replicates, text};
use crate::experiment::{Effect, Reaction, Sensitivity};
use crate::output::value::unit_name;
use crate::stats::Ratio;
use crate::units::{number, percent, with_margin};

/// How the metric of the scenario at `path` reacts to its keys, each varied by a part `step`; `level` is that of all intervals
/// together.
pub fn sensitivity(found: &Sensitivity, path: &str, step: f64, level: f64) -> Answer {
    let described = found.metric.describe();
    let name = described.name;
    let part = Part {
        above: format!(
            "How the {name} of {path}{} reacts to its keys, each {} less and more; {} on the same random numbers each.",
            at(&found.setting),
            percent(step),
            replicates(found.replicates)
        ),
        header: vec![text("key"), text("elasticity"), text("value → tried")],
        rows: found.reactions.iter().filter_map(row).collect(),
        below: below(found, level),
        records: found.reactions.iter().map(record).collect(),
    };
    Answer {
        asked: "sensitivity",
        head: vec![
            ("scenario", json!(path)),
            ("metric", json!(name)),
            ("unit", json!(unit_name(described.unit))),
            ("step", json!(step)),
            ("confidence_level", json!(level)),
            ("replicates", json!(found.replicates)),
        ],
        columns: vec!["key", "value", "tried", "effect", "elasticity", "low", "high", "why"],
        parts: vec![part],
    }
}

/// Whether an elasticity can be told from none.
fn matters(ratio: &Ratio) -> bool {
    ratio.low > 0.0 || ratio.high < 0.0
}

fn row(reaction: &Reaction) -> Option<Vec<String>> {
    let Effect::Elasticity(ratio) = &reaction.effect else { return None };
    let shown = match ratio.low == ratio.high {
        true => number(ratio.estimate),
        false => with_margin(ratio.estimate, 0.5 * (ratio.high - ratio.low)),
    };
    let values = format!("{} → {}", reaction.value, reaction.tried.join(", "));
    matters(ratio).then(|| vec![reaction.key.clone(), shown, values])
}

fn below(found: &Sensitivity, level: f64) -> Vec<String> {
    let named = |wanted: &dyn Fn(&Reaction) -> Option<String>| -> String {
        found.reactions.iter().filter_map(wanted).collect::<Vec<_>>().join(", ")
    };
    let unclear = named(&|reaction| {
        let unclear = match &reaction.effect {
            Effect::Elasticity(ratio) => !matters(ratio),
            effect => matches!(effect, Effect::Unknown),
        };
        unclear.then(|| reaction.key.clone())
    });
    let nothing = named(&|reaction| (reaction.effect == Effect::Nothing).then(|| reaction.key.clone()));
    let fixed = named(&|reaction| match &reaction.effect {
        Effect::Fixed(why) => Some(format!("{} ({why})", reaction.key)),
        _ => None,
    });
    let mut lines = Vec::new();
    if found.reactions.iter().any(|reaction| row(reaction).is_some()) {
        lines.push(format!(
            "An elasticity of 1: where the key is 1 % larger, so is the {}. Intervals hold together with {}.",
            found.metric.describe().name,
            percent(level)
        ));
    }
    for (what, keys) in [
        ("No effect that could be told from chance", unclear),
        ("These keys had no effect: every event stayed the same", nothing),
        ("Not varied", fixed),
    ] {
        if !keys.is_empty() {
            lines.push(format!("{what}: {keys}."));
        }
    }
    lines
}

fn record(reaction: &Reaction) -> Vec<Value> {
    let (effect, ratio, why) = match &reaction.effect {
        Effect::Nothing => ("none", None, None),
        Effect::Elasticity(ratio) if matters(ratio) => ("elasticity", Some(ratio), None),
        Effect::Elasticity(ratio) => ("unclear", Some(ratio), None),
        Effect::Unknown => ("unknown", None, None),
        Effect::Fixed(why) => ("not varied", None, Some(why)),
    };
    let of = |number: fn(&Ratio) -> f64| json!(ratio.map(number));
    vec![
        json!(reaction.key),
        json!(reaction.value),
        json!(reaction.tried.join(", ")),
        json!(effect),
        of(|ratio| ratio.estimate),
        of(|ratio| ratio.low),
        of(|ratio| ratio.high),
        json!(why),
    ]
}
