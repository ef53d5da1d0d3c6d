//! What stands in a panel: theory below, then lines and bars, intervals and marks above them.

use super::super::axis::Axis;
use super::super::drawing::{Anchor, Drawing, Type};
use super::super::marker;
use super::super::spread;
use super::super::theme::{self, Colour, Dash, GRID, INK, QUIET, VERMILLION, size};
use super::draw::Level;
use super::{Curve, Kind, Line, Mark, Panel, Point, Relation};

/// How what theory says of all cases alike is drawn.
pub(super) const NEUTRAL: Dash = &[14.0, 7.0];

/// What a theory's curve looks like: as its line, if it is the first theory there; others in another dash.
pub(super) fn looks(line: Option<usize>, theory: usize) -> (Colour, Dash) {
    match line.map(theme::line) {
        None => (QUIET, NEUTRAL),
        Some((colour, dash)) if theory == 0 => (colour, dash),
        Some((colour, dash)) => (colour, if dash == NEUTRAL { theme::SHORT } else { NEUTRAL }),
    }
}

/// A panel's place and axes.
pub(super) struct Frame<'a> {
    pub data: &'a Relation,
    pub panel: &'a Panel,
    pub level: &'a Level,
    pub upright: &'a Axis,
    pub ends: (f64, f64),
    pub heights: (f64, f64),
    /// Whether names stand at the ends of lines.
    pub labelled: bool,
    /// How much room they have.
    pub room: f64,
}

pub(super) fn draw_panel(drawing: &mut Drawing, frame: &Frame<'_>) {
    let panel = frame.panel;
    frame.panel.marks.iter().for_each(|mark| frame.mark_line(drawing, mark));
    if frame.data.kind == Kind::Bars {
        frame.bars(drawing);
    }
    for (at, curve) in panel.curves.iter().enumerate() {
        let before = panel.curves[..at].iter().filter(|other| other.line == curve.line).count();
        frame.curve(drawing, curve, looks(curve.line, before));
    }
    if frame.data.kind != Kind::Bars {
        for (at, line) in panel.lines.iter().enumerate() {
            frame.line(drawing, at, line);
        }
    }
    frame.mark_texts(drawing);
    if frame.labelled {
        frame.names(drawing);
    }
}

impl Frame<'_> {
    fn spot(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (self.level.at(x), self.upright.at(y))
    }

    fn has_place(&self, at: (f64, f64)) -> bool {
        self.data.has_place(self.panel, at)
    }

    fn curve(&self, drawing: &mut Drawing, curve: &Curve, (colour, dash): (Colour, Dash)) {
        for piece in curve.pieces.iter().flat_map(|piece| piece.split(|at| !self.has_place(*at))) {
            match self.level.field() {
                // Between names there is nothing.
                Some(width) => {
                    for &at in piece {
                        let (x, y) = self.spot(at);
                        let reach = 0.42 * width;
                        drawing.line(vec![(x - reach, y), (x + reach, y)], colour, 3.0);
                    }
                }
                None => {
                    let points: Vec<(f64, f64)> = piece.iter().map(|at| self.spot(*at)).collect();
                    drawing.dashed(&points, colour, 3.0, dash);
                }
            }
        }
    }

    fn line(&self, drawing: &mut Drawing, at: usize, line: &Line) {
        let (colour, dash) = theme::line(at);
        let spot = |point: &Point| self.spot((point.x, point.value));
        let has_place = |point: &Point| self.has_place((point.x, point.value));
        if self.data.kind == Kind::Line && !self.panel.has_theory(at) && self.level.field().is_none() {
            for piece in line.points.split(|point| !has_place(point)) {
                let points: Vec<(f64, f64)> = piece.iter().map(spot).collect();
                drawing.dashed(&points, colour, 3.0, dash);
            }
        }
        for point in line.points.iter().filter(|point| has_place(point)) {
            let (x, y) = spot(point);
            let mut radius = 7.0;
            if let Some((low, high)) = point.interval {
                let (from, to) = (self.upright.at(low), self.upright.at(high));
                // A mark leaves the ends of its interval to be seen, however narrow.
                marker::interval(drawing, x, (from, to), colour);
                radius = ((from - to).abs() / 4.0).clamp(5.0, radius);
            }
            marker::draw(drawing, at, (x, y), radius, colour);
        }
    }

    fn bars(&self, drawing: &mut Drawing) {
        let floor = self.upright.at(0.0);
        let count = self.panel.lines.len().max(1) as f64;
        let field = self.level.field().unwrap_or_else(|| self.narrowest());
        let width = 0.78 * field / count;
        for (at, line) in self.panel.lines.iter().enumerate() {
            for point in &line.points {
                let middle = self.level.at(point.x) + width * (at as f64 - (count - 1.0) / 2.0);
                let y = self.upright.at(point.value);
                let (from, to) = ((middle - width / 2.0, y.min(floor)), (middle + width / 2.0, y.max(floor)));
                drawing.filled(from, to, theme::area(at));
                drawing.outline(from, to, INK, 1.5);
                if let Some((low, high)) = point.interval {
                    // A halo as wide as the bar would hide where the bar ends.
                    let ends = (self.upright.at(low), self.upright.at(high));
                    marker::narrow_interval(drawing, middle, ends, width, INK);
                }
            }
        }
    }

    /// The least distance of two places, by which bars on an axis of numbers are as wide as they may be.
    fn narrowest(&self) -> f64 {
        let places = self.panel.lines.iter().flat_map(|line| line.points.iter());
        let mut places: Vec<f64> = places.map(|point| self.level.at(point.x)).collect();
        places.sort_by(f64::total_cmp);
        places.dedup();
        let least = places.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
        least.min((self.ends.1 - self.ends.0) / 4.0)
    }

    fn mark_line(&self, drawing: &mut Drawing, mark: &Mark) {
        let dash = theme::SHORT;
        match (mark.x, mark.y) {
            (Some(x), None) => {
                let x = self.level.at(x);
                drawing.dashed(&[(x, self.heights.0), (x, self.heights.1)], VERMILLION, 2.5, dash);
            }
            (None, Some(y)) => {
                let y = self.upright.at(y);
                drawing.dashed(&[(self.ends.0, y), (self.ends.1, y)], VERMILLION, 2.5, dash);
            }
            _ => {}
        }
    }

    /// The texts of marks: each beside its line or spot, none on another.
    fn mark_texts(&self, drawing: &mut Drawing) {
        let set = Type::regular(size::TICK, VERMILLION);
        let step = 1.3 * set.em;
        let marks = || self.panel.marks.iter();
        let mut texts = Texts { set, ends: self.ends, heights: self.heights, taken: Vec::new() };
        for (row, mark) in marks().filter(|mark| mark.y.is_none()).enumerate() {
            let at = (self.level.at(mark.x.unwrap_or_default()), self.heights.0 + set.em + step * row as f64);
            texts.beside(drawing, at, 12.0, &mark.text);
        }
        for mark in marks() {
            let (Some(x), Some(y)) = (mark.x, mark.y) else { continue };
            let (x, y) = self.spot((x, y));
            drawing.ring((x, y), 7.0, VERMILLION, theme::WHITE);
            texts.beside(drawing, (x, y - 0.5 * set.em), 14.0, &mark.text);
        }
        let level: Vec<&Mark> = marks().filter(|mark| mark.x.is_none()).collect();
        let wanted: Vec<f64> =
            level.iter().map(|mark| self.upright.at(mark.y.unwrap_or_default()) - 0.75 * set.em).collect();
        let places = spread::apart(&wanted, &vec![step; wanted.len()], self.heights);
        for (mark, y) in level.iter().zip(places) {
            texts.put(drawing, (self.ends.1 - 12.0, y + 0.36 * set.em), Anchor::End, &mark.text);
        }
    }

    /// The names of lines and of theory for all, each where its line ends.
    fn names(&self, drawing: &mut Drawing) {
        let end = |points: &mut dyn Iterator<Item = (f64, f64)>| {
            points.filter(|at| self.has_place(*at)).last().map(|at| self.spot(at))
        };
        let mut all: Vec<((f64, f64), Type, String)> = Vec::new();
        for (at, line) in self.panel.lines.iter().enumerate() {
            let mut points = line.points.iter().map(|point| (point.x, point.value));
            let set = Type::bold(size::LABEL, theme::line(at).0);
            all.extend(
                end(&mut points).filter(|_| !line.name.is_empty()).map(|spot| (spot, set, line.name.clone())),
            );
        }
        for curve in self.panel.curves.iter().filter(|curve| curve.line.is_none()) {
            let mut points = curve.pieces.iter().flatten().copied();
            let set = Type::regular(size::LABEL, QUIET);
            all.extend(end(&mut points).map(|spot| (spot, set, curve.name.clone())));
        }
        let wanted: Vec<f64> = all.iter().map(|((_, y), ..)| *y).collect();
        let size =
            (1.3 * size::LABEL).min((self.heights.1 - self.heights.0 + 20.0) / wanted.len().max(1) as f64);
        let places =
            spread::apart(&wanted, &vec![size; wanted.len()], (self.heights.0 - 10.0, self.heights.1 + 10.0));
        for (((x, y), set, name), place) in all.into_iter().zip(places) {
            let right = self.ends.1;
            drawing.line(vec![(x + 9.0, y), (right + 4.0, y), (right + 26.0, place)], GRID, 1.5);
            let name = set.fit(&name, self.room);
            drawing.text((right + 32.0, place + 0.36 * set.em), Anchor::Start, set, name);
        }
    }
}

/// The texts of marks as they are set, with the room that they take.
struct Texts {
    set: Type,
    ends: (f64, f64),
    heights: (f64, f64),
    /// From where to where each goes, and its base line.
    taken: Vec<(f64, f64, f64)>,
}

impl Texts {
    /// A text on the right of a place, or on its left where it would run out.
    fn beside(&mut self, drawing: &mut Drawing, (x, y): (f64, f64), gap: f64, text: &str) {
        let fits = x + gap + self.set.width(&self.fitted(text)) <= self.ends.1;
        let (x, anchor) = if fits { (x + gap, Anchor::Start) } else { (x - gap, Anchor::End) };
        self.put(drawing, (x, y), anchor, text);
    }

    /// A text at a place, or in the next free line below it; where none is left, above it.
    fn put(&mut self, drawing: &mut Drawing, (x, y): (f64, f64), anchor: Anchor, text: &str) {
        let text = self.fitted(text);
        let (step, width) = (1.3 * self.set.em, self.set.width(&text));
        let from = if anchor == Anchor::End { x - width } else { x };
        let free = |line: &f64| {
            let near = |(start, end, other): &(f64, f64, f64)| {
                (line - other).abs() < 0.95 * step && *start < from + width + 8.0 && *end > from - 8.0
            };
            !self.taken.iter().any(near)
        };
        let below = (0..).map(|row| y + step * f64::from(row)).take_while(|line| *line <= self.heights.1);
        let above = (1..)
            .map(|row| y - step * f64::from(row))
            .take_while(|line| *line >= self.heights.0 + self.set.em);
        let y = below.chain(above).find(free).unwrap_or(y);
        self.taken.push((from, from + width, y));
        boxed(drawing, (x, y), anchor, self.set, text);
    }

    fn fitted(&self, text: &str) -> String {
        self.set.fit(text, self.ends.1 - self.ends.0 - 24.0)
    }
}

fn boxed(drawing: &mut Drawing, at: (f64, f64), anchor: Anchor, set: Type, text: String) {
    if !text.is_empty() {
        drawing.boxed_text(at, anchor, Type { colour: darker(set.colour), ..set }, text);
    }
}

/// A colour that small text can be read in.
fn darker(Colour(r, g, b): Colour) -> Colour {
    let dark = |part: u8| (f64::from(part) * 0.8) as u8;
    Colour(dark(r), dark(g), dark(b))
}
