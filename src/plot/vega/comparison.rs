//! The metric that is compared: means with intervals, replicates and bounds; and the paired differences.

use serde_json::{Value, json};

use super::super::axis::extremes;
use super::super::comparison::{Comparison, LOG_FROM, POINTS, Variant};
use super::super::theme::VERMILLION;
use super::spec;

/// The values, and the differences where there are any.
pub(in crate::plot) fn panels(data: &Comparison) -> Vec<Value> {
    let mut panels = vec![values(data)];
    if data.variants.iter().any(|variant| variant.difference.is_some()) {
        panels.push(differences(data));
    }
    panels
}

/// The colour of replicates, to be seen on light and dark.
const REPLICATES: &str = "#3a94cf";

/// What a row of marks is drawn from.
struct Row<'a> {
    name: &'a str,
    mean: f64,
    interval: Option<(f64, f64)>,
    replicates: &'a [f64],
    bound: Option<&'a (f64, String)>,
    told: String,
}

fn values(data: &Comparison) -> Value {
    let row =
        |variant: &Variant| variant.bound.as_ref().map_or(variant.mean, |(bound, _)| bound.min(variant.mean));
    let (low, _) = extremes(data.variants.iter().map(row));
    let (_, high) = extremes(data.variants.iter().map(|variant| variant.mean));
    let rows: Vec<Row<'_>> = data
        .variants
        .iter()
        .map(|variant| Row {
            name: &variant.name,
            mean: variant.mean,
            interval: variant.interval,
            replicates: &variant.replicates,
            bound: variant.bound.as_ref(),
            told: data.quantity.unit(variant.mean).with_interval(variant.mean, variant.interval),
        })
        .collect();
    panel(data, &rows, &data.metric, low > 0.0 && high > LOG_FROM * low)
}

fn differences(data: &Comparison) -> Value {
    let rows: Vec<Row<'_>> = data
        .variants
        .iter()
        .filter_map(|variant| {
            let difference = variant.difference.as_ref()?;
            Some(Row {
                name: &variant.name,
                mean: difference.mean,
                interval: difference.interval,
                replicates: &difference.replicates,
                bound: None,
                told: difference.verdict.clone(),
            })
        })
        .collect();
    let baseline = data.baseline.as_deref().unwrap_or("the baseline");
    let mut panel = panel(data, &rows, &format!("Difference to {baseline}, paired"), false);
    if let Some(layers) = panel["layer"].as_array_mut() {
        layers.insert(
            0,
            json!({ "mark": { "type": "rule", "opacity": 0.6 }, "encoding": { "x": { "datum": 0 } } }),
        );
    }
    panel
}

fn panel(data: &Comparison, rows: &[Row<'_>], title: &str, log: bool) -> Value {
    let largest = rows.iter().flat_map(|row| row.replicates).map(|value| value.abs()).fold(0.0, f64::max);
    let unit = data.quantity.unit(largest);
    let shown = |value: f64| value / unit.divisor;
    let mut values = Vec::new();
    for row in rows {
        for (number, value) in row.replicates.iter().enumerate().take(POINTS) {
            let tip = data.quantity.text(*value);
            values.push(json!({
                "variant": row.name, "replicate": number, "value": shown(*value), "tip": tip, "part": "replicate",
                "jitter": (number as f64 * 0.618_033_988_749_895).fract() - 0.5,
            }));
        }
        let (from, to) = row.interval.unwrap_or((row.mean, row.mean));
        values.push(json!({
            "variant": row.name, "value": shown(row.mean), "from": shown(from), "to": shown(to),
            "tip": row.told, "part": "mean",
        }));
        if let Some((bound, name)) = row.bound {
            let tip = format!("{name}: {}", data.quantity.text(*bound));
            values.push(json!({ "variant": row.name, "value": shown(*bound), "tip": tip, "part": "bound" }));
        }
    }
    let only = |part: &str| json!([{ "filter": { "field": "part", "equal": part } }]);
    let scale = if log { json!({ "type": "log" }) } else { json!({ "zero": false, "nice": true }) };
    let tip = |what: &str| json!([{ "field": "variant", "type": "nominal" }, { "field": "tip", "type": "nominal", "title": what }]);
    let mean = json!({
        "transform": only("mean"),
        "layer": [
            { "mark": { "type": "rule", "strokeWidth": 3 }, "encoding": { "x": { "field": "from" }, "x2": { "field": "to" } } },
            { "mark": { "type": "point", "filled": true, "size": 70, "opacity": 1 }, "encoding": { "x": { "field": "value" } } },
        ],
        "encoding": { "tooltip": tip(&format!("mean, {} % interval", 100.0 * data.level)) },
    });
    let replicates = json!({
        "transform": only("replicate"),
        "mark": { "type": "circle", "size": 24, "opacity": 0.7, "color": REPLICATES },
        "encoding": {
            "x": { "field": "value" },
            "yOffset": { "field": "jitter", "type": "quantitative", "scale": { "domain": [-1, 1] } },
            "tooltip": [
                { "field": "variant", "type": "nominal" },
                { "field": "replicate", "type": "quantitative" },
                { "field": "tip", "type": "nominal", "title": data.metric },
            ],
        },
    });
    let bounds = json!({
        "transform": only("bound"),
        "mark": { "type": "tick", "thickness": 3, "size": 30, "opacity": 1, "color": VERMILLION.hex() },
        "encoding": { "x": { "field": "value" }, "tooltip": tip("lower bound") },
    });
    let mut layers = vec![replicates, mean];
    if rows.iter().any(|row| row.bound.is_some()) {
        layers.insert(1, bounds);
    }
    let rest = json!({
        "encoding": {
            "y": {
                "field": "variant", "type": "nominal", "sort": null, "title": null,
                "axis": { "labelLimit": 260, "ticks": false },
            },
            "x": { "type": "quantitative", "title": unit.title(title), "scale": scale, "axis": { "tickCount": 10 } },
        },
        "layer": layers,
    });
    spec((54.0 * rows.len() as f64).max(60.0), values, rest)
}
