//! Quantities that change in steps over time, one panel each under a common time axis.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::axis::Axis;
use super::drawing::{Anchor, Drawing, Type};
use super::hatch::Band;
use super::page::{Heading, Page};
use super::picture::{Picture, Table};
use super::quantity::Quantity;
use super::spread;
use super::theme::{self, Colour, Fill, GRID, INK, Theme, size};
use super::vega;

/// Panels under one time axis.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TimeSeries {
    /// Title, subtitle, small print.
    pub heading: Heading,
    /// The length of the run in seconds; lines end here.
    pub duration: f64,
    /// From top to bottom.
    pub panels: Vec<Panel>,
}

/// One quantity over time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Panel {
    /// What is shown, as a title: `Tasks waiting`.
    pub metric: String,
    /// What it measures.
    pub quantity: Quantity,
    /// One line each.
    pub lines: Vec<Steps>,
    /// Up to where the axis goes at least, in base units, so that panels can be compared.
    #[serde(default)]
    pub most: Option<f64>,
    /// What most of many lie between, tinted behind the lines.
    #[serde(default)]
    pub between: Option<Between>,
}

/// What most of many lie between over time.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Between {
    /// Seconds (rising) and the lower end from then on, in base units.
    pub low: Vec<(f64, f64)>,
    /// The upper end, likewise.
    pub high: Vec<(f64, f64)>,
}

/// One line.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Steps {
    /// The variant's name.
    pub name: String,
    /// Seconds (rising) and the value from then on, in base units.
    pub steps: Vec<(f64, f64)>,
}

impl Picture for TimeSeries {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn draw(&self, theme: &Theme) -> Drawing {
        draw(self, theme)
    }

    fn vega(&self) -> Vec<Value> {
        vega::timeseries::panels(self)
    }

    fn table(&self) -> Table {
        table(self)
    }
}

fn draw(data: &TimeSeries, theme: &Theme) -> Drawing {
    let mut page = Page::new(&data.heading, theme);
    let name = Type::bold(size::LABEL, INK);
    let names = data.panels.iter().flat_map(|p| &p.lines).map(|l| name.width(&l.name)).fold(0.0, f64::max);
    let room = names.min(theme.at_most(300.0, 0.2));
    let most = data.panels.iter().map(|p| p.lines.len()).max().unwrap_or(0) as f64;
    let height = (620.0 * theme.tall / data.panels.len().max(1) as f64).max(150.0).max(30.0 * most);
    let (from, to) = theme.content();
    let ends = (from + 110.0, to - room - 40.0);
    let time = Axis::exact(Quantity::Time, (0.0, data.duration), ends);
    let mut top = page.top;
    for panel in &data.panels {
        top += 44.0;
        draw_panel(&mut page.drawing, panel, &time, data.duration, (ends, (top, top + height)), room);
        top += height;
        time.draw_below(&mut page.drawing, top, top);
        top += 40.0;
    }
    let title = time.title("Time");
    page.drawing.text(((ends.0 + ends.1) / 2.0, top + 20.0), Anchor::Middle, name, title);
    let fast = data.panels.iter().any(|p| p.lines.iter().any(|l| l.steps.len() > FAST));
    let ranges = data.panels.iter().any(|p| p.lines.len() <= RANGES && p.between.is_none());
    let remark = match (fast, ranges) {
        (false, _) => "",
        (true, true) => {
            "Lines that change too fast for steps are means over time; a tint behind them is their range."
        }
        (true, false) => "Lines that change too fast for steps are means over time.",
    };
    page.finish(top + 34.0, remark)
}

/// Each line's mean over time and its range.
fn table(data: &TimeSeries) -> Table {
    let mut table = Table::of(["", "variant", "mean over time", "least", "most"]);
    for panel in &data.panels {
        for line in &panel.lines {
            let Some(whole) = averages(line, 1, data.duration).pop() else { continue };
            let text = |value: f64| panel.quantity.text(value);
            let cells = [whole.mean, whole.low, whole.high].map(text);
            table.rows.push([panel.metric.clone(), line.name.clone()].into_iter().chain(cells).collect());
        }
    }
    table
}

fn draw_panel(
    drawing: &mut Drawing,
    panel: &Panel,
    time: &Axis,
    duration: f64,
    ((left, right), (top, bottom)): ((f64, f64), (f64, f64)),
    room: f64,
) {
    let bold = Type::bold(size::LABEL, INK);
    let values = panel.lines.iter().flat_map(|l| l.steps.iter().map(|s| s.1)).chain([0.0]).chain(panel.most);
    let axis = Axis::linear(panel.quantity.clone(), values, (bottom, top));
    let from = drawing.content().0;
    let title = bold.fit(&axis.title(&panel.metric), right - from);
    drawing.text((from, top - 14.0), Anchor::Start, bold, title);
    axis.draw_left(drawing, left, right);
    let lines: Vec<Line> = panel.lines.iter().map(|l| Line::new(l, time, &axis, duration)).collect();
    if let Some(between) = &panel.between {
        tint_between(drawing, between, time, &axis, duration);
    }
    if lines.len() <= RANGES && panel.between.is_none() {
        for (i, line) in lines.iter().enumerate() {
            line.draw_range(drawing, theme::tint(theme::line(i).0));
        }
    }
    for (i, line) in lines.iter().enumerate() {
        let (colour, dash) = theme::line(i);
        drawing.dashed(&line.points, colour, 3.0, dash);
    }
    let ends: Vec<f64> = lines.iter().map(|l| l.points.last().map_or(bottom, |p| p.1)).collect();
    let places = spread::apart(&ends, &vec![30.0; ends.len()], (top - 10.0, bottom + 10.0));
    for (i, line) in panel.lines.iter().enumerate() {
        drawing.line(vec![(right + 4.0, ends[i]), (right + 26.0, places[i])], GRID, 1.5);
        let set = Type::bold(size::LABEL, theme::line(i).0);
        drawing.text(
            (right + 32.0, places[i] + 0.36 * set.em),
            Anchor::Start,
            set,
            set.fit(&line.name, room),
        );
    }
}

/// Tints what lies between two lines.
fn tint_between(drawing: &mut Drawing, between: &Between, time: &Axis, axis: &Axis, duration: f64) {
    let left = time.at(0.0);
    let columns = ((time.at(duration) - left) / COLUMN).ceil().max(1.0) as usize;
    let line = |steps: &[(f64, f64)]| {
        averages(&Steps { name: String::new(), steps: steps.to_vec() }, columns, duration)
    };
    let (low, high) = (line(&between.low), line(&between.high));
    let range: Vec<(f64, f64)> =
        low.iter().zip(&high).map(|(low, high)| (axis.at(high.mean), axis.at(low.mean))).collect();
    drawing.band(&Band { left, step: COLUMN, columns: &range }, Fill::plain(theme::tint(theme::BLUE)));
}

/// A line as drawn.
struct Line {
    points: Vec<(f64, f64)>,
    /// Its heights' range by column, if it changes too fast to be drawn as steps.
    range: Vec<(f64, f64)>,
    left: f64,
}

/// Of more lines the ranges would hide one another.
const RANGES: usize = 3;
/// A line of more steps than this is drawn as averages.
const FAST: usize = 350;
/// How wide the columns are in which a line that changes too fast for steps is averaged.
const COLUMN: f64 = 4.0;

impl Line {
    fn new(line: &Steps, time: &Axis, axis: &Axis, duration: f64) -> Line {
        let left = time.at(0.0);
        let columns = ((time.at(duration) - left) / COLUMN).ceil().max(1.0) as usize;
        if line.steps.len() <= FAST {
            return Line { points: corners(line, time, axis, duration), range: Vec::new(), left };
        }
        let means = averages(line, columns, duration);
        let middle = |i: usize| left + COLUMN * (i as f64 + 0.5);
        let points = means.iter().enumerate().map(|(i, m)| (middle(i), axis.at(m.mean))).collect();
        let range = means.iter().map(|m| (axis.at(m.high), axis.at(m.low))).collect();
        Line { points, range, left }
    }

    fn draw_range(&self, drawing: &mut Drawing, colour: Colour) {
        let band = Band { left: self.left, step: COLUMN, columns: &self.range };
        drawing.band(&band, Fill::plain(colour));
    }
}

/// The corners of a line that is drawn as steps.
fn corners(line: &Steps, time: &Axis, axis: &Axis, duration: f64) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64)> = Vec::new();
    for &(at, value) in line.steps.iter().filter(|s| s.1.is_finite()) {
        let x = time.at(at);
        points.extend(points.last().map(|before| (x, before.1)));
        points.push((x, axis.at(value)));
    }
    points.extend(points.last().map(|before| (time.at(duration), before.1)));
    points
}

/// What a line does within a column.
#[derive(Clone, Copy)]
struct Average {
    /// Over time.
    mean: f64,
    low: f64,
    high: f64,
}

fn averages(line: &Steps, columns: usize, duration: f64) -> Vec<Average> {
    let width = duration / columns as f64;
    let first = line.steps.first().map_or(0.0, |s| s.1);
    let mut value = first;
    let mut steps = line.steps.iter().filter(|s| s.1.is_finite()).peekable();
    (0..columns)
        .map(|i| {
            let (mut from, end) = (width * i as f64, width * (i + 1) as f64);
            let (mut sum, mut low, mut high) = (0.0, value, value);
            while let Some(&(at, next)) = steps.next_if(|s| s.0 < end || i + 1 == columns) {
                let at = at.clamp(from, end);
                sum += value * (at - from);
                (from, value) = (at, next);
                (low, high) = (low.min(value), high.max(value));
            }
            Average { mean: (sum + value * (end - from)) / width, low, high }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::super::theme::THEMES;
    use super::*;

    #[test]
    fn panels_share_time_and_label_their_lines() {
        let drawing = draw(&samples::timeseries(2, 3000), Theme::USUAL);
        for part in ["Tasks waiting", "Cores busy", "Time (s)", "variant 0", "variant 1"] {
            assert!(drawing.says(part), "{part} is missing");
        }
        drawing.assert_readable();
    }

    #[test]
    fn a_line_too_fast_for_steps_is_its_mean_over_time_within_its_range() {
        let mut steps: Vec<(f64, f64)> =
            (0..100_000).map(|i| (f64::from(i) * 1e-3, f64::from(i % 4 / 3))).collect();
        steps[50_000].1 = 9.0;
        let line = Steps { name: "busy".to_owned(), steps };
        let averages = averages(&line, 100, 100.0);
        assert!(averages.iter().all(|a| (a.mean - 0.25).abs() < 0.02), "one step of four is 1");
        assert_eq!((averages[50].low, averages[50].high), (0.0, 9.0), "a peak is in the range");
        assert_eq!((averages[51].low, averages[51].high), (0.0, 1.0));
    }

    #[test]
    fn empty_series_are_drawn() {
        for theme in THEMES {
            draw(&samples::timeseries(0, 0), theme).assert_readable();
            draw(&samples::timeseries(12, 1), theme).assert_readable();
        }
        let none = TimeSeries { heading: samples::heading("Nothing"), duration: 0.0, panels: Vec::new() };
        draw(&none, Theme::USUAL).assert_readable();
    }
}
