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
pub(super) fn interval(drawing: &mut Drawing, x: f64, (from, to): (f64, f64), colour: Colour) {
    drawing.line(vec![(x, from), (x, to)], WHITE, 6.0);
    drawing.line(vec![(x, from), (x, to)], colour, 3.0);
    // Caps that touch would be a mark of their own.
    let reach = 8.0_f64.min((to - from).abs());
    for y in [from, to] {
        drawing.line(vec![(x - reach, y), (x + reach, y)], colour, 2.5);
    }
}
