//! Where the core time went: a stacked bar a variant.

use serde_json::{Value, json};

use super::super::breakdown::{Breakdown, percent, present};
use super::super::state::State;
use super::{colour, spec};

/// One panel.
pub(in crate::plot) fn panels(data: &Breakdown) -> Vec<Value> {
    let states: Vec<State> = present(data).collect();
    let mut rows = Vec::new();
    for bar in &data.variants {
        let whole: f64 = bar.times.iter().sum::<f64>().max(f64::MIN_POSITIVE);
        for (order, state) in states.iter().enumerate() {
            let share = bar.times[state.index()] / whole;
            rows.push(json!({
                "variant": bar.name, "state": state.name(), "share": share, "order": order,
                "tip": percent(share), "whole": bar.extent,
            }));
        }
    }
    let names: Vec<&str> = states.iter().map(|state| state.name()).collect();
    let colours: Vec<String> = states.iter().map(|state| colour(state.fill().ground)).collect();
    let rest = json!({
        "mark": { "type": "bar", "stroke": "#777", "strokeWidth": 0.5, "height": { "band": 0.75 } },
        "encoding": {
            "y": {
                "field": "variant", "type": "nominal", "sort": null, "title": null, "axis": { "labelLimit": 260, "ticks": false },
            },
            "x": {
                "field": "share", "type": "quantitative", "stack": "zero", "scale": { "domain": [0, 1] },
                "title": "Share of cores × duration", "axis": { "format": "%" },
            },
            "color": {
                "field": "state", "type": "nominal", "scale": { "domain": names, "range": colours },
                "legend": { "orient": "bottom", "columns": 4, "title": null, "labelLimit": 220 },
            },
            "order": { "field": "order", "type": "quantitative" },
            "tooltip": [
                { "field": "variant", "type": "nominal" },
                { "field": "state", "type": "nominal" },
                { "field": "tip", "type": "nominal", "title": "share" },
                { "field": "whole", "type": "nominal", "title": "of" },
            ],
        },
    });
    vec![spec(44.0 * data.variants.len().max(1) as f64, rows, rest)]
}
