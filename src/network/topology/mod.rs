//! The registry of topologies: how nodes and switches are linked.

mod custom;
mod star;

use std::fmt::Debug;

use super::Link;
use super::link::{Defaults, LinkSpec};
use crate::ids::{LinkId, NodeId};
use crate::machine::Machine;
use crate::registry::{Registered, Registry};
use crate::source::{Context, Key};

/// How a message finds its way.
pub trait Layout: Debug + Send + Sync {
    /// Appends the links from one node to another, which differ, in order.
    fn route(&self, from: NodeId, to: NodeId, links: &mut Vec<LinkId>);
}

/// A topology as the scenario chooses it.
pub trait Topology: Debug {
    /// Its links, and how messages find their way over them. `own` are the links that the file describes one by one;
    /// problems go to `cx`.
    fn build(
        &self,
        machine: &Machine,
        defaults: &Defaults,
        own: &[(Key, LinkSpec)],
        cx: &Context<'_>,
    ) -> Option<(Vec<Link>, Box<dyn Layout>)>;
}

/// The topologies.
pub static TOPOLOGIES: Registry<dyn Topology> =
    Registry { noun: "topology", entries: &[&star::ENTRY, &custom::ENTRY] };

impl Registered for dyn Topology {
    fn registry() -> &'static Registry<Self> {
        &TOPOLOGIES
    }

    fn later() -> &'static [&'static str] {
        &["fat-tree", "mesh", "torus", "hypercube", "dragonfly", "ring", "bus", "full"]
    }
}
