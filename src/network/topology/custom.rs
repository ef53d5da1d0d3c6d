//! Links that the scenario describes one by one.

use super::{Layout, Topology};
use crate::error::Problem;
use crate::ids::NodeId;
use crate::machine::{End, Machine};
use crate::network::Link;
use crate::network::link::{BACK, Defaults, LinkSpec};
use crate::network::routes::{Edge, Routes, Unrouted};
use crate::registry::Entry;
use crate::source::{Context, Key};

pub(super) static ENTRY: Entry<dyn Topology> = Entry {
    name: "custom",
    about: "links one by one as `[network.link.NAME]`; messages take the fewest links, then the least latency",
    cite: "",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(Custom)),
};

#[derive(Debug)]
struct Custom;

impl Topology for Custom {
    fn build(
        &self,
        machine: &Machine,
        defaults: &Defaults,
        own: &[(Key, LinkSpec)],
        cx: &Context<'_>,
    ) -> Option<(Vec<Link>, Box<dyn Layout>)> {
        let mut switches = Vec::new();
        // Every link is looked at before the first failure counts, so that one pass shows every problem.
        let wires: Vec<_> =
            own.iter().map(|(_, spec)| wire(spec, machine, &mut switches, defaults, cx)).collect();
        let wires: Vec<Wire> = wires.into_iter().collect::<Option<_>>()?;
        let mut links = Vec::with_capacity(2 * wires.len());
        let mut edges = Vec::with_capacity(2 * wires.len());
        let mut capacity = 0;
        for ((key, spec), wire) in own.iter().zip(wires) {
            let Wire { ends: [from, to], bandwidth, latency } = wire;
            let back = capacity + usize::from(spec.full);
            let name = key.name.as_str();
            let node = |vertex: usize| (vertex < machine.nodes.len()).then_some(NodeId::new(vertex));
            let link = |name: String, capacity, head| Link { name, bandwidth, latency, capacity, head };
            links.push(link(name.to_owned(), capacity, node(to)));
            links.push(link(format!("{name}{BACK}"), back, node(from)));
            edges.push(Edge { from, to, latency });
            edges.push(Edge { from: to, to: from, latency });
            capacity = back + 1;
        }
        match Routes::new(machine.nodes.len(), machine.nodes.len() + switches.len(), &edges) {
            Ok(routes) => Some((links, Box::new(routes))),
            Err(unrouted) => {
                cx.problem(explain(unrouted, machine, own, defaults));
                None
            }
        }
    }
}

/// A link between two vertices: nodes by their numbers, then switches in the order in which they are first named.
struct Wire {
    ends: [usize; 2],
    bandwidth: f64,
    latency: crate::time::Span,
}

fn wire(
    spec: &LinkSpec,
    machine: &Machine,
    switches: &mut Vec<String>,
    defaults: &Defaults,
    cx: &Context<'_>,
) -> Option<Wire> {
    let mut vertex = |end: End| match end {
        End::Node(node) => node.index(),
        End::Switch(name) => {
            let known = switches.iter().position(|known| *known == name);
            machine.nodes.len()
                + known.unwrap_or_else(|| {
                    switches.push(name);
                    switches.len() - 1
                })
        }
    };
    let [one, other] = [0, 1].map(|end| spec.ends[end].end(machine, cx));
    let rates = defaults.complete(spec.bandwidth, spec.latency, spec.place, cx);
    let ends = [vertex(one?), vertex(other?)];
    if ends[0] == ends[1] {
        let what = format!("both ends of this link are `{}`", spec.ends[0].text);
        cx.problem(spec.ends[1].problem(what, "the same again").help("a link joins two different ends"));
        return None;
    }
    let (bandwidth, latency) = rates?;
    Some(Wire { ends, bandwidth, latency })
}

fn explain(unrouted: Unrouted, machine: &Machine, own: &[(Key, LinkSpec)], defaults: &Defaults) -> Problem {
    match unrouted {
        Unrouted::Apart(one, other) => {
            let [one, other] = [one, other].map(|node| machine.node_name(NodeId::new(node)));
            let problem = Problem::new(format!("no links lead from `{one}` to `{other}`"));
            if own.is_empty() {
                let problem = problem.at(defaults.place, "a custom topology without links");
                return problem
                    .help(format!("write `[network.link.NAME]` with `ends = [\"{one}\", \"router\"]`, …"));
            }
            let problem = problem.at(defaults.place, "this network falls apart");
            problem.help(format!("add a link with `{other}` as an end, or check how its ends are spelt"))
        }
        Unrouted::TooLarge(vertices) => {
            Problem::new(format!("the routes between {vertices} nodes and switches don't fit in memory"))
                .at(defaults.place, format!("at most {} with more than one link", Routes::MOST))
        }
    }
}
