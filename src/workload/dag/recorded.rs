//! A workflow that really ran, from its record.

use crate::import::wfformat::{self, Workflow};
use crate::machine::{Machine, Speed};
use crate::place::Place;
use crate::program::graph::Graph;
use crate::source::{Context, Read, Shape, Value};
use crate::workload::{file, task};

/// A recorded workflow. Work is the recorded runtime, wall time on the recorded number of cores, as a time on cores
/// of speed 1.
#[derive(Debug)]
pub(super) struct Recorded {
    /// Work in ticks.
    graph: Graph,
    machines: Vec<wfformat::Machine>,
    pub(super) makespan_seconds: Option<f64>,
    /// Where the scenario names the file.
    place: Place,
}

impl Read for Recorded {
    fn shape() -> Shape {
        Shape::Text("a path")
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let (path, bytes) = file::bytes(value, cx)?;
        match wfformat::read(&bytes) {
            Ok(Workflow { graph, machines, makespan_seconds, .. }) => {
                let per_second = cx.scale().ticks_per_second();
                let graph = graph.map_work(|_, seconds| wfformat::ticks(seconds, per_second));
                Some(Recorded { graph, machines, makespan_seconds, place: value.place })
            }
            Err(problems) => {
                for mut problem in problems {
                    problem.what = format!("in `{path}`, {}", problem.what);
                    cx.problem(problem.at(value.place, "named here"));
                }
                None
            }
        }
    }
}

impl Recorded {
    /// The graph, if `machine` can run it.
    pub(super) fn on(self, machine: &Machine, cx: &Context<'_>) -> Option<Graph> {
        let widest = self.graph.tasks().map(|task| self.graph.cores(task)).max().unwrap_or(1);
        task::fits(widest, self.place, None, machine, cx)?;
        Some(self.graph)
    }

    /// The machines that the file names: one node each, its cores of speed 1. None if there are none, or if it doesn't
    /// say how many cores each has.
    pub(super) fn machines(&self) -> Option<Machine> {
        let mut machine = Machine::default();
        for recorded in &self.machines {
            let speeds = vec![Speed::Given(1.0); recorded.cores? as usize];
            machine.add_node(Some(recorded.name.clone()), 1, f64::INFINITY, &speeds);
        }
        (!machine.is_empty()).then_some(machine)
    }
}
