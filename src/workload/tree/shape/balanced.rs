//! Every inner node has as many children as the others, and every leaf is as deep.

use std::num::NonZeroU32;

use super::Shape;
use crate::registry::Entry;
use crate::rng::Split;
use crate::source::Field;

/// The size of a node is its height above the leaves.
#[derive(Debug)]
struct Balanced {
    depth: u32,
    branching: u32,
    /// At this height a node does the work of all below it by itself.
    cutoff: u32,
    count: u64,
}

impl Balanced {
    /// How many inner nodes and how many leaves a tree of this height has; none beyond 2⁵³.
    fn nodes(branching: u32, height: u32) -> Option<(u64, u64)> {
        let mut inner = 0u64;
        let mut leaves = 1u64;
        for _ in 0..height {
            inner = inner.checked_add(leaves)?;
            leaves = leaves.checked_mul(branching.into()).filter(|leaves| *leaves < 1 << 52)?;
        }
        Some((inner, leaves))
    }
}

impl Shape for Balanced {
    fn root(&self) -> u64 {
        self.depth.into()
    }

    fn children(&self, _: Split, _: u32, size: u64) -> u32 {
        if size > u64::from(self.cutoff) { self.branching } else { 0 }
    }

    fn part(&self, _: Split, size: u64, _: u32) -> u64 {
        size - 1
    }

    fn weight(&self, _: u32, size: u64, children: u32) -> (f64, f64) {
        if children > 0 {
            return (1.0, 0.0);
        }
        let (inner, leaves) = Self::nodes(self.branching, size as u32).unwrap_or((0, 1));
        (inner as f64, leaves as f64)
    }

    fn count(&self) -> Option<u64> {
        Some(self.count)
    }

    fn is_random(&self) -> bool {
        false
    }
}

const DEPTH: Field<u32> = Field::new("depth", "how far the leaves are from the root");
const BRANCHING: Field<NonZeroU32> =
    Field::new("branching", "how many children an inner node has").default("2");
const CUTOFF: Field<u32> = Field::new(
    "cutoff",
    "the height above the leaves at which a node does the work of all that is below it by itself",
)
.default("0");

pub(super) static ENTRY: Entry<dyn Shape> = Entry {
    name: "balanced",
    about: "every inner node has as many children as the others, and every leaf is as deep",
    cite: "",
    fields: &[&DEPTH, &BRANCHING, &CUTOFF],
    bare: Some("depth"),
    read: |fields| {
        let (depth, branching, cutoff) = (fields.take(&DEPTH), fields.take(&BRANCHING), fields.take(&CUTOFF));
        let (depth, branching, cutoff) = (depth?, branching?.get(), cutoff?);
        let fits = Balanced::nodes(branching, depth);
        let Some((inner, leaves)) =
            Balanced::nodes(branching, depth.saturating_sub(cutoff)).filter(|_| fits.is_some())
        else {
            let what =
                format!("a tree of depth {depth} with {branching} children each has more than 2^52 nodes");
            fields.fault("depth", what);
            return None;
        };
        Some(Box::new(Balanced { depth, branching, cutoff, count: inner + leaves }))
    },
};
