//! Plans: each core runs what its plan has next, when that is ready and its other cores are free too.

use super::tasks::Status;
use super::world::World;
use crate::engine::Queue;
use crate::ids::{CoreId, TaskId};
use crate::record::{Recorder, Why};
use crate::time::Time;

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// A planned job's ready tasks may be what their cores wait for.
    pub fn touch_planned(&mut self, job: usize) {
        let state = &mut self.jobs[job];
        let Some(plan) = &state.plan else { return };
        for ready in state.ready.drain(..) {
            self.touched.extend_from_slice(plan.cores(TaskId::new(ready.number as usize)));
        }
    }

    /// Starts the task that a plan has for this core now, if it is ready and its other cores are free for it too; false
    /// if there is none.
    pub fn serve_plans(&mut self, core: CoreId, now: Time, queue: &mut Queue) -> bool {
        for job in 0..self.jobs.len() {
            if let Some(number) = self.planned_next(job, core) {
                self.start_planned(job, number, now, queue);
                return true;
            }
        }
        false
    }

    fn planned_next(&self, job: usize, core: CoreId) -> Option<TaskId> {
        let state = &self.jobs[job];
        let plan = state.plan.as_ref().filter(|_| state.halt.is_none() && state.base.is_some())?;
        let status = |number: TaskId| self.tasks[state.slot(number.index() as u64)].status;
        // What was dropped is passed over.
        let next = |core: CoreId| {
            let rest = plan.order(core).get(state.position[core.index()] as usize..)?;
            rest.iter().copied().find(|number| status(*number) != Status::Ended)
        };
        let number = next(core)?;
        let all_free =
            plan.cores(number).iter().all(|core| self.free.contains(*core) && next(*core) == Some(number));
        (status(number) == Status::Ready && all_free).then_some(number)
    }

    fn start_planned(&mut self, job: usize, number: TaskId, now: Time, queue: &mut Queue) {
        let state = &mut self.jobs[job];
        let task = state.slot(number.index() as u64);
        let Some(plan) = &state.plan else { return };
        let Some(lowest) = plan.cores(number).first() else { return };
        self.tasks.get_going(task, *lowest);
        let progress = self.tasks.progress_mut(task);
        progress.more.clear();
        for (at, core) in plan.cores(number).iter().enumerate() {
            let position = &mut state.position[core.index()];
            let dropped = plan.order(*core)[*position as usize..].iter().take_while(|next| **next != number);
            *position += dropped.count() as u32 + 1;
            if at > 0 {
                progress.more.push(*core);
            }
        }
        self.load_taken(task, now);
        self.take_cores(task, now);
        self.state_choice(now, task, self.tasks[task].core, Why::Planned);
        self.dispatch(task, None, now, queue);
    }
}
