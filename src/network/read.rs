//! Reading the `[network]` table.

use super::link::{BANDWIDTH, Defaults, LATENCY, LinkSpec};
use super::{Contention, Network, Protocol, Topology};
use crate::machine::Machine;
use crate::source::{AnyField, Context, Field, Fields, Key, Later, Named, Read, Shape, Value};

/// The `[network]` table as read, before its ends are looked up.
#[derive(Debug)]
pub struct Described {
    topology: Box<dyn Topology>,
    defaults: Defaults,
    links: Vec<(Key, LinkSpec)>,
    contention: Contention,
    protocol: Protocol,
}

const TOPOLOGY: Field<Box<dyn Topology>> =
    Field::new("topology", "how nodes and switches are linked").default("star");
const LINKS: Field<Named<LinkSpec>> =
    Field::new("link", "the links of a custom topology, by name; each runs both ways").optional();
const CONTENTION: Field<Contention> =
    Field::new("contention", "how messages share links: `none`: not at all; `fair`: max-min fairly")
        .default("fair");
const PROTOCOL: Field<Protocol> = Field::new("protocol", "what a message costs at its ends").default("{}");
const ROUTING: Field<Later> = Field::later("routing", "how a message finds its way");
const FACTORS: Field<Later> = Field::later("factors", "corrections that other tools apply");
const FIELDS: &[&dyn AnyField] =
    &[&TOPOLOGY, &BANDWIDTH, &LATENCY, &CONTENTION, &PROTOCOL, &LINKS, &ROUTING, &FACTORS];

impl Read for Contention {
    fn shape() -> Shape {
        Shape::Word(&["none", "fair"])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        match value.text() {
            Some("none") => Some(Contention::None),
            Some("fair") => Some(Contention::Fair),
            Some("packet") => {
                cx.not_built("the contention `packet`", value.place, "store and forward");
                None
            }
            _ => {
                cx.fault(
                    value,
                    format!("`{}` must be `\"none\"` or `\"fair\"`", cx.path()),
                    "neither of them",
                    "",
                );
                None
            }
        }
    }
}

impl Read for Described {
    fn shape() -> Shape {
        Shape::Table(FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, FIELDS, cx)?;
        let (topology, contention) = (fields.take(&TOPOLOGY), fields.take(&CONTENTION));
        let (bandwidth, latency) = (fields.maybe(&BANDWIDTH), fields.maybe(&LATENCY));
        let (protocol, links) = (fields.take(&PROTOCOL), fields.maybe(&LINKS));
        let bandwidth = bandwidth?.map(|bandwidth| bandwidth.0);
        Some(Described {
            topology: topology?,
            defaults: Defaults { place: fields.place, bandwidth, latency: latency? },
            links: links?.map_or(Vec::new(), |Named(links)| links),
            contention: contention?,
            protocol: protocol?,
        })
    }
}

impl Described {
    /// The network between the nodes of `machine`; problems, such as an end at no node, go to `cx`.
    pub fn build(self, machine: &Machine, cx: &Context<'_>) -> Option<Network> {
        let (links, layout) = self.topology.build(machine, &self.defaults, &self.links, cx)?;
        Some(Network { links, layout, contention: self.contention, protocol: self.protocol })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::NodeId;
    use crate::machine::Speed;
    use crate::source::testing::read_with;
    use crate::time::Span;

    /// The network of `text` between `nodes` nodes of one core.
    fn build(nodes: usize, text: &str) -> Result<Network, String> {
        let mut machine = Machine::default();
        for _ in 0..nodes {
            machine.add_node(None, 1, f64::INFINITY, &[Speed::Given(1.0)]);
        }
        read_with(text, |value, cx| Described::read(value, cx)?.build(&machine, cx))
    }

    fn refused(nodes: usize, text: &str, parts: &[&str]) {
        let problem = build(nodes, text).map(|_| ()).expect_err(text);
        for part in parts {
            assert!(problem.contains(part), "{part:?} is not in:\n{problem}");
        }
    }

    fn route(network: &Network, from: usize, to: usize) -> Vec<&str> {
        let mut links = Vec::new();
        network.route(NodeId::new(from), NodeId::new(to), &mut links);
        links.into_iter().map(|link| network.links[link.index()].name.as_str()).collect()
    }

    const CUSTOM: &str = "topology = \"custom\"\n\
        [link.a]\nends = [\"node 0\", \"router\"]\nbandwidth = \"100 MB/s\"\nlatency = \"100 us\"\nduplex = \"full\"\n\
        [link.b]\nends = [\"router\", \"node 1\"]\nbandwidth = \"1 Gb/s\"\nlatency = \"50 us\"\nduplex = \"half\"";

    #[test]
    fn a_star_has_two_links_of_each_node_and_routes_of_two_links() {
        let network = build(3, "bandwidth = \"100 Gb/s\"\nlatency = \"0.5 us\"").unwrap();
        assert_eq!(network.links.len(), 6);
        assert_eq!(route(&network, 0, 2), ["node 0 up", "node 2 down"]);
        assert_eq!(network.contention, Contention::Fair);
        assert_eq!(network.protocol, Protocol::default());
        let path = network.path(NodeId::new(1), NodeId::new(0), &mut Vec::new());
        assert_eq!(path.latency, Span::from_ticks(1_000_000));
        assert!((path.bandwidth - 0.0125).abs() < 1e-15);
        assert_eq!(network.capacities().len(), 6);
    }

    #[test]
    fn a_message_alone_takes_overheads_latencies_and_bytes_over_the_smallest_bandwidth() {
        let text =
            format!("protocol = {{ send_overhead = \"1 us\", receive_overhead = \"2 us\" }}\n{CUSTOM}");
        let network = build(2, &text).unwrap();
        let path = network.path(NodeId::new(0), NodeId::new(1), &mut Vec::new());
        // 1 us + 150 us + 1 MB at 100 MB/s + 2 us.
        assert_eq!(network.alone(path, 1e6), Span::from_ticks(10_153_000_000));
    }

    #[test]
    fn both_directions_of_a_full_link_have_their_own_capacity_and_those_of_a_half_one_share() {
        let network = build(2, CUSTOM).unwrap();
        let capacities: Vec<_> = network.links.iter().map(|link| link.capacity).collect();
        assert_eq!(capacities, [0, 1, 2, 2]);
        assert_eq!(network.capacities(), [0.0001, 0.0001, 0.000125]);
        assert_eq!(route(&network, 0, 1), ["a", "b"]);
        assert_eq!(route(&network, 1, 0), ["b back", "a back"]);
    }

    #[test]
    fn a_link_takes_from_the_network_what_it_leaves_out() {
        let text = "topology = \"custom\"\nlatency = \"1 us\"\nbandwidth = \"unlimited\"\n\
                    link.a = { ends = [\"node 0\", \"node 1\"], bandwidth = \"1 GB/s\" }";
        let network = build(2, text).unwrap();
        assert_eq!(network.links[0].latency, Span::from_ticks(1_000_000));
        assert!((network.links[0].bandwidth - 0.001).abs() < 1e-15);
        refused(
            2,
            "topology = \"custom\"\nlink.a.ends = [\"node 0\", \"node 1\"]",
            &[
                "this link needs a `bandwidth`",
                "this link needs a `latency`",
                "or, for all links, in `[network]`",
            ],
        );
        refused(2, "latency = \"1 us\"", &["the links need a `bandwidth`", "`bandwidth = \"100 Gb/s\"`"]);
    }

    #[test]
    fn nodes_that_no_links_join_are_both_named() {
        refused(
            3,
            CUSTOM,
            &["no links lead from `node 0` to `node 2`", "add a link with `node 2` as an end"],
        );
        refused(
            2,
            "topology = \"custom\"",
            &["no links lead from `node 0` to `node 1`", "[network.link.NAME]"],
        );
    }

    #[test]
    fn an_end_must_be_a_node_that_exists_or_a_switch() {
        let ends = |ends: &str| {
            format!("topology = \"custom\"\nlatency = \"1 us\"\nbandwidth = \"1 GB/s\"\nlink.a.ends = {ends}")
        };
        refused(
            2,
            &ends("[\"node 0\", \"node 2\"]"),
            &["there is no `node 2`", "nodes 0 to 1", "test.toml:4:26"],
        );
        refused(2, &ends("[\"node 0\", \"node0\"]"), &["a node is written \"node 0\""]);
        refused(2, &ends("[\"node 0\", \"node 0\"]"), &["both ends of this link are `node 0`"]);
        refused(2, &ends("[\"node 0\"]"), &["`link.a.ends` must name two ends, not 1"]);
        refused(2, &ends("\"node 0\""), &["must be a list"]);
    }

    #[test]
    fn links_go_with_a_custom_topology() {
        let text = "latency = \"1 us\"\nbandwidth = \"1 GB/s\"\nlink.a.ends = [\"node 0\", \"x\"]";
        refused(2, text, &["the link `a` is no part of a star", "topology = \"custom\""]);
    }

    #[test]
    fn what_is_not_built_or_unknown_says_so() {
        let star = "bandwidth = \"1 GB/s\"\nlatency = \"1 us\"\n";
        let cases = [
            ("contention = \"packet\"", "the contention `packet` isn't built yet"),
            ("contention = \"fare\"", "must be `\"none\"` or `\"fair\"`"),
            ("topology.fat-tree = { arity = 8 }", "the topology `fat-tree` isn't built yet"),
            ("topology = \"stat\"", "did you mean `star`?"),
            ("topology.star.arity = 8", "has no key `arity`"),
            ("routing = \"minimal\"", "`routing` isn't built yet"),
            ("protocol.gap = \"1 us\"", "only \"0 s\" is built yet"),
            ("protocol.eager_limit = \"64 KiB\"", "only \"unlimited\" is built yet"),
            ("protocol.nic = \"free\"", "`protocol.nic` isn't built yet"),
        ];
        for (line, part) in cases {
            refused(2, &format!("{star}{line}"), &[part]);
        }
        refused(2, "bandwidth = \"100 Gb\"\nlatency = \"1 us\"", &["did you mean \"100 Gb/s\"?"]);
        refused(2, "bandwidth = \"0 B/s\"\nlatency = \"1 us\"", &["must be above 0"]);
        // The values that do nothing may stand there.
        let neutral = "protocol = { send_overhead = \"0.4 us\", gap = \"0 s\", eager_limit = \"unlimited\" }";
        assert!(build(2, &format!("{star}{neutral}")).is_ok());
    }

    #[test]
    fn addresses_of_links_mean_both_directions_or_one() {
        let text = |address: &str| format!("at = \"{address}\"\n");
        let links = |address: &str, network: &Network| {
            read_with(&text(address), |value, cx| {
                network.links_at(&Read::read(value.table()?.get("at")?, cx)?, cx)
            })
            .map(|links| links.into_iter().map(|link| link.index()).collect::<Vec<_>>())
        };
        let network = build(2, CUSTOM).unwrap();
        assert_eq!(links("link a", &network), Ok(vec![0, 1]));
        assert_eq!(links("link b back", &network), Ok(vec![3]));
        assert!(links("link c", &network).unwrap_err().contains("there is no link `c`"));
        assert!(links("node 0", &network).unwrap_err().contains("a link is wanted here"));
        let star = build(2, "bandwidth = \"1 GB/s\"\nlatency = \"1 us\"").unwrap();
        assert_eq!(links("link node 1 up", &star), Ok(vec![2]));
    }
}
