//! For unit tests: workloads from a text of TOML on small machines.

use std::collections::BTreeMap;

use super::{Draws, WORKLOADS, Workload};
use crate::machine::{Machine, Speed};
use crate::program::{Program, TaskSpec};
use crate::source::{Context, Fields, Files, Kind, parse, render};

/// Files by their path.
pub(super) struct Given<'a>(pub(super) BTreeMap<&'a str, &'a str>);

impl Files for Given<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.0.get(path).map(|text| text.as_bytes().to_vec()).ok_or_else(|| "no such file".into())
    }
}

/// Nodes of `cores` cores each.
pub(super) fn machine(nodes: usize, cores: usize) -> Machine {
    let mut machine = Machine::default();
    for _ in 0..nodes {
        machine.add_node(None, 1, f64::INFINITY, &vec![Speed::Given(1.0); cores]);
    }
    machine
}

/// The workload that `text` describes below its only table, which is named for the kind; else the problems as the user
/// sees them.
pub(super) fn workload(
    text: &str,
    files: &dyn Files,
    machine: &Machine,
) -> Result<Box<dyn Workload>, String> {
    let cx = Context::new(files);
    let start = cx.map.borrow_mut().add("test.toml", text).expect("a short text");
    let mut problems = Vec::new();
    let document = parse(text, start, &mut problems);
    cx.problems(problems);
    let Kind::Table(table) = &document.kind else { panic!("a document is a table") };
    let (key, value) = table.only().expect("one workload");
    let entry = WORKLOADS.find(&key.name, value, &cx);
    let workload = entry.and_then(|entry| {
        let fields = Fields::open_entry(value, entry.name, entry.fields, &cx)?;
        (entry.read)(&fields)?.resolve(machine, &cx)
    });
    let problems = cx.take_problems();
    match workload {
        Some(workload) if problems.is_empty() => Ok(workload),
        _ => {
            assert!(!problems.is_empty(), "nothing was read and nothing is said");
            Err(render(&cx.map.borrow(), &problems, false))
        }
    }
}

/// The workload that `text` describes on two nodes of four cores.
pub(super) fn read(text: &str) -> Result<Box<dyn Workload>, String> {
    workload(text, &crate::source::NoFiles, &machine(2, 4))
}

/// The draws of a replicate.
pub(super) fn draws(replicate: u64) -> Draws {
    Draws { seed: 7, replicate, source: 1 }
}

/// The first `most` tasks of replicate 0.
pub(super) fn tasks(workload: &dyn Workload, most: usize) -> Vec<TaskSpec> {
    let Program::Stream(mut stream) = workload.start(&draws(0)) else { panic!("not a stream of tasks") };
    std::iter::from_fn(|| stream.next()).take(most).collect()
}
