//! A metric against an axis: means with their intervals by case, beside what theory says.

mod draw;
mod panel;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::drawing::Drawing;
use super::page::Heading;
use super::picture::{Picture, Table};
use super::quantity::Quantity;
use super::theme::Theme;
use super::vega;

/// A metric against an axis.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Relation {
    /// Title, subtitle, small print.
    pub heading: Heading,
    /// What stands for a mean.
    pub kind: Kind,
    /// The intervals' level, for their label: 0.95.
    pub level: f64,
    /// The level axis, which all panels share.
    pub across: Across,
    /// What goes up: a panel each.
    pub panels: Vec<Panel>,
    /// Where the theories' values come from: `supermarket (Mitzenmacher 2001)`.
    pub theories: Vec<String>,
}

/// What stands for a mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A mark, and a line from each to the next; where theory has its own line, that alone.
    Line,
    /// A mark.
    Points,
    /// A bar from 0.
    Bars,
}

/// The level axis.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Across {
    /// What it shows: `machine.cores`.
    pub label: String,
    /// What its numbers measure.
    pub quantity: Quantity,
    /// Whether equal lengths are equal ratios.
    pub log: bool,
    /// Names in the place of the numbers 0, 1, 2…; none of an axis of numbers.
    pub names: Vec<String>,
}

/// A panel.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Panel {
    /// What it is for, where there are several: `machine.cores = 4`.
    pub name: String,
    /// What goes up: `Mean response time`.
    pub metric: String,
    /// What that measures.
    pub quantity: Quantity,
    /// Whether equal heights are equal ratios.
    pub log: bool,
    /// The cases, alike in all panels.
    pub lines: Vec<Line>,
    /// What theory says.
    pub curves: Vec<Curve>,
    /// What is marked.
    pub marks: Vec<Mark>,
}

/// A case.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// Its means, from left to right.
    pub points: Vec<Point>,
}

/// A mean.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Point {
    /// Where on the level axis.
    pub x: f64,
    /// The mean.
    pub value: f64,
    /// The ends of its interval; none of a single replicate.
    pub interval: Option<(f64, f64)>,
}

/// What a theory says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// The theory's name.
    pub name: String,
    /// Of which line, by its number; of all alike where absent.
    pub line: Option<usize>,
    /// Where it holds, from left to right, in pieces.
    pub pieces: Vec<Vec<(f64, f64)>>,
}

/// Something marked: a line across where one place is given, a text at the spot where both are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// Where on the level axis.
    pub x: Option<f64>,
    /// Where on the upright axis.
    pub y: Option<f64>,
    /// What is written there.
    pub text: String,
}

impl Panel {
    /// All heights: of means, intervals, theory and marks.
    fn heights(&self) -> impl Iterator<Item = f64> {
        let points = self.lines.iter().flat_map(|line| &line.points);
        let ends = |point: &Point| point.interval.into_iter().flat_map(|(low, high)| [low, high]);
        let measured = points.flat_map(move |point| ends(point).chain([point.value]));
        let theory = self.curves.iter().flat_map(|curve| curve.pieces.iter().flatten().map(|(_, y)| *y));
        measured.chain(theory).chain(self.marks.iter().filter_map(|mark| mark.y))
    }

    /// All places on the level axis.
    fn places(&self) -> impl Iterator<Item = f64> {
        let points = self.lines.iter().flat_map(|line| line.points.iter().map(|point| point.x));
        let theory = self.curves.iter().flat_map(|curve| curve.pieces.iter().flatten().map(|(x, _)| *x));
        points.chain(theory).chain(self.marks.iter().filter_map(|mark| mark.x))
    }

    /// Whether theory draws a line of its own for line number `at`.
    pub(super) fn has_theory(&self, at: usize) -> bool {
        self.curves.iter().any(|curve| curve.line == Some(at))
    }
}

impl Relation {
    /// How many means have no place because an axis is logarithmic and they, or what they are against, aren't above 0.
    pub fn without_place(&self) -> usize {
        let lost = |panel: &Panel| {
            let points = panel.lines.iter().flat_map(|line| &line.points);
            points.filter(|point| !self.has_place(panel, (point.x, point.value))).count()
        };
        self.panels.iter().map(lost).sum()
    }

    /// Whether the axes have a place for a spot: a log axis has none for what isn't above 0.
    pub(super) fn has_place(&self, panel: &Panel, (x, y): (f64, f64)) -> bool {
        (x > 0.0 || !self.across.log) && (y > 0.0 || !panel.log)
    }

    /// Where something stands on the level axis in words: `4`, `10 ms`, `lpt`.
    pub(super) fn place(&self, x: f64) -> String {
        match self.across.names.get(x as usize) {
            Some(name) => name.clone(),
            None => self.across.quantity.tick(x),
        }
    }

    fn across_in(&self, name: &str) -> String {
        if self.across.names.is_empty() { self.across.label.clone() } else { name.to_owned() }
    }
}

impl Picture for Relation {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn draw(&self, theme: &Theme) -> Drawing {
        draw::draw(self, theme)
    }

    fn vega(&self) -> Vec<Value> {
        vega::relation::panels(self)
    }

    fn table(&self) -> Table {
        let mut theories: Vec<&str> =
            self.panels.iter().flat_map(|panel| &panel.curves).map(|curve| curve.name.as_str()).collect();
        theories.sort_unstable();
        theories.dedup();
        let across = self.across_in("");
        let columns = ["", across.as_str(), "case", "mean with interval"];
        let mut table = Table::of(columns.into_iter().chain(theories.iter().copied()));
        for panel in &self.panels {
            let what = if panel.name.is_empty() {
                panel.metric.clone()
            } else {
                format!("{}, {}", panel.metric, panel.name)
            };
            for (at, line) in panel.lines.iter().enumerate() {
                for point in &line.points {
                    let mean = panel.quantity.unit(point.value).with_interval(point.value, point.interval);
                    let mut row = vec![what.clone(), self.place(point.x), line.name.clone(), mean];
                    row.extend(theories.iter().map(|name| {
                        let own =
                            |curve: &&Curve| curve.name == *name && curve.line.is_none_or(|line| line == at);
                        let mut all =
                            panel.curves.iter().filter(own).flat_map(|curve| curve.pieces.iter().flatten());
                        let there = all.find(|(x, _)| *x == point.x);
                        there.map_or(String::new(), |(_, y)| panel.quantity.text(*y))
                    }));
                    table.rows.push(row);
                }
            }
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::super::theme::THEMES;
    use super::*;

    #[test]
    fn cases_carry_their_names_and_theory_its_source() {
        for theme in THEMES {
            let data = samples::relation(3, 2);
            let drawing = data.draw(theme);
            drawing.assert_readable();
            for part in ["Mean response time", "load", "d = 1", "d = 3", "here it turns", "Mitzenmacher"] {
                assert!(drawing.says(part), "{part} is missing in {}", theme.name);
            }
        }
    }

    #[test]
    fn bars_names_logs_and_nothing_at_all_are_drawn() {
        for theme in THEMES {
            samples::bars(4, 3).draw(theme).assert_readable();
            samples::relation(0, 1).draw(theme).assert_readable();
            samples::relation(12, 4).draw(theme).assert_readable();
            let none = Relation { panels: Vec::new(), ..samples::relation(1, 1) };
            none.draw(theme).assert_readable();
            let mut log = samples::relation(2, 1);
            log.across.log = true;
            log.panels[0].log = true;
            log.draw(theme).assert_readable();
        }
    }

    #[test]
    fn the_table_has_what_theory_says_of_each_mean() {
        let data = samples::relation(2, 1);
        let table = data.table();
        assert_eq!(table.columns, ["", "load", "case", "mean with interval", "supermarket"]);
        assert_eq!(
            table.rows.len(),
            data.panels[0].lines.iter().map(|line| line.points.len()).sum::<usize>()
        );
        assert!(table.rows.iter().all(|row| !row[4].is_empty()), "{:?}", table.rows);
    }
}
