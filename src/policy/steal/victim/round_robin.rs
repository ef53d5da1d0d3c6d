//! The other cores in turn.

use super::{Holders, VictimSpec, Victims};
use crate::ids::CoreId;
use crate::policy::Setup;
use crate::registry::Entry;

/// Each thief goes round by itself, beginning behind itself and going on behind its last victim.
#[derive(Debug)]
struct RoundRobin;

impl VictimSpec for RoundRobin {
    fn start(&self, setup: &Setup<'_>) -> Box<dyn Victims> {
        Box::new(Turns { on: setup.on, last: (setup.on.0..setup.on.1).collect() })
    }

    fn is_random(&self, _: bool) -> bool {
        false
    }
}

struct Turns {
    on: (u32, u32),
    /// For each core whom it tried last; itself at the start.
    last: Vec<u32>,
}

impl Turns {
    fn last(&mut self, thief: CoreId) -> &mut u32 {
        &mut self.last[thief.index() - self.on.0 as usize]
    }
}

impl Victims for Turns {
    fn try_next(&mut self, thief: CoreId, _: u32) -> CoreId {
        let (from, to) = self.on;
        let after = |core: u32| if core + 1 < to { core + 1 } else { from };
        let mut next = after(*self.last(thief));
        if next as usize == thief.index() {
            next = after(next);
        }
        *self.last(thief) = next;
        CoreId::new(next as usize)
    }

    fn find(&mut self, thief: CoreId, holders: &dyn Holders) -> CoreId {
        let (from, to) = self.on;
        let after = *self.last(thief) + 1;
        let next = holders.first_in(after, to).or_else(|| holders.first_in(from, to));
        let next = next.unwrap_or_else(|| holders.nth(0));
        *self.last(thief) = next.index() as u32;
        next
    }
}

pub(super) static ENTRY: Entry<dyn VictimSpec> = Entry {
    name: "round-robin",
    about: "the other cores in turn, each thief going round by itself",
    cite: "",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(RoundRobin)),
};
