//! UTS's binomial trees: any node may be the root of something enormous.

use std::num::NonZeroU32;

use super::Shape;
use crate::error::Problem;
use crate::registry::Entry;
use crate::rng::Split;
use crate::source::{Field, Fraction};

/// The root has a number of children; any other node has either none or `branching` of them, whatever its depth.
#[derive(Debug)]
struct Binomial {
    root: u32,
    branching: u32,
    probability: f64,
}

impl Shape for Binomial {
    fn root(&self) -> u64 {
        0
    }

    fn children(&self, key: Split, depth: u32, _: u64) -> u32 {
        match depth {
            0 => self.root,
            _ if key.uniform(0) < self.probability => self.branching,
            _ => 0,
        }
    }

    fn part(&self, _: Split, _: u64, _: u32) -> u64 {
        0
    }

    fn count(&self) -> Option<u64> {
        (!self.is_random()).then(|| 1 + u64::from(self.root))
    }

    fn is_random(&self) -> bool {
        self.probability > 0.0
    }
}

const ROOT: Field<NonZeroU32> = Field::new("root", "how many children the root has");
const BRANCHING: Field<NonZeroU32> =
    Field::new("branching", "how many children any other node has, if it has any");
const PROBABILITY: Field<Fraction> = Field::new(
    "probability",
    "how likely a node has children; times `branching` it must stay below 1, or the tree has no end",
);

pub(super) static ENTRY: Entry<dyn Shape> = Entry {
    name: "binomial",
    about: "a node has either no children or a given number: subtrees vary without bound",
    cite: "Olivier et al. 2006",
    fields: &[&ROOT, &BRANCHING, &PROBABILITY],
    bare: None,
    read: |fields| {
        let (root, branching, probability) =
            (fields.take(&ROOT), fields.take(&BRANCHING), fields.take(&PROBABILITY));
        let (root, branching, probability) = (root?.get(), branching?.get(), probability?.0);
        let mean = f64::from(branching) * probability;
        if mean >= 1.0 {
            let what = format!(
                "a node has {} children on average: the tree may never end",
                crate::units::number(mean)
            );
            let at = fields.given(&PROBABILITY).map_or(fields.place, |value| value.place);
            let most = format!("below {} it ends", crate::units::number(1.0 / f64::from(branching)));
            fields.cx.problem(Problem::new(what).at(at, "too likely").help(most));
            return None;
        }
        Some(Box::new(Binomial { root, branching, probability }))
    },
};
