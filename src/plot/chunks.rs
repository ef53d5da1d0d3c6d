//! How a loop was handed out: a dot a chunk, its size against the time at which a core asked for it; a panel a schedule.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::axis::Axis;
use super::drawing::{Anchor, Drawing, Type};
use super::legend::Key;
use super::page::{Heading, Page};
use super::picture::{Picture, Table};
use super::quantity::Quantity;
use super::theme::{self, Colour, Fill, GRID, INK, QUIET, Theme, size};
use super::vega;

/// How loops were handed out.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Chunks {
    /// Title, subtitle, small print.
    pub heading: Heading,
    /// The names of the cores that dots are coloured by; empty where they aren't.
    pub cores: Vec<String>,
    /// A variant each.
    pub panels: Vec<Panel>,
}

/// How a loop was handed out under one schedule.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Panel {
    /// The variant's name.
    pub name: String,
    /// How many chunks there were of how many iterations, in a few words.
    pub note: String,
    /// When a core asked for it in seconds, how many iterations it was, and the core; chunks that would be drawn on one
    /// another are given once, as those of [`SEVERAL`] cores where it wasn't one.
    pub dots: Vec<(f64, u64, u32)>,
    /// When time steps began, in seconds.
    pub steps: Vec<f64>,
    /// When the last chunk ended, in seconds.
    pub end: f64,
}

impl Chunks {
    /// The largest and the smallest chunk.
    pub(super) fn sizes(&self) -> (u64, u64) {
        let sizes = || self.panels.iter().flat_map(|panel| &panel.dots).map(|dot| dot.1);
        (sizes().max().unwrap_or(1), sizes().min().unwrap_or(1))
    }

    /// Whether sizes are laid out on a log axis, since the small ones couldn't be told apart otherwise.
    pub(super) fn is_log(&self) -> bool {
        let (largest, smallest) = self.sizes();
        largest >= 20 * smallest.max(1)
    }

    /// When the last of all ended.
    pub(super) fn end(&self) -> f64 {
        self.panels.iter().map(|panel| panel.end).fold(0.0, f64::max)
    }
}

impl Picture for Chunks {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn draw(&self, theme: &Theme) -> Drawing {
        draw(self, theme)
    }

    fn vega(&self) -> Vec<Value> {
        vega::chunks::panels(self)
    }

    fn table(&self) -> Table {
        let mut table = Table::of(["variant", "chunks", "loop ends after"]);
        let row =
            |panel: &Panel| vec![panel.name.clone(), panel.note.clone(), Quantity::Time.text(panel.end)];
        table.rows = self.panels.iter().map(row).collect();
        table
    }
}

/// Stands for several cores in [`Panel::dots`].
pub const SEVERAL: u32 = u32::MAX;

/// The least width of a panel.
const LEAST: f64 = 330.0;

/// Beyond so many time steps their beginnings aren't marked.
const MOST_STEPS: usize = 40;

fn draw(data: &Chunks, theme: &Theme) -> Drawing {
    let mut page = Page::new(&data.heading, theme);
    if data.cores.len() > 1 {
        let key =
            |(core, name): (usize, &String)| (Key::Area(Fill::plain(theme::line(core).0)), name.clone());
        let several = data.panels.iter().flat_map(|panel| &panel.dots).any(|dot| dot.2 == SEVERAL);
        let several = several.then(|| (Key::Area(Fill::plain(GREY)), "several cores at once".to_owned()));
        page.legend(&data.cores.iter().enumerate().map(key).chain(several).collect::<Vec<_>>());
    }
    let (from, to) = theme.content();
    let title = Type::bold(size::LABEL, INK);
    let kind = if data.is_log() { " (log scale)" } else { "" };
    page.top += 24.0;
    let what = format!("Iterations of a chunk{kind}");
    page.drawing.text((from, page.top), Anchor::Start, title, title.fit(&what, to - from));
    let wanted = match data.panels.len() {
        0 | 1 => 1,
        2..=4 => 2,
        _ => 3,
    };
    let columns = wanted.min(((to - from) / LEAST) as usize).max(1);
    let width = (to - from) / columns as f64;
    let height = (theme.tall * if columns == 1 { 480.0 } else { 300.0 }).max(150.0);
    let mut top = page.top + if data.panels.is_empty() { 40.0 } else { 0.0 };
    for row in data.panels.chunks(columns) {
        top += 64.0;
        for (column, panel) in row.iter().enumerate() {
            let left = from + width * column as f64;
            draw_panel(&mut page.drawing, data, panel, ((left, left + width), (top, top + height)));
        }
        top += height + 46.0;
    }
    let end = data.end();
    let time = Quantity::Time.unit(end).title("Time at which a core asks for it");
    page.drawing.text(((from + to) / 2.0, top + 16.0), Anchor::Middle, title, title.fit(&time, to - from));
    page.finish(top + 30.0, "")
}

fn draw_panel(
    drawing: &mut Drawing,
    data: &Chunks,
    panel: &Panel,
    ((left, right), (top, bottom)): ((f64, f64), (f64, f64)),
) {
    let (largest, smallest) = data.sizes();
    let number = Quantity::Number(String::new());
    let sizes = if data.is_log() {
        Axis::log(number, [smallest as f64, largest as f64], (bottom, top))
    } else {
        Axis::exact(number, (0.0, largest as f64 * 1.08), (bottom, top))
    };
    let ends = (left + sizes.room_on_the_left().max(56.0), right - 26.0);
    let time = Axis::exact(Quantity::Time, (0.0, data.end() * 1.01), ends);
    let bold = Type::bold(size::LABEL, INK);
    let small = Type::regular(size::SMALL, QUIET);
    let room = right - ends.0;
    drawing.text((ends.0, top - 32.0), Anchor::Start, bold, bold.fit(&panel.name, room));
    drawing.text((ends.0, top - 10.0), Anchor::Start, small, small.fit(&panel.note, room));
    time.draw_below(drawing, top, bottom);
    sizes.draw_left(drawing, ends.0, ends.1);
    if panel.steps.len() <= MOST_STEPS {
        for at in panel.steps.iter().skip(1).map(|at| time.at(*at)) {
            drawing.line(vec![(at, top), (at, bottom)], GRID, 1.5);
        }
    }
    let end = time.at(panel.end);
    drawing.line(vec![(end, top), (end, bottom)], INK, 3.0);
    let radius = match panel.dots.len() {
        0..=200 => 5.0,
        201..=1500 => 3.5,
        _ => 2.5,
    };
    for (at, size, core) in &panel.dots {
        drawing.disc((time.at(*at), sizes.at(*size as f64)), radius, colour(data, *core));
    }
}

/// What several cores have in common.
const GREY: Colour = Colour(0x99, 0x99, 0x99);

/// The colour of a dot: that of its core where dots are told apart by core.
pub(super) fn colour(data: &Chunks, core: u32) -> Colour {
    match data.cores.len() {
        0 | 1 => theme::BLUE,
        _ if core == SEVERAL => GREY,
        _ => theme::line(core as usize).0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::super::theme::THEMES;
    use super::*;

    #[test]
    fn a_panel_says_whose_it_is_and_sizes_that_differ_much_get_a_log_axis() {
        let drawing = draw(&samples::chunks(3, 4), Theme::USUAL);
        for part in ["Iterations of a chunk (log scale)", "asks for it (", "guided 2", "core 3", "chunks"] {
            assert!(drawing.says(part), "{part} is missing");
        }
        let mut equal = samples::chunks(1, 4);
        equal.panels[0].dots.iter_mut().for_each(|dot| dot.1 = 1);
        assert!(!draw(&equal, Theme::USUAL).says("log scale"));
    }

    #[test]
    fn none_one_and_many_panels_are_readable() {
        for theme in THEMES {
            for panels in [0, 1, 2, 5, 12] {
                draw(&samples::chunks(panels, 4), theme).assert_readable();
            }
            draw(&samples::chunks(2, 1), theme).assert_readable();
        }
    }
}
