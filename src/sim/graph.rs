//! The tasks of a job's graph, all there from the start.

use std::sync::Arc;

use super::tasks::{Status, Task};
use super::world::World;
use crate::program::graph::{Graph, Work};
use crate::program::{Body, Op};
use crate::record::Recorder;
use crate::time::Time;

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// Puts the tasks of a job's graph side by side, those ready that wait for none.
    pub fn add_graph(&mut self, job: u32, graph: &Arc<Graph>, now: Time) {
        self.recorder.graph(job, graph);
        let base = self.tasks.slots();
        let on = self.jobs[job as usize].spec.on;
        let state = &mut self.jobs[job as usize];
        (state.base, state.exhausted) = (Some(base), true);
        (state.released, state.open) = (graph.len() as u64, graph.len() as u64);
        state.most_open = state.open;
        if let Some(tasks) = state.gathered.as_mut().map(std::mem::take) {
            return self.add_gathered(job, tasks, now);
        }
        for id in graph.tasks() {
            let allowed = graph.pin(id).map_or(on, |pin| (on.0.max(pin.0), on.1.min(pin.1)));
            let work = match graph.work(id) {
                Work::Uniform(work) => work,
                // Which core it will be is not known yet; its placement sets it.
                Work::PerCore(row) => {
                    row[allowed.0 as usize..allowed.1 as usize].iter().copied().fold(f64::INFINITY, f64::min)
                }
            };
            let error = self.jobs[job as usize].errors.get(id.index()).copied().unwrap_or(1.0);
            let awaiting = graph.preds(id).len() as u32;
            let body = Body::One(Op::Compute { work, traffic: 0.0 });
            let task = Task {
                kind: self.jobs[job as usize].spec.workload.kind_of(id.index() as u64),
                allowed,
                width: graph.cores(id),
                awaiting,
                ..Task::new(job, id.index() as u64, body, work * error, Status::Blocked)
            };
            let slot = self.tasks.append(task);
            if awaiting == 0 {
                self.make_ready(slot, None, now);
            } else {
                self.jobs[job as usize].blocked += 1;
            }
        }
    }
}
