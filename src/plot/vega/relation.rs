//! A metric against an axis.

use serde_json::{Value, json};

use super::super::quantity::Unit;
use super::super::relation::{Curve, Kind, Mark, Panel, Relation};
use super::super::theme::{self, VERMILLION};
use super::{colour, faded, lines, spec};

/// A panel each.
pub(in crate::plot) fn panels(data: &Relation) -> Vec<Value> {
    data.panels.iter().map(|panel| Sheet::new(data, panel).spec()).collect()
}

/// The shapes of marks, as those of the drawn charts.
const SHAPES: [&str; 6] = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"];

/// A panel with its units and axes.
struct Sheet<'a> {
    data: &'a Relation,
    panel: &'a Panel,
    unit: Unit,
    level: Unit,
    names: Vec<String>,
    x: Value,
    y: Value,
    /// How cases are coloured.
    shade: Value,
    legend: Value,
}

impl<'a> Sheet<'a> {
    fn new(data: &'a Relation, panel: &'a Panel) -> Self {
        let points = || panel.lines.iter().flat_map(|line| &line.points);
        let unit = panel.quantity.unit(points().map(|point| point.value.abs()).fold(0.0, f64::max));
        let level = data.across.quantity.unit(points().map(|point| point.x).fold(0.0, f64::max));
        let scale = |log: bool| match log {
            true => json!({ "type": "log", "nice": false }),
            false => json!({ "zero": data.kind == Kind::Bars, "nice": true }),
        };
        let x = if data.across.names.is_empty() {
            let scale = match data.across.log {
                true => scale(true),
                false => json!({ "zero": false, "nice": true }),
            };
            json!({ "field": "x", "type": "quantitative", "title": level.title(&data.across.label), "scale": scale })
        } else {
            json!({
                "field": "x", "type": "ordinal", "sort": null, "title": data.across.label, "axis": { "labelAngle": 0 },
            })
        };
        let title = match panel.name.is_empty() {
            true => unit.title(&panel.metric),
            false => format!("{}: {}", panel.name, unit.title(&panel.metric)),
        };
        let y =
            json!({ "field": "value", "type": "quantitative", "title": title, "scale": scale(panel.log) });
        let names: Vec<String> = panel.lines.iter().map(|line| line.name.clone()).collect();
        let legend = if names.len() > 1 { json!({ "title": null, "orient": "bottom" }) } else { Value::Null };
        let shade = json!({ "field": "case", "type": "nominal", "scale": lines(&names).0, "legend": legend });
        Sheet { data, panel, unit, level, names, x, y, shade, legend }
    }

    fn named(&self) -> bool {
        !self.data.across.names.is_empty()
    }

    /// A place on the level axis as the data have it.
    fn place(&self, x: f64) -> Value {
        match self.data.across.names.get(x as usize) {
            Some(name) => json!(name),
            None => json!(x / self.level.divisor),
        }
    }

    fn spec(&self) -> Value {
        let mut layers = if self.data.kind == Kind::Bars { self.bars() } else { self.points() };
        layers.extend(self.panel.curves.iter().map(|curve| self.curve(curve)));
        let marks = self.panel.marks.iter().enumerate();
        layers.extend(marks.flat_map(|(row, mark)| self.mark(row, mark)));
        spec(340.0, self.rows(), json!({ "layer": layers }))
    }

    fn rows(&self) -> Vec<Value> {
        let mut rows = Vec::new();
        for line in &self.panel.lines {
            for point in &line.points {
                let (low, high) = point.interval.unwrap_or((point.value, point.value));
                let tip = self.panel.quantity.unit(point.value).with_interval(point.value, point.interval);
                // Null breaks a line.
                let has_place = self.data.has_place(self.panel, (point.x, point.value));
                let height = |value: f64| has_place.then(|| value / self.unit.divisor);
                rows.push(json!({
                    "case": line.name, "x": self.place(point.x), "value": height(point.value),
                    "low": height(low), "high": height(high),
                    "place": self.data.place(point.x), "tip": tip,
                }));
            }
        }
        rows
    }

    fn tips(&self, first: &str) -> Value {
        json!([
            { "field": first, "type": "nominal" },
            { "field": "place", "type": "nominal", "title": self.data.across.label },
            { "field": "tip", "type": "nominal", "title": self.panel.metric },
        ])
    }

    fn bars(&self) -> Vec<Value> {
        let mut bar = json!({ "x": self.x, "y": self.y, "color": self.shade, "opacity": faded(), "tooltip": self.tips("case") });
        let mut interval = self.interval(&json!({ "value": "currentColor" }));
        if self.named() && self.names.len() > 1 {
            let offset = json!({ "field": "case", "type": "nominal", "sort": null });
            bar["xOffset"] = offset.clone();
            interval["encoding"]["xOffset"] = offset;
        }
        let mark = json!({ "type": "bar", "stroke": "currentColor", "strokeWidth": 0.7 });
        vec![json!({ "params": pick(), "mark": mark, "encoding": bar }), interval]
    }

    fn interval(&self, shade: &Value) -> Value {
        let mut low = self.y.clone();
        low["field"] = json!("low");
        json!({
            "mark": { "type": "rule", "strokeWidth": 2 },
            "encoding": { "x": self.x, "y": low, "y2": { "field": "high" }, "color": shade, "opacity": faded() },
        })
    }

    fn points(&self) -> Vec<Value> {
        let shapes = json!({ "domain": self.names, "range": SHAPES });
        let points = json!({
            "params": pick(),
            "mark": { "type": "point", "filled": true, "size": 60, "opacity": 1 },
            "encoding": {
                "x": self.x, "y": self.y, "color": self.shade, "opacity": faded(), "tooltip": self.tips("case"),
                "shape": { "field": "case", "type": "nominal", "scale": shapes, "legend": self.legend },
            },
        });
        let joined = |at: usize| self.data.kind == Kind::Line && !self.panel.has_theory(at) && !self.named();
        let drawn: Vec<&String> =
            self.names.iter().enumerate().filter(|(at, _)| joined(*at)).map(|(_, name)| name).collect();
        let mut layers = vec![self.interval(&self.shade), points];
        if !drawn.is_empty() {
            let dash = json!({ "field": "case", "type": "nominal", "scale": lines(&self.names).1, "legend": self.legend });
            layers.insert(
                0,
                json!({
                    "transform": [{ "filter": { "field": "case", "oneOf": drawn } }],
                    "mark": { "type": "line", "strokeWidth": 2 },
                    "encoding": {
                        "x": self.x, "y": self.y, "color": self.shade, "opacity": faded(), "strokeDash": dash,
                    },
                }),
            );
        }
        layers
    }

    fn curve(&self, curve: &Curve) -> Value {
        let mut rows = Vec::new();
        let lost = |at: &(f64, f64)| !self.data.has_place(self.panel, *at);
        for (piece, points) in curve.pieces.iter().flat_map(|piece| piece.split(lost)).enumerate() {
            rows.extend(points.iter().map(|(x, y)| {
                json!({
                    "x": self.place(*x), "value": y / self.unit.divisor, "piece": piece, "theory": curve.name,
                    "place": self.data.place(*x), "tip": self.panel.quantity.text(*y),
                })
            }));
        }
        let (shade, dash) = match curve.line {
            Some(at) => (colour(theme::line(at).0), theme::line(at).1),
            None => ("currentColor".to_owned(), &[12.0, 8.0][..]),
        };
        let dash: Vec<f64> = dash.iter().map(|length| length / 2.0).collect();
        let mark = match self.named() {
            true => json!({ "type": "tick", "thickness": 2, "color": shade }),
            false => json!({ "type": "line", "strokeWidth": 2, "strokeDash": dash, "color": shade }),
        };
        json!({
            "data": { "values": rows },
            "mark": mark,
            "encoding": {
                "x": self.x, "y": self.y, "detail": { "field": "piece" }, "tooltip": self.tips("theory"),
            },
        })
    }

    /// A line across and its text, or a text at a spot.
    fn mark(&self, row: usize, mark: &Mark) -> Vec<Value> {
        let mut at = json!({ "text": mark.text });
        let mut line = json!({});
        let mut text = json!({
            "x": { "value": "width" }, "y": { "value": 14.0 + 15.0 * row as f64 },
            "text": { "field": "text", "type": "nominal" },
        });
        if let Some(x) = mark.x {
            at["x"] = self.place(x);
            line["x"] = self.x.clone();
            text["x"] = self.x.clone();
        }
        if let Some(y) = mark.y {
            at["value"] = json!(y / self.unit.divisor);
            line["y"] = self.y.clone();
            text["y"] = self.y.clone();
        }
        let data = json!({ "values": [at] });
        let (align, dx, dy) = if mark.x.is_some() { ("left", 6, -6) } else { ("right", -6, -8) };
        let mut layers = Vec::new();
        if mark.x.is_none() || mark.y.is_none() {
            let rule = json!({ "type": "rule", "color": VERMILLION.hex(), "strokeDash": [4, 4], "strokeWidth": 1.5 });
            layers.push(json!({ "data": data, "mark": rule, "encoding": line }));
        }
        let words = json!({ "type": "text", "align": align, "dx": dx, "dy": dy, "color": VERMILLION.hex() });
        layers.push(json!({ "data": data, "mark": words, "encoding": text }));
        layers
    }
}

/// Cases are picked in the legend.
fn pick() -> Value {
    json!([{ "name": "pick", "select": { "type": "point", "fields": ["case"] }, "bind": "legend" }])
}
