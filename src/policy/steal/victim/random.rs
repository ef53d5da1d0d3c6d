//! Any other core, each as likely.

use super::{Holders, VictimSpec, Victims};
use crate::ids::CoreId;
use crate::policy::Setup;
use crate::policy::steal::reach::other;
use crate::registry::Entry;
use crate::rng::{Purpose, Stream};

#[derive(Debug)]
struct Random;

impl VictimSpec for Random {
    fn start(&self, setup: &Setup<'_>) -> Box<dyn Victims> {
        Box::new(Drawing { on: setup.on, choices: setup.stream(Purpose::Choice) })
    }
}

struct Drawing {
    on: (u32, u32),
    choices: Stream,
}

impl Victims for Drawing {
    fn try_next(&mut self, thief: CoreId, _: u32) -> CoreId {
        other(thief, self.on, &mut self.choices)
    }

    fn find(&mut self, _: CoreId, holders: &dyn Holders) -> CoreId {
        holders.nth(self.choices.below(holders.count() as u64) as usize)
    }
}

pub(super) static ENTRY: Entry<dyn VictimSpec> = Entry {
    name: "random",
    about: "any other core, each as likely as the others",
    cite: "Blumofe & Leiserson 1999",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(Random)),
};
