//! Quantities over time, a panel each.

use serde_json::{Value, json};

use super::super::quantity::Quantity;
use super::super::timeseries::{Panel, TimeSeries};
use super::{faded, lines, picking, spec};

/// A panel each.
pub(in crate::plot) fn panels(data: &TimeSeries) -> Vec<Value> {
    data.panels.iter().map(|panel| one(data, panel)).collect()
}

fn one(data: &TimeSeries, panel: &Panel) -> Value {
    let names: Vec<String> = panel.lines.iter().map(|line| line.name.clone()).collect();
    let time = Quantity::Time.unit(data.duration);
    let largest =
        panel.lines.iter().flat_map(|line| &line.steps).map(|step| step.1.abs()).fold(0.0, f64::max);
    let unit = panel.quantity.unit(largest);
    let mut rows = Vec::new();
    for line in &panel.lines {
        let last = line.steps.last().map(|(_, value)| (data.duration, *value));
        for (at, value) in line.steps.iter().copied().chain(last) {
            rows.push(json!({
                "variant": line.name, "at": at / time.divisor, "value": value / unit.divisor,
                "time": Quantity::Time.text(at), "tip": panel.quantity.text(value),
            }));
        }
    }
    let (colour, dash) = lines(&names);
    let rest = json!({
        "params": picking(),
        "mark": { "type": "line", "interpolate": "step-after", "strokeWidth": 1.5, "point": { "size": 12, "opacity": 0.01 } },
        "encoding": {
            "x": { "field": "at", "type": "quantitative", "title": time.title("Time"), "scale": { "nice": false } },
            "y": { "field": "value", "type": "quantitative", "title": unit.title(&panel.metric) },
            "color": { "field": "variant", "type": "nominal", "scale": colour, "legend": { "title": null, "orient": "bottom" } },
            "strokeDash": { "field": "variant", "type": "nominal", "scale": dash },
            "opacity": faded(),
            "tooltip": [
                { "field": "variant", "type": "nominal" },
                { "field": "time", "type": "nominal" },
                { "field": "tip", "type": "nominal", "title": panel.metric },
            ],
        },
    });
    spec(220.0, rows, rest)
}
