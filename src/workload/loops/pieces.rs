//! Costs by formula: any chunk of any length in a few steps.

use super::profile::{Costs, Step};
use crate::rng::Stream;

/// Costs that are a polynomial of the second degree on each of a few stretches of the loop.
#[derive(Clone, Debug)]
pub(super) struct Pieces {
    /// Side by side from iteration 0.
    all: Vec<Piece>,
    longest: f64,
}

/// Iterations `from` up to but without `to`, of which number `from + t` costs `a + b·t + c·t²`.
#[derive(Clone, Copy, Debug)]
struct Piece {
    from: u64,
    to: u64,
    a: f64,
    b: f64,
    c: f64,
}

impl Piece {
    fn at(&self, t: f64) -> f64 {
        self.a + self.b * t + self.c * t * t
    }

    /// The part of it that lies in the `size` iterations from `first` on, with its length.
    fn within(&self, first: u64, size: u64) -> Option<(Piece, f64)> {
        let (from, to) = (self.from.max(first), self.to.min(first + size));
        if from >= to {
            return None;
        }
        let t = (from - self.from) as f64;
        let piece = Piece { from, to, a: self.at(t), b: self.b + 2.0 * self.c * t, c: self.c };
        Some((piece, (to - from) as f64))
    }
}

/// Σ t, Σ t², Σ t³ and Σ t⁴ over t = 0, 1, …, n − 1.
fn powers(n: f64) -> [f64; 4] {
    let m = n - 1.0;
    let first = m * n / 2.0;
    let second = first * (2.0 * m + 1.0) / 3.0;
    [first, second, first * first, second * (3.0 * m * m + 3.0 * m - 1.0) / 5.0]
}

impl Pieces {
    fn new(mut all: Vec<Piece>) -> Self {
        all.retain(|piece| piece.from < piece.to);
        // All shapes rise or fall from one end of a stretch to the other.
        let ends = all.iter().flat_map(|piece| [piece.a, piece.at((piece.to - piece.from - 1) as f64)]);
        let longest = ends.fold(0.0, f64::max);
        Pieces { all, longest }
    }

    /// `cost` each.
    pub fn constant(count: u64, cost: f64) -> Self {
        Pieces::new(vec![Piece { from: 0, to: count, a: cost, b: 0.0, c: 0.0 }])
    }

    /// From `from` to `to` in equal steps.
    pub fn linear(count: u64, from: f64, to: f64) -> Self {
        let b = if count > 1 { (to - from) / (count - 1) as f64 } else { 0.0 };
        Pieces::new(vec![Piece { from: 0, to: count, a: from, b, c: 0.0 }])
    }

    /// From `from` to `to` with the square of the place.
    pub fn quadratic(count: u64, from: f64, to: f64) -> Self {
        let last = (count.max(2) - 1) as f64;
        Pieces::new(vec![Piece { from: 0, to: count, a: from, b: 0.0, c: (to - from) / (last * last) }])
    }

    /// `base` but for straight sides up to `peak`, `at` being its place and `width` the distance of its feet, both as
    /// parts of the loop.
    pub fn peaked(count: u64, (base, peak): (f64, f64), at: f64, width: f64) -> Self {
        let top = at * (count - 1) as f64;
        let half = 0.5 * width * count as f64;
        let slope = (peak - base) / half;
        let bounded = |place: f64| (place.max(0.0) as u64).min(count);
        let (foot, middle, end) =
            (bounded((top - half).ceil()), bounded(top.floor() + 1.0), bounded((top + half).floor() + 1.0));
        let flat = |from, to| Piece { from, to, a: base, b: 0.0, c: 0.0 };
        let side = |from: u64, to, b: f64| {
            let distance = (top - from as f64).abs();
            Piece { from, to, a: peak - slope * distance, b, c: 0.0 }
        };
        Pieces::new(vec![
            flat(0, foot),
            side(foot, middle, slope),
            side(middle, end, -slope),
            flat(end, count),
        ])
    }

    fn count(&self) -> u64 {
        self.all.last().map_or(0, |piece| piece.to)
    }
}

impl Costs for Pieces {
    fn mean(&self) -> f64 {
        self.work(0, self.count()) / self.count() as f64
    }

    fn variance(&self) -> f64 {
        let mean = self.mean();
        self.squares(0, self.count()) / self.count() as f64 - mean * mean
    }

    fn step(&self, _: &mut Stream) -> Box<dyn Step> {
        Box::new(self.clone())
    }
}

impl Step for Pieces {
    fn work(&self, first: u64, size: u64) -> f64 {
        let parts = self.all.iter().filter_map(|piece| piece.within(first, size));
        parts
            .map(|(piece, n)| {
                let [one, two, ..] = powers(n);
                n * piece.a + piece.b * one + piece.c * two
            })
            .sum()
    }

    fn squares(&self, first: u64, size: u64) -> f64 {
        let parts = self.all.iter().filter_map(|piece| piece.within(first, size));
        parts
            .map(|(Piece { a, b, c, .. }, n)| {
                let [one, two, three, four] = powers(n);
                n * a * a
                    + 2.0 * a * b * one
                    + (b * b + 2.0 * a * c) * two
                    + 2.0 * b * c * three
                    + c * c * four
            })
            .sum()
    }

    fn longest(&self) -> f64 {
        self.longest
    }
}

/// `base` each, but for `spike` at iterations 0, `every`, 2 · `every`…
#[derive(Clone, Debug)]
pub(super) struct Spikes {
    pub count: u64,
    pub base: f64,
    pub spike: f64,
    pub every: u64,
}

impl Spikes {
    /// How many of the `size` iterations from `first` on are spikes, and how many are not.
    fn among(&self, first: u64, size: u64) -> (f64, f64) {
        let spikes = (first + size).div_ceil(self.every) - first.div_ceil(self.every);
        (spikes as f64, (size - spikes) as f64)
    }
}

impl Costs for Spikes {
    fn mean(&self) -> f64 {
        self.work(0, self.count) / self.count as f64
    }

    fn variance(&self) -> f64 {
        let mean = self.mean();
        self.squares(0, self.count) / self.count as f64 - mean * mean
    }

    fn step(&self, _: &mut Stream) -> Box<dyn Step> {
        Box::new(self.clone())
    }
}

impl Step for Spikes {
    fn work(&self, first: u64, size: u64) -> f64 {
        let (spikes, others) = self.among(first, size);
        spikes * self.spike + others * self.base
    }

    fn squares(&self, first: u64, size: u64) -> f64 {
        let (spikes, others) = self.among(first, size);
        spikes * self.spike * self.spike + others * self.base * self.base
    }

    fn longest(&self) -> f64 {
        // Iteration 0 is always one of the costly ones.
        if self.every == 1 || self.count == 1 { self.spike } else { self.spike.max(self.base) }
    }
}
