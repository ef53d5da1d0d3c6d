//! The core with the longest deque.

use super::{Holders, VictimSpec, Victims};
use crate::ids::CoreId;
use crate::policy::Setup;
use crate::policy::dispatch::min_tree::MinTree;
use crate::registry::Entry;
use crate::rng::{Purpose, Stream};

/// Thieves know how long all deques are. By the time that an attempt has been paid for, another may have been faster.
#[derive(Debug)]
struct MaxLoaded;

impl VictimSpec for MaxLoaded {
    fn start(&self, setup: &Setup<'_>) -> Box<dyn Victims> {
        let cores = (setup.on.1 - setup.on.0) as usize;
        let mut free = MinTree::new(cores);
        (0..cores).for_each(|core| free.set(core, 0, u64::from(u32::MAX)));
        let ties = (!setup.lowest).then(|| setup.stream(Purpose::Tie));
        Box::new(Longest { first: setup.on.0 as usize, cores, free, ties })
    }

    fn is_random(&self, lowest: bool) -> bool {
        !lowest
    }
}

struct Longest {
    first: usize,
    cores: usize,
    /// How far each deque is from holding as much as can be.
    free: MinTree<1>,
    ties: Option<Stream>,
}

impl Longest {
    fn longest(&mut self) -> CoreId {
        let all = 0..self.cores;
        let [least] = self.free.least(&all);
        let rank = match &mut self.ties {
            Some(ties) if least.count > 1 => ties.below(u64::from(least.count)) as u32,
            _ => 0,
        };
        CoreId::new(self.first + self.free.nth(&all, 0, least.key, rank))
    }
}

impl Victims for Longest {
    fn try_next(&mut self, _: CoreId, _: u32) -> CoreId {
        self.longest()
    }

    fn find(&mut self, _: CoreId, _: &dyn Holders) -> CoreId {
        self.longest()
    }

    fn watches(&self) -> bool {
        true
    }

    fn changed(&mut self, core: CoreId, queued: usize) {
        self.free.set(core.index() - self.first, 0, u64::from(u32::MAX) - queued as u64);
    }
}

pub(super) static ENTRY: Entry<dyn VictimSpec> = Entry {
    name: "max-loaded",
    about: "the core with the longest deque, which all thieves know",
    cite: "",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(MaxLoaded)),
};
