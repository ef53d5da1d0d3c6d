//! Independent tasks gathered into a graph without edges, for policies that plan all of them.

use std::sync::Arc;

use super::job::work_of;
use super::tasks::{Status, Task};
use super::world::World;
use crate::program::graph::{Graph, GraphBuilder, Work};
use crate::program::{Kind, TaskSpec};
use crate::record::Recorder;
use crate::time::Time;

/// The graph of `tasks`, by which they are planned.
pub(super) fn graph(tasks: &[TaskSpec], kinds: &[Kind]) -> Arc<Graph> {
    let mut builder = GraphBuilder::default();
    let stem = builder.stem("task");
    for (number, spec) in (0..).zip(tasks) {
        let kind = &kinds[spec.kind as usize];
        let work = work_of(&spec.body) / kind.speedup.on(kind.cores);
        let task = builder.numbered(stem, &[number], Work::Uniform(work));
        builder.cores(task, kind.cores);
        if let Some(pin) = kind.pin {
            builder.pin(task, pin);
        }
    }
    Arc::new(builder.build().expect("tasks without edges make no cycle"))
}

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// Puts tasks that were gathered side by side, all ready.
    pub fn add_gathered(&mut self, job: u32, tasks: Vec<TaskSpec>, now: Time) {
        for (number, spec) in (0..).zip(tasks) {
            let state = &self.jobs[job as usize];
            let kind = &state.kinds[spec.kind as usize];
            let error = state.errors.get(number as usize).copied().unwrap_or(1.0);
            let expected = work_of(&spec.body) / kind.parallel * error;
            let task = Task {
                kind: spec.kind,
                allowed: kind.allowed,
                width: kind.width,
                ..Task::new(job, number, spec.body, expected, Status::Blocked)
            };
            let slot = self.tasks.append(task);
            self.tasks.set_home(slot, spec.home);
            self.make_ready(slot, None, now);
        }
    }
}
