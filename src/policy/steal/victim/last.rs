//! The one from whom something was got before.

use super::{Holders, VictimSpec, Victims};
use crate::ids::CoreId;
use crate::policy::Setup;
use crate::policy::steal::reach::other;
use crate::registry::Entry;
use crate::rng::{Purpose, Stream};

/// First the last victim that had something, then any other core.
#[derive(Debug)]
struct LastVictim;

impl VictimSpec for LastVictim {
    fn start(&self, setup: &Setup<'_>) -> Box<dyn Victims> {
        let cores = (setup.on.1 - setup.on.0) as usize;
        Box::new(Memory { on: setup.on, last: vec![None; cores], choices: setup.stream(Purpose::Choice) })
    }
}

struct Memory {
    on: (u32, u32),
    last: Vec<Option<CoreId>>,
    choices: Stream,
}

impl Memory {
    fn last(&mut self, thief: CoreId) -> &mut Option<CoreId> {
        &mut self.last[thief.index() - self.on.0 as usize]
    }
}

impl Victims for Memory {
    fn try_next(&mut self, thief: CoreId, failures: u32) -> CoreId {
        match *self.last(thief) {
            Some(last) if failures == 0 => last,
            _ => other(thief, self.on, &mut self.choices),
        }
    }

    fn find(&mut self, thief: CoreId, holders: &dyn Holders) -> CoreId {
        let last = *self.last(thief);
        let holds = |core: &CoreId| holders.first_in(core.index() as u32, core.index() as u32 + 1).is_some();
        last.filter(holds).unwrap_or_else(|| holders.nth(self.choices.below(holders.count() as u64) as usize))
    }

    fn took(&mut self, thief: CoreId, victim: CoreId) {
        *self.last(thief) = Some(victim);
    }
}

pub(super) static ENTRY: Entry<dyn VictimSpec> = Entry {
    name: "last-victim",
    about: "first the core from which something was taken before, then any",
    cite: "",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(LastVictim)),
};
