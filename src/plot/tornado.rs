//! How a metric reacts to each key: a bar a key, the longest on top, as a tornado looks.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::axis::Axis;
use super::drawing::{Anchor, Drawing, Type};
use super::legend::{self, Key};
use super::page::{Heading, Names, Page};
use super::picture::{Picture, Table};
use super::quantity::Quantity;
use super::theme::{BLUE, Fill, GRID, INK, ORANGE, Pattern, Theme, size};
use super::vega;

/// How a metric reacts to keys.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Tornado {
    /// Title, subtitle, small print.
    pub heading: Heading,
    /// The metric's name as a title: `Makespan`.
    pub metric: String,
    /// The level that all intervals have together: 0.95.
    pub level: f64,
    /// The keys that matter, those that matter most first.
    pub bars: Vec<Bar>,
}

/// A key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Bar {
    /// Its name: `machine.cores`.
    pub key: String,
    /// What was tried: `8 → 7, 9`.
    pub tried: String,
    /// By what part of it the metric is larger where the key is by the part `step`: `(when less, when more)`.
    pub changes: (f64, f64),
    /// The interval of the second.
    pub interval: (f64, f64),
}

/// What bars look like where the key is less, and where it is more.
pub(super) const LESS: Fill = Fill::with(ORANGE, Pattern::Rising, INK, 12);
/// See [`LESS`].
pub(super) const MORE: Fill = Fill::plain(BLUE);

impl Picture for Tornado {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn draw(&self, theme: &Theme) -> Drawing {
        draw(self, theme)
    }

    fn vega(&self) -> Vec<Value> {
        vega::tornado::panels(self)
    }

    fn table(&self) -> Table {
        let mut table = Table::of(["key", "value → tried", "when less", "when more", "interval of that"]);
        for bar in &self.bars {
            let (less, more) = bar.changes;
            let ends = format!("{} to {}", signed(bar.interval.0), signed(bar.interval.1));
            table.rows.push(vec![bar.key.clone(), bar.tried.clone(), signed(less), signed(more), ends]);
        }
        table
    }
}

/// A change with its sign: `+3.10 %`.
pub(super) fn signed(change: f64) -> String {
    let text = Quantity::Share.text(change);
    if change > 0.0 { format!("+{text}") } else { text }
}

fn draw(data: &Tornado, theme: &Theme) -> Drawing {
    let mut page = Page::new(&data.heading, theme);
    let level = Quantity::Share.tick(data.level);
    page.legend(&[
        (Key::Area(LESS), "the key is less".to_owned()),
        (Key::Area(MORE), "it is more".to_owned()),
        (Key::Interval, format!("interval of that; all together {level}")),
    ]);
    let (from, to) = theme.content();
    let count = data.bars.len().max(1) as f64;
    let height = (640.0 * theme.tall / count).clamp(30.0, 76.0);
    let top = page.top + 16.0;
    let bottom = top + height * count;
    let keys = data.bars.iter().map(|bar| bar.key.as_str());
    let names = Names::new(keys, theme.at_most(430.0, 0.36), size::LABEL);
    let left = from + names.room + 20.0;
    let set = Type::regular(size::TICK, INK);
    let widest = data.bars.iter().map(|bar| set.width(&signed(bar.changes.1))).fold(0.0, f64::max);
    let ends = (left + 10.0, to - widest - 26.0);
    let all = data.bars.iter().flat_map(|bar| {
        let sides = [bar.changes.0, bar.changes.1, bar.interval.0, bar.interval.1];
        sides.into_iter()
    });
    let axis = Axis::linear(Quantity::Share, all.chain([0.0]), ends);
    axis.draw_below(&mut page.drawing, top, bottom);
    for (row, bar) in data.bars.iter().enumerate() {
        let middle = top + height * (row as f64 + 0.5);
        names.draw(&mut page.drawing, &bar.key, (left - 14.0, middle), height);
        let (upper, lower) = (middle - 0.34 * height, middle + 0.34 * height);
        for (change, fill) in [(bar.changes.0, LESS), (bar.changes.1, MORE)] {
            let (a, b) = (axis.at(0.0), axis.at(change));
            page.drawing.filled((a.min(b), upper), (a.max(b), lower), fill);
            page.drawing.outline((a.min(b), upper), (a.max(b), lower), INK, 1.0);
        }
        legend::whiskers(&mut page.drawing, (axis.at(bar.interval.0), axis.at(bar.interval.1)), middle, INK);
        let text = (to, middle + 0.36 * set.em);
        page.drawing.text(text, Anchor::End, set, signed(bar.changes.1));
        page.drawing.line(vec![(left, lower + 0.16 * height), (to, lower + 0.16 * height)], GRID, 1.0);
    }
    let zero = axis.at(0.0);
    page.drawing.line(vec![(zero, top), (zero, bottom)], INK, 2.5);
    let bold = Type::bold(size::LABEL, INK);
    let title = bold.fit(&axis.title(&format!("Change of {}", data.metric.to_lowercase())), to - left);
    page.drawing.text(((ends.0 + ends.1) / 2.0, bottom + 66.0), Anchor::Middle, bold, title);
    page.finish(bottom + 78.0, "")
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::super::theme::THEMES;
    use super::*;

    #[test]
    fn keys_have_their_bars_and_what_they_change() {
        for theme in THEMES {
            let drawing = samples::tornado(5).draw(theme);
            // Of a long key both ends remain.
            for part in ["workload.", "number.0", "+10.0 %", "Change of makespan"] {
                assert!(drawing.says(part), "{part} is missing");
            }
            drawing.assert_readable();
            samples::tornado(0).draw(theme).assert_readable();
            samples::tornado(40).draw(theme).assert_readable();
        }
    }
}
