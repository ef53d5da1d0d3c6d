//! One metric by variant: means with intervals, every replicate, the bounds, and the paired differences to the baseline.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::axis::{Axis, extremes};
use super::drawing::{Anchor, Drawing, Type};
use super::legend::{self, Key};
use super::page::{Heading, Names, Page};
use super::picture::{Picture, Table};
use super::quantity::Quantity;
use super::theme::{BLUE, Colour, GRID, INK, QUIET, Theme, VERMILLION, size};
use super::vega;

/// What is compared.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Comparison {
    /// Title, subtitle, small print.
    pub heading: Heading,
    /// The metric's name as a title: `Makespan`.
    pub metric: String,
    /// What the metric measures.
    pub quantity: Quantity,
    /// The intervals' level, for their label: 0.95.
    pub level: f64,
    /// One row each, from top to bottom.
    pub variants: Vec<Variant>,
    /// The baseline's name, if differences to it are drawn.
    pub baseline: Option<String>,
}

/// One variant's values, in base units of the quantity.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Variant {
    /// The variant's name.
    pub name: String,
    /// The mean over replicates.
    pub mean: f64,
    /// The ends of the mean's interval; none for a single replicate.
    pub interval: Option<(f64, f64)>,
    /// One value per replicate, in their order.
    pub replicates: Vec<f64>,
    /// A value that the metric can't be below, and what bounds it ("critical path").
    pub bound: Option<(f64, String)>,
    /// The paired difference to the baseline; none for the baseline itself.
    pub difference: Option<Difference>,
}

/// Variant minus baseline, paired by replicate.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Difference {
    /// The mean of the differences.
    pub mean: f64,
    /// The ends of its interval.
    pub interval: Option<(f64, f64)>,
    /// One difference per replicate.
    pub replicates: Vec<f64>,
    /// The verdict in a few words: `shorter by 12 % ± 2 %`.
    pub verdict: String,
}

/// Most replicates of a variant that are shown as points: more are a smear, and a picture of many megabytes.
pub(super) const POINTS: usize = 500;

/// A ratio of values from which on they are laid out on a log axis.
pub(super) const LOG_FROM: f64 = 60.0;

impl Picture for Comparison {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn draw(&self, theme: &Theme) -> Drawing {
        draw(self, theme)
    }

    fn vega(&self) -> Vec<Value> {
        vega::comparison::panels(self)
    }

    fn table(&self) -> Table {
        table(self)
    }
}

fn draw(data: &Comparison, theme: &Theme) -> Drawing {
    let mut page = Page::new(&data.heading, theme);
    page.legend(&keys(data));
    let mut rows = Rows::new(data, page.top + 44.0, theme);
    let room = theme.at_most(330.0, 0.25);
    let names = Names::new(data.variants.iter().map(|v| v.name.as_str()), room, rows.em());
    let (from, to) = theme.content();
    let left = from + names.room + 22.0;
    let differences = data.variants.iter().any(|v| v.difference.is_some());
    let beside = differences && !theme.narrow();
    // Names and values stand once where both panels share their rows.
    let split = if beside { left + (to - left) * 0.56 } else { to };

    name_rows(&mut page.drawing, data, &rows, &names, left);
    values(&mut page.drawing, data, &rows, (left, split));
    if beside {
        paired(&mut page.drawing, data, &rows, (split + 50.0, to));
    } else if differences {
        rows.top = rows.bottom() + 100.0;
        name_rows(&mut page.drawing, data, &rows, &names, left);
        paired(&mut page.drawing, data, &rows, (left, to));
    }
    page.finish(rows.bottom() + 44.0, "")
}

fn name_rows(drawing: &mut Drawing, data: &Comparison, rows: &Rows, names: &Names, left: f64) {
    for (i, variant) in data.variants.iter().enumerate() {
        names.draw(drawing, &variant.name, (left - 18.0, rows.middle(i)), rows.height);
    }
}

/// The means with their intervals, bounds and verdicts.
fn table(data: &Comparison) -> Table {
    let mut table = Table::of(["variant", "replicates"]);
    table.columns.push(data.metric.clone());
    table.columns.extend(["lower bound", "against the baseline"].map(str::to_owned));
    for variant in &data.variants {
        let value = data.quantity.unit(variant.mean).with_interval(variant.mean, variant.interval);
        let bound = variant.bound.as_ref();
        let bound =
            bound.map_or(String::new(), |(value, name)| format!("{} ({name})", data.quantity.text(*value)));
        let verdict = variant.difference.as_ref().map_or("", |difference| difference.verdict.as_str());
        let count = variant.replicates.len().to_string();
        table.rows.push(vec![variant.name.clone(), count, value, bound, verdict.to_owned()]);
    }
    table
}

/// The rows' places.
struct Rows {
    top: f64,
    height: f64,
    count: usize,
}

impl Rows {
    fn new(data: &Comparison, top: f64, theme: &Theme) -> Rows {
        let count = data.variants.len().max(1);
        let height = (660.0 * theme.tall / count as f64).clamp(28.0, 120.0 * theme.tall.max(0.66));
        Rows { top, height, count }
    }

    fn middle(&self, row: usize) -> f64 {
        self.top + self.height * (row as f64 + 0.5)
    }

    fn bottom(&self) -> f64 {
        self.top + self.height * self.count as f64
    }

    fn em(&self) -> f64 {
        if self.height < 34.0 { size::TICK } else { size::LABEL }
    }

    /// Whether a bound's label finds room under its mark.
    fn label_bounds(&self) -> bool {
        self.height >= 78.0
    }

    /// Bands behind every second row lead the eye from the name to the numbers.
    fn stripes(&self, drawing: &mut Drawing, (left, right): (f64, f64)) {
        for row in (0..self.count).step_by(2) {
            let top = self.top + self.height * row as f64;
            drawing.rectangle((left, top), (right, top + self.height), Colour(0xF6, 0xF6, 0xF6));
        }
    }
}

/// The left panel: each variant's values.
fn values(drawing: &mut Drawing, data: &Comparison, rows: &Rows, (left, right): (f64, f64)) {
    let all = || {
        data.variants.iter().flat_map(|v| {
            let ends = v.interval.into_iter().flat_map(|(low, high)| [low, high]);
            let bound = v.bound.as_ref().map(|b| b.0);
            v.replicates.iter().copied().chain([v.mean]).chain(ends).chain(bound)
        })
    };
    let (low, high) = extremes(all());
    let log = low > 0.0 && high > LOG_FROM * low;
    let shown = |v: &Variant| {
        // On a log axis every number carries the unit that suits it.
        let magnitude = if log { v.mean } else { high.abs().max(low.abs()) };
        data.quantity.unit(magnitude).with_interval(v.mean, v.interval)
    };
    let (set, room) = column(data.variants.iter().map(shown), rows.em(), (right - left) * 0.42);
    let ends = (left + 12.0, right - room - 34.0);
    let axis = if log {
        Axis::log(data.quantity.clone(), all(), ends)
    } else {
        Axis::linear(data.quantity.clone(), all(), ends)
    };

    rows.stripes(drawing, (left, right));
    panel_title(drawing, &axis.title(&data.metric), (left, right), rows.top);
    axis.draw_below(drawing, rows.top, rows.bottom());
    for (i, variant) in data.variants.iter().enumerate() {
        let y = rows.middle(i);
        spread_replicates(drawing, &axis, &variant.replicates, y, rows.height);
        if let Some((value, name)) = &variant.bound {
            let x = axis.at(*value);
            let reach = rows.height * 0.36;
            legend::bound(drawing, x, (y - reach, y + reach));
            if rows.label_bounds() {
                let set = Type::regular(size::SMALL, VERMILLION);
                let label = format!("{name} {}", data.quantity.text(*value));
                let label = set.fit(&label, ends.1 - ends.0);
                let x = x.min(ends.1 - set.width(&label)).max(ends.0);
                let foot = (reach + 8.0).min(rows.height / 2.0 - 6.0);
                drawing.boxed_text((x + 12.0, y + foot), Anchor::Start, set, label);
            }
        }
        mean(drawing, &axis, (variant.mean, variant.interval), y, INK);
        let text = set.fit(&shown(variant), room);
        drawing.text((right - 10.0, y + 0.36 * set.em), Anchor::End, set, text);
    }
}

/// The right panel: differences to the baseline, with the line of no difference.
fn paired(drawing: &mut Drawing, data: &Comparison, rows: &Rows, (left, right): (f64, f64)) {
    let all = data.variants.iter().filter_map(|v| v.difference.as_ref()).flat_map(|d| {
        let ends = d.interval.into_iter().flat_map(|(low, high)| [low, high]);
        d.replicates.iter().copied().chain([d.mean, 0.0]).chain(ends)
    });
    let (low, high) = extremes(all);
    let unit = data.quantity.unit(low.abs().max(high.abs()));
    // What is nothing but rounding is no difference.
    let least = 1e-9 * low.abs().max(high.abs());
    let none =
        |d: &Difference| d.mean.abs() < least && d.interval.is_none_or(|(low, high)| high - low < least);
    let numbers =
        |d: &Difference| if none(d) { "0".to_owned() } else { unit.with_interval(d.mean, d.interval) };
    let told = |d: &Difference| if d.verdict.is_empty() { numbers(d) } else { d.verdict.clone() };
    let verdicts = data.variants.iter().filter_map(|v| v.difference.as_ref()).map(told);
    let (set, room) = column(verdicts, size::TICK, (right - left) * 0.45);
    let ends = (left + 12.0, right - room - 30.0);
    let axis = Axis::linear(data.quantity.clone(), [low, high], ends);

    rows.stripes(drawing, (left, right));
    let baseline = data.baseline.as_deref().unwrap_or("the baseline");
    panel_title(drawing, &axis.title(&format!("Difference to {baseline}, paired")), (left, right), rows.top);
    axis.draw_below(drawing, rows.top, rows.bottom());
    let zero = axis.at(0.0);
    drawing.line(vec![(zero, rows.top), (zero, rows.bottom())], INK, 2.5);
    for (i, variant) in data.variants.iter().enumerate() {
        let y = rows.middle(i);
        let Some(difference) = &variant.difference else {
            drawing.text((right - 10.0, y + 0.36 * set.em), Anchor::End, recede(set), "baseline");
            continue;
        };
        spread_replicates(drawing, &axis, &difference.replicates, y, rows.height);
        // What the data can't tell from zero is drawn grey.
        let certain = difference.interval.is_some_and(|(low, high)| low > 0.0 || high < 0.0);
        let colour = if certain { BLUE } else { Colour(0x77, 0x77, 0x77) };
        mean(drawing, &axis, (difference.mean, difference.interval), y, colour);
        let set = if certain { set } else { recede(set) };
        let one_line = rows.height < 2.6 * set.em;
        let cut = one_line && set.width(&told(difference)) > room;
        let words = if cut { numbers(difference) } else { told(difference) };
        let lines = super::font::wrap(&words, room, if one_line { 1 } else { 2 }, set.em, set.weight);
        for (j, line) in lines.iter().enumerate() {
            let shift = (j as f64 - (lines.len() - 1) as f64 / 2.0) * 1.15 * set.em;
            drawing.text((right - 10.0, y + shift + 0.36 * set.em), Anchor::End, set, line.as_str());
        }
    }
}

fn mean(
    drawing: &mut Drawing,
    axis: &Axis,
    (mean, interval): (f64, Option<(f64, f64)>),
    y: f64,
    colour: Colour,
) {
    if !mean.is_finite() {
        return;
    }
    // A mean's disc leaves the ends of its interval to be seen, however narrow.
    let mut radius = 7.0;
    if let Some((from, to)) = interval.map(|(low, high)| (axis.at(low), axis.at(high))) {
        legend::whiskers(drawing, (from, to), y, colour);
        radius = ((to - from) / 4.0).clamp(3.0, radius);
    }
    legend::mean(drawing, (axis.at(mean), y), radius, colour);
}

fn recede(set: Type) -> Type {
    Type { colour: QUIET, ..set }
}

/// A column of text: how it is set and how much room it gets.
fn column(texts: impl Iterator<Item = String>, em: f64, most: f64) -> (Type, f64) {
    let set = Type::regular(em, INK);
    let room = texts.map(|t| set.width(&t)).fold(set.width("baseline"), f64::max).min(most);
    (set, room)
}

fn panel_title(drawing: &mut Drawing, title: &str, (left, right): (f64, f64), top: f64) {
    let set = Type::bold(size::LABEL, INK);
    drawing.text((left, top - 14.0), Anchor::Start, set, set.fit(title, right - left));
    drawing.line(vec![(left, top), (right, top)], GRID, 1.5);
}

/// Points above and below the row's middle, so that equal values stay countable. The golden ratio's multiples fill the
/// height evenly for any number of them.
fn spread_replicates(drawing: &mut Drawing, axis: &Axis, values: &[f64], y: f64, height: f64) {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    // A single one is the mean.
    let shown = if values.len() > 1 { &values[..values.len().min(POINTS)] } else { &[] };
    for (i, &value) in shown.iter().enumerate().filter(|(_, v)| v.is_finite()) {
        let share = (i as f64 * GOLDEN).fract() - 0.5;
        legend::replicate(drawing, (axis.at(value), y + share * (height * 0.6 - 6.0)));
    }
}

fn keys(data: &Comparison) -> Vec<(Key, String)> {
    let several = data.variants.iter().any(|v| v.replicates.len() > 1);
    let mut keys =
        vec![(Key::Mean, if several { "mean over replicates" } else { "the only replicate" }.to_owned())];
    if data.variants.iter().any(|v| v.interval.is_some()) {
        keys.push((Key::Interval, format!("{} interval of the mean", percent(data.level))));
    }
    if several {
        let some = data.variants.iter().any(|variant| variant.replicates.len() > POINTS);
        let of =
            if some { format!("one of the first {POINTS} replicates") } else { "one replicate".to_owned() };
        keys.push((Key::Point, of));
    }
    if data.variants.iter().any(|v| v.bound.is_some()) {
        keys.push((Key::Bound, if several { "lower bound of the mean" } else { "lower bound" }.to_owned()));
    }
    keys
}

fn percent(level: f64) -> String {
    Quantity::Share.tick(level)
}

#[cfg(test)]
mod tests;
