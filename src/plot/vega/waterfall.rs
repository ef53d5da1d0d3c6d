//! From ideal time to simulated time.

use serde_json::{Value, json};

use super::super::quantity::Quantity;
use super::super::waterfall::Waterfall;
use super::{colour, spec};

/// One panel.
pub(in crate::plot) fn panels(data: &Waterfall) -> Vec<Value> {
    let total = data.total();
    let unit = Quantity::Time.unit(total);
    let mut rows: Vec<Value> = data
        .laid()
        .map(|(at, part)| {
            json!({
                "part": part.name, "from": at / unit.divisor, "to": (at + part.seconds) / unit.divisor,
                "tip": Quantity::Time.text(part.seconds), "colour": colour(part.state.fill().ground),
            })
        })
        .collect();
    rows.push(json!({
        "part": data.whole, "from": 0, "to": total / unit.divisor, "tip": Quantity::Time.text(total),
        "colour": "transparent",
    }));
    let rest = json!({
        "mark": { "type": "bar", "stroke": "currentColor", "strokeWidth": 0.7, "height": { "band": 0.72 } },
        "encoding": {
            "y": {
                "field": "part", "type": "nominal", "sort": null, "title": null,
                "axis": { "labelLimit": 260, "ticks": false },
            },
            "x": { "field": "from", "type": "quantitative", "title": unit.title("Time") },
            "x2": { "field": "to" },
            "color": { "field": "colour", "type": "nominal", "scale": null },
            "tooltip": [
                { "field": "part", "type": "nominal" },
                { "field": "tip", "type": "nominal", "title": "time" },
            ],
        },
    });
    vec![spec(34.0 * (data.parts.len() + 1) as f64, rows, rest)]
}
