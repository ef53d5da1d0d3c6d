//! The page of the chart: legend, panels beside or below one another, the level axis.

use super::super::axis::Axis;
use super::super::drawing::{Anchor, Drawing, Type};
use super::super::font;
use super::super::legend::Key;
use super::super::page::Page;
use super::super::quantity::Quantity;
use super::super::theme::{self, GRID, INK, QUIET, Theme, size};
use super::panel::{Frame, NEUTRAL, draw_panel, looks};
use super::{Kind, Panel, Relation};

/// The level axis as drawn in one panel.
pub(super) enum Level {
    /// Of numbers.
    Numbers(Axis),
    /// Of names in fields of equal width.
    Names { left: f64, width: f64, count: usize },
}

impl Level {
    /// Where a number, or the middle of the field of a name, stands.
    pub(super) fn at(&self, x: f64) -> f64 {
        match self {
            Level::Numbers(axis) => axis.at(x),
            Level::Names { left, width, .. } => left + width * (x + 0.5),
        }
    }

    /// How wide the field of a name is.
    pub(super) fn field(&self) -> Option<f64> {
        if let Level::Names { width, .. } = self { Some(*width) } else { None }
    }
}

pub(super) fn draw(data: &Relation, theme: &Theme) -> Drawing {
    let mut page = Page::new(&data.heading, theme);
    let columns = if data.panels.len() > 1 && !theme.narrow() { 2 } else { 1 };
    let labelled = columns == 1 && data.kind != Kind::Bars;
    page.legend(&keys(data, labelled));
    let (from, to) = theme.content();
    let between = 46.0;
    let wide = (to - from - between * (columns - 1) as f64) / columns as f64;
    let height = match (columns, data.panels.len()) {
        (1, 1) => 620.0 * theme.tall,
        (1, _) => 420.0 * theme.tall,
        _ => 470.0 * theme.tall,
    };
    let shared = shared_heights(data);
    let mut top = page.top;
    let room_below = if data.across.names.is_empty() { 78.0 } else { 104.0 };
    let mut bottom = top;
    for row in data.panels.chunks(columns) {
        top += 46.0;
        for (column, panel) in row.iter().enumerate() {
            let left = from + (wide + between) * column as f64;
            let values =
                if panel.log || shared.is_empty() { panel.heights().collect() } else { shared.clone() };
            one(&mut page.drawing, data, panel, &values, (left, left + wide), (top, top + height), labelled);
        }
        top += height + room_below;
        bottom = top - 12.0;
    }
    page.finish(bottom, "")
}

/// The heights of all panels together, where all show the same metric on one scale.
fn shared_heights(data: &Relation) -> Vec<f64> {
    let alike = data.panels.windows(2).all(|pair| pair[0].metric == pair[1].metric && !pair[0].log);
    if alike { data.panels.iter().flat_map(Panel::heights).collect() } else { Vec::new() }
}

fn one(
    drawing: &mut Drawing,
    data: &Relation,
    panel: &Panel,
    values: &[f64],
    (left, right): (f64, f64),
    (top, bottom): (f64, f64),
    labelled: bool,
) {
    let floor = (data.kind == Kind::Bars).then_some(0.0);
    let values = values.iter().copied().chain(floor);
    let upright = if panel.log {
        Axis::log(panel.quantity.clone(), values, (bottom, top))
    } else {
        Axis::linear(panel.quantity.clone(), values, (bottom, top))
    };
    let bold = Type::bold(size::LABEL, INK);
    let start = left + upright.room_on_the_left().max(40.0);
    let names = panel.lines.iter().map(|line| line.name.as_str());
    let alike = panel.curves.iter().filter(|curve| curve.line.is_none());
    let widest = names.chain(alike.map(|curve| curve.name.as_str())).map(|name| bold.width(name));
    let widest = widest.fold(0.0, f64::max);
    let room = if labelled && widest > 0.0 { widest.min((right - left) * 0.26) + 40.0 } else { 14.0 };
    let end = right - room;
    let heading = match (panel.name.is_empty(), upright.title(&panel.metric)) {
        (true, title) => title,
        (false, title) => format!("{}: {title}", panel.name),
    };
    drawing.text((left, top - 16.0), Anchor::Start, bold, bold.fit(&heading, right - left));
    upright.draw_left(drawing, start, end);
    let level = level(data, (start, end));
    below(drawing, data, &level, (top, bottom), (start, end));
    draw_panel(
        drawing,
        &Frame {
            data,
            panel,
            level: &level,
            upright: &upright,
            ends: (start, end),
            heights: (top, bottom),
            labelled,
            room: room - 36.0,
        },
    );
}

fn level(data: &Relation, (start, end): (f64, f64)) -> Level {
    let count = data.across.names.len();
    if count > 0 {
        return Level::Names { left: start, width: (end - start) / count as f64, count };
    }
    let places = data.panels.iter().flat_map(Panel::places).chain(half_groups(data));
    let ends = (start + 10.0, end - 10.0);
    let quantity = data.across.quantity.clone();
    Level::Numbers(if data.across.log {
        Axis::log(quantity, places, ends)
    } else {
        Axis::linear(quantity, places, ends)
    })
}

/// How far the outermost groups of bars reach, each as wide as the least distance of two: half of it beyond their places.
fn half_groups(data: &Relation) -> Vec<f64> {
    let points = data.panels.iter().flat_map(|panel| &panel.lines).flat_map(|line| &line.points);
    let log = data.across.log;
    let mut places: Vec<f64> = points
        .map(|point| if log { libm::log(point.x) } else { point.x })
        .filter(|x| x.is_finite())
        .collect();
    places.sort_by(f64::total_cmp);
    places.dedup();
    let least = places.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
    match places[..] {
        [first, .., last] if data.kind == Kind::Bars => {
            let ends = [first - least / 2.0, last + least / 2.0];
            ends.map(|x| if log { libm::exp(x) } else { x }).to_vec()
        }
        _ => Vec::new(),
    }
}

fn below(
    drawing: &mut Drawing,
    data: &Relation,
    level: &Level,
    (top, bottom): (f64, f64),
    (start, end): (f64, f64),
) {
    let bold = Type::bold(size::LABEL, INK);
    let set = Type::regular(size::TICK, INK);
    let mut title = data.across.label.clone();
    match level {
        Level::Numbers(axis) => {
            axis.draw_below(drawing, top, bottom);
            drawing.line(vec![(start, bottom), (end, bottom)], INK, 2.0);
            title = axis.title(&title);
        }
        Level::Names { width, count, .. } => {
            drawing.line(vec![(start, bottom), (end, bottom)], INK, 2.0);
            let widest = data.across.names.iter().map(|name| set.width(name)).fold(0.0, f64::max) + 14.0;
            // Names are broken in two before some are left out.
            let every = (widest.min(2.0 * width).min(120.0) / width).ceil().max(1.0) as usize;
            for at in (0..*count).step_by(every) {
                let lines =
                    font::wrap(&data.across.names[at], width * every as f64 - 12.0, 2, set.em, set.weight);
                for (row, line) in lines.into_iter().enumerate() {
                    let y = bottom + 28.0 + 24.0 * row as f64;
                    drawing.text((level.at(at as f64), y), Anchor::Middle, set, line);
                }
                if at > 0 {
                    let x = level.at(at as f64) - width / 2.0;
                    drawing.line(vec![(x, bottom), (x, bottom + 7.0)], GRID, 1.5);
                }
            }
        }
    }
    let y = bottom + if data.across.names.is_empty() { 62.0 } else { 86.0 };
    drawing.text(((start + end) / 2.0, y), Anchor::Middle, bold, bold.fit(&title, end - start));
}

/// What the marks mean, and the names of the cases where they don't stand at their lines.
fn keys(data: &Relation, labelled: bool) -> Vec<(Key, String)> {
    let Some(first) = data.panels.first() else { return Vec::new() };
    let mut points = data.panels.iter().flat_map(|panel| &panel.lines).flat_map(|line| &line.points);
    let level = Quantity::Share.tick(data.level);
    let intervals = points.any(|point| point.interval.is_some());
    let mut keys = Vec::new();
    match (labelled, intervals) {
        (true, true) => keys.push((Key::Case(0), format!("mean over replicates and its {level} interval"))),
        (true, false) => keys.push((Key::Mark(0), "the only replicate".to_owned())),
        (false, _) => {
            let mark = |at: usize| match data.kind {
                Kind::Bars => Key::Area(theme::area(at)),
                Kind::Line | Kind::Points => Key::Mark(at),
            };
            let named = first.lines.iter().enumerate().filter(|(_, line)| !line.name.is_empty());
            keys.extend(named.map(|(at, line)| (mark(at), line.name.clone())));
            keys.extend(intervals.then(|| (Key::Upright, format!("{level} interval"))));
        }
    }
    let curves = || data.panels.iter().flat_map(|panel| &panel.curves);
    let mut own = 0;
    for theory in &data.theories {
        let line = curves()
            .find(|curve| theory.starts_with(&format!("{} (", curve.name)))
            .and_then(|curve| curve.line);
        let (colour, dash) = looks(line.map(|_| 0), own);
        own += usize::from(line.is_some());
        keys.push((Key::Line(colour, dash), format!("theory: {theory}")));
    }
    // What is said of all alike has its name at its end only where lines have.
    let mut alike: Vec<&str> =
        curves().filter(|curve| curve.line.is_none()).map(|curve| curve.name.as_str()).collect();
    alike.sort_unstable();
    alike.dedup();
    alike.retain(|name| {
        !labelled && !data.theories.iter().any(|theory| theory.starts_with(&format!("{name} (")))
    });
    keys.extend(alike.into_iter().map(|name| (Key::Line(QUIET, NEUTRAL), name.to_owned())));
    keys
}
