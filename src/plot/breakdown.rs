//! Where the core time went: one bar a variant, stacked by state, in percent of cores × duration.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::axis::Axis;
use super::drawing::{Anchor, Drawing, Type};
use super::legend::Key;
use super::page::{Heading, Names, Page};
use super::picture::{Picture, Table};
use super::quantity::{Quantity, fixed};
use super::state::State;
use super::theme::{Fill, INK, QUIET, Theme, WHITE, size};
use super::vega;

/// Core time by state, for some variants.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Breakdown {
    /// Title, subtitle, small print.
    pub heading: Heading,
    /// One bar each, from top to bottom.
    pub variants: Vec<Bar>,
}

/// One variant's core time.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Bar {
    /// The variant's name.
    pub name: String,
    /// Core time by state in any one unit, in the order of [`State::ALL`]; none is negative. Their sum is the whole bar.
    pub times: [f64; State::ALL.len()],
    /// What the whole bar is, written at its end: `64 cores × 12.3 s`. May be empty.
    pub extent: String,
}

impl Picture for Breakdown {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn draw(&self, theme: &Theme) -> Drawing {
        draw(self, theme)
    }

    fn vega(&self) -> Vec<Value> {
        vega::breakdown::panels(self)
    }

    fn table(&self) -> Table {
        table(self)
    }
}

fn draw(data: &Breakdown, theme: &Theme) -> Drawing {
    let mut page = Page::new(&data.heading, theme);
    page.legend(&keys(data));
    let count = data.variants.len().max(1) as f64;
    let height = (640.0 * theme.tall / count).clamp(34.0, 110.0);
    let top = page.top + 12.0;
    let bottom = top + height * count;

    let names =
        Names::new(data.variants.iter().map(|v| v.name.as_str()), theme.at_most(330.0, 0.25), size::LABEL);
    let quiet = Type::regular(size::TICK, QUIET);
    let extents = data.variants.iter().map(|v| quiet.width(&v.extent)).fold(0.0, f64::max).min(320.0);
    // A narrow picture has no room for what the bars are shares of.
    let extents = if theme.narrow() { 0.0 } else { extents };
    let (from, to) = theme.content();
    let left = from + names.room + 22.0;
    let right = if extents > 0.0 { to - extents - 20.0 } else { to - 20.0 };
    let axis = Axis::exact(Quantity::Share, (0.0, 1.0), (left, right));
    axis.draw_below(&mut page.drawing, top, bottom);
    for (i, bar) in data.variants.iter().enumerate() {
        let middle = top + height * (i as f64 + 0.5);
        names.draw(&mut page.drawing, &bar.name, (left - 14.0, middle), height);
        stack(&mut page.drawing, bar, &axis, (middle - 0.4 * height, middle + 0.4 * height));
        if extents > 0.0 {
            let extent = quiet.fit(&bar.extent, extents);
            page.drawing.text((right + 14.0, middle + 0.36 * quiet.em), Anchor::Start, quiet, extent);
        }
    }
    let title = Type::bold(size::LABEL, INK);
    let at = ((left + right) / 2.0, bottom + 66.0);
    page.drawing.text(at, Anchor::Middle, title, "Share of cores × duration (%)");
    page.finish(bottom + 78.0, "")
}

/// The parts of each bar, for every state that any of them has.
fn table(data: &Breakdown) -> Table {
    let states: Vec<State> = present(data).collect();
    let mut table = Table::of(["variant"].into_iter().chain(states.iter().map(|state| state.name())));
    table.columns.push("whole".to_owned());
    for bar in &data.variants {
        let whole: f64 = bar.times.iter().sum();
        let mut row = vec![bar.name.clone()];
        row.extend(
            states.iter().map(|state| percent(bar.times[state.index()] / whole.max(f64::MIN_POSITIVE))),
        );
        row.push(bar.extent.clone());
        table.rows.push(row);
    }
    table
}

/// The states that any bar has.
pub(super) fn present(data: &Breakdown) -> impl Iterator<Item = State> {
    State::ALL.into_iter().filter(|state| data.variants.iter().any(|v| v.times[state.index()] > 0.0))
}

fn stack(drawing: &mut Drawing, bar: &Bar, axis: &Axis, (top, bottom): (f64, f64)) {
    let whole: f64 = bar.times.iter().sum();
    if whole <= 0.0 || !whole.is_finite() {
        let set = Type::regular(size::TICK, QUIET);
        drawing.text((axis.at(0.0) + 10.0, (top + bottom) / 2.0 + 7.0), Anchor::Start, set, "no core time");
        return;
    }
    let mut before = 0.0;
    for (state, time) in State::ALL.into_iter().zip(bar.times) {
        let share = time / whole;
        let (from, to) = (axis.at(before), axis.at(before + share));
        before += share;
        if share <= 0.0 {
            continue;
        }
        drawing.filled((from, top), (to, bottom), state.fill());
        if to - from > 5.0 {
            drawing.line(vec![(from, top), (from, bottom)], WHITE, 1.5);
        }
        label(drawing, state, share, (from, to), (top, bottom));
    }
    drawing.outline((axis.at(0.0), top), (axis.at(1.0), bottom), INK, 1.5);
}

/// The state's name and share inside its piece, or the share alone, or nothing: the legend has every name.
fn label(drawing: &mut Drawing, state: State, share: f64, (from, to): (f64, f64), (top, bottom): (f64, f64)) {
    let fill = state.fill();
    let set = Type::regular(size::TICK, if fill.is_dark() { WHITE } else { INK });
    let percent = percent(share);
    let short = state.name().trim_start_matches("idle: ");
    let room = to - from - 20.0;
    let middle = ((from + to) / 2.0, (top + bottom) / 2.0);
    let line = 1.2 * set.em;
    let full = format!("{short} {percent}");
    if set.width(&full) <= room {
        write(drawing, fill, (middle.0, middle.1 + 0.36 * set.em), set, full);
    } else if set.width(short).max(set.width(&percent)) <= room && bottom - top >= 2.4 * set.em {
        write(drawing, fill, (middle.0, middle.1 + 0.36 * set.em - line / 2.0), set, short.to_owned());
        write(drawing, fill, (middle.0, middle.1 + 0.36 * set.em + line / 2.0), set, percent);
    } else if set.width(&percent) <= room + 8.0 {
        write(drawing, fill, (middle.0, middle.1 + 0.36 * set.em), set, percent);
    }
}

fn write(drawing: &mut Drawing, fill: Fill, at: (f64, f64), set: Type, text: String) {
    if fill.pattern == super::theme::Pattern::Plain {
        drawing.text(at, Anchor::Middle, set, text);
    } else {
        drawing.boxed_text(at, Anchor::Middle, set, text);
    }
}

pub(super) fn percent(share: f64) -> String {
    let decimals = if share < 0.0995 { 1 } else { 0 };
    format!("{}\u{a0}%", fixed(share * 100.0, decimals))
}

fn keys(data: &Breakdown) -> Vec<(Key, String)> {
    present(data).map(|state| (Key::Area(state.fill()), state.name().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::super::theme::THEMES;
    use super::*;

    #[test]
    fn bars_name_their_pieces_and_the_whole() {
        let drawing = draw(&samples::breakdown(4), Theme::USUAL);
        for part in
            ["Share of cores × duration (%)", "compute", "idle: waits for data", "64 cores", "100", "%"]
        {
            assert!(drawing.says(part), "{part} is missing");
        }
        drawing.assert_readable();
    }

    #[test]
    fn one_state_alone_fills_its_bar_and_no_time_is_said_to_be_none() {
        let mut data = samples::breakdown(2);
        data.variants[0].times = [0.0; 13];
        data.variants[0].times[State::Compute.index()] = 1e-9;
        data.variants[1].times = [0.0; 13];
        let drawing = draw(&data, Theme::USUAL);
        assert!(drawing.says("compute 100 %") && drawing.says("no core time"));
        assert!(!drawing.says("lost work"));
        drawing.assert_readable();
    }

    #[test]
    fn one_and_thirty_bars_are_readable() {
        for (count, theme) in
            [1, 30].into_iter().flat_map(|count| THEMES.iter().map(move |theme| (count, theme)))
        {
            draw(&samples::breakdown(count), theme).assert_readable();
        }
    }
}
