//! Who exchanges loads with whom under diffusion (`neighbours`).

use std::num::NonZeroU32;

use crate::ids::NodeId;
use crate::network::Network;
use crate::policy::Setup;
use crate::source::{Context, Read, Shape, Value};

/// Which cores are neighbours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Neighbours {
    /// Cores follow one another in a ring, and so many on either side are neighbours.
    Ring(u32),
    /// The cores of a node form a ring; its first core is a neighbour of those of the nodes that are one message away.
    Network,
}

impl Read for Neighbours {
    fn shape() -> Shape {
        Shape::OneOf(vec![Shape::Word(&["ring", "network"]), Shape::Integer(1, u64::from(u32::MAX))])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        match value.text() {
            Some("ring") => Some(Neighbours::Ring(1)),
            Some("network") => Some(Neighbours::Network),
            Some(_) => {
                let what =
                    format!("`{}` must be `\"ring\"`, `\"network\"` or how many on either side", cx.path());
                cx.fault(value, what, "none of them", "");
                None
            }
            None => NonZeroU32::read(value, cx).map(|reach| Neighbours::Ring(reach.get())),
        }
    }
}

impl Neighbours {
    /// The pairs of neighbours among the cores of `setup`, numbered from 0, each once and the lower one first, in order.
    pub fn pairs(self, setup: &Setup<'_>) -> Vec<(u32, u32)> {
        let count = setup.on.1 - setup.on.0;
        let mut pairs = Vec::new();
        match self {
            Neighbours::Ring(reach) => ring(0, count, reach, &mut pairs),
            Neighbours::Network => {
                let cores = &setup.cores[setup.on.0 as usize..setup.on.1 as usize];
                let mut firsts: Vec<(u32, NodeId)> = Vec::new();
                for (at, core) in (0..).zip(cores) {
                    if firsts.last().is_none_or(|(_, node)| *node != core.node) {
                        firsts.push((at, core.node));
                    }
                }
                let ends = firsts.iter().skip(1).map(|first| first.0).chain([count]);
                for ((first, _), end) in firsts.iter().zip(ends) {
                    ring(*first, end - first, 1, &mut pairs);
                }
                for (at, one) in firsts.iter().enumerate() {
                    let near = firsts[at + 1..].iter().filter(|other| joined(setup.network, one.1, other.1));
                    pairs.extend(near.map(|other| (one.0, other.0)));
                }
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }
}

/// The neighbours in a ring of `count` cores from `first` on.
fn ring(first: u32, count: u32, reach: u32, pairs: &mut Vec<(u32, u32)>) {
    for at in 0..count {
        for step in 1..=reach.min(count / 2) {
            let other = (at + step) % count;
            pairs.push((first + at.min(other), first + at.max(other)));
        }
    }
}

/// Whether a message between two nodes passes through no third one.
fn joined(network: Option<&Network>, one: NodeId, other: NodeId) -> bool {
    let Some(network) = network else { return true };
    let mut route = Vec::new();
    network.route(one, other, &mut route);
    route.iter().filter_map(|link| network.links[link.index()].head).all(|head| head == other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SocketId;
    use crate::policy::CoreInfo;
    use crate::policy::testing::{Bag, servers, setup};

    #[test]
    fn cores_follow_one_another_in_a_ring() {
        let of = |count: u32, reach| {
            let cores = servers(count as usize + 2);
            let setup = Setup { cores: &cores, on: (2, count + 2), ..setup(&Bag::of(0)) };
            Neighbours::Ring(reach).pairs(&setup)
        };
        assert_eq!(of(1, 1), []);
        assert_eq!(of(2, 1), [(0, 1)]);
        assert_eq!(of(4, 1), [(0, 1), (0, 3), (1, 2), (2, 3)]);
        assert_eq!(of(4, 7), [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]);
        assert_eq!(of(7, 2).len(), 14);
    }

    #[test]
    fn nodes_that_are_one_message_away_meet_at_their_first_cores() {
        let node = |node| CoreInfo { node: NodeId::new(node), socket: SocketId::new(node), speed: 1.0 };
        let cores = [0, 0, 0, 1, 1, 2].map(node);
        let setup = Setup { cores: &cores, on: (0, 6), ..setup(&Bag::of(0)) };
        let pairs = Neighbours::Network.pairs(&setup);
        assert_eq!(pairs, [(0, 1), (0, 2), (0, 3), (0, 5), (1, 2), (3, 4), (3, 5)]);
    }
}
