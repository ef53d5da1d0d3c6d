//! A compact strip that says what the marks of a chart mean, for what can't carry its label itself.

use super::drawing::{Anchor, Drawing, Type};
use super::marker;
use super::theme::{self, Colour, Dash, Fill, INK, VERMILLION, WHITE, size};

/// A sample of a mark.
#[derive(Clone, Copy, Debug)]
pub(super) enum Key {
    Area(Fill),
    Mean,
    Interval,
    Point,
    Bound,
    Fault,
    /// An upright interval.
    Upright,
    /// The mark of a case by its number.
    Mark(usize),
    /// The same with its interval.
    Case(usize),
    /// A line.
    Line(Colour, Dash),
    Arrow,
}

const SAMPLE: f64 = 34.0;
const GAP: f64 = 10.0;
const BETWEEN: f64 = 30.0;
const LINE: f64 = 33.0;

/// Draws the strip from `left` to `right` with its first line's top at `top`; gives its bottom.
pub(super) fn draw(
    drawing: &mut Drawing,
    entries: &[(Key, String)],
    (left, right): (f64, f64),
    top: f64,
) -> f64 {
    if entries.is_empty() {
        return top;
    }
    let set = Type::regular(size::TICK, INK);
    let (mut x, mut y) = (left, top);
    for (key, name) in entries {
        let name = set.fit(name, right - left - SAMPLE - GAP);
        let long = SAMPLE + GAP + set.width(&name);
        if x > left && x + long > right {
            (x, y) = (left, y + LINE);
        }
        sample(drawing, *key, (x, y + 13.0));
        drawing.text((x + SAMPLE + GAP, y + 20.0), Anchor::Start, set, name);
        x += long + BETWEEN;
    }
    y + LINE + 4.0
}

fn sample(drawing: &mut Drawing, key: Key, (x, y): (f64, f64)) {
    let middle = x + SAMPLE / 2.0;
    match key {
        Key::Area(fill) => {
            drawing.filled((x, y - 11.0), (x + SAMPLE, y + 11.0), fill);
            drawing.outline((x, y - 11.0), (x + SAMPLE, y + 11.0), INK, 1.0);
        }
        Key::Mean => mean(drawing, (middle, y), 7.0, INK),
        Key::Interval => whiskers(drawing, (x, x + SAMPLE), y, INK),
        Key::Point => replicate(drawing, (middle, y)),
        Key::Bound => bound(drawing, middle, (y - 11.0, y + 11.0)),
        Key::Mark(number) => marker::draw(drawing, number, (middle, y), 8.0, theme::line(number).0),
        Key::Case(number) => {
            let colour = theme::line(number).0;
            marker::interval(drawing, middle, (y - 12.0, y + 12.0), colour);
            marker::draw(drawing, number, (middle, y), 7.0, colour);
        }
        Key::Upright => marker::interval(drawing, middle, (y - 12.0, y + 12.0), INK),
        Key::Line(colour, dash) => drawing.dashed(&[(x, y), (x + SAMPLE, y)], colour, 3.0, dash),
        Key::Fault => cross(drawing, (middle, y), 8.0),
        Key::Arrow => arrow(drawing, middle, (y - 12.0, y + 12.0), 7.0),
    }
}

/// A mean.
pub(super) fn mean(drawing: &mut Drawing, at: (f64, f64), radius: f64, colour: Colour) {
    drawing.disc(at, radius, colour);
}

/// An interval from one end to the other.
pub(super) fn whiskers(drawing: &mut Drawing, (from, to): (f64, f64), y: f64, colour: Colour) {
    drawing.line(vec![(from, y), (to, y)], WHITE, 7.0);
    drawing.line(vec![(from, y), (to, y)], colour, 4.0);
    for x in [from, to] {
        drawing.line(vec![(x, y - 12.0), (x, y + 12.0)], colour, 3.0);
    }
}

/// One replicate.
pub(super) fn replicate(drawing: &mut Drawing, at: (f64, f64)) {
    drawing.ring(at, 5.0, Colour(0x2B, 0x84, 0xBB), Colour(0xD5, 0xEA, 0xF8));
}

/// A lower bound: nothing can lie on its left.
pub(super) fn bound(drawing: &mut Drawing, x: f64, (top, bottom): (f64, f64)) {
    drawing.line(vec![(x, top), (x, bottom)], VERMILLION, 4.0);
    for y in [top, bottom] {
        drawing.line(vec![(x, y), (x + 8.0, y)], VERMILLION, 4.0);
    }
}

/// Something that goes from a place to another above or below it; its head is `size` long.
pub(super) fn arrow(drawing: &mut Drawing, x: f64, (start, end): (f64, f64), size: f64) {
    let head = size * (end - start).signum();
    drawing.line(vec![(x, start), (x, end)], WHITE, 4.0);
    drawing.line(vec![(x, start), (x, end)], INK, 1.6);
    drawing.line(vec![(x - size * 0.7, end - head), (x, end), (x + size * 0.7, end - head)], INK, 1.6);
    drawing.disc((x, start), 2.5, INK);
}

/// A fault.
pub(super) fn cross(drawing: &mut Drawing, (x, y): (f64, f64), arm: f64) {
    for (colour, width) in [(WHITE, 7.0), (INK, 3.5)] {
        drawing.line(vec![(x - arm, y - arm), (x + arm, y + arm)], colour, width);
        drawing.line(vec![(x - arm, y + arm), (x + arm, y - arm)], colour, width);
    }
}
