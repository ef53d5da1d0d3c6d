//! Joining the two halves of the format, what was to be done and what was recorded, into a graph.

use std::collections::BTreeMap;

use super::document::{Document, Execution, File, MachineRecord, Record, Task};
use super::{Machine, Workflow};
use crate::error::Problem;
use crate::ids::{DatumId, TaskId};
use crate::program::graph::{Graph, GraphBuilder, GraphError, Work};

const TASKS: &str = "workflow.specification.tasks";
const FILES: &str = "workflow.specification.files";
const RECORDS: &str = "workflow.execution.tasks";

pub(super) fn join(document: Document) -> Result<Workflow, Vec<Problem>> {
    let Some(execution) = document.workflow.execution else {
        return Err(vec![
            Problem::new("there is no `workflow.execution`, so no task has a runtime")
                .help("record a run of this workflow, or choose an instance that has one"),
        ]);
    };
    let specification = document.workflow.specification;
    let mut join = Join::new(&specification.tasks, &specification.files, &execution);
    join.add_tasks();
    join.add_files();
    join.add_orderings();
    let machines = join.machines(&execution.machines);
    let makespan_seconds = execution.makespan_in_seconds;
    if makespan_seconds.is_some_and(|seconds| seconds < 0.0) {
        join.problems.push(Problem::new("`workflow.execution.makespanInSeconds` is negative"));
    }
    let graph = join.build()?;
    Ok(Workflow { name: document.name.unwrap_or_default(), graph, machines, makespan_seconds })
}

struct Join<'a> {
    tasks: &'a [Task],
    by_id: BTreeMap<&'a str, TaskId>,
    sizes: BTreeMap<&'a str, u64>,
    records: BTreeMap<&'a str, (usize, &'a Record)>,
    builder: GraphBuilder,
    problems: Vec<Problem>,
}

impl<'a> Join<'a> {
    fn new(tasks: &'a [Task], files: &'a [File], execution: &'a Execution) -> Self {
        let mut problems = Vec::new();
        let mut by_id = BTreeMap::new();
        for (at, task) in tasks.iter().enumerate() {
            if by_id.insert(task.id.as_str(), TaskId::new(at)).is_some() {
                problems.push(Problem::new(format!("`{TASKS}[{at}]`: there is another task `{}`", task.id)));
            }
        }
        let mut records = BTreeMap::new();
        for (at, record) in execution.tasks.iter().enumerate() {
            if records.insert(record.id.as_str(), (at, record)).is_some() {
                let what = format!("`{RECORDS}[{at}]`: there is another record of task `{}`", record.id);
                problems.push(Problem::new(what));
            }
        }
        let mut sizes = BTreeMap::new();
        for (at, file) in files.iter().enumerate() {
            let bytes = file.size_in_bytes;
            if bytes < 0.0 {
                let what = format!("`{FILES}[{at}].sizeInBytes`: the size of `{}` is negative", file.id);
                problems.push(Problem::new(what));
            }
            let bytes = bytes.round() as u64;
            if sizes.insert(file.id.as_str(), bytes).is_some_and(|other| other != bytes) {
                let what =
                    format!("`{FILES}[{at}].sizeInBytes`: `{}` is listed with another size too", file.id);
                problems.push(Problem::new(what));
            }
        }
        Self { tasks, by_id, sizes, records, builder: GraphBuilder::default(), problems }
    }

    fn add_tasks(&mut self) {
        for (at, task) in self.tasks.iter().enumerate() {
            let Some(&(place, record)) = self.records.get(task.id.as_str()) else {
                let what = format!("`{TASKS}[{at}]`: task `{}` has no record in `{RECORDS}`", task.id);
                self.problems.push(Problem::new(what));
                self.builder.task(&task.id, Work::Uniform(0.0));
                continue;
            };
            let seconds = record.runtime_in_seconds;
            if seconds < 0.0 {
                let what =
                    format!("`{RECORDS}[{place}].runtimeInSeconds`: task `{}` ran for {seconds} s", task.id);
                self.problems.push(Problem::new(what).help("a runtime is not negative"));
            }
            let id = self.builder.task(&task.id, Work::Uniform(seconds.max(0.0)));
            match whole(record.core_count.unwrap_or(1.0)) {
                Some(cores) => self.builder.cores(id, cores),
                None => {
                    let what = format!(
                        "`{RECORDS}[{place}].coreCount` of task `{}` must be a whole number, at least 1",
                        task.id
                    );
                    self.problems.push(Problem::new(what));
                }
            }
        }
    }

    /// Makes a datum of every file that a task makes, and lets the tasks that read it wait for it.
    fn add_files(&mut self) {
        let mut made: BTreeMap<&str, (TaskId, DatumId)> = BTreeMap::new();
        for (at, task) in self.tasks.iter().enumerate() {
            let maker = TaskId::new(at);
            for (place, file) in task.output_files.iter().enumerate() {
                let bytes = self.sizes.get(file.as_str()).copied();
                if bytes.is_none() {
                    let what =
                        format!("`{TASKS}[{at}].outputFiles[{place}]`: `{file}` isn't listed in `{FILES}`");
                    self.problems.push(Problem::new(what).help("without it, its size isn't known"));
                }
                match made.get(file.as_str()) {
                    Some(&(other, _)) if other != maker => {
                        let other = &self.tasks[other.index()].id;
                        let what = format!(
                            "`{TASKS}[{at}].outputFiles[{place}]`: file `{file}` is made by task `{}` and by `{other}`",
                            task.id
                        );
                        self.problems.push(Problem::new(what).help("a file can have one producer only"));
                    }
                    Some(_) => {}
                    None => {
                        let datum = self.builder.datum(maker, bytes.unwrap_or(0));
                        made.insert(file, (maker, datum));
                    }
                }
            }
        }
        for (at, task) in self.tasks.iter().enumerate() {
            let reader = TaskId::new(at);
            for &(maker, datum) in task.input_files.iter().filter_map(|file| made.get(file.as_str())) {
                if maker != reader {
                    self.builder.reads(reader, datum);
                }
            }
        }
    }

    fn add_orderings(&mut self) {
        for (at, task) in self.tasks.iter().enumerate() {
            let this = TaskId::new(at);
            for (place, parent) in task.parents.iter().enumerate() {
                match self.by_id.get(parent.as_str()) {
                    Some(&parent) => self.builder.order(parent, this),
                    None => self.unknown_relative(at, "parent", &format!("parents[{place}]"), parent),
                }
            }
            for (place, child) in task.children.iter().enumerate() {
                match self.by_id.get(child.as_str()) {
                    Some(&child) => self.builder.order(this, child),
                    None => self.unknown_relative(at, "child", &format!("children[{place}]"), child),
                }
            }
        }
    }

    fn unknown_relative(&mut self, at: usize, role: &str, path: &str, name: &str) {
        let task = &self.tasks[at].id;
        let what = format!("`{TASKS}[{at}].{path}`: the {role} `{name}` of task `{task}` is no task");
        self.problems.push(Problem::new(what));
    }

    fn machines(&mut self, records: &[MachineRecord]) -> Vec<Machine> {
        let mut machines = Vec::with_capacity(records.len());
        for (at, record) in records.iter().enumerate() {
            let given = record.cpu.as_ref().and_then(|cpu| cpu.core_count);
            let cores = given.and_then(whole);
            if given.is_some() && cores.is_none() {
                let what = format!(
                    "`workflow.execution.machines[{at}].cpu.coreCount` of `{}` must be a whole number, at least 1",
                    record.node_name
                );
                self.problems.push(Problem::new(what));
            }
            machines.push(Machine { name: record.node_name.clone(), cores });
        }
        machines
    }

    fn build(mut self) -> Result<Graph, Vec<Problem>> {
        match self.builder.build() {
            Ok(graph) if self.problems.is_empty() => return Ok(graph),
            Ok(_) => {}
            Err(errors) => self.problems.extend(errors.iter().map(|error| match error {
                GraphError::SelfEdge(task) => {
                    Problem::new(format!("`{TASKS}[{}]`: task {error}", task.id.index()))
                }
                _ => Problem::new(format!("`{TASKS}`: {error}")),
            })),
        }
        Err(self.problems)
    }
}

/// A count of at least 1.
fn whole(count: f64) -> Option<u32> {
    (count >= 1.0 && count <= f64::from(u32::MAX) && count.floor() == count).then_some(count as u32)
}
