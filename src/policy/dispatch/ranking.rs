//! The server that comes first among many.

use super::min_tree::MinTree;
use crate::ids::ServerId;
use crate::policy::{Setup, View};
use crate::rng::{Purpose, Stream};

/// What a server that is down comes behind any that is up: half of all keys, which no key of theirs reaches.
const DOWN: u64 = u64::MAX / 2;

/// The servers of a workload by keys that stay as they are while nothing happens to a server. A key changes, and the
/// least of a range is found, in O(log n). All have the key 0 at first.
pub(super) struct Ranking {
    /// The number of the server that comes first in what follows.
    first: usize,
    /// The key of each, down or up.
    own: Vec<u64>,
    tree: MinTree<1>,
    /// Those that are down, lowest first.
    down: Vec<ServerId>,
    /// Draws among equals; without it the lowest is taken.
    ties: Option<Stream>,
}

impl Ranking {
    pub fn new(setup: &Setup<'_>) -> Self {
        let (first, end) = (setup.on.0 as usize, setup.on.1 as usize);
        let mut tree = MinTree::new(end - first);
        (0..end - first).for_each(|at| tree.set(at, 0, 0));
        let ties = (!setup.lowest).then(|| setup.stream(Purpose::Tie));
        Self { first, own: vec![0; end - first], tree, down: Vec::new(), ties }
    }

    /// The key of a server; none if it isn't one of the workload's.
    pub fn key(&self, server: ServerId) -> Option<u64> {
        self.own.get(server.index().wrapping_sub(self.first)).copied()
    }

    /// Gives a server its key. Servers of other workloads have none.
    pub fn set(&mut self, server: ServerId, key: u64) {
        let at = server.index().wrapping_sub(self.first);
        if let Some(own) = self.own.get_mut(at) {
            *own = key;
            let down = self.down.binary_search(&server).is_ok();
            self.tree.set(at, 0, if down { DOWN.saturating_add(key) } else { key });
        }
    }

    /// A server of those allowed whose key is least; of those that are up if any is.
    pub fn least(&mut self, (from, to): (u32, u32), view: &View<'_>) -> ServerId {
        self.note_down(view.down);
        let range = from as usize - self.first..to as usize - self.first;
        let [least] = self.tree.least(&range);
        let rank = match &mut self.ties {
            Some(ties) if least.count > 1 => ties.below(u64::from(least.count)) as u32,
            _ => 0,
        };
        ServerId::new(self.first + self.tree.nth(&range, 0, least.key, rank))
    }

    /// Puts those that are `down` now behind the others, and brings back those that no longer are.
    fn note_down(&mut self, down: &[ServerId]) {
        if self.down == down {
            return;
        }
        let before = std::mem::replace(&mut self.down, down.to_vec());
        for server in before.into_iter().chain(down.iter().copied()) {
            if let Some(key) = self.key(server) {
                self.set(server, key);
            }
        }
    }
}
