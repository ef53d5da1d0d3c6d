//! The registry of topologies.

use std::fmt::Debug;

use crate::ids::{LinkId, NodeId};

/// How a message finds its way.
pub trait Layout: Debug + Send + Sync {
    /// Appends the links from one node to another, which differ, in order.
    fn route(&self, from: NodeId, to: NodeId, links: &mut Vec<LinkId>);
}
