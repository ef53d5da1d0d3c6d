//! Quicksort: each node partitions its elements around one drawn among them.

use std::num::NonZeroU64;

use super::Shape;
use crate::registry::Entry;
use crate::rng::Split;
use crate::source::Field;

/// The size of a node is its number of elements. Partitioning looks at each once; up to the cut-off a node sorts its
/// elements by itself.
#[derive(Debug)]
struct Quicksort {
    elements: u64,
    cutoff: u64,
}

impl Shape for Quicksort {
    fn root(&self) -> u64 {
        self.elements
    }

    fn children(&self, _: Split, _: u32, size: u64) -> u32 {
        if size > self.cutoff { 2 } else { 0 }
    }

    /// The pivot is as likely to be any of the elements, and belongs to neither part.
    fn part(&self, key: Split, size: u64, index: u32) -> u64 {
        let smaller = ((key.uniform(0) * size as f64) as u64).min(size - 1);
        if index == 0 { smaller } else { size - 1 - smaller }
    }

    fn weight(&self, _: u32, size: u64, children: u32) -> (f64, f64) {
        let n = size as f64;
        if children > 0 { (n, 0.0) } else { (0.0, (n * libm::log2(n.max(1.0))).max(1.0)) }
    }

    fn count(&self) -> Option<u64> {
        (!self.is_random()).then_some(if self.elements > self.cutoff { 3 } else { 1 })
    }

    fn is_random(&self) -> bool {
        self.elements > self.cutoff && self.elements > 2
    }
}

const ELEMENTS: Field<NonZeroU64> = Field::new("elements", "how many elements are sorted")
    .check(|n| if n.get() < 1 << 52 { Ok(()) } else { Err("must be below 2^52") });
const CUTOFF: Field<NonZeroU64> =
    Field::new("cutoff", "so many elements a node sorts by itself, in n log2 n steps").default("1");

pub(super) static ENTRY: Entry<dyn Shape> = Entry {
    name: "quicksort",
    about: "each node partitions its elements around one drawn among them: the first partition is the longest",
    cite: "Hoare 1962",
    fields: &[&ELEMENTS, &CUTOFF],
    bare: Some("elements"),
    read: |fields| {
        let (elements, cutoff) = (fields.take(&ELEMENTS), fields.take(&CUTOFF));
        Some(Box::new(Quicksort { elements: elements?.get(), cutoff: cutoff?.get() }))
    },
};
