//! A graph whose tasks the scenario writes out.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use super::Maker;
use super::standing::Given;
use crate::error::{Problem, nearest};
use crate::ids::TaskId;
use crate::machine::{Address, Machine};
use crate::place::Place;
use crate::program::graph::{Graph, GraphBuilder, GraphError, Work};
use crate::program::{Speedup, Standing};
use crate::rng::{BytesLaw, Distribution, FAMILIES, Purpose, WorkLaw};
use crate::source::{AnyField, Context, Field, Fields, Key, Kind, Later, Named, Read, Shape, Value};
use crate::time::Span;
use crate::units::Dimension;
use crate::workload::Draws;
use crate::workload::task::{CORES, DEADLINE, PIN, PRIORITY, SPEEDUP, WEIGHT, fits};

const WORK: Field<Cost> = Field::new(
    "work",
    "how much there is to compute, or `{ per_core = [...] }`: how long it takes on each core of the machine",
);
const AFTER: Field<After> = Field::new(
    "after",
    "the tasks that must end first: a list, or a table of what each sends, such as \"18 B\"",
)
.optional();
const CLASS: Field<Later> = Field::later("class", "what tasks of its kind are called together");
const ESTIMATE: Field<Later> = Field::later("estimate", "its work as a scheduler may know it beforehand");
const MEMORY: Field<Later> = Field::later("memory", "what it asks of the memory while it computes");
const DATA: Field<Later> = Field::later("data", "data that move to where it runs before it starts");
const LOCK: Field<Later> = Field::later("lock", "the lock that it holds");
const DEVICE: Field<Later> = Field::later("device", "the accelerator that it uses");
const FIELDS: &[&dyn AnyField] = &[
    &WORK, &AFTER, &CORES, &SPEEDUP, &PIN, &CLASS, &ESTIMATE, &MEMORY, &DATA, &PRIORITY, &DEADLINE, &WEIGHT,
    &LOCK, &DEVICE,
];

const PER_CORE: Field<Vec<Span>> = Field::new("per_core", "how long it takes on each core, by its number");
const BY_NUMBER: &[&dyn AnyField] = &[&PER_CORE];

/// What a task costs.
#[derive(Debug)]
enum Cost {
    /// Work, in total over its cores.
    Law(Distribution),
    /// Ticks on each core of the machine, and where the list stands.
    PerCore(Vec<f64>, Place),
}

impl Read for Cost {
    fn shape() -> Shape {
        let law = Shape::Distribution { dimension: Dimension::Work, families: &FAMILIES };
        Shape::OneOf(vec![law, Shape::Table(BY_NUMBER)])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        if value.table().is_none_or(|table| table.get("per_core").is_none()) {
            return WorkLaw::read(value, cx).map(|law| Cost::Law(law.0));
        }
        let fields = Fields::open(value, BY_NUMBER, cx)?;
        let place = fields.given(&PER_CORE).map_or(value.place, |list| list.place);
        let row = fields.take(&PER_CORE)?;
        Some(Cost::PerCore(row.into_iter().map(|time| time.ticks() as f64).collect(), place))
    }
}

/// The tasks that must end before another, and how many bytes each sends to it.
#[derive(Debug)]
struct After(Vec<(Key, Option<Distribution>)>);

impl Read for After {
    fn shape() -> Shape {
        let bytes = Shape::Distribution { dimension: Dimension::Bytes, families: &FAMILIES };
        Shape::OneOf(vec![Shape::List(Box::new(Shape::Text("a task"))), Shape::Named(Box::new(bytes))])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        match &value.kind {
            Kind::Table(_) => {
                let Named(each) = Named::<BytesLaw>::read(value, cx)?;
                Some(After(each.into_iter().map(|(key, bytes)| (key, Some(bytes.0))).collect()))
            }
            Kind::List(items) => {
                let name = |item: &Value| {
                    let name = String::read(item, cx)?;
                    Some((Key { name, place: item.place }, None))
                };
                let each: Vec<Option<_>> = items.iter().map(name).collect();
                each.into_iter().collect::<Option<_>>().map(After)
            }
            _ => {
                cx.wrong_kind(value, "a list of tasks, or a table of tasks with the bytes that each sends");
                None
            }
        }
    }
}

/// The keys of one task.
#[derive(Debug)]
struct Written {
    place: Place,
    cost: Cost,
    after: Vec<(Key, Option<Distribution>)>,
    cores: u32,
    cores_place: Place,
    speedup: Speedup,
    pin: Option<Address>,
    standing: Given,
}

impl Read for Written {
    fn shape() -> Shape {
        Shape::Table(FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, FIELDS, cx)?;
        let (cost, after, pin) = (fields.take(&WORK), fields.maybe(&AFTER), fields.maybe(&PIN));
        let (cores, speedup, standing) = (fields.maybe(&CORES), fields.maybe(&SPEEDUP), Given::take(&fields));
        let cores_place = fields.given(&CORES).map_or(value.place, |cores| cores.place);
        let (cost, cores) = (cost?, cores?.map_or(1, NonZeroU32::get));
        if let (Cost::PerCore(_, place), 2..) = (&cost, cores) {
            let problem =
                Problem::new("`per_core` is for tasks of one core").at(*place, "a time on each core");
            cx.problem(problem.also(cores_place, "several cores"));
            return None;
        }
        Some(Written {
            place: value.place,
            cost,
            after: after?.map_or_else(Vec::new, |after| after.0),
            cores,
            cores_place,
            speedup: speedup?.map_or(Speedup::Linear, |speedup| *speedup),
            pin: pin?,
            standing: standing?,
        })
    }
}

/// A graph as the scenario writes it out: its edges are checked, the machine is not known yet.
#[derive(Debug)]
pub(super) struct Inline {
    tasks: Vec<(Key, Written)>,
    /// The task of each name.
    numbers: BTreeMap<String, TaskId>,
}

impl Read for Inline {
    fn shape() -> Shape {
        Shape::Named(Box::new(Written::shape()))
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let Named(tasks) = Named::<Written>::read(value, cx)?;
        let number = |(at, (key, _)): (usize, &(Key, Written))| (key.name.clone(), TaskId::new(at));
        let inline = Inline { numbers: tasks.iter().enumerate().map(number).collect(), tasks };
        inline.check_edges(cx)?;
        Some(inline)
    }
}

impl Inline {
    fn check_edges(&self, cx: &Context<'_>) -> Option<()> {
        let mut sound = Some(());
        let mut edges = GraphBuilder::default();
        for (key, _) in &self.tasks {
            edges.task(&key.name, Work::Uniform(0.0));
        }
        for (at, (key, task)) in self.tasks.iter().enumerate() {
            for (before, _) in &task.after {
                match self.numbers.get(&before.name) {
                    Some(number) if number.index() == at => {
                        let what = format!("`{}` waits for itself", key.name);
                        cx.problem(Problem::new(what).at(before.place, "here"));
                        sound = None;
                    }
                    Some(number) => edges.order(*number, TaskId::new(at)),
                    None => {
                        cx.problem(self.unknown(before));
                        sound = None;
                    }
                }
            }
        }
        if let Err(errors) = edges.build() {
            cx.problems(errors.iter().map(|error| self.problem(error)));
            sound = None;
        }
        sound
    }

    fn unknown(&self, before: &Key) -> Problem {
        let problem = Problem::new(format!("there is no task `{}`", before.name))
            .at(before.place, "not a task of this graph");
        match nearest(&before.name, self.numbers.keys().map(String::as_str)) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem,
        }
    }

    /// What is wrong with the edges, at the tasks that they are of.
    fn problem(&self, error: &GraphError) -> Problem {
        let problem = Problem::new(error.to_string());
        let GraphError::Cycle(tasks) = error else { return problem };
        // Each of them waits for the one before it; where it says so is the place to change.
        let waits = |at: usize| {
            let (this, before) = (&tasks[at], &tasks[(at + tasks.len() - 1) % tasks.len()]);
            let (_, task) = &self.tasks[this.id.index()];
            let place = task.after.iter().find(|(key, _)| key.name == before.name).map(|(key, _)| key.place);
            (place.unwrap_or(task.place), format!("`{}` waits for `{}`", this.name, before.name))
        };
        let (place, label) = waits(0);
        (1..tasks.len())
            .map(waits)
            .fold(problem.at(place, label), |problem, (place, label)| problem.also(place, label))
    }

    /// How each task stands against others, by `defaults` where its keys don't say.
    pub(super) fn standings(&self, defaults: Given) -> Vec<Standing> {
        self.tasks.iter().map(|(_, task)| task.standing.or(defaults)).collect()
    }

    /// The graph on `machine`.
    pub(super) fn on(self, machine: &Machine, cx: &Context<'_>) -> Option<Placed> {
        let read = |(key, task): (Key, Written)| {
            let after = task.after.iter().filter_map(|(before, bytes)| {
                self.numbers.get(&before.name).map(|number| (*number, bytes.clone()))
            });
            let after = after.collect();
            let node = match &task.pin {
                Some(pin) => pin.node(machine, cx).map(Some),
                None => Some(None),
            }?;
            let pin = node.map(|node| {
                let (from, to) = machine.nodes[node.index()].cores;
                (from.index() as u32, to.index() as u32)
            });
            fits(task.cores, task.cores_place, pin, machine, cx)?;
            if let Cost::PerCore(row, place) = &task.cost
                && row.len() != machine.len()
            {
                let what = format!(
                    "`{}` has {} times for the {} cores of the machine",
                    key.name,
                    row.len(),
                    machine.len()
                );
                cx.problem(Problem::new(what).at(*place, format!("must hold {}", machine.len())));
                return None;
            }
            let parallel = task.speedup.on(task.cores);
            Some(Task { name: key.name, cost: task.cost, parallel, after, cores: task.cores, pin })
        };
        let tasks: Vec<Option<Task>> = self.tasks.into_iter().map(read).collect();
        tasks.into_iter().collect::<Option<_>>().map(Placed)
    }
}

/// A task on a machine.
#[derive(Debug)]
struct Task {
    name: String,
    cost: Cost,
    /// How many times faster it is on its cores than on one.
    parallel: f64,
    after: Vec<(TaskId, Option<Distribution>)>,
    cores: u32,
    /// The cores of its node, if it is pinned to one.
    pin: Option<(u32, u32)>,
}

/// A graph on a machine, which may still draw its work and sizes.
#[derive(Debug)]
pub(super) struct Placed(Vec<Task>);

impl Maker for Placed {
    fn graph(&self, draws: &Draws) -> Graph {
        let (mut works, mut sizes) = (draws.stream(Purpose::Work), draws.stream(Purpose::Size));
        let mut builder = GraphBuilder::default();
        for (at, task) in self.0.iter().enumerate() {
            let id = match &task.cost {
                Cost::Law(law) => {
                    let work = law.sample(&mut works, at as u64) / task.parallel;
                    builder.task(&task.name, Work::Uniform(work))
                }
                Cost::PerCore(row, _) => builder.task(&task.name, Work::PerCore(row)),
            };
            builder.cores(id, task.cores);
            if let Some(cores) = task.pin {
                builder.pin(id, cores);
            }
        }
        let mut sent = 0;
        for (at, task) in self.0.iter().enumerate() {
            for (before, bytes) in &task.after {
                match bytes {
                    Some(law) => {
                        let bytes = law.sample(&mut sizes, sent).round() as u64;
                        builder.send(*before, TaskId::new(at), bytes);
                        sent += 1;
                    }
                    None => builder.order(*before, TaskId::new(at)),
                }
            }
        }
        builder.build().expect("edges and rows were checked when they were read")
    }

    fn is_random(&self) -> bool {
        let random = |task: &Task| {
            let work = matches!(&task.cost, Cost::Law(law) if law.is_random());
            work || task.after.iter().any(|(_, bytes)| bytes.as_ref().is_some_and(Distribution::is_random))
        };
        self.0.iter().any(random)
    }
}
