//! Groups of identical nodes: the keys that `[machine]` and `[machine.group.NAME]` share.

use std::num::NonZeroU32;

use super::speed::{Pace, Speeds};
use crate::error::Problem;
use crate::place::Place;
use crate::source::{AnyField, Bandwidth, Context, Field, Fields, Later, Named, Read, Shape, Value};

pub(super) const NODES: Field<NonZeroU32> = Field::new("nodes", "how many identical nodes").optional();
pub(super) const SOCKETS: Field<NonZeroU32> =
    Field::new("sockets", "sockets of a node, each with a memory of its own").optional();
pub(super) const CORES: Field<NonZeroU32> =
    Field::new("cores", "cores of a node, divided evenly among its sockets").instead_of("cores");
pub(super) const KINDS: Field<Named<CoreKind>> =
    Field::new("core_kind", "the kinds of cores of a node, by name: instead of `cores`").instead_of("cores");
pub(super) const SPEED: Field<Speeds> = Field::new(
    "speed",
    "how fast a core is: a factor, a rate, a list over the cores of a node, or a distribution drawn for each core",
)
.optional();
pub(super) const MEMORY: Field<Memory> = Field::new("memory", "the memory of each socket").optional();

pub(super) const SMT: Field<Later> = Field::later("smt", "hardware threads of a core");
pub(super) const CROWDING: Field<Later> =
    Field::later("crowding", "what a core gives to 1, 2, … users together");
pub(super) const POWER: Field<Later> = Field::later("power", "what a node draws");
pub(super) const CACHE: Field<Later> = Field::later("cache", "the caches of a socket, by level");
pub(super) const DEVICE: Field<Later> = Field::later("device", "the accelerators of a node");
pub(super) const STORAGE: Field<Later> = Field::later("storage", "where files lie");

const FIELDS: &[&dyn AnyField] =
    &[&NODES, &SOCKETS, &CORES, &KINDS, &SPEED, &MEMORY, &SMT, &CROWDING, &POWER, &CACHE, &DEVICE, &STORAGE];

const COUNT: Field<NonZeroU32> = Field::new("count", "how many cores of this kind a node has");
const KIND_FIELDS: &[&dyn AnyField] = &[&COUNT, &SPEED];

const BANDWIDTH: Field<Bandwidth> = Field::new(
    "bandwidth",
    "what the memory of a socket gives to all its cores together; unlimited if absent",
)
.optional()
.check(|bandwidth| if bandwidth.0 > 0.0 { Ok(()) } else { Err("must be above 0") });
const SIZE: Field<Later> = Field::later("size", "how much it holds");
const LATENCY: Field<Later> = Field::later("latency", "how long a core waits for it");
const PLACEMENT: Field<Later> = Field::later("placement", "where data come to lie");
const MISSES: Field<Later> = Field::later("mlp", "misses under way at once");
const HITS: Field<Later> = Field::later("hits", "the part of accesses that caches answer");
const OVERLAP: Field<Later> = Field::later("overlap", "how far computing and waiting for memory overlap");
const FULL: Field<Later> = Field::later("when_full", "what happens to work that doesn't fit");
const MEMORY_FIELDS: &[&dyn AnyField] =
    &[&BANDWIDTH, &SIZE, &LATENCY, &PLACEMENT, &MISSES, &HITS, &OVERLAP, &FULL];

/// The memory of a socket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Memory {
    /// Bytes per tick; none given where absent.
    bandwidth: Option<f64>,
}

impl Read for Memory {
    fn shape() -> Shape {
        Shape::Table(MEMORY_FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, MEMORY_FIELDS, cx)?;
        Some(Memory { bandwidth: fields.maybe(&BANDWIDTH)?.map(|bandwidth| bandwidth.0) })
    }
}

/// Cores of one kind on a node.
#[derive(Clone, Debug)]
pub(super) struct CoreKind {
    count: usize,
    speed: Option<Speeds>,
}

impl Read for CoreKind {
    fn shape() -> Shape {
        Shape::Table(KIND_FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, KIND_FIELDS, cx)?;
        let (count, speed) = (fields.take(&COUNT), fields.maybe(&SPEED));
        let (count, speed) = (count?.get() as usize, speed?);
        if let Some(Speeds::OfMachine(_, place)) = speed {
            cx.problem(whole_machine(place));
            return None;
        }
        Some(CoreKind { count, speed })
    }
}

/// What `per_core` is where it can't be.
fn whole_machine(place: Place) -> Problem {
    Problem::new("`per_core` runs over all cores of the machine")
        .at(place, "stands in a part of it")
        .help("give a plain list, which runs over these cores, or move it to `machine.speed`")
}

/// The cores of a node.
#[derive(Clone, Debug)]
pub(super) enum Cores {
    /// So many of one kind.
    Alike(usize),
    /// A mix.
    Mixed(Vec<CoreKind>),
}

impl Cores {
    fn count(&self) -> usize {
        match self {
            Cores::Alike(count) => *count,
            Cores::Mixed(kinds) => kinds.iter().map(|kind| kind.count).sum(),
        }
    }
}

/// A value and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct At<T>(pub T, pub Place);

/// The keys that make a group, each absent where the table doesn't give it.
pub(super) struct Part {
    nodes: Option<At<usize>>,
    sockets: Option<At<usize>>,
    cores: Option<At<Cores>>,
    speed: Option<Speeds>,
    bandwidth: Option<f64>,
}

impl Read for Part {
    fn shape() -> Shape {
        Shape::Table(FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, FIELDS, cx)?;
        let part = Part::take(&fields)?;
        if let Some(Speeds::OfMachine(_, place)) = part.speed {
            cx.problem(whole_machine(place));
            return None;
        }
        Some(part)
    }
}

impl Part {
    /// Takes the shared keys out of a table that is being read.
    pub(super) fn take(fields: &Fields<'_>) -> Option<Self> {
        let count = |field: &Field<NonZeroU32>| {
            let at = fields.given(field).map_or(fields.place, |value| value.place);
            fields.maybe(field).map(|given| given.map(|count| At(count.get() as usize, at)))
        };
        let (nodes, sockets, cores) = (count(&NODES), count(&SOCKETS), count(&CORES));
        let (kinds, speed, memory) = (fields.maybe(&KINDS), fields.maybe(&SPEED), fields.maybe(&MEMORY));
        let cores = match (cores?, kinds?) {
            (Some(cores), Some(_)) => {
                let kinds = fields.given(&KINDS).map_or(fields.place, |value| value.place);
                fields.cx.problem(
                    Problem::new("`cores` and `core_kind` both say what cores a node has")
                        .at(kinds, "the kinds")
                        .also(cores.1, "the number")
                        .help("keep one of them"),
                );
                return None;
            }
            (Some(At(count, place)), None) => Some(At(Cores::Alike(count), place)),
            (None, Some(Named(kinds))) => {
                let place = fields.given(&KINDS).map_or(fields.place, |value| value.place);
                Some(At(Cores::Mixed(kinds.into_iter().map(|(_, kind)| kind).collect()), place))
            }
            (None, None) => None,
        };
        let (nodes, sockets, speed, bandwidth) =
            (nodes?, sockets?, speed?, memory?.and_then(|memory| memory.bandwidth));
        Some(Part { nodes, sockets, cores, speed, bandwidth })
    }

    /// The group `name`, `defaults` standing in for what its table leaves out.
    pub(super) fn complete(self, name: &str, defaults: &Complete) -> Complete {
        Complete {
            name: name.to_owned(),
            nodes: self.nodes.unwrap_or(defaults.nodes),
            sockets: self.sockets.unwrap_or(defaults.sockets),
            cores: self.cores.unwrap_or_else(|| defaults.cores.clone()),
            speed: self.speed.unwrap_or_else(|| defaults.speed.clone()),
            bandwidth: self.bandwidth.unwrap_or(defaults.bandwidth),
        }
    }

    /// The whole of `[machine]`, `fields` giving the defaults of the language for what it leaves out.
    pub(super) fn complete_machine(self, fields: &Fields<'_>) -> Option<Complete> {
        let one = |given: Option<At<usize>>, field: &Field<NonZeroU32>| match given {
            Some(given) => Some(given),
            None => fields.take(field).map(|one| At(one.get() as usize, fields.place)),
        };
        Some(Complete {
            name: "node".to_owned(),
            nodes: one(self.nodes, &OF_MACHINE.nodes)?,
            sockets: one(self.sockets, &OF_MACHINE.sockets)?,
            cores: match self.cores {
                Some(cores) => cores,
                None => one(None, &OF_MACHINE.cores).map(|At(count, at)| At(Cores::Alike(count), at))?,
            },
            speed: match self.speed {
                Some(speed) => speed,
                None => fields.take(&OF_MACHINE.speed)?.placed(fields.place),
            },
            bandwidth: self.bandwidth.unwrap_or(f64::INFINITY),
        })
    }
}

/// The shared keys that have a default in `[machine]`.
pub(super) struct Defaulted {
    pub(super) nodes: Field<NonZeroU32>,
    pub(super) sockets: Field<NonZeroU32>,
    pub(super) cores: Field<NonZeroU32>,
    pub(super) speed: Field<Speeds>,
}

pub(super) const OF_MACHINE: Defaulted = Defaulted {
    nodes: NODES.default("1"),
    sockets: SOCKETS.default("1"),
    cores: CORES.default("1"),
    speed: SPEED.default("1.0"),
};

/// A group with all that makes it.
pub(super) struct Complete {
    pub(super) name: String,
    pub(super) nodes: At<usize>,
    pub(super) sockets: At<usize>,
    cores: At<Cores>,
    pub(super) speed: Speeds,
    pub(super) bandwidth: f64,
}

impl Complete {
    /// The cores of one of its nodes.
    pub(super) fn cores(&self) -> usize {
        self.cores.0.count()
    }

    /// Where the larger of its counts stands.
    pub(super) fn largest(&self) -> Place {
        if self.nodes.0 > self.cores() { self.nodes.1 } else { self.cores.1 }
    }

    /// The problem that its sockets don't divide its cores, if they don't.
    pub(super) fn undivided(&self) -> Option<Problem> {
        let (cores, At(sockets, at)) = (self.cores(), self.sockets);
        if cores.is_multiple_of(sockets) {
            return None;
        }
        let some =
            |number: usize, noun: &str| format!("{number} {noun}{}", if number == 1 { "" } else { "s" });
        let (below, above) = (cores / sockets * sockets, cores.div_ceil(sockets) * sockets);
        let right = if below == 0 { above.to_string() } else { format!("{below} or {above}") };
        // One socket always divides them.
        let fewer = (1..sockets).rev().find(|fewer| cores.is_multiple_of(*fewer)).unwrap_or(1);
        let (cores, sockets) = (some(cores, "core"), some(sockets, "socket"));
        let problem = Problem::new(format!("{cores} can't be divided evenly among {sockets}"))
            .at(self.cores.1, cores)
            .help(format!("write {right} cores, or {}", some(fewer, "socket")));
        Some(if at == self.cores.1 { problem } else { problem.also(at, sockets) })
    }

    /// The speeds of the cores of a node of which the first core has the number `first` in the machine.
    ///
    /// # Errors
    /// A list of another length than there are cores.
    pub(super) fn paces(&self, first: usize) -> Result<Vec<&Pace>, Problem> {
        let count = self.cores();
        let kinds = match &self.cores.0 {
            Cores::Alike(_) => return self.speed.of(count, first).map_err(|problem| self.named(problem)),
            Cores::Mixed(kinds) => kinds,
        };
        let mut paces = Vec::with_capacity(count);
        for kind in kinds {
            let own = match &kind.speed {
                Some(speed) => speed.of(kind.count, 0)?,
                None => {
                    let node = self.speed.of(count, first).map_err(|problem| self.named(problem))?;
                    node[paces.len()..paces.len() + kind.count].to_vec()
                }
            };
            paces.extend(own);
        }
        Ok(paces)
    }

    /// Shows the group too, whose speeds may stand in `[machine]`.
    fn named(&self, problem: Problem) -> Problem {
        problem.also(self.cores.1, format!("{} cores a node here", self.cores()))
    }
}
