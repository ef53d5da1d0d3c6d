//! How work goes on after a loss: tasks are tried again, jobs go back to their last checkpoint or to their start.

use super::alarm::Event;
use super::job::Halt;
use super::progress::Saved;
use super::tasks::Status;
use super::world::World;
use crate::engine::Queue;
use crate::faults::Recover;
use crate::ids::{CoreId, TaskId};
use crate::record::{Marker, Recorder, State, Why};
use crate::time::Time;
use crate::workload::Draws;

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// A lost task runs again, with the work it had or, if `resample`, with newly drawn work.
    pub fn retry(&mut self, task: TaskId, resample: bool, now: Time) {
        let entry = &self.tasks[task];
        let job = entry.job as usize;
        if self.jobs[job].chunks.is_some() {
            return self.chunk_lost(task, now);
        }
        if resample {
            let draws = Draws {
                seed: self.scenario.run.seed,
                replicate: self.replicate,
                source: super::world::source::WORKLOAD + job as u64,
            };
            let drawn =
                self.jobs[job].spec.workload.resample(entry.number, entry.kind, entry.attempts, &draws);
            if let Some(body) = drawn {
                self.tasks[task].body = body;
            }
        }
        self.rewind_plan(job);
        self.make_ready(task, None, now);
    }

    /// A job loses what it did since its last checkpoint and stands still until its cores are up.
    pub fn roll_back(&mut self, job: u32, now: Time, queue: &mut Queue) {
        self.digest.fact(now, super::fact::ROLLBACK, u64::from(job), 0);
        self.recorder.mark(now, Marker::Rollback(job));
        for alarm in [Event::Checkpoint(job), Event::Checkpointed(job), Event::Restarted(job)] {
            queue.clear(alarm.into());
        }
        let mut cores = self.jobs[job as usize].held.clone();
        self.let_go(job, now);
        self.withdraw(job, now);
        let tasks = self.tasks.of_job(job);
        for task in &tasks {
            cores.extend(self.undo(*task, now, queue));
        }
        let state = &mut self.jobs[job as usize];
        state.provisional.clear();
        state.closing = false;
        state.halt = Some(Halt::Repair);
        self.put_back(job, &tasks);
        self.rewind_plan(job as usize);
        cores.extend(
            tasks.iter().filter_map(|task| self.saved(*task)).flat_map(|saved| saved.cores.iter().copied()),
        );
        self.keep(job, cores);
        self.enter_held(job, now, State::Idle);
        self.restart_if_whole(job, now, queue);
    }

    /// Takes a job's tasks out of every queue.
    fn withdraw(&mut self, job: u32, now: Time) {
        let mine = |waiting: &super::ready::Waiting| waiting.job == job;
        let mut count = self.jobs[job as usize].ready.len() as i64 + self.withdraw_moving(job);
        let state = &mut self.jobs[job as usize];
        state.ready.clear();
        count += state.dispatching.as_mut().map_or(0, |dispatching| dispatching.clear()) as i64;
        for central in &mut self.centrals {
            for lane in &mut central.lanes {
                count += lane.queue.extract(mine).len() as i64;
            }
        }
        for core in 0..self.own_queues.len() {
            for waiting in self.own_queues[core].extract(mine) {
                self.load_withdrawn(CoreId::new(core), waiting.task);
                count += 1;
            }
        }
        self.totals.waits(now, -count);
    }

    /// Undoes what a task did since the last checkpoint; gives back the cores that it had.
    fn undo(&mut self, task: TaskId, now: Time, queue: &mut Queue) -> Vec<CoreId> {
        let had = self.tasks[task].has_cores();
        let cores: Vec<CoreId> = if had { self.tasks.cores(task).collect() } else { Vec::new() };
        match self.tasks[task].status {
            Status::Lost => self.give_up_cores(task, now),
            _ if had => {
                self.halt_task(task, now, queue);
                self.give_up_cores(task, now);
            }
            Status::Provisional => {
                self.lose(task, now);
                self.jobs[self.tasks[task].job as usize].open += 1;
            }
            _ => {}
        }
        cores
    }

    /// Puts a job's tasks back to where they stood at the last checkpoint.
    fn put_back(&mut self, job: u32, tasks: &[TaskId]) {
        // Stands for all tasks that must run again, so that those that wait for them are known as blocked.
        tasks.iter().for_each(|task| self.tasks[*task].status = Status::Blocked);
        self.jobs[job as usize].blocked = 0;
        for task in tasks {
            let entry = &self.tasks[*task];
            let missing = match &self.jobs[job as usize].graph {
                Some(graph) => {
                    let state = &self.jobs[job as usize];
                    let ended = |before: &&TaskId| {
                        self.tasks[state.slot(before.index() as u64)].status != Status::Ended
                    };
                    graph.preds(TaskId::new(entry.number as usize)).iter().filter(ended).count() as u32
                }
                None => 0,
            };
            self.tasks[*task].awaiting = missing;
            self.jobs[job as usize].blocked += u64::from(missing > 0);
        }
        for task in tasks {
            if self.tasks[*task].awaiting == 0 {
                self.tasks[*task].status = Status::Ready;
            }
        }
    }

    /// The plan goes on at the first task of each core that is not done.
    fn rewind_plan(&mut self, job: usize) {
        let state = &mut self.jobs[job];
        let Some(plan) = &state.plan else { return };
        for core in 0..state.position.len() {
            let waits = |task: &TaskId| {
                let entry = &self.tasks[state.slot(task.index() as u64)];
                matches!(entry.status, Status::Ready | Status::Blocked)
            };
            let order = plan.order(CoreId::new(core));
            state.position[core] = order.iter().position(waits).unwrap_or(order.len()) as u32;
        }
    }

    /// A job keeps cores while it stands still, those that another job has by now apart.
    pub fn keep(&mut self, job: u32, mut cores: Vec<CoreId>) {
        cores.sort_unstable();
        cores.dedup();
        // What never comes back is not waited for.
        cores.retain(|core| {
            let entry = &self.cores[core.index()];
            let another_has_it = entry.task.is_some() || entry.held;
            !another_has_it && (entry.down == 0 || self.targets.will_return(*core))
        });
        for core in &cores {
            self.cores[core.index()].held = true;
            self.update_free(*core);
        }
        self.jobs[job as usize].held = cores;
    }

    pub fn enter_held(&mut self, job: u32, now: Time, state: State) {
        for core in self.jobs[job as usize].held.clone() {
            if self.cores[core.index()].down == 0 {
                self.enter(core, now, state);
            }
        }
    }

    /// A job doesn't keep cores any more.
    pub fn let_go(&mut self, job: u32, now: Time) {
        for core in std::mem::take(&mut self.jobs[job as usize].held) {
            let rest = self.rest(core);
            self.enter(core, now, rest);
            self.cores[core.index()].held = false;
            self.update_free(core);
            self.touch(core);
        }
    }

    /// A job that waits for repairs goes back to its checkpoint once all its cores are up.
    pub fn restart_if_whole(&mut self, job: u32, now: Time, queue: &mut Queue) {
        let state = &self.jobs[job as usize];
        let whole = state.held.iter().all(|core| self.cores[core.index()].down == 0);
        if state.halt != Some(Halt::Repair) || !whole {
            return;
        }
        let (Recover::Restart { restart } | Recover::Checkpoint { restart, .. }) =
            self.scenario.faults.recover
        else {
            return;
        };
        self.jobs[job as usize].halt = Some(Halt::Restart);
        self.enter_held(job, now, State::Restart);
        queue.set(Event::Restarted(job).into(), now + restart);
    }

    /// A job has gone back: it goes on, and its next checkpoint counts from its next start.
    pub fn on_restarted(&mut self, job: u32, now: Time, queue: &mut Queue) {
        (self.jobs[job as usize].halt, self.jobs[job as usize].started) = (None, false);
        self.asking = true;
        self.let_go(job, now);
        // Those released while it stood still wait already.
        let mut waiting: Vec<TaskId> = self.jobs[job as usize].ready.iter().map(|ready| ready.task).collect();
        waiting.sort_unstable();
        for task in self.tasks.of_job(job) {
            if self.tasks[task].status != Status::Ready || waiting.binary_search(&task).is_ok() {
                continue;
            }
            // Not into a queue yet: it may go on by itself.
            self.make_ready_to_decide(task, now);
            if self.saved(task).is_some() {
                self.resume(task, now, queue);
            }
        }
        self.touch_all(job);
    }

    /// A task that was running at the last checkpoint goes on from there on its cores, unless one of them is gone: then
    /// it waits like any other, with only the rest of its work to do.
    fn resume(&mut self, task: TaskId, now: Time, queue: &mut Queue) {
        let Some(cores) = self.saved(task).map(|saved| saved.cores.clone()) else { return };
        if cores.iter().any(|core| !self.free.contains(*core)) {
            return;
        }
        let (entry, progress) = self.tasks.both_mut(task);
        (entry.core, progress.more) = (cores[0], cores[1..].to_vec());
        let job = entry.job as usize;
        self.jobs[job].ready.retain(|ready| ready.task != task);
        self.load_taken(task, now);
        self.take_cores(task, now);
        self.state_choice(now, task, self.tasks[task].core, Why::Resumed);
        self.advance_plan(job, task);
        // Nobody may have noticed yet that the core is down again.
        if self.tasks[task].status != Status::Lost {
            self.begin(task, now, queue);
        }
    }

    /// What its job's last checkpoint knows of a task.
    fn saved(&self, task: TaskId) -> Option<&Saved> {
        self.tasks.progress_of(task)?.saved.as_deref()
    }

    /// A planned task that goes on by itself is not started by the plan again.
    fn advance_plan(&mut self, job: usize, task: TaskId) {
        let number = TaskId::new(self.tasks[task].number as usize);
        let state = &mut self.jobs[job];
        let Some(plan) = &state.plan else { return };
        for core in plan.cores(number) {
            if plan.order(*core).get(state.position[core.index()] as usize) == Some(&number) {
                state.position[core.index()] += 1;
            }
        }
    }

    /// The cores that a job may use are looked at again.
    pub fn touch_all(&mut self, job: u32) {
        let (from, to) = self.jobs[job as usize].spec.on;
        let state = &self.jobs[job as usize];
        if !self.own_queues.is_empty() || state.plan.is_some() || state.chunks.is_some() {
            self.touched.extend((from..to).map(|core| CoreId::new(core as usize)));
        }
    }
}
