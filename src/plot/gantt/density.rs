//! Many cores: how many of them are in each state at each time.

use std::collections::BTreeSet;

use super::super::axis::Axis;
use super::super::drawing::{Anchor, Drawing, Type};
use super::super::hatch::Band;
use super::super::legend;
use super::super::quantity::Quantity;
use super::super::theme::{Fill, INK, size};
use super::Gantt;
use super::looks::{Kinds, LOOKS, fill_of};
use super::occupancy::Columns;

/// How wide the columns are in which states are counted: wide enough for their patterns to be seen.
const STEP: f64 = 4.0;

/// What must be said about such a picture.
pub(super) const REMARK: &str =
    "Too many cores or segments for a row each: the height of a colour is the number of cores.";

/// How many cores are in each state, stacked; gives where the picture ends, and what must be said about it.
pub(super) fn draw(
    drawing: &mut Drawing,
    data: &Gantt,
    kinds: &Kinds,
    time: &Axis,
    (left, top): (f64, f64),
) -> (f64, &'static str) {
    let bottom = top + 640.0 * drawing.theme.tall;
    let count = data.cores.len().max(1) as f64;
    let mut columns = Columns::over(time, STEP);
    for (i, segment) in data.segments.iter().enumerate() {
        columns.add(segment, i, kinds);
    }
    let cores = Axis::exact(Quantity::Number(String::new()), (0.0, count), (bottom, top));
    time.draw_below(drawing, top, bottom);

    let mut floor: Vec<f64> = columns.taken(0).map(|_| 0.0).collect();
    let mut layers = Vec::new();
    for look in 0..LOOKS {
        let taken: Vec<f64> = columns.taken(look).collect();
        if taken.iter().any(|&t| t > 0.0) {
            let ceiling: Vec<f64> = floor.iter().zip(&taken).map(|(f, t)| f + t).collect();
            let band = ceiling.iter().zip(&floor).map(|(&c, &f)| (cores.at(c), cores.at(f))).collect();
            layers.push((look, band));
            floor = ceiling;
        }
    }
    stack(drawing, &layers, left, bottom);
    cores.draw_left(drawing, left, left);
    let title = Type::bold(size::LABEL, INK);
    let cores = format!("Cores (of {})", data.cores.len());
    drawing.text((drawing.content().0, top - 14.0), Anchor::Start, title, cores);
    let mut seen = BTreeSet::new();
    for fault in &data.faults {
        let x = time.at(fault.at);
        if seen.insert((x / 14.0) as i64) {
            legend::cross(drawing, (x, top + 10.0), 5.0);
        }
    }
    (bottom, REMARK)
}

/// Paints the top layer first and each down to the floor, so that no crack shows between two of them.
fn stack(drawing: &mut Drawing, layers: &[(usize, Vec<(f64, f64)>)], left: f64, bottom: f64) {
    for (look, band) in layers.iter().rev() {
        let whole: Vec<(f64, f64)> = band.iter().map(|c| (c.0, bottom)).collect();
        let ground = Fill::plain(fill_of(*look).ground);
        drawing.band(&Band { left, step: STEP, columns: &whole }, ground);
    }
    for (look, band) in layers {
        drawing.hatched(&Band { left, step: STEP, columns: band }, fill_of(*look));
    }
}
