//! Few cores: a row each, in which every task can be told apart and named.

use std::collections::BTreeSet;

use super::super::axis::Axis;
use super::super::drawing::{Anchor, Drawing, Type};
use super::super::legend;
use super::super::page::Names;
use super::super::theme::{Fill, INK, Pattern, Theme, VERMILLION, WHITE, size};
use super::looks::{self, Kinds, fill_of};
use super::occupancy::{Columns, Run};
use super::{Arrow, Gantt, instants};

/// Beyond so many rows they would be thinner than can be seen.
const MOST_ROWS: usize = 128;
/// Beyond so many pieces a picture of them would show noise, and its file be large.
const MOST_RUNS: usize = 25_000;
/// Each core's runs, unless they are too many to be seen.
pub(super) fn runs(data: &Gantt, kinds: &Kinds, time: &Axis) -> Option<Vec<Vec<Run>>> {
    let mut order: Vec<usize> = (0..data.segments.len()).collect();
    order.sort_by_key(|&i| data.segments[i].core);
    if data.cores.len() > MOST_ROWS {
        return None;
    }
    let mut rows = vec![Vec::new(); data.cores.len()];
    let mut columns = Columns::over(time, 1.0);
    let mut total = 0;
    for group in order.chunk_by(|&a, &b| data.segments[a].core == data.segments[b].core) {
        let Some(row) = rows.get_mut(data.segments[group[0]].core as usize) else { continue };
        columns.clear();
        for &i in group {
            columns.add(&data.segments[i], i, kinds);
        }
        *row = columns.runs();
        total += row.len();
        if total > MOST_RUNS {
            return None;
        }
    }
    Some(rows)
}

/// One row a core; gives where they end, and what must be said about them.
pub(super) fn draw(
    drawing: &mut Drawing,
    data: &Gantt,
    rows: &[Vec<Run>],
    time: &Axis,
    (left, top): (f64, f64),
    names: &Names,
) -> (f64, &'static str) {
    let height = row_height(rows.len(), &drawing.theme);
    let bottom = top + height * rows.len().max(1) as f64;
    time.draw_below(drawing, top, bottom);
    let gap = if height >= 10.0 { 2.0 } else { 0.0 };
    let every = (26.0 / height).ceil().max(1.0) as usize;
    let mut crowded = false;
    let lines: Vec<f64> = instants(data).iter().map(|i| time.at(i.at)).collect();
    for (core, runs) in rows.iter().enumerate() {
        let y = (top + height * core as f64, top + height * (core + 1) as f64 - gap);
        for (i, run) in runs.iter().enumerate() {
            let x = (left + run.from as f64, left + run.to as f64);
            let fill = fill_of(run.look);
            drawing.filled((x.0, y.0), (x.1, y.1), fill);
            let touches = i > 0 && runs[i - 1].to == run.from && runs[i - 1].look == run.look;
            if touches && x.1 - x.0 >= 3.0 {
                drawing.line(vec![x.0, x.0].into_iter().zip([y.0, y.1]).collect(), WHITE, 1.5);
            }
            if looks::is_lost(run.look) && height >= 10.0 {
                let middle = (y.0 + y.1) / 2.0;
                drawing.line(vec![(x.0, middle), (x.1, middle)], VERMILLION, 3.0);
            }
            crowded |= run.id.is_none();
            let label = run.id.and_then(|id| data.segments[id].label);
            if let Some(text) = label.and_then(|l| data.labels.get(l as usize)) {
                label_run(drawing, text, fill, widest_gap(x, &lines), y);
            }
        }
        if core % every == 0 {
            names.draw(drawing, &data.cores[core], (left - 10.0, (y.0 + y.1) / 2.0), height);
        }
    }
    arrows(drawing, data, rows.len(), time, (top, height));
    let arm = (height * 0.3).clamp(4.0, 10.0);
    let mut seen = BTreeSet::new();
    for fault in &data.faults {
        let y = fault.core.map_or(top - 8.0, |core| top + height * (f64::from(core) + 0.5));
        let x = time.at(fault.at);
        // Crosses on top of one another say no more than one.
        if fault.core.is_none_or(|core| (core as usize) < rows.len())
            && seen.insert((fault.core, (x / 3.0) as i64))
        {
            legend::cross(drawing, (x, y), arm);
        }
    }
    let remark = "Where segments are shorter than a pixel, it shows what the core did for most of that time.";
    (bottom, if crowded { remark } else { "" })
}

/// Beyond so many arrows they would hide what they lie over.
const MOST_ARROWS: usize = 300;

/// Whether what went from core to core is drawn, on so many rows.
pub(super) fn has_arrows(data: &Gantt, rows: usize, theme: &Theme) -> bool {
    (1..=MOST_ARROWS).contains(&data.arrows.len()) && row_height(rows, theme) >= 6.0
}

/// What went from core to core, as arrows from row to row where there are few.
fn arrows(drawing: &mut Drawing, data: &Gantt, rows: usize, time: &Axis, (top, height): (f64, f64)) {
    let there = |core: u32| (core as usize) < rows;
    if !has_arrows(data, rows, &drawing.theme) {
        return;
    }
    for Arrow { from, to, at } in data.arrows.iter().filter(|arrow| there(arrow.from) && there(arrow.to)) {
        let row = |core: u32| top + height * (f64::from(core) + 0.5);
        legend::arrow(drawing, time.at(*at), (row(*from), row(*to)), (height * 0.18).clamp(3.0, 8.0));
    }
}

/// How high each of so many rows is.
fn row_height(rows: usize, theme: &Theme) -> f64 {
    (700.0 * theme.tall / rows.max(1) as f64).clamp(4.0, 64.0).floor()
}

/// The widest part of a piece that no upright line crosses.
fn widest_gap((from, to): (f64, f64), lines: &[f64]) -> (f64, f64) {
    let mut ends: Vec<f64> = lines.iter().copied().filter(|x| (from..to).contains(x)).collect();
    ends.extend([from, to]);
    ends.sort_by(f64::total_cmp);
    let gaps = ends.windows(2).map(|pair| (pair[0], pair[1]));
    gaps.fold((from, from), |best, gap| if gap.1 - gap.0 > best.1 - best.0 { gap } else { best })
}

/// The task's name, where it fits.
fn label_run(drawing: &mut Drawing, text: &str, fill: Fill, x: (f64, f64), y: (f64, f64)) {
    let set = Type::regular(size::SMALL, if fill.is_dark() { WHITE } else { INK });
    if y.1 - y.0 < 22.0 || x.1 - x.0 < 18.0 || set.width(text) > x.1 - x.0 - 14.0 {
        return;
    }
    let at = ((x.0 + x.1) / 2.0, (y.0 + y.1) / 2.0 + 0.36 * set.em);
    if fill.pattern == Pattern::Plain {
        drawing.text(at, Anchor::Middle, set, text);
    } else {
        drawing.boxed_text(at, Anchor::Middle, set, text);
    }
}
