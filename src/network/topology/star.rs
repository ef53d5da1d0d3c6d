//! All nodes at one switch, which itself limits nothing.

use super::{Layout, Topology};
use crate::error::Problem;
use crate::ids::{LinkId, NodeId};
use crate::machine::Machine;
use crate::network::Link;
use crate::network::link::{Defaults, LinkSpec};
use crate::registry::Entry;
use crate::source::{Context, Key};

pub(super) static ENTRY: Entry<dyn Topology> = Entry {
    name: "star",
    about: "every node has a link to one switch in the middle, which itself limits nothing",
    cite: "",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(Star)),
};

/// Node n has link 2n up to the switch and link 2n + 1 down from it.
#[derive(Debug)]
struct Star;

impl Layout for Star {
    fn route(&self, from: NodeId, to: NodeId, links: &mut Vec<LinkId>) {
        links.extend([LinkId::new(2 * from.index()), LinkId::new(2 * to.index() + 1)]);
    }
}

impl Topology for Star {
    fn build(
        &self,
        machine: &Machine,
        defaults: &Defaults,
        own: &[(Key, LinkSpec)],
        cx: &Context<'_>,
    ) -> Option<(Vec<Link>, Box<dyn Layout>)> {
        if let Some((key, link)) = own.first() {
            cx.problem(
                Problem::new(format!("the link `{}` is no part of a star, which makes its own", key.name))
                    .at(link.place, "only a custom topology has links of this kind")
                    .help("write `topology = \"custom\"` in `[network]`, or leave the links out"),
            );
            return None;
        }
        let (bandwidth, latency) = defaults.complete(None, None, defaults.place, cx)?;
        let ways = (0..machine.nodes.len()).flat_map(|node| ["up", "down"].map(|way| (node, way)));
        let link = |(capacity, (node, way))| {
            let name = format!("{} {way}", machine.node_name(NodeId::new(node)));
            let head = (way == "down").then_some(NodeId::new(node));
            Link { name, bandwidth, latency, capacity, head }
        };
        Some((ways.enumerate().map(link).collect(), Box::new(Star)))
    }
}
