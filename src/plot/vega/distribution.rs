//! How likely a value is exceeded, on a log axis.

use serde_json::{Value, json};

use super::super::distribution::{Curve, Distribution, LOG_FROM};
use super::super::quantity::Quantity;
use super::{faded, lines, picking, spec};

/// One panel.
pub(in crate::plot) fn panels(data: &Distribution) -> Vec<Value> {
    let names: Vec<String> = data.curves.iter().map(|curve| curve.name.clone()).collect();
    let largest = data.curves.iter().filter_map(|curve| Some(curve.steps.last()?.0)).fold(0.0, f64::max);
    let median = data.curves.iter().filter_map(|curve| curve.quantile(0.5)).fold(0.0, f64::max);
    let log = median > 0.0 && largest > LOG_FROM * median;
    let unit = data.quantity.unit(if log { median } else { largest });
    let row = |curve: &Curve, value: f64, share: f64| {
        json!({
            "variant": curve.name, "value": value / unit.divisor, "share": share,
            "tip": data.quantity.text(value), "exceeding": Quantity::Share.text(share),
        })
    };
    let steps = |curve: &'_ Curve| -> Vec<Value> {
        let shown = curve.steps.iter().filter(|(value, share)| *share > 0.0 && (!log || *value > 0.0));
        shown.map(|(value, share)| row(curve, *value, *share)).collect()
    };
    let rows: Vec<Value> = data.curves.iter().flat_map(steps).collect();
    let (colour, dash) = lines(&names);
    let line = json!({
        "params": picking(),
        "mark": { "type": "line", "interpolate": "step-after", "strokeWidth": 2, "point": { "size": 12, "opacity": 0.01 } },
        "encoding": {
            "x": {
                "field": "value", "type": "quantitative", "title": unit.title(&data.metric),
                "scale": if log { json!({ "type": "log" }) } else { json!({ "zero": true }) },
            },
            "y": {
                "field": "share", "type": "quantitative", "scale": { "type": "log" }, "axis": { "format": "~%" },
                "title": format!("Probability that {} is greater", data.metric.to_lowercase()),
            },
            "color": { "field": "variant", "type": "nominal", "scale": colour, "legend": { "title": null, "orient": "bottom" } },
            "strokeDash": { "field": "variant", "type": "nominal", "scale": dash },
            "opacity": faded(),
            "tooltip": [
                { "field": "variant", "type": "nominal" },
                { "field": "tip", "type": "nominal", "title": data.metric },
                { "field": "exceeding", "type": "nominal", "title": "exceeded by" },
            ],
        },
    });
    let bars: Vec<Value> = data
        .curves
        .iter()
        .flat_map(|curve| curve.intervals.iter().map(move |interval| (curve, interval)))
        .filter(|(_, (_, (low, _)))| !log || *low > 0.0)
        .map(|(curve, (share, (low, high)))| {
            json!({
                "variant": curve.name, "share": share, "low": low / unit.divisor, "high": high / unit.divisor,
                "tip": format!("{} to {}", data.quantity.text(*low), data.quantity.text(*high)),
            })
        })
        .collect();
    if bars.is_empty() {
        return vec![spec(380.0, rows, line)];
    }
    let whiskers = json!({
        "data": { "values": bars },
        "mark": { "type": "rule", "strokeWidth": 4 },
        "encoding": {
            "x": { "field": "low", "type": "quantitative" },
            "x2": { "field": "high" },
            "y": { "field": "share", "type": "quantitative" },
            "color": { "field": "variant", "type": "nominal" },
            "opacity": faded(),
            "tooltip": [
                { "field": "variant", "type": "nominal" },
                { "field": "tip", "type": "nominal", "title": "interval over replicates" },
            ],
        },
    });
    vec![spec(380.0, rows, json!({ "layer": [line, whiskers] }))]
}
