//! Quantities over time, a panel each.

use serde_json::{Value, json};

use super::super::quantity::{Quantity, Unit};
use super::super::theme::BLUE;
use super::super::timeseries::{Between, Panel, TimeSeries};
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
    let domain = panel.most.map(|most| json!({ "domainMin": 0.0, "domainMax": most / unit.divisor }));
    let line = json!({
        "params": picking(),
        "mark": { "type": "line", "interpolate": "step-after", "strokeWidth": 1.5, "point": { "size": 12, "opacity": 0.01 } },
        "encoding": {
            "x": { "field": "at", "type": "quantitative", "title": time.title("Time"), "scale": { "nice": false } },
            "y": { "field": "value", "type": "quantitative", "title": unit.title(&panel.metric), "scale": domain.unwrap_or_else(|| json!({})) },
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
    match &panel.between {
        None => spec(220.0, rows, line),
        Some(between) => {
            let tint = tint(data, between, &time, &unit);
            spec(220.0, rows, json!({ "layer": [tint, line] }))
        }
    }
}

/// What most lie between, behind the lines.
fn tint(data: &TimeSeries, between: &Between, time: &Unit, unit: &Unit) -> Value {
    let mut rows = Vec::new();
    let (mut low, mut high) = (between.low.iter().peekable(), between.high.iter().peekable());
    let (mut from, mut to) = (0.0, 0.0);
    // A row wherever one of the ends changes.
    while let Some(at) = low.peek().into_iter().chain(high.peek()).map(|step| step.0).reduce(f64::min) {
        from = low.next_if(|step| step.0 == at).map_or(from, |step| step.1);
        to = high.next_if(|step| step.0 == at).map_or(to, |step| step.1);
        rows.push((at, from, to));
    }
    rows.extend(rows.last().map(|(_, from, to)| (data.duration, *from, *to)));
    let row = |(at, low, high): &(f64, f64, f64)| json!({ "at": at / time.divisor, "low": low / unit.divisor, "high": high / unit.divisor });
    json!({
        "data": { "values": rows.iter().map(row).collect::<Vec<_>>() },
        "mark": { "type": "area", "interpolate": "step-after", "color": BLUE.hex(), "opacity": 0.25 },
        "encoding": {
            "x": { "field": "at", "type": "quantitative" },
            "y": { "field": "low", "type": "quantitative" },
            "y2": { "field": "high" },
        },
    })
}
