//! Machines: nodes of sockets of cores, numbered over the whole machine in file order.

mod address;
mod build;
mod group;
mod read;
mod script;
mod speed;
mod target;

pub use address::Address;
pub use read::Described;
pub use target::{End, Target};

use crate::ids::{CoreId, NodeId, SocketId};
use crate::rng::Distribution;
use crate::time::Time;

/// A machine as the scenario describes it. Speeds that are drawn are drawn anew for each replicate.
#[derive(Clone, Debug, Default)]
pub struct Machine {
    /// The nodes.
    pub nodes: Vec<Node>,
    /// The sockets of all nodes.
    pub sockets: Vec<Socket>,
    /// The cores of all nodes.
    pub cores: Vec<Core>,
    /// The groups of nodes, in file order: one called `node` where the file names none.
    pub groups: Vec<Group>,
    /// The distributions of drawn speeds.
    pub drawn: Vec<Distribution>,
    /// Changes of speed that are no faults, in order of time.
    pub script: Vec<SpeedChange>,
}

/// A node: cores that share a memory and an address in the network.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its group.
    pub group: usize,
    /// Its cores, from the first up to but without the second.
    pub cores: (CoreId, CoreId),
    /// Its sockets, likewise.
    pub sockets: (SocketId, SocketId),
    /// Its name where it has one of its own (a recorded machine's); else it is `node N`.
    pub name: Option<String>,
}

/// A socket: one NUMA domain with a memory of its own.
#[derive(Clone, Debug)]
pub struct Socket {
    /// Its node.
    pub node: NodeId,
    /// Bytes per tick that its memory gives to all its cores together; infinite where unlimited.
    pub bandwidth: f64,
}

/// A core.
#[derive(Clone, Debug)]
pub struct Core {
    /// Its node.
    pub node: NodeId,
    /// Its socket.
    pub socket: SocketId,
    /// How fast it is.
    pub speed: Speed,
}

/// A group of identical nodes.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its name in the file.
    pub name: String,
    /// Its nodes, from the first up to but without the second.
    pub nodes: (NodeId, NodeId),
}

/// The speed of a core: ticks of work that it does in a tick.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Speed {
    /// The same in every replicate.
    Given(f64),
    /// Drawn once a replicate from this distribution of [`Machine::drawn`].
    Drawn(usize),
}

/// A change of the speed of some cores at an instant.
#[derive(Clone, Debug)]
pub struct SpeedChange {
    /// When.
    pub at: Time,
    /// Of which cores.
    pub cores: Vec<CoreId>,
    /// By what their own speed is multiplied from then on.
    pub factor: f64,
}

impl Machine {
    /// The number of cores.
    pub fn len(&self) -> usize {
        self.cores.len()
    }

    /// Whether it has no core at all.
    pub fn is_empty(&self) -> bool {
        self.cores.is_empty()
    }

    /// The name of a node: its own, or `node N`.
    pub fn node_name(&self, node: NodeId) -> String {
        self.nodes[node.index()].name.clone().unwrap_or_else(|| format!("node {}", node.index()))
    }
}
