//! One try at each distance, the nearest first.

use super::{Holders, VictimSpec, Victims};
use crate::ids::CoreId;
use crate::policy::Setup;
use crate::policy::steal::reach::{Reach, other};
use crate::registry::Entry;
use crate::rng::{Purpose, Stream};

/// First one of the same socket, then one of the same node, then any; then from the start again.
#[derive(Debug)]
struct Nearest;

impl VictimSpec for Nearest {
    fn start(&self, setup: &Setup<'_>) -> Box<dyn Victims> {
        Box::new(Outwards { reach: Reach::new(setup), choices: setup.stream(Purpose::Choice) })
    }
}

struct Outwards {
    reach: Reach,
    choices: Stream,
}

impl Victims for Outwards {
    fn try_next(&mut self, thief: CoreId, failures: u32) -> CoreId {
        let around = self.reach.around(thief);
        other(thief, around[failures as usize % around.len()], &mut self.choices)
    }

    fn find(&mut self, thief: CoreId, holders: &dyn Holders) -> CoreId {
        nearest(&self.reach, thief, holders)
    }
}

/// The nearest holder: among those of a distance the first after the thief.
pub(super) fn nearest(reach: &Reach, thief: CoreId, holders: &dyn Holders) -> CoreId {
    let after = thief.index() as u32 + 1;
    let found = reach.around(thief).iter().find_map(|(from, to)| {
        holders.first_in(after.min(*to), *to).or_else(|| holders.first_in(*from, *to))
    });
    found.unwrap_or_else(|| holders.nth(0))
}

pub(super) static ENTRY: Entry<dyn VictimSpec> = Entry {
    name: "nearest",
    about: "a core of the same socket, then one of the same node, then any, one try at each distance",
    cite: "",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(Nearest)),
};
