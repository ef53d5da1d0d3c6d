//! Who sends to whom.

use crate::error::Problem;
use crate::ids::NodeId;
use crate::machine::{Address, Machine};
use crate::place::Place;
use crate::registry::{Entry, Registered, Registry};
use crate::rng::Stream;
use crate::source::{Context, Field};

/// A pattern as the scenario chooses it.
#[derive(Debug)]
pub(super) enum Pattern {
    AllToAll,
    Permutation,
    /// To the node of this address.
    Hotspot(Address),
    Random,
}

const TO: Field<Address> = Field::new("to", "the node to which all others send").default("node 0");

static ALL_TO_ALL: Entry<Pattern> = Entry {
    name: "all-to-all",
    about: "every node to every other: first to the next one, then to the one after it, and so on",
    cite: "",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(Pattern::AllToAll)),
};

static PERMUTATION: Entry<Pattern> = Entry {
    name: "permutation",
    about: "every node to one other, and every node from one other, drawn at random",
    cite: "",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(Pattern::Permutation)),
};

static HOTSPOT: Entry<Pattern> = Entry {
    name: "hotspot",
    about: "every other node to the same one",
    cite: "",
    fields: &[&TO],
    bare: Some("to"),
    read: |fields| Some(Box::new(Pattern::Hotspot(fields.take(&TO)?))),
};

static RANDOM: Entry<Pattern> = Entry {
    name: "random",
    about: "`count` times a node to another, each pair equally likely",
    cite: "",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(Pattern::Random)),
};

static PATTERNS: Registry<Pattern> =
    Registry { noun: "pattern of transfers", entries: &[&ALL_TO_ALL, &PERMUTATION, &HOTSPOT, &RANDOM] };

impl Registered for Pattern {
    fn registry() -> &'static Registry<Self> {
        &PATTERNS
    }
}

impl Pattern {
    /// The pattern on the nodes of `machine`, of which it needs two; `place` is where the scenario chooses it.
    pub(super) fn on(&self, machine: &Machine, place: Place, cx: &Context<'_>) -> Option<Pairs> {
        let nodes = machine.nodes.len() as u64;
        if nodes < 2 {
            let problem =
                Problem::new("a pattern of transfers needs at least two nodes").at(place, "chosen here");
            cx.problem(problem.help("give `machine.nodes`"));
            return None;
        }
        Some(match self {
            Pattern::AllToAll => Pairs::AllToAll { nodes },
            Pattern::Permutation => Pairs::Permutation { nodes, targets: Vec::new() },
            Pattern::Hotspot(to) => Pairs::Hotspot { nodes, to: to.node(machine, cx)?.index() as u64 },
            Pattern::Random => Pairs::Random { nodes },
        })
    }
}

/// The pairs of a pattern on so many nodes, round after round without end.
#[derive(Clone, Debug)]
pub(super) enum Pairs {
    AllToAll {
        nodes: u64,
    },
    /// `targets` holds where each node sends in the round that goes on.
    Permutation {
        nodes: u64,
        targets: Vec<u64>,
    },
    Hotspot {
        nodes: u64,
        to: u64,
    },
    Random {
        nodes: u64,
    },
}

impl Pairs {
    /// How many pairs make a round; none where there are no rounds.
    pub(super) fn round(&self) -> Option<u64> {
        match self {
            Pairs::AllToAll { nodes } => Some(nodes * (nodes - 1)),
            Pairs::Permutation { nodes, .. } => Some(*nodes),
            Pairs::Hotspot { nodes, .. } => Some(nodes - 1),
            Pairs::Random { .. } => None,
        }
    }

    /// Whether pairs are drawn: between two nodes there is but one permutation.
    pub(super) fn is_random(&self) -> bool {
        match self {
            Pairs::AllToAll { .. } | Pairs::Hotspot { .. } => false,
            Pairs::Permutation { nodes, .. } => *nodes > 2,
            Pairs::Random { .. } => true,
        }
    }

    /// Pair `number`, a sender and another node that receives. Numbers must be asked for one after another from 0.
    pub(super) fn pair(&mut self, number: u64, stream: &mut Stream) -> (NodeId, NodeId) {
        let (from, to) = match self {
            Pairs::AllToAll { nodes } => {
                let (shift, from) = (number / *nodes % (*nodes - 1) + 1, number % *nodes);
                (from, (from + shift) % *nodes)
            }
            Pairs::Permutation { nodes, targets } => {
                let from = number % *nodes;
                if from == 0 {
                    *targets = derangement(*nodes, stream);
                }
                (from, targets[from as usize])
            }
            Pairs::Hotspot { nodes, to } => {
                let from = number % (*nodes - 1);
                (from + u64::from(from >= *to), *to)
            }
            Pairs::Random { nodes } => {
                let (from, to) = (stream.below(*nodes), stream.below(*nodes - 1));
                (from, to + u64::from(to >= from))
            }
        };
        (NodeId::new(from as usize), NodeId::new(to as usize))
    }
}

/// A permutation that leaves none of `count` > 1 where it is, each equally likely: about one in e of all is such.
fn derangement(count: u64, stream: &mut Stream) -> Vec<u64> {
    let mut targets: Vec<u64> = (0..count).collect();
    loop {
        stream.shuffle(&mut targets);
        if targets.iter().enumerate().all(|(from, to)| from as u64 != *to) {
            return targets;
        }
    }
}
