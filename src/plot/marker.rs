//! Marks of cases that differ in shape, so that they can be told apart where lines are thin and colours grey.

use super::drawing::Drawing;
use super::theme::{Colour, WHITE};

/// The mark of case number `i` at a point; alike only after 6.
pub(super) fn draw(drawing: &mut Drawing, i: usize, (x, y): (f64, f64), radius: f64, colour: Colour) {
    let r = radius;
    match i % 6 {
        0 => drawing.disc((x, y), r, colour),
        1 => drawing.polygon(
            vec![
                (x - 0.9 * r, y - 0.9 * r),
                (x + 0.9 * r, y - 0.9 * r),
                (x + 0.9 * r, y + 0.9 * r),
                (x - 0.9 * r, y + 0.9 * r),
            ],
            colour,
        ),
        2 => drawing.polygon(
            vec![(x, y - 1.25 * r), (x + 1.15 * r, y + 0.8 * r), (x - 1.15 * r, y + 0.8 * r)],
            colour,
        ),
        3 => drawing
            .polygon(vec![(x, y - 1.3 * r), (x + 1.3 * r, y), (x, y + 1.3 * r), (x - 1.3 * r, y)], colour),
        4 => {
            drawing.disc((x, y), r, colour);
            drawing.disc((x, y), 0.55 * r, WHITE);
        }
        _ => drawing.polygon(
            vec![(x, y + 1.25 * r), (x + 1.15 * r, y - 0.8 * r), (x - 1.15 * r, y - 0.8 * r)],
            colour,
        ),
    }
}

/// An upright interval from one end to the other.
pub(super) fn interval(drawing: &mut Drawing, x: f64, ends: (f64, f64), colour: Colour) {
    drawing.line(vec![(x, ends.0), (x, ends.1)], WHITE, 6.0);
    bare_interval(drawing, x, ends, 8.0, colour);
}

/// The same on a bar of so much width, whose end can be seen beside it.
pub(super) fn narrow_interval(drawing: &mut Drawing, x: f64, ends: (f64, f64), width: f64, colour: Colour) {
    if width >= 24.0 {
        return interval(drawing, x, ends, colour);
    }
    bare_interval(drawing, x, ends, (0.3 * width).clamp(2.0, 8.0), colour);
}

fn bare_interval(drawing: &mut Drawing, x: f64, (from, to): (f64, f64), reach: f64, colour: Colour) {
    let line = (reach / 2.0).clamp(1.5, 3.0);
    drawing.line(vec![(x, from), (x, to)], colour, line);
    // Caps that touch would be a mark of their own.
    let reach = reach.min((to - from).abs());
    for y in [from, to] {
        drawing.line(vec![(x - reach, y), (x + reach, y)], colour, line.min(2.5));
    }
}
