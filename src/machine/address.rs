//! Addresses: names and zero-based numbers that point at parts of a machine or network, one grammar for all keys.

use crate::error::Problem;
use crate::place::Place;
use crate::source::{Context, Read, Shape, Value};

/// An address as the file spells it: `node 2`, `node 2 core 3`, `node 2 socket 0`, `core 17`, `group fast`, `fast 1`
/// (node 1 of that group), `link a`, `storage`, `domain rack 0`, `every node`, `every core`, `any node`.
#[derive(Clone, Debug)]
pub struct Address {
    /// Its text.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// What an overlay put it in place of, or added it to.
    base: Option<(Place, &'static str)>,
}

/// Words with a meaning in addresses: no group can be called so.
pub(super) const RESERVED: [&str; 9] =
    ["node", "core", "socket", "group", "link", "storage", "domain", "every", "any"];

/// What an address says, before anything is looked up.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Spot<'a> {
    /// A node or a part of it.
    Node(Which<'a>, Within),
    /// A core by its number in the machine.
    Core(usize),
    /// All nodes of a group.
    Group(&'a str),
    /// A link by its name.
    Link(&'a str),
    /// Each node.
    EveryNode,
    /// Each core.
    EveryCore,
    /// A node drawn at random.
    AnyNode,
    /// The storage.
    Storage,
    /// What fails together.
    Domain,
    /// Nothing that the grammar knows: perhaps the name of a node.
    Name,
}

/// Which node.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Which<'a> {
    /// By its number in the machine.
    Number(usize),
    /// By its number in a group.
    Member(&'a str, usize),
}

/// Which part of a node.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Within {
    /// All of it.
    Whole,
    /// A core by its number in the node.
    Core(usize),
    /// A socket by its number in the node.
    Socket(usize),
}

impl Read for Address {
    fn shape() -> Shape {
        Shape::Text("an address")
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let Some(text) = value.text() else {
            cx.wrong_kind(value, "an address, such as \"node 0\"");
            return None;
        };
        Some(Address { text: text.to_owned(), place: value.place, base: value.base })
    }
}

impl Address {
    /// A problem with this address, which `label` under its text explains.
    pub fn problem(&self, what: impl Into<String>, label: impl Into<String>) -> Problem {
        Problem::new(what).at(self.place, label).over(self.base)
    }

    /// The name of the link that it means, if it means one.
    pub fn link(&self) -> Option<&str> {
        if let Spot::Link(name) = self.spot() { Some(name) } else { None }
    }

    /// What it says.
    pub(super) fn spot(&self) -> Spot<'_> {
        let words: Vec<&str> = self.text.split_whitespace().collect();
        match words.as_slice() {
            ["storage"] => Spot::Storage,
            ["every", "node"] => Spot::EveryNode,
            ["every", "core"] => Spot::EveryCore,
            ["any", "node"] => Spot::AnyNode,
            ["core", number] => number.parse().map_or(Spot::Name, Spot::Core),
            ["group", name] => Spot::Group(name),
            ["domain", _, ..] => Spot::Domain,
            ["link", _, ..] => {
                Spot::Link(self.text.trim_start().strip_prefix("link").unwrap_or_default().trim())
            }
            [group, number, within @ ..] => node(group, number, within).unwrap_or(Spot::Name),
            _ => Spot::Name,
        }
    }
}

/// `node 2` and `fast 1`, alone or with a core or socket of theirs.
fn node<'a>(group: &'a str, number: &str, within: &[&str]) -> Option<Spot<'a>> {
    let number = number.parse().ok()?;
    let which = match group {
        "node" => Which::Number(number),
        group if RESERVED.contains(&group) => return None,
        group => Which::Member(group, number),
    };
    let within = match within {
        [] => Within::Whole,
        ["core", core] => Within::Core(core.parse().ok()?),
        ["socket", socket] => Within::Socket(socket.parse().ok()?),
        _ => return None,
    };
    Some(Spot::Node(which, within))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(text: &str) -> String {
        let address = Address { text: text.into(), place: Place::new(0, 0), base: None };
        format!("{:?}", address.spot())
    }

    #[test]
    fn the_grammar_holds_every_address_of_the_language_page() {
        assert_eq!(spot("node 2"), "Node(Number(2), Whole)");
        assert_eq!(spot("node 2 core 3"), "Node(Number(2), Core(3))");
        assert_eq!(spot("node 2 socket 0"), "Node(Number(2), Socket(0))");
        assert_eq!(spot("core 17"), "Core(17)");
        assert_eq!(spot("group fast"), "Group(\"fast\")");
        assert_eq!(spot("fast 1"), "Node(Member(\"fast\", 1), Whole)");
        assert_eq!(spot("fast 1 core 0"), "Node(Member(\"fast\", 1), Core(0))");
        assert_eq!(spot("link a"), "Link(\"a\")");
        assert_eq!(spot("link node 3 up"), "Link(\"node 3 up\")");
        assert_eq!(spot("storage"), "Storage");
        assert_eq!(spot("domain rack 0"), "Domain");
        assert_eq!(spot("every node"), "EveryNode");
        assert_eq!(spot("every core"), "EveryCore");
        assert_eq!(spot("any node"), "AnyNode");
    }

    #[test]
    fn what_the_grammar_does_not_hold_is_left_as_a_name() {
        for text in
            ["", "node", "node two", "node -1", "core", "node 2 core", "every fast", "socket 3", "worker-7"]
        {
            assert_eq!(spot(text), "Name", "{text}");
        }
    }
}
