//! How a loop was handed out, a panel a variant.

use serde_json::{Value, json};

use super::super::chunks::{Chunks, Panel, SEVERAL, colour};
use super::super::quantity::Quantity;
use super::spec;

/// A panel each.
pub(in crate::plot) fn panels(data: &Chunks) -> Vec<Value> {
    data.panels.iter().map(|panel| one(data, panel)).collect()
}

fn one(data: &Chunks, panel: &Panel) -> Value {
    let unit = Quantity::Time.unit(data.end());
    let core = |core: u32| data.cores.get(core as usize).map_or("several cores at once", String::as_str);
    let row = |(at, size, by): &(f64, u64, u32)| {
        json!({
            "at": at / unit.divisor, "iterations": size, "core": core(*by), "time": Quantity::Time.text(*at),
        })
    };
    let rows: Vec<Value> = panel.dots.iter().map(row).collect();
    let (largest, smallest) = data.sizes();
    // Dots at the edges are cut where a chart can be moved: a little room beyond them.
    let end = data.end() / unit.divisor;
    let mut point = json!({
        "x": {
            "field": "at", "type": "quantitative", "title": unit.title("Time at which a core asks for it"),
            "scale": { "domain": [-0.01 * end, 1.01 * end], "nice": false },
        },
        "y": {
            "field": "iterations", "type": "quantitative", "title": format!("Iterations of a chunk, {}", panel.name),
            "scale": if data.is_log() {
                json!({ "type": "log", "domain": [0.8 * smallest as f64, 1.25 * largest as f64] })
            } else {
                json!({ "domain": [0.0, 1.08 * largest as f64] })
            },
        },
        "tooltip": [
            { "field": "iterations", "type": "quantitative" },
            { "field": "time", "type": "nominal", "title": "asked for at" },
        ],
    });
    if data.cores.len() > 1 {
        let all = (0..data.cores.len() as u32).chain([SEVERAL]);
        let (names, colours): (Vec<&str>, Vec<String>) =
            all.map(|at| (core(at), super::colour(colour(data, at)))).unzip();
        point["color"] = json!({
            "field": "core", "type": "nominal", "scale": { "domain": names, "range": colours },
            "legend": { "title": null, "orient": "bottom" },
        });
        if let Some(tips) = point["tooltip"].as_array_mut() {
            tips.push(json!({ "field": "core", "type": "nominal" }));
        }
    }
    let colour = if data.cores.len() > 1 { Value::Null } else { json!(colour(data, 0).hex()) };
    let mut mark = json!({ "type": "point", "filled": true, "size": 26, "opacity": 0.9 });
    if !colour.is_null() {
        mark["color"] = colour;
    }
    let rest = json!({
        "layer": [
            {
                "params": [{
                    "name": "view",
                    "select": { "type": "interval", "encodings": ["x"], "zoom": "wheel![event.shiftKey]" },
                    "bind": "scales",
                }],
                "mark": mark,
                "encoding": point,
            },
            {
                "data": { "values": [{ "end": panel.end / unit.divisor, "time": Quantity::Time.text(panel.end) }] },
                "mark": { "type": "rule", "strokeWidth": 2, "color": "currentColor" },
                "encoding": {
                    "x": { "field": "end", "type": "quantitative" },
                    "tooltip": [{ "field": "time", "type": "nominal", "title": "the loop ends at" }],
                },
            },
        ],
    });
    spec(200.0, rows, rest)
}
