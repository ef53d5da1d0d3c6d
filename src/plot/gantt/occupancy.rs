//! Segments of core time gathered by column of a picture: what fills most of a pixel, and how much of it each look takes.

use super::super::axis::Axis;
use super::Segment;
use super::looks::{Kinds, LOOKS};

/// A segment as far as its place and look matter.
#[derive(Clone, Copy)]
struct Piece {
    /// Start and end in columns.
    from: f64,
    to: f64,
    look: usize,
    /// Tells segments apart.
    id: usize,
}

/// Neighbouring columns filled alike.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Run {
    pub from: usize,
    /// The column after the last.
    pub to: usize,
    pub look: usize,
    /// The segment, if it alone fills most of each column.
    pub id: Option<usize>,
}

/// Time by column and look.
pub(super) struct Columns<'a> {
    time: &'a Axis,
    step: f64,
    cells: Vec<Cell>,
}

#[derive(Clone)]
struct Cell {
    taken: [f32; LOOKS],
    /// The segment that took most so far, and how much.
    most: (usize, f32),
}

const EMPTY: Cell = Cell { taken: [0.0; LOOKS], most: (usize::MAX, 0.0) };

impl<'a> Columns<'a> {
    /// Empty columns `step` wide over the whole of `time`.
    pub(super) fn over(time: &'a Axis, step: f64) -> Self {
        let count = ((time.at(f64::INFINITY) - time.at(0.0)) / step).ceil() as usize;
        Columns { time, step, cells: vec![EMPTY; count.max(1)] }
    }

    /// Adds a segment, `id` among all; what lies outside the columns is left out.
    pub(super) fn add(&mut self, segment: &Segment, id: usize, kinds: &Kinds) {
        let column = |at: f64| (self.time.at(at) - self.time.at(0.0)) / self.step;
        let (from, to) = (column(segment.start), column(segment.end));
        self.put(Piece { from, to, look: kinds.look(segment), id });
    }

    pub(super) fn clear(&mut self) {
        self.cells.fill(EMPTY);
    }

    fn put(&mut self, piece: Piece) {
        // A time that isn't a number makes no piece; max and min would hide it.
        if piece.from.is_nan() || piece.to.is_nan() {
            return;
        }
        let (from, to) = (piece.from.max(0.0), piece.to.min(self.cells.len() as f64));
        if to <= from {
            return;
        }
        let last = (to.ceil() as usize).min(self.cells.len());
        for column in from as usize..last {
            let left = from.max(column as f64);
            let part = (to.min(column as f64 + 1.0) - left) as f32;
            let cell = &mut self.cells[column];
            cell.taken[piece.look] += part;
            if part > cell.most.1 {
                cell.most = (piece.id, part);
            }
        }
    }

    /// How much of each column a look has taken, in columns (times the number of cores added).
    pub(super) fn taken(&self, look: usize) -> impl Iterator<Item = f64> + '_ {
        self.cells.iter().map(move |cell| f64::from(cell.taken[look]))
    }

    /// The columns of one core as runs of what fills most of each; columns that are mostly empty are in none.
    pub(super) fn runs(&self) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for (column, cell) in self.cells.iter().enumerate() {
            let empty = 1.0 - cell.taken.iter().sum::<f32>();
            let first = (0, cell.taken[0]);
            let (look, most) = cell
                .taken
                .iter()
                .copied()
                .enumerate()
                .fold(first, |best, next| if next.1 > best.1 { next } else { best });
            if most <= empty || most <= 0.0 {
                continue;
            }
            let id = (cell.most.1 > 0.5).then_some(cell.most.0);
            match runs.last_mut() {
                Some(run) if run.to == column && run.look == look && run.id == id => run.to += 1,
                _ => runs.push(Run { from: column, to: column + 1, look, id }),
            }
        }
        runs
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::quantity::Quantity;
    use super::*;

    fn piece(from: f64, to: f64, look: usize, id: usize) -> Piece {
        Piece { from, to, look, id }
    }

    #[test]
    fn a_column_shows_what_fills_most_of_it() {
        let time = Axis::exact(Quantity::Time, (0.0, 1.0), (0.0, 4.0));
        let mut columns = Columns::over(&time, 1.0);
        columns.put(piece(0.0, 1.6, 2, 7));
        columns.put(piece(1.6, 2.2, 3, 8));
        let runs = columns.runs();
        assert_eq!(runs, [Run { from: 0, to: 2, look: 2, id: Some(7) }]);
        assert_eq!(columns.taken(3).map(|t| (t * 10.0).round()).collect::<Vec<_>>(), [0.0, 4.0, 2.0, 0.0]);
    }

    #[test]
    fn a_crowd_of_short_segments_becomes_one_run_of_no_segment() {
        let time = Axis::exact(Quantity::Time, (0.0, 1.0), (0.0, 10.0));
        let mut columns = Columns::over(&time, 1.0);
        for i in 0..10_000 {
            columns.put(piece(f64::from(i) / 1000.0, f64::from(i + 1) / 1000.0, 1, i as usize));
        }
        assert_eq!(columns.runs(), [Run { from: 0, to: 10, look: 1, id: None }]);
        assert!((columns.taken(1).sum::<f64>() - 10.0).abs() < 1e-2);
    }

    #[test]
    fn what_lies_outside_is_left_out() {
        let time = Axis::exact(Quantity::Time, (0.0, 1.0), (0.0, 3.0));
        let mut columns = Columns::over(&time, 1.0);
        columns.put(piece(2.0, 1.0, 4, 2));
        columns.put(piece(f64::NAN, f64::NAN, 4, 3));
        columns.put(piece(7.0, 9.0, 4, 4));
        assert_eq!(columns.runs(), []);
        columns.put(piece(-5.0, 99.0, 0, 1));
        assert_eq!(columns.runs(), [Run { from: 0, to: 3, look: 0, id: Some(1) }]);
    }
}
