//! How pictures look: colours, patterns, dashes, sizes of text.

use crate::scenario::Report;

/// A colour as red, green and blue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Colour(pub u8, pub u8, pub u8);

impl Colour {
    /// How bright it is, from 0 to 255: the luma of ITU-R BT.601.
    fn luma(self) -> f64 {
        0.299 * f64::from(self.0) + 0.587 * f64::from(self.1) + 0.114 * f64::from(self.2)
    }

    /// The grey that is as bright.
    pub fn grey(self) -> Colour {
        let grey = self.luma().round() as u8;
        Colour(grey, grey, grey)
    }

    /// As a style sheet writes it: `#0072b2`.
    pub fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// Text and frames.
pub const INK: Colour = Colour(0x22, 0x22, 0x22);
/// Text that stands back: small print, remarks.
pub const QUIET: Colour = Colour(0x59, 0x59, 0x59);
/// Grid lines.
pub const GRID: Colour = Colour(0xDD, 0xDD, 0xDD);
/// Paper.
pub const WHITE: Colour = Colour(0xFF, 0xFF, 0xFF);

/// Okabe & Ito (2008), the colours dark enough for thin lines first.
pub const BLUE: Colour = Colour(0x00, 0x72, 0xB2);
/// See [`BLUE`].
pub const VERMILLION: Colour = Colour(0xD5, 0x5E, 0x00);
/// See [`BLUE`].
pub const GREEN: Colour = Colour(0x00, 0x9E, 0x73);
/// See [`BLUE`].
pub const PURPLE: Colour = Colour(0xCC, 0x79, 0xA7);
/// See [`BLUE`].
pub const ORANGE: Colour = Colour(0xE6, 0x9F, 0x00);
/// See [`BLUE`].
pub const SKY: Colour = Colour(0x56, 0xB4, 0xE9);
/// See [`BLUE`].
pub const YELLOW: Colour = Colour(0xF0, 0xE4, 0x42);

/// What is drawn over a plain fill, so that areas differ without their colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pattern {
    /// Nothing.
    Plain,
    /// Lines from bottom left to top right.
    Rising,
    /// Lines from top left to bottom right.
    Falling,
    /// Rising and falling lines.
    Cross,
    /// Level lines.
    Level,
    /// Upright lines.
    Upright,
    /// Dots.
    Dots,
}

impl Pattern {
    /// Its name in one word.
    pub fn name(self) -> &'static str {
        match self {
            Pattern::Plain => "plain",
            Pattern::Rising => "rising",
            Pattern::Falling => "falling",
            Pattern::Cross => "cross",
            Pattern::Level => "level",
            Pattern::Upright => "upright",
            Pattern::Dots => "dots",
        }
    }
}

/// How an area is filled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fill {
    /// The colour of the whole area.
    pub ground: Colour,
    /// What is drawn over it.
    pub pattern: Pattern,
    /// In which colour that is drawn.
    pub ink: Colour,
    /// How far apart the pattern's lines are, in units of the drawing.
    pub spacing: u32,
}

impl Fill {
    /// One colour and nothing over it.
    pub const fn plain(ground: Colour) -> Self {
        Fill { ground, pattern: Pattern::Plain, ink: ground, spacing: 8 }
    }

    /// A colour with a pattern over it.
    pub const fn with(ground: Colour, pattern: Pattern, ink: Colour, spacing: u32) -> Self {
        Fill { ground, pattern, ink, spacing }
    }

    /// Whether white text can be read on it: it is plain and dark.
    pub fn is_dark(&self) -> bool {
        self.pattern == Pattern::Plain && self.ground.luma() < 125.0
    }
}

/// `colour`, three quarters of the way to white.
pub fn tint(Colour(r, g, b): Colour) -> Colour {
    let pale = |c: u8| 255 - (255 - c) / 4;
    Colour(pale(r), pale(g), pale(b))
}

/// Lengths of strokes and gaps in turn; an unbroken line has none.
pub type Dash = &'static [f64];

/// An unbroken line.
pub const SOLID: Dash = &[];
/// Short strokes, for bounds and thresholds.
pub const SHORT: Dash = &[6.0, 6.0];

/// How the `i`th line of a chart differs from the others: by colour and by dash, alike only after 64.
pub fn line(i: usize) -> (Colour, Dash) {
    let count = LINES.len();
    (LINES[i % count].0, LINES[(i + i / count) % count].1)
}

const LINES: [(Colour, Dash); 8] = [
    (BLUE, SOLID),
    (VERMILLION, &[16.0, 7.0]),
    (GREEN, &[5.0, 8.0]),
    (Colour(0x00, 0x00, 0x00), &[18.0, 6.0, 4.0, 6.0]),
    (PURPLE, SOLID),
    (Colour(0x8A, 0x5A, 0x00), &[28.0, 8.0]),
    (Colour(0x2B, 0x84, 0xBB), &[9.0, 4.0]),
    (Colour(0x66, 0x66, 0x66), &[10.0, 4.0, 3.0, 4.0, 3.0, 4.0]),
];

/// How the bars of the `i`th case of a chart are filled: by colour, brightness and pattern, alike only after 6.
pub fn area(i: usize) -> Fill {
    const AREAS: [Fill; 6] = [
        Fill::plain(BLUE),
        Fill::with(ORANGE, Pattern::Rising, INK, 12),
        Fill::with(Colour(0xE4, 0xEE, 0xF4), Pattern::Dots, INK, 10),
        Fill::plain(GREEN),
        Fill::with(SKY, Pattern::Falling, INK, 12),
        Fill::with(Colour(0xF2, 0xF2, 0xF2), Pattern::Cross, INK, 12),
    ];
    AREAS[i % AREAS.len()]
}

/// What a picture is made for: how much room there is, and how large it will be seen.
///
/// Sizes of text are the same in every theme; what differs is how many units the picture is wide, and how many
/// millimetres that is in the end.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Theme {
    /// The name by which it is asked for.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// How many units a drawing is wide; its height follows the content.
    pub width: f64,
    /// How high the panels of a chart are, relative to those for the screen.
    pub tall: f64,
    /// White around the content.
    pub margin: f64,
    /// How wide it is in print, in millimetres; of what is for screens none.
    pub millimetres: Option<f64>,
    /// Pixels a unit in a PNG.
    pub pixels: u32,
    /// Whether the finding and what is shown stand above the chart, and where it comes from below; a paper has its own
    /// caption for them.
    pub headed: bool,
}

/// The themes, the usual one first.
pub const THEMES: &[Theme] = &[
    Theme {
        name: "screen",
        about: "a picture by itself, 1600 pixels wide, to be read at half of that, too",
        width: 1600.0,
        tall: 1.0,
        margin: 40.0,
        millimetres: None,
        pixels: 1,
        headed: true,
    },
    Theme {
        name: "slide",
        about: "text as large as on a slide: 18 points where the picture fills its width",
        width: 1200.0,
        tall: 0.62,
        margin: 30.0,
        millimetres: None,
        pixels: 2,
        headed: true,
    },
    Theme {
        name: "column",
        about: "a column of a paper, 88 mm wide with text of 8 points; the caption is left to the paper",
        width: 720.0,
        tall: 0.62,
        margin: 6.0,
        millimetres: Some(88.0),
        pixels: 3,
        headed: false,
    },
    Theme {
        name: "page",
        about: "the width of a paper's page, 180 mm with text of 8 points; the caption is left to the paper",
        width: 1470.0,
        tall: 0.75,
        margin: 6.0,
        millimetres: Some(180.0),
        pixels: 3,
        headed: false,
    },
];

impl Theme {
    /// The theme of pictures that nobody asked to be otherwise.
    pub const USUAL: &'static Theme = &THEMES[0];

    /// The theme called `name`.
    pub fn named(name: &str) -> Option<&'static Theme> {
        THEMES.iter().find(|theme| theme.name == name)
    }

    /// The theme that a scenario asks for.
    pub fn of(report: &Report) -> &'static Theme {
        Theme::named(report.theme).unwrap_or(Theme::USUAL)
    }

    /// The left and right end of the content.
    pub(super) fn content(&self) -> (f64, f64) {
        (self.margin, self.width - self.margin)
    }

    /// Whether panels that stand beside one another elsewhere stand below one another.
    pub(super) fn narrow(&self) -> bool {
        self.width < 900.0
    }

    /// At most `most` units, and at most `share` of the width.
    pub(super) fn at_most(&self, most: f64, share: f64) -> f64 {
        most.min(share * self.width)
    }
}

/// Sizes of text (the em, in units of the drawing).
pub mod size {
    /// The finding.
    pub const TITLE: f64 = 38.0;
    /// The line under it.
    pub const SUBTITLE: f64 = 25.0;
    /// Axis titles, names of rows and lines.
    pub const LABEL: f64 = 23.0;
    /// Numbers on axes, labels inside areas.
    pub const TICK: f64 = 21.0;
    /// The small print.
    pub const SMALL: f64 = 18.0;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::THEME_NAMES;

    #[test]
    fn scenarios_can_ask_for_every_theme_and_no_other() {
        assert!(THEMES.iter().map(|theme| theme.name).eq(THEME_NAMES.iter().copied()));
        assert_eq!(Theme::of(&Report::default()).name, "screen");
    }

    #[test]
    fn greys_are_as_bright_as_their_colours_and_differ_between_neighbours() {
        let greys = [BLUE, VERMILLION, GREEN, ORANGE, SKY, YELLOW].map(|colour| colour.grey().0);
        assert_eq!(greys, [87, 119, 106, 162, 158, 213]);
        assert_eq!(Colour(10, 200, 3).hex(), "#0ac803");
    }
}
