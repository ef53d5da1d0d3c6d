//! The end of a task: its cores are free, what waited for it goes on, and its fate is counted.

use super::alarm::Event;
use super::job::work_of;
use super::tasks::Status;
use super::world::World;
use crate::engine::Queue;
use crate::faults::Recover;
use crate::ids::TaskId;
use crate::program::graph::{Graph, Work};
use crate::program::{Body, Op};
use crate::record::{Fate, Recorder, State, TaskRow};
use crate::time::{Span, Time};

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// A task has done all its operations.
    #[inline]
    pub fn end_task(&mut self, task: TaskId, now: Time, queue: &mut Queue) {
        let entry = &self.tasks[task];
        let (job, number) = (entry.job, entry.number);
        // A transfer has none, nor has a node of a tree that waited for others.
        if !RARE || entry.has_cores() {
            if RARE && self.turns.any {
                queue.clear(Event::Turn(self.tasks[task].core).into());
            }
            self.free_cores(task, now);
            self.totals.serves(now, -1);
        }
        self.chunk_done(job, task, now);
        if RARE && let Some(request) = self.tasks.request(task) {
            return self.part_ended(request, task, now, queue);
        }
        self.notify_successors(task, now, queue);
        let state = &mut self.jobs[job as usize];
        state.open -= 1;
        let rolls_back =
            matches!(self.scenario.faults.recover, Recover::Restart { .. } | Recover::Checkpoint { .. });
        // A transfer has no core that could be lost: what has arrived has arrived.
        if RARE && rolls_back && state.spec.workload.uses_cores() {
            self.tasks[task].status = Status::Provisional;
            state.provisional.push((task, now));
        } else {
            self.count_done(task, now);
        }
        if RARE {
            self.user_thinks(job, number, now, queue);
        }
        self.one_less(job, now, queue);
    }

    /// A task of a job has ended: there may be room for the next, or it was the last.
    #[inline]
    pub fn one_less(&mut self, job: u32, now: Time, queue: &mut Queue) {
        let state = &self.jobs[job as usize];
        if RARE && state.at_once < u64::MAX && !state.exhausted {
            queue.set(Event::Release(job).into(), now);
        }
        if state.open == 0 {
            self.step_may_be_over(job, now, queue);
            self.job_may_be_done(job, now, queue);
        }
    }

    /// Gives back the cores of a task.
    #[inline(always)]
    pub fn free_cores(&mut self, task: TaskId, now: Time) {
        if self.shares(task) {
            return self.leave_others(task, now);
        }
        self.for_cores(task, |world, core| {
            if world.account.is_in(core, State::Compute) {
                // It may go on with another task at once.
                world.resting.push(core);
            } else {
                // The interval is stated while the core still has its task.
                world.enter(core, now, world.rest(core));
            }
            world.cores[core.index()].task = None;
            if RARE {
                world.end_turn(core);
            }
            world.update_free(core);
            world.touch(core);
            world.load_ended(core, Some(task), now);
        });
        if RARE {
            self.pool_left(task);
        }
    }

    /// What waits for a task of a graph goes on, and its data set out for cores that are known already.
    #[inline(always)]
    fn notify_successors(&mut self, task: TaskId, now: Time, queue: &mut Queue) {
        let job = self.tasks[task].job;
        if RARE && let Some(graph) = self.jobs[job as usize].graph.clone() {
            self.notify_in(&graph, task, now, queue);
        }
    }

    fn notify_in(&mut self, graph: &Graph, task: TaskId, now: Time, queue: &mut Queue) {
        let (job, number) = (self.tasks[task].job, self.tasks[task].number);
        let id = TaskId::new(number as usize);
        for successor in graph.succs(id) {
            let slot = self.jobs[job as usize].slot(successor.index() as u64);
            self.send_ahead(id, *successor, graph, job, now, queue);
            let entry = &mut self.tasks[slot];
            if entry.status == Status::Blocked {
                entry.awaiting -= 1;
                if entry.awaiting == 0 {
                    self.jobs[job as usize].blocked -= 1;
                    self.make_ready(slot, Some(self.tasks[task].core), now);
                }
            }
        }
    }

    /// Counts a task that ended at `end` as done for good.
    #[inline(always)]
    pub fn count_done(&mut self, task: TaskId, end: Time) {
        let entry = &self.tasks[task];
        self.count_response(task, entry.start, entry.release, end);
        self.count_work(task, end);
    }

    /// Counts a task, or the request of which a task was the last part to be needed, with the times that it took.
    #[inline(always)]
    pub fn count_response(&mut self, task: TaskId, start: Time, release: Time, end: Time) {
        let World { tasks, jobs, totals, cores, .. } = self;
        let entry = &tasks[task];
        let state = &mut jobs[entry.job as usize];
        state.fates.done += 1;
        let chunk = state.chunks.is_some();
        if release < totals.warm {
            return;
        }
        totals.done_warm += 1;
        // How large chunks are is up to the schedule: how long one takes says nothing of the loop.
        if chunk {
            return;
        }
        let kind = &state.kinds[entry.kind as usize];
        let least =
            if RARE && state.has_chains() { 1.0 / state.fastest_for(entry, cores) } else { kind.least };
        let work = work_of(&entry.body);
        totals.response.push(end - release);
        totals.wait.push(start.min(end) - release);
        if work > 0.0 {
            totals.slowdown.0 += (end - release).ticks() as f64 / (work * least);
            totals.slowdown.1 += 1;
        }
        if let Some(deadline) = kind.standing.deadline {
            totals.deadlines.push(end, release + deadline);
        }
    }

    /// Counts the work of a task that ended at `end`.
    #[inline(always)]
    pub fn count_work(&mut self, task: TaskId, end: Time) {
        let World { tasks, jobs, totals, cores, centrals, digest, .. } = self;
        let entry = &tasks[task];
        let release = entry.release;
        digest.fact(end, super::fact::DONE, entry.number, u64::from(entry.job));
        let state = &jobs[entry.job as usize];
        // The chain of a tree is known when its root ends.
        let apart = state.chunks.is_some() || RARE && (state.has_chains() || state.tree.is_some());
        let (work, traffic) = demand(&entry.body);
        totals.work += work;
        if let Some(progress) = tasks.progress_of(task) {
            totals.credit += progress.credit;
            totals.slack += progress.slack;
        }
        totals.done += 1;
        if !state.spec.background {
            // A task whose cost depends on the core counts with what it is at least.
            let least = match &state.graph {
                Some(graph) if RARE => match graph.work(TaskId::new(entry.number as usize)) {
                    Work::PerCore(row) => least_work(row, cores),
                    _ => work,
                },
                _ => work,
            };
            totals.area += match entry.width {
                width if RARE && width > 1 => least / state.parallel(entry) * f64::from(width),
                _ => least,
            };
            totals.sequential += least;
            if !apart && work > 0.0 {
                let alone = work * state.kinds[entry.kind as usize].least_ever;
                totals.longest = totals.longest.max(release.ticks() as f64 + alone);
            }
            totals.traffic += traffic;
            let cost = state.schedule.cost;
            if cost.dispatch > Span::ZERO
                && cost.serial
                && work > 0.0
                && let Some(central) = state.central
            {
                centrals[central].dispatched += cost.dispatch.ticks() as f64;
            }
        }
        self.state_row(task, end, Fate::Done);
        self.forget(task);
    }

    /// A task will never be done. What depends on it is dropped.
    pub fn fail_task(&mut self, task: TaskId, now: Time, queue: &mut Queue) {
        if let Some(request) = self.tasks.request(task) {
            return self.part_lost(request, task, Fate::Failed, now, queue);
        }
        if self.outlives_itself(task) {
            return;
        }
        let (job, number) = (self.tasks[task].job, self.tasks[task].number);
        let parent = self.cut_off(task);
        self.jobs[job as usize].fates.failed += 1;
        self.digest.fact(now, super::fact::FAILED, self.tasks[task].number, u64::from(job));
        self.jobs[job as usize].open -= 1;
        self.state_row(task, now, Fate::Failed);
        let mut doomed = self.successors(task);
        self.forget(task);
        while let Some(next) = doomed.pop() {
            if self.tasks[next].status != Status::Blocked {
                continue;
            }
            self.digest.fact(now, super::fact::DROPPED, self.tasks[next].number, u64::from(job));
            let state = &mut self.jobs[job as usize];
            state.fates.dropped += 1;
            state.open -= 1;
            state.blocked -= 1;
            self.state_row(next, now, Fate::Dropped);
            doomed.extend(self.successors(next));
            self.forget(next);
        }
        self.lose_child(parent, now);
        // A plan may go on behind what was dropped.
        self.touch_all(job);
        self.user_thinks(job, number, now, queue);
        self.one_less(job, now, queue);
    }

    fn successors(&self, task: TaskId) -> Vec<TaskId> {
        let entry = &self.tasks[task];
        let state = &self.jobs[entry.job as usize];
        let Some(graph) = &state.graph else { return Vec::new() };
        let id = TaskId::new(entry.number as usize);
        graph.succs(id).iter().map(|next| state.slot(next.index() as u64)).collect()
    }

    /// Gives back the slot of a task that has ended, unless it is one of a graph's, which lie side by side.
    #[inline(always)]
    pub fn forget(&mut self, task: TaskId) {
        self.tasks.end(task);
        if !RARE || self.jobs[self.tasks[task].job as usize].graph.is_none() {
            self.tasks.release(task);
        }
    }

    /// States a task's row to the recorder.
    pub fn state_row(&mut self, task: TaskId, end: Time, fate: Fate) {
        if !R::ACTIVE {
            return;
        }
        let entry = &self.tasks[task];
        self.recorder.task(&TaskRow {
            job: entry.job,
            number: entry.number,
            release: (entry.release < Time::NEVER).then_some(entry.release),
            start: (entry.start < Time::NEVER).then_some(entry.start),
            end,
            core: (entry.attempts > 0).then_some(entry.core),
            cores: entry.width,
            attempts: entry.attempts,
            fate,
        });
    }
}

/// The work of a body in ticks at speed 1, and its memory traffic in bytes.
#[inline]
fn demand(body: &Body) -> (f64, f64) {
    let of = |op: &Op| if let Op::Compute { work, traffic } = op { (*work, *traffic) } else { (0.0, 0.0) };
    match body {
        Body::One(op) => of(op),
        Body::Many(ops) => ops.iter().map(of).fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1)),
    }
}

/// The least work, in ticks at speed 1, that a task with these times on each core can amount to.
fn least_work(row: &[f64], cores: &[super::core::Core]) -> f64 {
    row.iter().zip(cores).map(|(ticks, core)| ticks * core.own).fold(f64::INFINITY, f64::min)
}

impl super::job::JobState<'_> {
    /// The speed of the fastest core that a task of a graph may use; for one whose cost depends on the core, the speed
    /// at which its work takes the least time it can take.
    pub fn fastest_for(&self, task: &super::tasks::Task, cores: &[super::core::Core]) -> f64 {
        let (from, to) = task.allowed;
        let allowed = from as usize..to as usize;
        match self.graph.as_ref().map(|graph| graph.work(TaskId::new(task.number as usize))) {
            Some(Work::PerCore(row)) => {
                let least = row[allowed].iter().copied().fold(f64::INFINITY, f64::min);
                row[task.core.index()] * cores[task.core.index()].own / least
            }
            _ => cores[allowed].iter().map(|core| core.own).fold(0.0, f64::max),
        }
    }
}
