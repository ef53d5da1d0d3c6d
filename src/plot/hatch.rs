//! Patterns as line segments, cut to the area they cover.
//!
//! Lines stand at fixed places of the drawing, so that neighbouring areas of the same fill read as one.

use super::theme::Pattern;

/// A straight line from one point to another.
pub(super) type Segment = [(f64, f64); 2];

/// The area under a pattern: columns of `step` width from `left` on, each from its top to its bottom.
pub(super) struct Band<'a> {
    pub left: f64,
    pub step: f64,
    pub columns: &'a [(f64, f64)],
}

/// The lines of `pattern`, `spacing` apart, inside the rectangle from (`left`, `top`) to (`right`, `bottom`).
pub(super) fn in_rectangle(
    pattern: Pattern,
    spacing: f64,
    (left, top): (f64, f64),
    (right, bottom): (f64, f64),
) -> Vec<Segment> {
    in_band(pattern, spacing, &Band { left, step: right - left, columns: &[(top, bottom)] })
}

/// The lines of `pattern`, `spacing` apart, inside `band`.
pub(super) fn in_band(pattern: Pattern, spacing: f64, band: &Band<'_>) -> Vec<Segment> {
    let mut lines = Vec::new();
    match pattern {
        Pattern::Plain => {}
        Pattern::Rising => sloping(-1.0, spacing, band, &mut lines),
        Pattern::Falling => sloping(1.0, spacing, band, &mut lines),
        Pattern::Cross => {
            sloping(-1.0, spacing, band, &mut lines);
            sloping(1.0, spacing, band, &mut lines);
        }
        Pattern::Level => sloping(0.0, spacing, band, &mut lines),
        Pattern::Upright => upright(spacing, band, &mut lines),
        Pattern::Dots => dots(spacing, band, &mut lines),
    }
    lines
}

/// Lines `y = slope · x + c` for every `c` that is a multiple of the spacing along the y axis.
fn sloping(slope: f64, spacing: f64, band: &Band<'_>, lines: &mut Vec<Segment>) {
    let pitch = if slope == 0.0 { spacing } else { spacing * std::f64::consts::SQRT_2 };
    let right = band.left + band.step * band.columns.len() as f64;
    let top = band.columns.iter().map(|c| c.0).fold(f64::INFINITY, f64::min);
    let bottom = band.columns.iter().map(|c| c.1).fold(f64::NEG_INFINITY, f64::max);
    let ends = [slope * band.left, slope * right];
    let first = ((top - ends[0].max(ends[1])) / pitch).ceil() as i64;
    let last = ((bottom - ends[0].min(ends[1])) / pitch).floor() as i64;
    for c in (first..=last).map(|i| i as f64 * pitch) {
        let mut open: Option<Segment> = None;
        for (i, &(top, bottom)) in band.columns.iter().enumerate() {
            let x = band.left + band.step * i as f64;
            let piece = cut(slope, c, (x, x + band.step), (top, bottom));
            match (&mut open, piece) {
                (Some(line), Some(next)) if (line[1].0 - next[0].0).abs() < 1e-6 => line[1] = next[1],
                (line, next) => lines.extend(std::mem::replace(line, next)),
            }
        }
        lines.extend(open);
    }
}

/// The part of `y = slope · x + c` inside a box.
fn cut(slope: f64, c: f64, (left, right): (f64, f64), (top, bottom): (f64, f64)) -> Option<Segment> {
    let (mut from, mut to) = (left, right);
    if slope == 0.0 {
        if !(top..bottom).contains(&c) {
            return None;
        }
    } else {
        let (a, b) = ((top - c) / slope, (bottom - c) / slope);
        from = from.max(a.min(b));
        to = to.min(a.max(b));
    }
    (to - from > 0.05).then_some([(from, slope * from + c), (to, slope * to + c)])
}

fn upright(spacing: f64, band: &Band<'_>, lines: &mut Vec<Segment>) {
    let right = band.left + band.step * band.columns.len() as f64;
    for i in (band.left / spacing).ceil() as i64..=(right / spacing).floor() as i64 {
        let x = i as f64 * spacing;
        let column = (((x - band.left) / band.step) as usize).min(band.columns.len() - 1);
        let (top, bottom) = band.columns[column];
        if bottom - top > 0.5 && x + 0.5 < right {
            lines.push([(x, top), (x, bottom)]);
        }
    }
}

/// Short strokes as dots, every second row shifted by half the spacing.
fn dots(spacing: f64, band: &Band<'_>, lines: &mut Vec<Segment>) {
    const LONG: f64 = 2.0;
    let right = band.left + band.step * band.columns.len() as f64;
    let mut i = (2.0 * band.left / spacing).ceil() as i64;
    while i as f64 * spacing / 2.0 + LONG <= right {
        let x = i as f64 * spacing / 2.0;
        let column = (((x - band.left) / band.step) as usize).min(band.columns.len() - 1);
        let (top, bottom) = band.columns[column];
        let shift = spacing / 2.0 * (i.rem_euclid(2)) as f64;
        let mut j = ((top + 1.0 - shift) / spacing).ceil() as i64;
        while (j as f64) * spacing + shift + 1.0 <= bottom {
            let y = j as f64 * spacing + shift;
            lines.push([(x, y), (x + LONG, y)]);
            j += 1;
        }
        i += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Pattern; 6] =
        [Pattern::Rising, Pattern::Falling, Pattern::Cross, Pattern::Level, Pattern::Upright, Pattern::Dots];

    #[test]
    fn no_line_leaves_its_rectangle_and_every_pattern_covers_it() {
        for pattern in ALL {
            let lines = in_rectangle(pattern, 7.0, (13.0, 21.0), (93.0, 61.0));
            assert!(lines.len() >= 5, "{pattern:?}: {}", lines.len());
            for (x, y) in lines.into_iter().flatten() {
                assert!(
                    (12.99..=93.01).contains(&x) && (20.99..=61.01).contains(&y),
                    "{pattern:?} at {x}, {y}"
                );
            }
        }
    }

    #[test]
    fn lines_stay_inside_a_band_of_changing_height() {
        let columns: Vec<(f64, f64)> = (0..50).map(|i| (10.0 + i as f64, 80.0 - i as f64 / 2.0)).collect();
        let band = Band { left: 5.0, step: 2.0, columns: &columns };
        for pattern in ALL {
            for line in in_band(pattern, 6.0, &band) {
                let middle = ((line[0].0 + line[1].0) / 2.0, (line[0].1 + line[1].1) / 2.0);
                let (top, bottom) = columns[((middle.0 - 5.0) / 2.0) as usize];
                assert!(middle.1 >= top - 2.1 && middle.1 <= bottom + 2.1, "{pattern:?}");
            }
        }
    }

    #[test]
    fn an_area_too_small_for_a_line_gets_none() {
        for pattern in ALL {
            assert!(in_rectangle(pattern, 8.0, (1.0, 1.0), (1.5, 1.5)).len() <= 2);
        }
    }
}
