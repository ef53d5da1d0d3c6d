//! A picture before it is rendered: shapes in the order they are painted, in units of which a PNG has one per pixel.

use super::font::{self, Weight};
use super::hatch::{self, Band};
use super::theme::{Colour, Dash, Fill, Theme, WHITE};

/// On which side of its point text stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Anchor {
    /// The text begins at the point.
    Start,
    /// Its middle is at the point.
    Middle,
    /// It ends at the point.
    End,
}

/// How text is set.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Type {
    /// The em, in units of the drawing.
    pub em: f64,
    /// How heavy it is.
    pub weight: Weight,
    /// Its colour.
    pub colour: Colour,
}

impl Type {
    /// Running text.
    pub const fn regular(em: f64, colour: Colour) -> Self {
        Type { em, weight: Weight::Regular, colour }
    }

    /// Bold text.
    pub const fn bold(em: f64, colour: Colour) -> Self {
        Type { em, weight: Weight::Bold, colour }
    }

    /// How wide `text` is.
    pub fn width(&self, text: &str) -> f64 {
        font::width(text, self.em, self.weight)
    }

    /// `text`, cut in the middle if it is wider than `room`.
    pub fn fit(&self, text: &str, room: f64) -> String {
        font::fit(text, room, self.em, self.weight)
    }
}

/// A line of text in the drawing.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Text {
    /// The point on the base line.
    pub at: (f64, f64),
    pub anchor: Anchor,
    pub set: Type,
    pub text: String,
}

#[derive(Clone, PartialEq, Debug)]
pub(super) enum Shape {
    Rectangle { from: (f64, f64), to: (f64, f64), colour: Colour },
    Polygon { points: Vec<(f64, f64)>, colour: Colour },
    Line { points: Vec<(f64, f64)>, colour: Colour, width: f64 },
    Disc { centre: (f64, f64), radius: f64, colour: Colour },
    Text(Text),
}

/// A picture: what the charts give, and [`svg`](Drawing::svg) and [`png`](Drawing::png) render.
#[derive(Clone, PartialEq, Debug)]
pub struct Drawing {
    /// What it is made for, which says how wide it is.
    pub(super) theme: Theme,
    pub(super) height: f64,
    pub(super) shapes: Vec<Shape>,
    /// What a screen reader reads: title and description.
    pub(super) spoken: (String, String),
}

impl Drawing {
    /// Nothing yet, to be `spoken` as title and description.
    pub(super) fn empty(theme: Theme, spoken: (String, String)) -> Self {
        Drawing { theme, height: 0.0, shapes: Vec::new(), spoken }
    }

    /// Width and height in units.
    pub fn size(&self) -> (u32, u32) {
        (self.theme.width as u32, self.height as u32)
    }

    /// The left and right end of the content.
    pub(super) fn content(&self) -> (f64, f64) {
        self.theme.content()
    }

    /// The drawing in shades of grey, as bright as the colours were.
    pub fn grey(mut self) -> Self {
        for shape in &mut self.shapes {
            let colour = match shape {
                Shape::Rectangle { colour, .. }
                | Shape::Polygon { colour, .. }
                | Shape::Line { colour, .. }
                | Shape::Disc { colour, .. } => colour,
                Shape::Text(text) => &mut text.set.colour,
            };
            *colour = colour.grey();
        }
        self
    }

    pub(super) fn rectangle(&mut self, from: (f64, f64), to: (f64, f64), colour: Colour) {
        self.shapes.push(Shape::Rectangle { from, to, colour });
    }

    /// An upright rectangle in `fill`, pattern and all.
    pub(super) fn filled(&mut self, from: (f64, f64), to: (f64, f64), fill: Fill) {
        self.rectangle(from, to, fill.ground);
        let lines = hatch::in_rectangle(fill.pattern, f64::from(fill.spacing), from, to);
        self.pattern(lines, fill);
    }

    /// The area between the tops and bottoms of `band`'s columns in `fill`.
    pub(super) fn band(&mut self, band: &Band<'_>, fill: Fill) {
        let middle = |i: usize| band.left + band.step * (i as f64 + 0.5);
        let last = band.columns.len().saturating_sub(1);
        let right = band.left + band.step * band.columns.len() as f64;
        let (Some(first), Some(end)) = (band.columns.first(), band.columns.last()) else { return };
        let tops = band.columns.iter().enumerate().map(|(i, c)| (middle(i), c.0));
        let bottoms = band.columns.iter().enumerate().rev().map(|(i, c)| (middle(i), c.1));
        let mut points = vec![(band.left, first.0)];
        points.extend(tops.filter(|_| last > 0));
        points.extend([(right, end.0), (right, end.1)]);
        points.extend(bottoms.filter(|_| last > 0));
        points.push((band.left, first.1));
        self.shapes.push(Shape::Polygon { points, colour: fill.ground });
        self.hatched(band, fill);
    }

    /// The pattern of `fill` alone, over what is there.
    pub(super) fn hatched(&mut self, band: &Band<'_>, fill: Fill) {
        let lines = hatch::in_band(fill.pattern, f64::from(fill.spacing), band);
        self.pattern(lines, fill);
    }

    fn pattern(&mut self, lines: Vec<hatch::Segment>, fill: Fill) {
        let width = if fill.pattern == super::theme::Pattern::Dots { 2.0 } else { 1.5 };
        for line in lines {
            self.shapes.push(Shape::Line { points: line.to_vec(), colour: fill.ink, width });
        }
    }

    pub(super) fn outline(&mut self, from: (f64, f64), to: (f64, f64), colour: Colour, width: f64) {
        let corners = [from, (to.0, from.1), to, (from.0, to.1), from];
        for side in corners.windows(2) {
            self.shapes.push(Shape::Line { points: side.to_vec(), colour, width });
        }
    }

    pub(super) fn line(&mut self, points: Vec<(f64, f64)>, colour: Colour, width: f64) {
        self.shapes.push(Shape::Line { points, colour, width });
    }

    /// A line in strokes and gaps, which go on around its corners.
    pub(super) fn dashed(&mut self, points: &[(f64, f64)], colour: Colour, width: f64, dash: Dash) {
        if dash.is_empty() {
            return self.line(points.to_vec(), colour, width);
        }
        let (mut turn, mut left) = (0, dash[0]);
        let mut stroke: Vec<(f64, f64)> = points.first().copied().into_iter().collect();
        for ends in points.windows(2) {
            let (dx, dy) = (ends[1].0 - ends[0].0, ends[1].1 - ends[0].1);
            let length = (dx * dx + dy * dy).sqrt();
            let mut gone = 0.0;
            while length - gone > left {
                gone += left;
                let here = (ends[0].0 + dx * gone / length, ends[0].1 + dy * gone / length);
                if turn % 2 == 0 {
                    stroke.push(here);
                    self.line(std::mem::take(&mut stroke), colour, width);
                }
                turn = (turn + 1) % dash.len();
                left = dash[turn];
                stroke = vec![here];
            }
            left -= length - gone;
            if turn % 2 == 0 {
                stroke.push(ends[1]);
            }
        }
        if turn % 2 == 0 && stroke.len() > 1 {
            self.line(stroke, colour, width);
        }
    }

    pub(super) fn polygon(&mut self, points: Vec<(f64, f64)>, colour: Colour) {
        self.shapes.push(Shape::Polygon { points, colour });
    }

    pub(super) fn disc(&mut self, centre: (f64, f64), radius: f64, colour: Colour) {
        self.shapes.push(Shape::Disc { centre, radius, colour });
    }

    /// A disc with a rim, filled with `inside`.
    pub(super) fn ring(&mut self, centre: (f64, f64), radius: f64, rim: Colour, inside: Colour) {
        self.disc(centre, radius, rim);
        self.disc(centre, radius - 2.0, inside);
    }

    pub(super) fn text(&mut self, at: (f64, f64), anchor: Anchor, set: Type, text: impl Into<String>) {
        let text = printable(&text.into());
        if !text.is_empty() {
            self.shapes.push(Shape::Text(Text { at, anchor, set, text }));
        }
    }

    /// Text with white around it, to be read on lines and patterns.
    pub(super) fn boxed_text(&mut self, at: (f64, f64), anchor: Anchor, set: Type, text: impl Into<String>) {
        let label = Text { at, anchor, set, text: printable(&text.into()) };
        let ((left, top), (right, bottom)) = label.extent();
        self.rectangle((left - 4.0, top - 1.0), (right + 4.0, bottom + 1.0), WHITE);
        self.shapes.push(Shape::Text(label));
    }
}

/// Names come from files: what can't be printed, and may not stand in an SVG, becomes a space.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || c > '\u{fffd}' && c < '\u{10000}' { ' ' } else { c }).collect()
}

impl Text {
    /// The box around capitals and descenders.
    pub(super) fn extent(&self) -> ((f64, f64), (f64, f64)) {
        let width = self.set.width(&self.text);
        let left = match self.anchor {
            Anchor::Start => self.at.0,
            Anchor::Middle => self.at.0 - width / 2.0,
            Anchor::End => self.at.0 - width,
        };
        let (top, bottom) = (self.at.1 - 0.74 * self.set.em, self.at.1 + 0.22 * self.set.em);
        ((left, top), (left + width, bottom))
    }
}

#[cfg(test)]
impl Drawing {
    /// Every text, in the order painted.
    pub(super) fn texts(&self) -> Vec<&Text> {
        fn text(shape: &Shape) -> Option<&Text> {
            if let Shape::Text(text) = shape { Some(text) } else { None }
        }
        self.shapes.iter().filter_map(text).collect()
    }

    /// Whether a text stands in the drawing that contains `part`.
    pub(super) fn says(&self, part: &str) -> bool {
        self.texts().iter().any(|t| t.text.replace('\u{a0}', " ").contains(part))
    }

    /// Fails if a text leaves the drawing or touches another one.
    pub(super) fn assert_readable(&self) {
        let boxes: Vec<_> = self.texts().iter().map(|t| (t.extent(), &t.text)).collect();
        for (i, (((left, top), (right, bottom)), text)) in boxes.iter().enumerate() {
            assert!(*left >= 0.0 && *right <= self.theme.width, "{text:?} leaves the drawing sideways");
            assert!(*top >= 0.0 && *bottom <= self.height, "{text:?} leaves the drawing");
            for (((l, t), (r, b)), other) in &boxes[i + 1..] {
                let apart = *r <= *left || *l >= *right || *b <= *top || *t >= *bottom;
                assert!(apart, "{text:?} overlaps {other:?}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::theme::INK;
    use super::*;

    #[test]
    fn dashes_go_on_around_corners_and_sum_to_their_share_of_the_line() {
        let mut drawing = Drawing::empty(*Theme::USUAL, Default::default());
        drawing.dashed(&[(0.0, 0.0), (35.0, 0.0), (35.0, 65.0)], INK, 2.0, &[10.0, 10.0]);
        let length = |points: &[(f64, f64)]| {
            points.windows(2).map(|p| (p[1].0 - p[0].0).abs() + (p[1].1 - p[0].1).abs()).sum::<f64>()
        };
        let lengths: Vec<f64> = drawing
            .shapes
            .iter()
            .map(|shape| if let Shape::Line { points, .. } = shape { length(points) } else { 0.0 })
            .collect();
        assert_eq!(lengths, [10.0; 5]);
    }
}
