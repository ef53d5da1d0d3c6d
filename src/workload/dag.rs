//! A task graph with data on its edges: written out, generated, or recorded.

mod generated;
mod inline;
mod recorded;
#[cfg(test)]
mod tests;

use std::fmt::Debug;
use std::sync::Arc;

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
    fields: &[&TASK, &GENERATE, &FILE],
    bare: None,
    read,
};

fn read(fields: &Fields<'_>) -> Option<Box<dyn Described>> {
    let (task, generate, file) = (fields.maybe(&TASK), fields.maybe(&GENERATE), fields.maybe(&FILE));
    let at = |name, value: Option<&Value>| value.map(|value| (name, value.place));
    let sides = [
        at("task", fields.given(&TASK)),
        at("generate", fields.given(&GENERATE)),
        at("file", fields.given(&FILE)),
    ];
    only_one(sides.into_iter().flatten(), "says what the graph is", fields.cx)?;
    match (task?, generate?, file?) {
        (Some(inline), _, _) => Some(Box::new(inline)),
        (_, Some(generated), _) => Some(generated),
        (_, _, Some(recorded)) => Some(Box::new(recorded)),
        (None, None, None) => {
            fields.missing("task", "the tasks of the graph; or give `generate` or `file`");
            None
        }
    }
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
    kinds: [Kind; 1],
    recorded: Option<f64>,
}

impl Dag {
    fn new(graph: Graph) -> Self {
        let cores = graph.tasks().map(|task| graph.cores(task)).max().unwrap_or(1);
        let kind =
            Kind { name: None, cores, speedup: Speedup::Linear, pin: None, standing: Standing::default() };
        Dag { graph: Arc::new(graph), maker: None, kinds: [kind], recorded: None }
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
        &self.kinds
    }

    fn count(&self) -> Option<u64> {
        Some(self.graph.len() as u64)
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

impl Described for Generated {
    fn resolve(self: Box<Self>, _machine: &Machine, _cx: &Context<'_>) -> Option<Box<dyn Workload>> {
        Some(Box::new(Dag::made_by(*self)))
    }
}

impl Described for Inline {
    fn resolve(self: Box<Self>, machine: &Machine, cx: &Context<'_>) -> Option<Box<dyn Workload>> {
        Some(Box::new(Dag::made_by(self.on(machine, cx)?)))
    }
}

impl Described for Recorded {
    fn resolve(self: Box<Self>, machine: &Machine, cx: &Context<'_>) -> Option<Box<dyn Workload>> {
        let recorded = self.makespan_seconds;
        Some(Box::new(Dag { recorded, ..Dag::new(self.on(machine, cx)?) }))
    }

    fn machine(&self) -> Option<Machine> {
        self.machines()
    }
}
