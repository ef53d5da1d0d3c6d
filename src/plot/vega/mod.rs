//! Charts as Vega-Lite specifications, a file each: what the report shows, with its data, tooltips and picking in it.
//!
//! They carry no colours of paper and text, which the page sets for light, dark and print; what differs by case has the
//! colours and dashes of the drawn charts.

pub(super) mod breakdown;
pub(super) mod chunks;
pub(super) mod comparison;
pub(super) mod distribution;
pub(super) mod heatmap;
pub(super) mod relation;
pub(super) mod timeseries;
pub(super) mod tornado;
pub(super) mod waterfall;

use serde_json::{Value, json};

use super::theme::{self, Colour};

/// The version of the grammar.
const SCHEMA: &str = "https://vega.github.io/schema/vega-lite/v6.json";

/// A specification as wide as the page, of `height` pixels and with `rows` as its data; `rest` says the others.
fn spec(height: f64, rows: Vec<Value>, rest: Value) -> Value {
    let mut spec = json!({
        "$schema": SCHEMA,
        "width": "container",
        "height": height,
        "data": { "values": rows },
    });
    if let (Value::Object(spec), Value::Object(rest)) = (&mut spec, rest) {
        spec.extend(rest);
    }
    spec
}

/// Lines told apart as in the drawn charts: the scales of colour and dash for cases of these names.
fn lines(names: &[String]) -> (Value, Value) {
    let colours: Vec<String> = (0..names.len()).map(|i| colour(theme::line(i).0)).collect();
    let dashes: Vec<Vec<f64>> =
        (0..names.len()).map(|i| theme::line(i).1.iter().map(|length| length / 2.0).collect()).collect();
    let dashes: Vec<Vec<f64>> =
        dashes.into_iter().map(|dash| if dash.is_empty() { vec![1.0, 0.0] } else { dash }).collect();
    (json!({ "domain": names, "range": colours }), json!({ "domain": names, "range": dashes }))
}

/// What is grey on paper is the page's text so far thinned, to be as quiet on a dark page.
fn colour(colour: Colour) -> String {
    let Colour(r, g, b) = colour;
    match (r == g && g == b, r) {
        (true, 0) => "currentColor".to_owned(),
        (true, grey) => {
            format!("color-mix(in srgb, currentColor {}%, transparent)", (255 - u32::from(grey)) * 100 / 255)
        }
        (false, _) => colour.hex(),
    }
}

/// The parameters by which lines are picked in the legend, and the time axis moved by dragging and scaled by turning the
/// wheel while shift is held.
fn picking() -> Value {
    json!([
        { "name": "pick", "select": { "type": "point", "fields": ["variant"] }, "bind": "legend" },
        {
            "name": "view",
            "select": { "type": "interval", "encodings": ["x"], "zoom": "wheel![event.shiftKey]" },
            "bind": "scales",
        },
    ])
}

/// Lines that aren't picked stand back.
fn faded() -> Value {
    json!({ "condition": { "param": "pick", "value": 1 }, "value": 0.15 })
}
