//! From ideal time to simulated time: the computing spread evenly over all cores, and each loss on top of the one before.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::axis::Axis;
use super::drawing::{Anchor, Type};
use super::page::{Heading, Names, Page};
use super::picture::{Picture, Table};
use super::quantity::{Quantity, fixed};
use super::state::State;
use super::theme::{GRID, INK, Theme, size};
use super::vega;

/// Where the time of a run went, as if all cores shared it evenly.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Waterfall {
    /// Title, subtitle, small print.
    pub heading: Heading,
    /// The parts of the time in the order in which they are laid one on another, the ideal first.
    pub parts: Vec<Part>,
    /// What all of them come to: `whole run`.
    pub whole: String,
}

/// A part of the time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Part {
    /// What it is: `idle: no work exists`.
    pub name: String,
    /// How long, in seconds.
    pub seconds: f64,
    /// What it looks like.
    pub state: State,
}

impl Waterfall {
    /// All parts together, in seconds.
    pub fn total(&self) -> f64 {
        self.parts.iter().map(|part| part.seconds).sum()
    }

    /// Each part with the time at which it begins.
    pub(super) fn laid(&self) -> impl Iterator<Item = (f64, &Part)> {
        self.parts.iter().scan(0.0, |at, part| {
            let from = *at;
            *at += part.seconds;
            Some((from, part))
        })
    }
}

impl Picture for Waterfall {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn draw(&self, theme: &Theme) -> super::drawing::Drawing {
        draw(self, theme)
    }

    fn vega(&self) -> Vec<Value> {
        vega::waterfall::panels(self)
    }

    fn table(&self) -> Table {
        let mut table = Table::of(["part of the time", "time", "share"]);
        let total = self.total().max(f64::MIN_POSITIVE);
        let row = |name: &str, seconds: f64| {
            vec![name.to_owned(), Quantity::Time.text(seconds), percent(seconds / total)]
        };
        table.rows.extend(self.parts.iter().map(|part| row(&part.name, part.seconds)));
        table.rows.push(row(&self.whole, self.total()));
        table
    }
}

fn draw(data: &Waterfall, theme: &Theme) -> super::drawing::Drawing {
    let mut page = Page::new(&data.heading, theme);
    let count = data.parts.len() + 1;
    let height = (560.0 * theme.tall / count as f64).clamp(30.0, 84.0);
    let top = page.top + 14.0;
    let bottom = top + height * count as f64;
    let names = data.parts.iter().map(|part| part.name.as_str()).chain([data.whole.as_str()]);
    let names = Names::new(names, theme.at_most(360.0, 0.3), size::LABEL);
    let (from, to) = theme.content();
    let left = from + names.room + 22.0;
    let set = Type::regular(size::TICK, INK);
    let total = data.total();
    let told = |seconds: f64| {
        format!("{} ({})", Quantity::Time.text(seconds), percent(seconds / total.max(f64::MIN_POSITIVE)))
    };
    let texts = data.parts.iter().map(|part| told(part.seconds)).chain([Quantity::Time.text(total)]);
    let texts: Vec<String> = texts.collect();
    let room = texts.iter().map(|text| set.width(text)).fold(0.0, f64::max);
    let axis = Axis::exact(Quantity::Time, (0.0, total), (left, to - room - 24.0));
    axis.draw_below(&mut page.drawing, top, bottom);
    let whole = Part { name: data.whole.clone(), seconds: total, state: State::Compute };
    let rows = data.laid().chain([(0.0, &whole)]);
    for (i, (at, part)) in rows.enumerate() {
        let (y, last) = (top + height * i as f64, i + 1 == count);
        let middle = y + height / 2.0;
        names.draw(&mut page.drawing, &part.name, (left - 14.0, middle), height);
        let ends = (axis.at(at), axis.at(at + part.seconds));
        let (upper, lower) = (y + 0.14 * height, y + 0.86 * height);
        if last {
            page.drawing.outline((ends.0, upper), (ends.1, lower), INK, 2.5);
        } else {
            page.drawing.filled((ends.0, upper), (ends.1, lower), part.state.fill());
            page.drawing.outline((ends.0, upper), (ends.1, lower), INK, 1.0);
            // To the next part, which begins where this one ends.
            page.drawing.line(vec![(ends.1, lower), (ends.1, y + height * 1.14)], GRID, 2.0);
        }
        let label = texts[i].as_str();
        page.drawing.text((ends.1 + 12.0, middle + 0.36 * set.em), Anchor::Start, set, label);
    }
    let title = Type::bold(size::LABEL, INK);
    page.drawing.text(((left + to) / 2.0, bottom + 66.0), Anchor::Middle, title, axis.title("Time"));
    page.finish(bottom + 78.0, "")
}

fn percent(share: f64) -> String {
    format!("{}\u{a0}%", fixed(share * 100.0, if share < 0.0995 { 1 } else { 0 }))
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::super::theme::THEMES;
    use super::*;

    #[test]
    fn parts_follow_one_another_and_make_the_whole() {
        let data = samples::waterfall();
        let ends: Vec<f64> = data.laid().map(|(at, part)| at + part.seconds).collect();
        let starts: Vec<f64> = data.laid().map(|(at, _)| at).collect();
        assert_eq!(starts[1..], ends[..ends.len() - 1]);
        assert!((ends.last().unwrap() - data.total()).abs() < 1e-12);
        for theme in THEMES {
            let drawing = data.draw(theme);
            assert!(drawing.says("whole run") && drawing.says("idle: no work exists"));
            drawing.assert_readable();
        }
    }

    #[test]
    fn no_time_at_all_is_drawn() {
        let data = Waterfall { parts: Vec::new(), ..samples::waterfall() };
        data.draw(Theme::USUAL).assert_readable();
    }
}
