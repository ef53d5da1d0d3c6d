//! Looking up addresses on a machine.

use super::address::{RESERVED, Spot, Which, Within};
use super::{Address, Machine};
use crate::error::{Problem, nearest};
use crate::ids::{CoreId, NodeId};
use crate::source::Context;

/// One thing that an address points at: some cores, and the node with its links if they are a whole node.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    /// What addresses call it, such as `node 2`.
    pub name: String,
    /// Its cores, from the first up to but without the second.
    pub cores: (CoreId, CoreId),
    /// The node, if it is one.
    pub node: Option<NodeId>,
}

/// What stands at the end of a link.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum End {
    /// A node of the machine.
    Node(NodeId),
    /// A switch of this name.
    Switch(String),
}

impl Address {
    /// The cores that it means together, from the first up to but without the second: those of a node, a socket, a
    /// group, the whole machine (`every node`, `every core`), or one core. Problems go to `cx`.
    pub fn cores(&self, machine: &Machine, cx: &Context<'_>) -> Option<(CoreId, CoreId)> {
        report(self.find_cores(machine), cx)
    }

    /// The node that it means. Problems go to `cx`.
    pub fn node(&self, machine: &Machine, cx: &Context<'_>) -> Option<NodeId> {
        let target = report(self.find(machine), cx)?;
        match target.as_slice() {
            [Target { node: Some(node), .. }] => Some(*node),
            _ => {
                let problem =
                    self.problem(format!("`{}` is no single node", self.text), "a node is wanted here");
                cx.problem(problem.help("write a node, such as \"node 0\""));
                None
            }
        }
    }

    /// All that it means, one by one: `every node` and a group are their nodes, `every core` is each core. Problems
    /// go to `cx`.
    pub fn targets(&self, machine: &Machine, cx: &Context<'_>) -> Option<Vec<Target>> {
        report(self.find(machine), cx)
    }

    /// The end of a link that it means: a node if it is spelt as one, else a switch. Problems go to `cx`.
    pub fn end(&self, machine: &Machine, cx: &Context<'_>) -> Option<End> {
        let is_group = |name: &str| machine.groups.iter().any(|group| group.name == name);
        let node = match self.spot() {
            Spot::Node(Which::Number(_), _) => true,
            Spot::Node(Which::Member(group, _), _) => is_group(group),
            Spot::Name => machine.nodes.iter().any(|node| node.name.as_deref() == Some(&self.text)),
            _ => false,
        };
        if node {
            return self.node(machine, cx).map(End::Node);
        }
        let name = self.text.trim();
        let meant_node = name.to_lowercase().strip_prefix("node").is_some_and(|rest| {
            let rest = rest.trim_start_matches([' ', '-', '_']);
            rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_digit())
        });
        if name.is_empty() || meant_node {
            let what = format!("`{}` is neither a node nor a good name for a switch", self.text);
            let problem = self.problem(what, "an end of a link");
            cx.problem(problem.help("a node is written \"node 0\"; any other name is a switch"));
            return None;
        }
        Some(End::Switch(name.to_owned()))
    }

    fn find_cores(&self, machine: &Machine) -> Result<(CoreId, CoreId), Problem> {
        let all = (CoreId::new(0), CoreId::new(machine.len()));
        match self.spot() {
            Spot::EveryNode | Spot::EveryCore => Ok(all),
            Spot::Group(_) => {
                let nodes = self.find(machine)?;
                // The nodes of a group, and so their cores, stand side by side.
                let ends = nodes.first().zip(nodes.last()).map(|(first, last)| (first.cores.0, last.cores.1));
                Ok(ends.unwrap_or((all.0, all.0)))
            }
            _ => Ok(self.find(machine)?.first().map_or((all.0, all.0), |target| target.cores)),
        }
    }

    fn find(&self, machine: &Machine) -> Result<Vec<Target>, Problem> {
        let nodes = |from: NodeId, to: NodeId| {
            (from.index()..to.index()).map(|node| machine.node_target(NodeId::new(node))).collect()
        };
        match self.spot() {
            Spot::Node(which, within) => {
                Ok(vec![self.find_part(self.find_node(which, machine)?, within, machine)?])
            }
            Spot::Core(core) if core < machine.len() => Ok(vec![machine.core_target(core)]),
            Spot::Core(core) => Err(self.absent("core", core, machine.len(), "the machine")),
            Spot::Group(name) => {
                let group = self.find_group(name, machine)?;
                Ok(nodes(group.nodes.0, group.nodes.1))
            }
            Spot::EveryNode => Ok(nodes(NodeId::new(0), NodeId::new(machine.nodes.len()))),
            Spot::EveryCore => Ok((0..machine.len()).map(|core| machine.core_target(core)).collect()),
            Spot::Link(_) => {
                Err(self
                    .problem(format!("`{}` is a link", self.text), "a part of the machine is wanted here"))
            }
            Spot::AnyNode | Spot::Storage | Spot::Domain => Err(self
                .problem(format!("`{}` isn't built yet here", self.text), "an address of nothing built")
                .help("name a node, a core or a group, such as \"node 0\"")),
            Spot::Name => {
                match machine.nodes.iter().position(|node| node.name.as_deref() == Some(&self.text)) {
                    Some(node) => Ok(vec![machine.node_target(NodeId::new(node))]),
                    None => Err(self.unknown(machine)),
                }
            }
        }
    }

    fn find_node(&self, which: Which<'_>, machine: &Machine) -> Result<NodeId, Problem> {
        match which {
            Which::Number(node) if node < machine.nodes.len() => Ok(NodeId::new(node)),
            Which::Number(node) => Err(self.absent("node", node, machine.nodes.len(), "the machine")),
            Which::Member(name, node) => {
                let group = self.find_group(name, machine)?;
                let count = group.nodes.1.index() - group.nodes.0.index();
                if node >= count {
                    return Err(self.absent(name, node, count, &format!("group `{name}`")));
                }
                Ok(NodeId::new(group.nodes.0.index() + node))
            }
        }
    }

    fn find_group<'m>(&self, name: &str, machine: &'m Machine) -> Result<&'m super::Group, Problem> {
        let names = || machine.groups.iter().map(|group| group.name.as_str());
        machine.groups.iter().find(|group| group.name == name).ok_or_else(|| {
            let problem = self.problem(format!("there is no group `{name}`"), "not a group of this machine");
            match nearest(name, names()) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None if machine.groups.len() == 1 => problem.help(forms(machine)),
                None => problem.help(format!("the groups are: {}", names().collect::<Vec<_>>().join(", "))),
            }
        })
    }

    fn find_part(&self, node: NodeId, within: Within, machine: &Machine) -> Result<Target, Problem> {
        let whole = &machine.nodes[node.index()];
        let owner = machine.node_name(node);
        match within {
            Within::Whole => Ok(machine.node_target(node)),
            Within::Core(core) => {
                let count = whole.cores.1.index() - whole.cores.0.index();
                if core >= count {
                    return Err(self.absent("core", core, count, &format!("`{owner}`")));
                }
                Ok(machine.core_target(whole.cores.0.index() + core))
            }
            Within::Socket(socket) => {
                let count = whole.sockets.1.index() - whole.sockets.0.index();
                if socket >= count {
                    return Err(self.absent("socket", socket, count, &format!("`{owner}`")));
                }
                let id = crate::ids::SocketId::new(whole.sockets.0.index() + socket);
                let name = format!("{owner} socket {socket}");
                Ok(Target { name, cores: machine.socket_cores(id), node: None })
            }
        }
    }

    /// The problem that a number is beyond the last of its kind.
    fn absent(&self, noun: &str, number: usize, count: usize, owner: &str) -> Problem {
        let label = match count {
            1 => format!("{owner} has only {noun} 0"),
            // A group's name has no plural.
            _ if !RESERVED.contains(&noun) => format!("{owner} has {noun} 0 to {}", count - 1),
            _ => format!("{owner} has {noun}s 0 to {}", count - 1),
        };
        let what = format!("there is no `{noun} {number}` in {owner}");
        let problem = self.problem(what, label);
        problem.help(format!("numbers count from 0: the last is `{noun} {}`", count - 1))
    }

    fn unknown(&self, machine: &Machine) -> Problem {
        let problem = self.problem(format!("`{}` is no address", self.text), "not a part of the machine");
        let word = self.text.split_whitespace().next().unwrap_or("");
        let group =
            machine.groups.iter().find(|group| group.name == self.text.trim() && group.name != "node");
        let named = machine.nodes.iter().filter_map(|node| node.name.as_deref());
        match group {
            Some(group) => problem
                .help(format!("write `group {0}` for all of it, `{0} 0` for its first node", group.name)),
            None if word == "node" || word == "core" => {
                problem.help(format!("a {word} is written with its number, counted from 0: \"{word} 0\""))
            }
            None => match nearest(&self.text, named) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem.help(forms(machine)),
            },
        }
    }
}

/// What addresses look like on this machine.
fn forms(machine: &Machine) -> String {
    match machine.groups.iter().find(|group| group.name != "node") {
        Some(group) => format!(
            "write `node 0`, `core 0`, `node 0 core 0`, `every node`, `group {0}` or `{0} 0`",
            group.name
        ),
        None => "write `node 0`, `core 0`, `node 0 core 0` or `every node`".to_owned(),
    }
}

fn report<T>(found: Result<T, Problem>, cx: &Context<'_>) -> Option<T> {
    found.map_err(|problem| cx.problem(problem)).ok()
}

impl Machine {
    fn node_target(&self, node: NodeId) -> Target {
        Target { name: self.node_name(node), cores: self.nodes[node.index()].cores, node: Some(node) }
    }

    fn core_target(&self, core: usize) -> Target {
        let cores = (CoreId::new(core), CoreId::new(core + 1));
        Target { name: format!("core {core}"), cores, node: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Speed;
    use crate::source::testing::read_with;

    /// Two nodes of four cores and two sockets each in the group `fast`, one of two cores in `slow`.
    fn machine() -> Machine {
        let mut machine = Machine::default();
        machine.add_group("fast");
        machine.add_node(None, 2, 1.0, &[Speed::Given(1.0); 4]);
        machine.add_node(None, 2, 1.0, &[Speed::Given(1.0); 4]);
        machine.add_group("slow");
        machine.add_node(Some("worker-7".into()), 1, 1.0, &[Speed::Given(1.0); 2]);
        machine
    }

    fn with<T>(text: &str, read: impl FnOnce(&Address, &Context<'_>) -> Option<T>) -> Result<T, String> {
        read_with(&format!("target = \"{text}\""), |value, cx| {
            let value = value.table()?.get("target")?;
            read(&crate::source::Read::read(value, cx)?, cx)
        })
    }

    fn cores(text: &str) -> Result<(usize, usize), String> {
        with(text, |address, cx| address.cores(&machine(), cx)).map(|(from, to)| (from.index(), to.index()))
    }

    fn names(text: &str) -> Result<Vec<String>, String> {
        let names = |targets: Vec<Target>| targets.into_iter().map(|target| target.name).collect();
        with(text, |address, cx| address.targets(&machine(), cx)).map(names)
    }

    #[test]
    fn addresses_point_at_ranges_of_cores() {
        let wanted = [
            ("node 1", (4, 8)),
            ("node 1 core 3", (7, 8)),
            ("node 1 socket 1", (6, 8)),
            ("core 9", (9, 10)),
            ("group fast", (0, 8)),
            ("group slow", (8, 10)),
            ("fast 1", (4, 8)),
            ("slow 0 core 1", (9, 10)),
            ("worker-7", (8, 10)),
            ("every node", (0, 10)),
            ("every core", (0, 10)),
        ];
        for (text, range) in wanted {
            assert_eq!(cores(text), Ok(range), "{text}");
        }
    }

    #[test]
    fn groups_and_every_stand_for_each_of_their_parts() {
        assert_eq!(names("every node").unwrap(), ["node 0", "node 1", "worker-7"]);
        assert_eq!(names("group fast").unwrap(), ["node 0", "node 1"]);
        assert_eq!(names("every core").unwrap().len(), 10);
        assert_eq!(names("node 0 socket 1").unwrap(), ["node 0 socket 1"]);
        let node = |text| with(text, |address, cx| address.node(&machine(), cx)).map(|node| node.index());
        assert_eq!((node("fast 1"), node("worker-7")), (Ok(1), Ok(2)));
        assert!(node("every node").unwrap_err().contains("no single node"));
        assert!(node("core 1").unwrap_err().contains("a node is wanted here"));
    }

    #[test]
    fn what_does_not_exist_is_answered_with_what_does() {
        let wanted = [
            ("node 3", "the machine has nodes 0 to 2"),
            ("core 10", "the machine has cores 0 to 9"),
            ("node 0 core 4", "`node 0` has cores 0 to 3"),
            ("node 2 socket 1", "`worker-7` has only socket 0"),
            ("fast 2", "group `fast` has fast 0 to 1"),
            ("group fat", "did you mean `fast`?"),
            ("fats 0", "did you mean `fast`?"),
            ("fast", "write `group fast` for all of it"),
            ("node two", "written with its number, counted from 0"),
            ("worker 7", "there is no group `worker`"),
            ("the moon", "is no address"),
            ("link a", "is a link"),
            ("domain rack 0", "isn't built yet"),
            ("any node", "isn't built yet"),
        ];
        for (text, part) in wanted {
            let problem = cores(text).unwrap_err();
            assert!(problem.contains(part), "{text}: {part:?} is not in\n{problem}");
        }
    }

    #[test]
    fn node_1_on_a_machine_of_one_node_is_told_to_count_from_0() {
        let mut machine = Machine::default();
        machine.add_node(None, 1, 1.0, &[Speed::Given(1.0)]);
        let problem = with("node 1", |address, cx| address.node(&machine, cx)).unwrap_err();
        assert!(problem.contains("there is no `node 1` in the machine"), "{problem}");
        assert!(problem.contains("the machine has only node 0"), "{problem}");
        assert!(problem.contains("numbers count from 0"), "{problem}");
    }

    #[test]
    fn an_end_that_is_no_node_is_a_switch() {
        let end = |text| with(text, |address, cx| address.end(&machine(), cx));
        assert_eq!(end("node 2"), Ok(End::Node(NodeId::new(2))));
        assert_eq!(end("slow 0"), Ok(End::Node(NodeId::new(2))));
        assert_eq!(end("worker-7"), Ok(End::Node(NodeId::new(2))));
        assert_eq!(end("router"), Ok(End::Switch("router".into())));
        assert_eq!(end("switch 3"), Ok(End::Switch("switch 3".into())));
        assert!(end("node 3").unwrap_err().contains("nodes 0 to 2"));
        for near in ["node0", "Node 0", "node-1", "node"] {
            assert!(end(near).unwrap_err().contains("a node is written \"node 0\""), "{near}");
        }
    }
}
