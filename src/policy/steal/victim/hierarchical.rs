//! As many tries at each distance as there are cores, the nearest first.

use super::nearest::nearest;
use super::{Holders, VictimSpec, Victims};
use crate::ids::CoreId;
use crate::policy::Setup;
use crate::policy::steal::reach::{Reach, other};
use crate::registry::Entry;
use crate::rng::{Purpose, Stream};

/// A thief leaves its socket only after as many failures as the socket has other cores, its node after as many more as
/// that has, and then tries any core until it has taken something.
#[derive(Debug)]
struct Hierarchical;

impl VictimSpec for Hierarchical {
    fn start(&self, setup: &Setup<'_>) -> Box<dyn Victims> {
        Box::new(Levels { reach: Reach::new(setup), choices: setup.stream(Purpose::Choice) })
    }
}

struct Levels {
    reach: Reach,
    choices: Stream,
}

impl Victims for Levels {
    fn try_next(&mut self, thief: CoreId, failures: u32) -> CoreId {
        let around = self.reach.around(thief);
        let mut rest = failures;
        let mut level = 0;
        while level + 1 < around.len() && rest >= around[level].1 - around[level].0 - 1 {
            rest -= around[level].1 - around[level].0 - 1;
            level += 1;
        }
        other(thief, around[level], &mut self.choices)
    }

    fn find(&mut self, thief: CoreId, holders: &dyn Holders) -> CoreId {
        nearest(&self.reach, thief, holders)
    }
}

pub(super) static ENTRY: Entry<dyn VictimSpec> = Entry {
    name: "hierarchical",
    about: "as many tries in the same socket as it has other cores, then as many in the node, then anywhere",
    cite: "Min, Iancu & Yelick 2011",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(Hierarchical)),
};
