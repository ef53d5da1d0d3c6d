//! How a metric reacts to each key.

use serde_json::{Value, json};

use super::super::tornado::{LESS, MORE, Tornado, signed};
use super::{colour, spec};

/// One panel.
pub(in crate::plot) fn panels(data: &Tornado) -> Vec<Value> {
    let mut rows = Vec::new();
    for bar in &data.bars {
        for (side, change, interval) in
            [("less", bar.changes.0, None), ("more", bar.changes.1, Some(bar.interval))]
        {
            let (low, high) = interval.unwrap_or((change, change));
            rows.push(json!({
                "key": bar.key, "tried": bar.tried, "side": side, "change": change, "low": low, "high": high,
                "tip": signed(change),
            }));
        }
    }
    let shades = json!({ "domain": ["less", "more"], "range": [colour(LESS.ground), colour(MORE.ground)] });
    let title = format!("Change of {}", data.metric.to_lowercase());
    let rest = json!({
        "encoding": {
            "y": { "field": "key", "type": "nominal", "sort": null, "title": null, "axis": { "labelLimit": 360, "ticks": false } },
            "x": { "type": "quantitative", "title": title, "axis": { "format": "~%" } },
        },
        "layer": [
            {
                "mark": { "type": "bar", "stroke": "currentColor", "strokeWidth": 0.7, "height": { "band": 0.7 } },
                "encoding": {
                    "x": { "field": "change", "stack": null },
                    "color": { "field": "side", "type": "nominal", "scale": shades, "legend": { "title": "the key is", "orient": "bottom" } },
                    "tooltip": [
                        { "field": "key", "type": "nominal" },
                        { "field": "tried", "type": "nominal", "title": "value → tried" },
                        { "field": "side", "type": "nominal" },
                        { "field": "tip", "type": "nominal", "title": data.metric },
                    ],
                },
            },
            {
                "transform": [{ "filter": { "field": "side", "equal": "more" } }],
                "mark": { "type": "rule", "strokeWidth": 2.5, "color": "currentColor" },
                "encoding": { "x": { "field": "low" }, "x2": { "field": "high" } },
            },
        ],
    });
    vec![spec((34.0 * data.bars.len() as f64).max(60.0), rows, rest)]
}
