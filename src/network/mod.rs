//! Networks: nodes, switches and directed links, the routes between nodes, and how messages share links.

mod topology;

pub use topology::Layout;

use crate::ids::{LinkId, NodeId};
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

/// One direction of a link.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its name, such as `a` or `node 3 up`.
    pub name: String,
    /// Bytes per tick; infinite where unlimited.
    pub bandwidth: f64,
    /// How long a byte takes to cross.
    pub latency: Span,
    /// Which capacity it draws on: both directions of a half-duplex link share one.
    pub capacity: usize,
}

/// How messages share links.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Contention {
    /// Not at all: each has the smallest bandwidth of its route to itself (Hockney 1994).
    None,
    /// Max-min fairly, shared anew at each start and end (Bertsekas & Gallager 1992, section 6.5.2).
    Fair,
}

/// What a message costs at its ends (LogP's o; Culler et al. 1993).
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Protocol {
    /// Time at the sender before the message leaves.
    pub send_overhead: Span,
    /// Time at the receiver after its last byte.
    pub receive_overhead: Span,
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
}
