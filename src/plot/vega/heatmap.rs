//! A metric over two swept keys.

use serde_json::{Value, json};

use super::super::heatmap::HeatMap;
use super::spec;

/// One panel.
pub(in crate::plot) fn panels(data: &HeatMap) -> Vec<Value> {
    let largest = data.values.iter().flatten().flatten().map(|value| value.abs()).fold(0.0, f64::max);
    let unit = data.quantity.unit(largest);
    let mut rows = Vec::new();
    for (down, row) in data.down.values.iter().zip(&data.values) {
        for (across, value) in data.across.values.iter().zip(row) {
            if let Some(value) = value {
                let tip = data.quantity.text(*value);
                rows.push(
                    json!({ "across": across, "down": down, "value": value / unit.divisor, "tip": tip }),
                );
            }
        }
    }
    let mut scale = json!({ "scheme": "blues", "type": if data.is_log() { "log" } else { "linear" } });
    if let Some((low, high)) = data.range {
        scale["domain"] = json!([low / unit.divisor, high / unit.divisor]);
    }
    let side =
        |field: &str, title: &str| json!({ "field": field, "type": "ordinal", "sort": null, "title": title });
    let rest = json!({
        "mark": { "type": "rect", "stroke": "currentColor", "strokeOpacity": 0.2 },
        "encoding": {
            "x": side("across", &data.across.name),
            "y": side("down", &data.down.name),
            "color": {
                "field": "value", "type": "quantitative", "scale": scale,
                "legend": { "title": unit.title(&data.metric) },
            },
            "tooltip": [
                { "field": "across", "type": "nominal", "title": data.across.name },
                { "field": "down", "type": "nominal", "title": data.down.name },
                { "field": "tip", "type": "nominal", "title": data.metric },
            ],
        },
    });
    vec![spec((32.0 * data.down.values.len() as f64).max(120.0), rows, rest)]
}
