//! What every picture has around its chart: the finding above, the small print below.

use serde::{Deserialize, Serialize};

use super::drawing::{Anchor, Drawing, Type};
use super::font::{self, Weight};
use super::legend::{self, Key};
use super::theme::{INK, QUIET, Theme, size};

/// The words of a picture.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Heading {
    /// The finding: "Work stealing ends 31 % earlier". At most two lines of about 70 letters are shown.
    pub title: String,
    /// What is shown and under which conditions; at most two lines.
    pub subtitle: String,
    /// Scenario, seed, replicates, versions; at most three lines.
    pub small_print: String,
}

/// A drawing while it is being filled from top to bottom.
pub(super) struct Page {
    pub drawing: Drawing,
    /// Where the next thing may begin.
    pub top: f64,
    small_print: String,
}

impl Page {
    pub(super) fn new(heading: &Heading, theme: &Theme) -> Page {
        let spoken = (heading.title.clone(), format!("{} {}", heading.subtitle, heading.small_print));
        let drawing = Drawing::empty(*theme, spoken);
        if !theme.headed {
            return Page { drawing, top: theme.margin, small_print: String::new() };
        }
        let mut page = Page { drawing, top: theme.margin - 6.0, small_print: heading.small_print.clone() };
        page.paragraph(&heading.title, 2, Type::bold(size::TITLE, INK));
        page.paragraph(&heading.subtitle, 2, Type::regular(size::SUBTITLE, QUIET));
        page.top += 18.0;
        page
    }

    fn paragraph(&mut self, text: &str, most: usize, set: Type) {
        let (left, right) = self.drawing.content();
        for line in font::wrap(text, right - left, most, set.em, set.weight) {
            self.top += 1.25 * set.em;
            self.drawing.text((left, self.top - 0.25 * set.em), Anchor::Start, set, line);
        }
    }

    /// A strip of samples and their meanings.
    pub(super) fn legend(&mut self, entries: &[(Key, String)]) {
        let ends = self.drawing.content();
        self.top = legend::draw(&mut self.drawing, entries, ends, self.top);
    }

    /// The drawing, its content ending at `bottom`. `remark` comes before the small print.
    pub(super) fn finish(mut self, bottom: f64, remark: &str) -> Drawing {
        self.top = bottom + 16.0;
        let set = Type::regular(size::SMALL, QUIET);
        let print = std::mem::take(&mut self.small_print);
        self.paragraph(remark, 2, set);
        self.paragraph(&print, 3, set);
        let below = if self.drawing.theme.headed { 22.0 } else { self.drawing.theme.margin };
        self.drawing.height = (self.top + below).ceil();
        self.drawing
    }
}

/// Names of rows: how wide their column is and how they are cut to fit.
pub(super) struct Names {
    pub room: f64,
    pub set: Type,
}

impl Names {
    /// A column for `names` of at most `most` units.
    pub(super) fn new<'a>(names: impl IntoIterator<Item = &'a str>, most: f64, em: f64) -> Names {
        let set = Type { em, weight: Weight::Regular, colour: INK };
        let room = names.into_iter().map(|name| set.width(name)).fold(0.0, f64::max).min(most);
        Names { room, set }
    }

    /// Writes `name` right-aligned at `x`, its middle at `y`, in two lines where `height` allows.
    pub(super) fn draw(&self, drawing: &mut Drawing, name: &str, (x, y): (f64, f64), height: f64) {
        // Two lines stand nearer to each other than to those of the rows beside them.
        let most = if height >= 3.1 * size::SMALL { 2 } else { 1 };
        let lines = font::wrap(name, self.room + 1.0, most, self.set.em, self.set.weight);
        let em = if lines.len() > 1 { self.set.em.min(height / 3.1) } else { self.set.em };
        let set = Type { em, ..self.set };
        for (i, line) in lines.iter().enumerate() {
            let shift = (i as f64 - (lines.len() - 1) as f64 / 2.0) * 1.15 * em;
            drawing.text((x, y + shift + 0.36 * em), Anchor::End, set, line.as_str());
        }
    }
}
