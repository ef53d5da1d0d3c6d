//! Checkpoints: when they are due, what they save, and when they are complete.

use super::alarm::Event;
use super::job::Halt;
use super::progress::Saved;
use super::tasks::Status;
use super::world::World;
use crate::engine::Queue;
use crate::faults::Recover;
use crate::ids::{CoreId, TaskId};
use crate::program::Op;
use crate::record::{Marker, Recorder, State};
use crate::time::{Span, Time};

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// A job's first task has started: from now on checkpoints are taken.
    #[inline]
    pub fn job_started(&mut self, task: TaskId, now: Time, queue: &mut Queue) {
        let job = self.tasks[task].job;
        if !std::mem::replace(&mut self.jobs[job as usize].started, true) {
            self.set_checkpoint(job, now, queue);
        }
    }

    /// Sets the alarm of a job's next checkpoint, counting from now.
    fn set_checkpoint(&mut self, job: u32, now: Time, queue: &mut Queue) {
        if let Some(interval) = self.interval(job) {
            queue.set(Event::Checkpoint(job).into(), now + interval);
        }
    }

    /// The computing time between a job's checkpoints, if it takes any.
    fn interval(&self, job: u32) -> Option<Span> {
        let Recover::Checkpoint { interval, cost, .. } = self.scenario.faults.recover else { return None };
        let spec = self.jobs[job as usize].spec;
        let (from, to) = spec.on;
        // A job of fewer tasks than cores runs on the first ones: the loss of another doesn't stop it.
        let used = spec
            .workload
            .count()
            .filter(|_| !spec.workload.arrives())
            .map_or(to - from, |count| count.min(u64::from(to - from)) as u32);
        let cores = (CoreId::new(from as usize), CoreId::new((from + used) as usize));
        Some(interval.span(cost, self.scenario.faults.mean_between_losses(cores)))
    }

    /// A job's checkpoint is due: all its cores stop.
    pub fn on_checkpoint_due(&mut self, job: u32, now: Time, queue: &mut Queue) {
        let Recover::Checkpoint { cost, .. } = self.scenario.faults.recover else { return };
        if self.jobs[job as usize].provisional.is_empty() && !self.has_cores(job) {
            // Nothing has been done since the last one.
            self.jobs[job as usize].started = false;
            return;
        }
        for task in self.tasks.of_job(job) {
            if self.tasks[task].status == Status::Running {
                self.stop_segment(task, now, queue);
                self.tasks[task].status = Status::Paused;
                self.enter_all(task, now, State::Checkpoint);
            }
        }
        self.jobs[job as usize].halt = Some(Halt::Checkpoint);
        queue.set(Event::Checkpointed(job).into(), now + cost);
    }

    /// A job's checkpoint comes to its end: everything done so far is safe, unless one of its cores is down, although
    /// nobody has noticed, and couldn't take part.
    pub fn on_checkpointed(&mut self, job: u32, now: Time, queue: &mut Queue) {
        let complete = !self.lacks_a_core(job);
        if complete {
            self.totals.checkpoints += 1;
            self.digest.fact(now, super::fact::CHECKPOINT, u64::from(job), 0);
            self.recorder.mark(now, Marker::Checkpoint(job));
            self.commit(job);
        } else if self.jobs[job as usize].closing {
            // The notice is on its way.
            return;
        }
        self.jobs[job as usize].halt = None;
        if self.jobs[job as usize].closing {
            self.let_go(job, now);
            return self.job_may_be_done(job, now, queue);
        }
        for task in self.tasks.of_job(job) {
            if self.tasks[task].status == Status::Paused {
                self.run(task, now, queue);
            }
        }
        self.touch_all(job);
        if self.has_cores(job) {
            self.set_checkpoint(job, now, queue);
        } else {
            // Only computing time counts: the next task that starts sets the next one.
            self.jobs[job as usize].started = false;
        }
    }

    /// Whether any task of a job has cores.
    fn has_cores(&self, job: u32) -> bool {
        self.tasks.of_job(job).iter().any(|task| self.tasks[*task].has_cores())
    }

    /// Whether a core on which a job has unfinished tasks, or that it keeps, is down.
    fn lacks_a_core(&self, job: u32) -> bool {
        let held = &self.jobs[job as usize].held;
        held.iter().any(|core| self.cores[core.index()].down > 0)
            || self.tasks.of_job(job).iter().any(|task| self.tasks[*task].status == Status::Lost)
    }

    /// What a job has done so far can't be lost any more.
    pub fn commit(&mut self, job: u32) {
        let mut provisional = std::mem::take(&mut self.jobs[job as usize].provisional);
        for (task, end) in provisional.drain(..) {
            self.count_done(task, end);
        }
        self.jobs[job as usize].provisional = provisional;
        if self.jobs[job as usize].open == 0 {
            return;
        }
        for task in self.tasks.of_job(job) {
            if self.tasks[task].status == Status::Paused {
                let cores = self.tasks.cores(task).collect();
                let (entry, progress) = self.tasks.both_mut(task);
                (progress.spent, progress.cold) = ((0, 0), 0);
                let work = match entry.body.op(progress.op) {
                    Some(Op::Compute { work, .. }) => *work,
                    _ => 0.0,
                };
                let (op, left, unread, credit) =
                    (progress.op, progress.left, progress.unread, progress.credit);
                progress.saved = Some(Box::new(Saved { op, work, left, unread, credit, cores }));
            }
        }
    }

    /// Takes the checkpoint at the very end of a job, where one is asked for; true while it is under way.
    pub fn close_with_checkpoint(&mut self, job: u32, now: Time, queue: &mut Queue) -> bool {
        let Recover::Checkpoint { cost, last: true, .. } = self.scenario.faults.recover else { return false };
        let state = &mut self.jobs[job as usize];
        if state.closing || state.provisional.is_empty() {
            return state.halt.is_some();
        }
        state.closing = true;
        state.halt = Some(Halt::Checkpoint);
        let ended = self.jobs[job as usize].provisional.iter();
        let mut cores: Vec<CoreId> = ended.flat_map(|(task, _)| self.tasks.cores(*task)).collect();
        // A core that went down after its last task had ended is not needed.
        cores.retain(|core| self.cores[core.index()].down == 0);
        self.keep(job, cores);
        self.enter_held(job, now, State::Checkpoint);
        queue.clear(Event::Checkpoint(job).into());
        queue.set(Event::Checkpointed(job).into(), now + cost);
        true
    }
}
