//! The calls of the naive Fibonacci function.

use super::Shape;
use crate::registry::Entry;
use crate::rng::Split;
use crate::source::Field;

/// The size of a node is the n of its call: fib(n) calls fib(n − 1) and fib(n − 2), unless n is at most the cut-off.
#[derive(Debug)]
struct Fib {
    n: u32,
    cutoff: u32,
}

/// The largest n whose calls can be counted exactly in a float.
const MOST: u32 = 73;

/// The Fibonacci number F(n); F(0) = 0, F(1) = 1.
fn number(n: u32) -> u64 {
    (0..n).fold((0u64, 1u64), |(a, b), _| (b, a + b)).0
}

impl Shape for Fib {
    fn root(&self) -> u64 {
        self.n.into()
    }

    fn children(&self, _: Split, _: u32, size: u64) -> u32 {
        if size > u64::from(self.cutoff) { 2 } else { 0 }
    }

    fn part(&self, _: Split, size: u64, index: u32) -> u64 {
        size - 1 - u64::from(index)
    }

    /// A leaf of size n does what all calls below it would: F(n + 1) leaves, and one inner call less.
    fn weight(&self, _: u32, size: u64, children: u32) -> (f64, f64) {
        if children > 0 {
            return (1.0, 0.0);
        }
        let leaves = number(size as u32 + 1) as f64;
        (leaves - 1.0, leaves)
    }

    fn count(&self) -> Option<u64> {
        // L(n) = 1 up to the cut-off, L(n) = L(n − 1) + L(n − 2) beyond it: leaves, and one inner node less.
        let steps = self.n.saturating_sub(self.cutoff);
        let leaves = (0..steps).fold((1u64, 1u64), |(a, b), _| (b, a + b)).1;
        Some(2 * leaves - 1)
    }

    fn is_random(&self) -> bool {
        false
    }
}

const N: Field<u32> = Field::new("n", "which Fibonacci number is computed, at most 73")
    .check(|n| if *n <= MOST { Ok(()) } else { Err("must be at most 73: its calls could not be counted") });
const CUTOFF: Field<u32> =
    Field::new("cutoff", "the n up to which a call does the work of all calls below it by itself")
        .default("1")
        .check(|cutoff| if *cutoff >= 1 { Ok(()) } else { Err("must be at least 1: fib(1) calls nothing") });

pub(super) static ENTRY: Entry<dyn Shape> = Entry {
    name: "fib",
    about: "the calls of the naive Fibonacci function: lopsided, but known to the last node",
    cite: "Frigo, Leiserson & Randall 1998",
    fields: &[&N, &CUTOFF],
    bare: Some("n"),
    read: |fields| {
        let (n, cutoff) = (fields.take(&N), fields.take(&CUTOFF));
        Some(Box::new(Fib { n: n?, cutoff: cutoff? }))
    },
};
