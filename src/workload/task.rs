//! The keys that any task may carry.

use std::num::NonZeroU32;

use super::Draws;
use crate::error::Problem;
use crate::ids::NodeId;
use crate::machine::{Address, Machine};
use crate::place::Place;
use crate::program::{Body, Home, Kind, Op, Speedup, Standing, TaskSpec};
use crate::rng::{BytesLaw, Distribution, Purpose, Stream, WorkLaw};
use crate::source::{AnyField, Bytes, Context, Field, Fields, Later, Read, Shape, Value, Work};
use crate::time::{Span, Time};

pub(super) const NAME: Field<String> =
    Field::new("name", "what it is called; several tasks add their number").optional();
pub(super) const CLASS: Field<String> =
    Field::new("class", "what tasks of its kind are called together").optional();
pub(super) const WORK: Field<WorkLaw> = Field::new(
    "work",
    "how much there is to compute: a time on a core of speed 1 or operations, the total over all its cores",
)
.optional();
pub(super) const ESTIMATE: Field<Work> =
    Field::new("estimate", "its work as a scheduler may know it beforehand; if absent, the mean").optional();
pub(super) const PIN: Field<Address> =
    Field::new("pin", "the only part of the machine where it may run").optional();
pub(super) const CORES: Field<NonZeroU32> =
    Field::new("cores", "how many cores of one node it occupies; 1 if absent").optional();
pub(super) const SPEEDUP: Field<Box<Speedup>> =
    Field::new("speedup", "how several cores speed it up; linear if absent").optional();
pub(super) const MEMORY: Field<Memory> =
    Field::new("memory", "what it asks of the memory while it computes").optional();
pub(super) const DATA: Field<Data> =
    Field::new("data", "data that move to where it runs before it starts").optional();
pub(super) const PRIORITY: Field<u32> =
    Field::new("priority", "how urgent it is, for a queue that asks: greater is sooner; 0 if absent")
        .optional();
pub(super) const DEADLINE: Field<Span> =
    Field::new("deadline", "how long after its release it should have ended").optional();
pub(super) const WEIGHT: Field<f64> =
    Field::new("weight", "its share of cores that it shares with others; 1 if absent")
        .optional()
        .check(|weight| if *weight > 0.0 { Ok(()) } else { Err("must be above 0") });
pub(super) const LOCK: Field<Later> = Field::later("lock", "the lock that it holds");
pub(super) const DEVICE: Field<Later> = Field::later("device", "the accelerator that it uses");
pub(super) const FOOTPRINT: Field<Later> = Field::later("footprint", "how much memory it fills");
pub(super) const READS: Field<Later> = Field::later("read", "what it reads from storage");
pub(super) const WRITES: Field<Later> = Field::later("write", "what it writes to storage");

const TRAFFIC: Field<BytesLaw> = Field::new("traffic", "bytes that it asks for, spread evenly over its work");
const WORKING_SET: Field<Bytes> = Field::new("working_set", "how many different bytes they are").optional();
const PATTERN: Field<Pattern> = Field::new("pattern", "in which order it asks for them").default("stream");
const MISSES: Field<Later> = Field::later("mlp", "misses under way at once");
const HITS: Field<Later> = Field::later("hits", "the part of accesses that caches answer");
const OVERLAP: Field<Later> = Field::later("overlap", "how far computing and waiting for memory overlap");
const MEMORY_FIELDS: &[&dyn AnyField] = &[&TRAFFIC, &WORKING_SET, &PATTERN, &MISSES, &HITS, &OVERLAP];

const SIZE: Field<BytesLaw> = Field::new("size", "how many bytes they are");
const HOME: Field<Address> = Field::new("home", "the node where they lie");
const DATA_FIELDS: &[&dyn AnyField] = &[&SIZE, &HOME];

/// What a task asks of the memory.
#[derive(Clone, Debug)]
pub(super) struct Memory {
    traffic: Distribution,
}

impl Read for Memory {
    fn shape() -> Shape {
        Shape::Table(MEMORY_FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, MEMORY_FIELDS, cx)?;
        // A stream touches everything once, so that neither the working set nor the pattern changes anything.
        let (traffic, set, pattern) =
            (fields.take(&TRAFFIC), fields.maybe(&WORKING_SET), fields.take(&PATTERN));
        set.and(pattern)?;
        Some(Memory { traffic: traffic?.0 })
    }
}

/// In which order a task touches memory: everything once is all there is so far.
struct Pattern;

impl Read for Pattern {
    fn shape() -> Shape {
        Shape::Word(&["stream"])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        match value.text() {
            Some("stream") => return Some(Pattern),
            Some(later @ ("sweep" | "random" | "zipf")) => {
                cx.not_built(&format!("the memory pattern `{later}`"), value.place, "");
            }
            _ => cx.wrong_kind(value, "`\"stream\"`"),
        }
        None
    }
}

/// Data that a task needs where it runs.
#[derive(Clone, Debug)]
pub(super) struct Data {
    size: Distribution,
    home: Address,
}

impl Read for Data {
    fn shape() -> Shape {
        Shape::Table(DATA_FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, DATA_FIELDS, cx)?;
        let (size, home) = (fields.take(&SIZE), fields.take(&HOME));
        Some(Data { size: size?.0, home: home? })
    }
}

/// What the keys of a task say, each absent where it isn't given.
#[derive(Clone, Debug)]
pub(super) struct Given {
    /// Where its table stands.
    place: Place,
    pub(super) name: Option<String>,
    class: Option<String>,
    work: Option<Distribution>,
    estimate: Option<f64>,
    pin: Option<Address>,
    pub(super) cores: Option<(u32, Place)>,
    pub(super) speedup: Option<Speedup>,
    traffic: Option<Distribution>,
    data: Option<Data>,
    priority: Option<u32>,
    deadline: Option<Span>,
    weight: Option<f64>,
}

impl Given {
    /// Takes the keys out of a table that is being read.
    pub(super) fn take(fields: &Fields<'_>) -> Option<Self> {
        let (name, class, work) = (fields.maybe(&NAME), fields.maybe(&CLASS), fields.maybe(&WORK));
        let (estimate, pin, cores) = (fields.maybe(&ESTIMATE), fields.maybe(&PIN), fields.maybe(&CORES));
        let (speedup, memory, data) = (fields.maybe(&SPEEDUP), fields.maybe(&MEMORY), fields.maybe(&DATA));
        let (priority, deadline, weight) =
            (fields.maybe(&PRIORITY), fields.maybe(&DEADLINE), fields.maybe(&WEIGHT));
        let at = fields.given(&CORES).map_or(fields.place, |value| value.place);
        Some(Given {
            place: fields.place,
            name: name?,
            class: class?,
            work: work?.map(|work| work.0),
            estimate: estimate?.map(|work| work.0),
            pin: pin?,
            cores: cores?.map(|cores| (cores.get(), at)),
            speedup: speedup?.map(|speedup| *speedup),
            traffic: memory?.map(|memory| memory.traffic),
            data: data?,
            priority: priority?,
            deadline: deadline?,
            weight: weight?,
        })
    }

    /// Takes those keys out that a request may have, which runs on one core, and on any.
    pub(super) fn take_request(fields: &Fields<'_>) -> Option<Self> {
        let (priority, deadline, weight) =
            (fields.maybe(&PRIORITY), fields.maybe(&DEADLINE), fields.maybe(&WEIGHT));
        let (work, estimate) = (fields.maybe(&WORK), fields.maybe(&ESTIMATE));
        let (memory, data) = (fields.maybe(&MEMORY), fields.maybe(&DATA));
        Some(Given {
            place: fields.place,
            name: None,
            class: None,
            work: work?.map(|work| work.0),
            estimate: estimate?.map(|work| work.0),
            pin: None,
            cores: None,
            speedup: None,
            traffic: memory?.map(|memory| memory.traffic),
            data: data?,
            priority: priority?,
            deadline: deadline?,
            weight: weight?,
        })
    }

    /// These keys, and `defaults` for those that aren't given.
    pub(super) fn or(self, defaults: &Given) -> Given {
        let of = defaults.clone();
        Given {
            place: self.place,
            name: self.name.or(of.name),
            class: self.class.or(of.class),
            work: self.work.or(of.work),
            estimate: self.estimate.or(of.estimate),
            pin: self.pin.or(of.pin),
            cores: self.cores.or(of.cores),
            speedup: self.speedup.or(of.speedup),
            traffic: self.traffic.or(of.traffic),
            data: self.data.or(of.data),
            priority: self.priority.or(of.priority),
            deadline: self.deadline.or(of.deadline),
            weight: self.weight.or(of.weight),
        }
    }

    /// What tasks with these keys are like on `machine`. `kind` gives a kind its number.
    pub(super) fn resolve(
        &self,
        machine: &Machine,
        kind: impl FnOnce(Kind) -> u32,
        cx: &Context<'_>,
    ) -> Option<Template> {
        let pin = match &self.pin {
            Some(pin) => {
                pin.cores(machine, cx).map(|(from, to)| Some((from.index() as u32, to.index() as u32)))
            }
            None => Some(None),
        };
        let data = match &self.data {
            Some(Data { size, home }) => home.node(machine, cx).map(|home| Some((home, size.clone()))),
            None => Some(None),
        };
        if self.work.is_none() {
            let problem = Problem::new("a task needs `work`").at(self.place, "`work` is missing");
            cx.problem(problem.help(format!("`work`: {}", AnyField::about(&WORK))));
        }
        let (pin, data, work) = (pin?, data?, self.work.clone()?);
        let (cores, at) = self.cores.unwrap_or((1, self.place));
        fits(cores, at, pin, machine, cx)?;
        let speedup = self.speedup.unwrap_or(Speedup::Linear);
        let name = self.class.as_ref().or(self.name.as_ref()).cloned();
        let none = Standing::default();
        let standing = Standing {
            priority: self.priority.unwrap_or(none.priority),
            deadline: self.deadline,
            weight: self.weight.unwrap_or(none.weight),
        };
        Some(Template {
            expected: self.estimate.unwrap_or_else(|| work.mean()),
            work,
            traffic: self.traffic.clone(),
            data,
            kind: kind(Kind { name, cores, speedup, pin, standing }),
        })
    }
}

/// Reports a task of more `cores` than any node has within `pin`.
pub(super) fn fits(
    cores: u32,
    at: Place,
    pin: Option<(u32, u32)>,
    machine: &Machine,
    cx: &Context<'_>,
) -> Option<()> {
    let (from, to) = pin.unwrap_or((0, machine.len() as u32));
    let within = |node: &crate::machine::Node| {
        let (first, last) = (node.cores.0.index() as u32, node.cores.1.index() as u32);
        last.min(to).saturating_sub(first.max(from))
    };
    let most = machine.nodes.iter().map(within).max().unwrap_or(0);
    if cores <= most {
        return Some(());
    }
    let there = if pin.is_some() { "where it may run" } else { "of the machine" };
    let what = format!("a task of {cores} cores fits on no node {there}");
    let label = format!("the largest node has {most} of them");
    cx.problem(Problem::new(what).at(at, label).help("a task of several cores stays within a node"));
    None
}

/// What tasks are like: all that is not drawn, and what the rest is drawn from.
#[derive(Clone, Debug)]
pub(super) struct Template {
    work: Distribution,
    traffic: Option<Distribution>,
    data: Option<(NodeId, Distribution)>,
    expected: f64,
    kind: u32,
}

/// The streams from which tasks are drawn in the order of their numbers.
pub(super) struct Streams {
    work: Stream,
    traffic: Stream,
    data: Stream,
}

impl Streams {
    pub(super) fn new(draws: &Draws) -> Self {
        Streams {
            work: draws.stream(Purpose::Work),
            traffic: draws.stream(Purpose::Traffic),
            data: draws.stream(Purpose::Data),
        }
    }
}

impl Template {
    /// What its work is drawn from.
    pub(super) fn work(&self) -> &Distribution {
        &self.work
    }

    /// Whether it does nothing but compute.
    pub(super) fn is_plain(&self) -> bool {
        self.traffic.is_none() && self.data.is_none()
    }

    /// The number of its kind.
    pub(super) fn kind(&self) -> u32 {
        self.kind
    }

    /// Whether it asks for memory bandwidth.
    pub(super) fn asks_for_memory(&self) -> bool {
        self.traffic.is_some()
    }

    pub(super) fn is_random(&self) -> bool {
        let data = self.data.as_ref().map(|(_, size)| size);
        std::iter::once(&self.work).chain(&self.traffic).chain(data).any(Distribution::is_random)
    }

    /// Task `number`, there from `release` on.
    #[inline]
    pub(super) fn draw(&self, number: u64, release: Time, streams: &mut Streams) -> TaskSpec {
        let work = self.work.sample(&mut streams.work, number);
        let traffic =
            self.traffic.as_ref().map_or(0.0, |traffic| traffic.sample(&mut streams.traffic, number));
        let home = self
            .data
            .as_ref()
            .map(|(node, size)| Home { node: *node, bytes: size.sample(&mut streams.data, number) });
        let body = Body::One(Op::Compute { work, traffic });
        TaskSpec { release, body, kind: self.kind, home, expected: self.expected }
    }

    /// What task `number` does when it is tried again with other luck: all from one stream of its own.
    pub(super) fn redraw(&self, number: u64, mut stream: Stream) -> Body {
        let work = self.work.sample(&mut stream, number);
        let traffic = self.traffic.as_ref().map_or(0.0, |traffic| traffic.sample(&mut stream, number));
        Body::One(Op::Compute { work, traffic })
    }
}
