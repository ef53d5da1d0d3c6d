//! Networks: nodes, switches and directed links, the routes between nodes, and how messages share links.

mod link;
mod protocol;
mod read;
mod routes;
mod topology;

pub use link::Link;
pub use protocol::Protocol;
pub use read::Described;
pub use topology::{Layout, TOPOLOGIES, Topology};

use crate::error::nearest;
use crate::ids::{LinkId, NodeId};
use crate::machine::Address;
use crate::source::Context;
use crate::time::Span;

/// A network as the scenario describes it.
#[derive(Debug)]
pub struct Network {
    /// The directed links; both directions of a duplex link stand side by side.
    pub links: Vec<Link>,
    /// How a message finds its way.
    pub layout: Box<dyn Layout>,
    /// How messages share links.
    pub contention: Contention,
    /// What a message costs at its ends.
    pub protocol: Protocol,
}

/// How messages share links.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Contention {
    /// Not at all: each has the smallest bandwidth of its route to itself (Hockney 1994).
    None,
    /// Max-min fairly, shared anew at each start and end (Bertsekas & Gallager 1992, section 6.5.2).
    Fair,
}

/// What a message between two nodes meets on its way.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Path {
    /// The latencies of its links, added up.
    pub latency: Span,
    /// The smallest bandwidth of its links in bytes per tick; infinite where nothing limits it.
    pub bandwidth: f64,
}

impl Network {
    /// Appends the links from one node to another in order. The two differ.
    pub fn route(&self, from: NodeId, to: NodeId, links: &mut Vec<LinkId>) {
        self.layout.route(from, to, links);
    }

    /// What a message between two different nodes meets. `links` is room to work in.
    pub fn path(&self, from: NodeId, to: NodeId, links: &mut Vec<LinkId>) -> Path {
        links.clear();
        self.route(from, to, links);
        let mut path = Path { latency: Span::ZERO, bandwidth: f64::INFINITY };
        for link in links.iter().map(|link| &self.links[link.index()]) {
            path.latency += link.latency;
            path.bandwidth = path.bandwidth.min(link.bandwidth);
        }
        path
    }

    /// The time of a message of `bytes` that shares its way with no other: overheads, latencies and bytes over the
    /// smallest bandwidth (LogGP without its −1; Alexandrov et al. 1995).
    pub fn alone(&self, path: Path, bytes: f64) -> Span {
        self.protocol.send_overhead
            + path.latency
            + Span::round_up(bytes / path.bandwidth)
            + self.protocol.receive_overhead
    }
    /// What the links can carry in bytes per tick, by [`Link::capacity`].
    pub fn capacities(&self) -> Vec<f64> {
        let count = self.links.iter().map(|link| link.capacity + 1).max().unwrap_or(0);
        let mut capacities = vec![f64::INFINITY; count];
        for link in &self.links {
            capacities[link.capacity] = link.bandwidth;
        }
        capacities
    }

    /// The directed links that `address` means: both directions of `link a`, or one where it says which, such as
    /// `link node 3 up`. Problems go to `cx`.
    pub fn links_at(&self, address: &Address, cx: &Context<'_>) -> Option<Vec<LinkId>> {
        let Some(name) = address.link() else {
            let problem = address.problem(format!("`{}` is no link", address.text), "a link is wanted here");
            cx.problem(problem.help("write a link, such as \"link a\""));
            return None;
        };
        let means = |link: &Link| link.name == name || link.name.strip_suffix(link::BACK) == Some(name);
        let found: Vec<LinkId> =
            (0..self.links.len()).filter(|&at| means(&self.links[at])).map(LinkId::new).collect();
        if found.is_empty() {
            let problem = address.problem(format!("there is no link `{name}`"), "not a link of this network");
            cx.problem(match nearest(name, self.links.iter().map(|link| link.name.as_str())) {
                Some(near) => problem.help(format!("did you mean `link {near}`?")),
                None => problem,
            });
            return None;
        }
        Some(found)
    }
}
