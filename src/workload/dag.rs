//! A task graph with data on its edges: written out, generated, or recorded.

mod generated;
mod inline;
mod recorded;
mod standing;
#[cfg(test)]
mod tests;

use std::fmt::Debug;
use std::sync::Arc;

use super::task::{DEADLINE, PRIORITY, WEIGHT};
use super::tasks::only_one;
use super::{Described, Draws, Workload};
use crate::ids::TaskId;
use crate::machine::Machine;
use crate::program::graph::Graph;
use crate::program::{Kind, Program, Speedup, Standing};
use crate::registry::Entry;
use crate::source::{Context, Field, Fields, Value};
use generated::Generated;
use inline::Inline;
use recorded::Recorded;
use standing::{Given, Kinds};

const TASK: Field<Inline> =
    Field::new("task", "the tasks by their names, in the order of a list").instead_of("graph");
const GENERATE: Field<Box<Generated>> = Field::new("generate", "a family of graphs").instead_of("graph");
const FILE: Field<Recorded> =
    Field::new("file", "a recorded workflow: the path of a WfFormat 1.5 file").instead_of("graph");

/// The workload `dag`.
pub(super) static DAG: Entry<dyn Described> = Entry {
    name: "dag",
    about: "a task graph with data on its edges: written out, generated, or recorded in a file",
    cite: "",
    fields: &[&TASK, &GENERATE, &FILE, &PRIORITY, &DEADLINE, &WEIGHT],
    bare: None,
    read,
};

fn read(fields: &Fields<'_>) -> Option<Box<dyn Described>> {
    let (task, generate, file) = (fields.maybe(&TASK), fields.maybe(&GENERATE), fields.maybe(&FILE));
    let standing = Given::take(fields);
    let at = |name, value: Option<&Value>| value.map(|value| (name, value.place));
    let sides = [
        at("task", fields.given(&TASK)),
        at("generate", fields.given(&GENERATE)),
        at("file", fields.given(&FILE)),
    ];
    only_one(sides.into_iter().flatten(), "says what the graph is", fields.cx)?;
    let standing = standing?;
    match (task?, generate?, file?) {
        (Some(graph), _, _) => Some(Box::new(Table { graph, standing })),
        (_, Some(graph), _) => Some(Box::new(Table { graph: *graph, standing })),
        (_, _, Some(graph)) => Some(Box::new(Table { graph, standing })),
        (None, None, None) => {
            fields.missing("task", "the tasks of the graph; or give `generate` or `file`");
            None
        }
    }
}

/// The table as read: a graph, and how its tasks stand where they don't say so themselves.
#[derive(Debug)]
struct Table<G> {
    graph: G,
    standing: Given,
}

/// What makes a graph, the same one or another in each replicate.
trait Maker: Debug + Send + Sync {
    /// The graph of one replicate. Names, number and cores of its tasks are the same in all.
    fn graph(&self, draws: &Draws) -> Graph;

    /// Whether anything of it is drawn.
    fn is_random(&self) -> bool;
}

/// A graph on a machine.
#[derive(Debug)]
struct Dag {
    /// The graph, or one like it where each replicate has its own.
    graph: Arc<Graph>,
    /// Makes the graph of each replicate, where they differ.
    maker: Option<Box<dyn Maker>>,
    kinds: Kinds,
    recorded: Option<f64>,
}

impl Dag {
    fn new(graph: Graph) -> Self {
        let cores = graph.tasks().map(|task| graph.cores(task)).max().unwrap_or(1);
        let kind =
            Kind { name: None, cores, speedup: Speedup::Linear, pin: None, standing: Standing::default() };
        Dag { graph: Arc::new(graph), maker: None, kinds: Kinds::one(kind), recorded: None }
    }

    /// The same graph, of tasks that stand so by their numbers; all alike where there is one.
    fn standing(self, standings: &[Standing]) -> Self {
        Dag { kinds: Kinds::of(&self.kinds.all[0], standings), ..self }
    }

    fn made_by(maker: impl Maker + 'static) -> Self {
        let dag = Dag::new(maker.graph(&Draws { seed: 0, replicate: 0, source: 0 }));
        let random = maker.is_random();
        Dag { maker: random.then(|| Box::new(maker) as Box<dyn Maker>), ..dag }
    }
}

impl Workload for Dag {
    fn start(&self, draws: &Draws) -> Program {
        Program::Graph(match &self.maker {
            Some(maker) => Arc::new(maker.graph(draws)),
            None => self.graph.clone(),
        })
    }

    fn kinds(&self) -> &[Kind] {
        &self.kinds.all
    }

    fn kind_of(&self, number: u64) -> u32 {
        self.kinds.number(number)
    }

    fn count(&self) -> Option<u64> {
        Some(self.graph.len() as u64)
    }

    fn pins_within(&self) -> bool {
        self.is_pinned()
    }

    fn is_pinned(&self) -> bool {
        self.graph.tasks().any(|task| self.graph.pin(task).is_some())
    }

    fn is_random(&self) -> bool {
        self.maker.is_some()
    }

    fn task_name(&self, number: u64) -> String {
        self.graph.name(TaskId::new(number as usize)).to_string()
    }

    fn recorded(&self) -> Option<f64> {
        self.recorded
    }
}

impl Described for Table<Generated> {
    fn resolve(self: Box<Self>, _machine: &Machine, _cx: &Context<'_>) -> Option<Box<dyn Workload>> {
        let standing = Given::default().or(self.standing);
        Some(Box::new(Dag::made_by(self.graph).standing(&[standing])))
    }
}

impl Described for Table<Inline> {
    fn resolve(self: Box<Self>, machine: &Machine, cx: &Context<'_>) -> Option<Box<dyn Workload>> {
        let standings = self.graph.standings(self.standing);
        Some(Box::new(Dag::made_by(self.graph.on(machine, cx)?).standing(&standings)))
    }
}

impl Described for Table<Recorded> {
    fn resolve(self: Box<Self>, machine: &Machine, cx: &Context<'_>) -> Option<Box<dyn Workload>> {
        let (recorded, standing) = (self.graph.makespan_seconds, Given::default().or(self.standing));
        let dag = Dag { recorded, ..Dag::new(self.graph.on(machine, cx)?) };
        Some(Box::new(dag.standing(&[standing])))
    }

    fn machine(&self) -> Option<Machine> {
        self.graph.machines()
    }
}
