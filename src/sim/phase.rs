//! Phases of computing: their start, their end, and changes of speed in between.

use super::alarm::Event;
use super::tasks::Status;
use super::world::World;
use crate::engine::Queue;
use crate::ids::{CoreId, TaskId};
use crate::program::Op;
use crate::record::{Idle, Interval, Marker, Recorder, State};
use crate::sharing::FlowId;
use crate::time::{Span, Time};

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// A task has its cores and its inputs: it starts, or goes on from its checkpoint, unless its job stands still.
    #[inline]
    pub fn begin(&mut self, task: TaskId, now: Time, queue: &mut Queue) {
        let goes_on = RARE && self.take_up(task);
        let (entry, progress) = self.tasks.both_mut(task);
        entry.start = entry.start.min(now);
        self.digest.fact(now, super::fact::START, entry.number, entry.core.index() as u64);
        if !goes_on {
            (progress.op, progress.credit) = (0, 0.0);
            if let Some(Op::Compute { work, traffic }) = entry.body.op(0) {
                (progress.left, progress.unread) = (*work, *traffic);
            }
        }
        if !RARE {
            return self.run(task, now, queue);
        }
        self.job_started(task, now, queue);
        if self.halted(task).is_some() {
            self.tasks[task].status = Status::Paused;
            self.enter_all(task, now, State::Checkpoint);
        } else {
            self.run(task, now, queue);
            if self.turns.any {
                self.begin_turn(task, now, queue);
            }
        }
    }

    /// Fixes the work of a task on the core that it was given; whether it goes on from where it was and doesn't begin.
    fn take_up(&mut self, task: TaskId) -> bool {
        let resumes = self.tasks.progress_mut(task).resumes.take();
        let before = resumes.map(|_| self.work_at(task));
        self.fix_work(task);
        let after = before.map(|_| self.work_at(task));
        let (entry, progress) = self.tasks.both_mut(task);
        if let (Some(before), Some(after)) = (before, after) {
            // The same part of it is left, if the core takes other work for it.
            let scale = if before > 0.0 { after / before } else { 1.0 };
            (progress.left, progress.credit) = (progress.left * scale, progress.credit * scale);
            return true;
        }
        let Some(saved) = &progress.saved else { return false };
        // On another core it may amount to other work; the same part of it is left.
        let scale = match entry.body.op(saved.op) {
            Some(Op::Compute { work, .. }) if saved.work > 0.0 => work / saved.work,
            _ => 1.0,
        };
        (progress.op, progress.left, progress.credit) = (saved.op, saved.left * scale, saved.credit * scale);
        progress.unread = saved.unread;
        true
    }

    /// The work of the operation that a task is at, in ticks at speed 1.
    fn work_at(&self, task: TaskId) -> f64 {
        let op = self.tasks[task].body.op(self.tasks.progress(task).op);
        if let Some(Op::Compute { work, .. }) = op { *work } else { 0.0 }
    }

    /// Runs the operation that a task is at, or ends it after its last.
    #[inline(always)]
    pub fn run(&mut self, task: TaskId, now: Time, queue: &mut Queue) {
        let (entry, progress) = self.tasks.both_mut(task);
        if let Some(Op::Compute { .. }) = entry.body.op(progress.op) {
            self.compute(task, now, queue);
        } else {
            self.end_body(task, now, queue);
        }
    }

    /// A task computes.
    #[inline(always)]
    fn compute(&mut self, task: TaskId, now: Time, queue: &mut Queue) {
        self.tasks[task].status = Status::Running;
        if self.shares(task) {
            return self.join_others(task, now);
        }
        self.enter_all(task, now, State::Compute);
        self.start_segment(task, now, queue);
    }

    /// A task has done the last of its operations.
    #[inline(always)]
    fn end_body(&mut self, task: TaskId, now: Time, queue: &mut Queue) {
        if RARE && self.jobs[self.tasks[task].job as usize].tree.is_some() {
            self.branches.grown.push(task);
        } else {
            self.end_task(task, now, queue);
        }
    }

    /// Starts a segment at the present speed of the task's cores: the slowest of several sets the pace.
    #[inline(always)]
    fn start_segment(&mut self, task: TaskId, now: Time, queue: &mut Queue) {
        let entry = &self.tasks[task];
        let speed = |core: CoreId| self.cores[core.index()].speed();
        let rate = if !RARE {
            speed(entry.core)
        } else {
            let slowest = match entry.width {
                1 => speed(entry.core),
                _ => self.tasks.cores(task).map(speed).fold(f64::INFINITY, f64::min),
            };
            slowest * self.jobs[entry.job as usize].parallel(entry)
        };
        let flow = if RARE && self.memory.is_some() { self.start_flow(task, rate, now) } else { None };
        let (entry, progress) = self.tasks.both_mut(task);
        (progress.rate, progress.segment, progress.flow) = (rate, now, flow);
        if flow.is_none() {
            queue.set(Event::Phase(entry.core).into(), now + Span::round_up(progress.left / rate));
        }
        if RARE {
            self.rank(task, now);
        }
    }

    /// The share of memory bandwidth of a phase that runs at `rate` where memory lets it; none if it needs none. It asks
    /// for its bytes evenly over its work, so that it is a flow which can't be faster than its work.
    fn start_flow(&mut self, task: TaskId, rate: f64, now: Time) -> Option<FlowId> {
        let (entry, progress) = (&self.tasks[task], self.tasks.progress(task));
        let Some(&Op::Compute { work, traffic }) = entry.body.op(progress.op) else { return None };
        let socket = self.cores[entry.core.index()].socket.index();
        if traffic == 0.0 || self.scenario.machine.sockets[socket].bandwidth.is_infinite() {
            return None;
        }
        let (cap, bytes) = match work {
            0.0 => (f64::INFINITY, progress.unread),
            _ => (traffic * rate / work, traffic * (progress.left / work)),
        };
        let flow = self.memory.as_mut()?.start(now, &[socket as u32], bytes, cap, 1.0);
        if self.memory_users.len() <= flow.index() {
            self.memory_users.resize(flow.index() + 1, task);
        }
        self.memory_users[flow.index()] = task;
        Some(flow)
    }

    /// Ends the present segment of a running task, which has done `done` of its work in it: the time is accounted for.
    /// `ended` says that its operation is done with it.
    #[inline(always)]
    fn account_segment(&mut self, task: TaskId, now: Time, done: f64, ended: bool) {
        let (entry, progress) = self.tasks.both_mut(task);
        let span = (now - progress.segment).ticks();
        // Without memory in the way all the time is computing; otherwise as much as the work takes by itself.
        let compute = match progress.flow {
            Some(_) if RARE => ((done / progress.rate).round() as u64).min(span),
            _ => span,
        };
        let memory = span - compute;
        let whole = |op: &Op| matches!(op, Op::Compute { work, traffic } if *work == progress.left && (*work > 0.0 || *traffic == progress.unread));
        let first = R::ACTIVE && progress.op == 0 && entry.body.op(0).is_some_and(whole);
        let last = R::ACTIVE && ended && entry.body.op(progress.op + 1).is_none();
        progress.left = (progress.left - done).max(0.0);
        progress.spent.0 += compute;
        progress.spent.1 += memory;
        progress.credit += compute as f64 * progress.rate;
        progress.slack += progress.rate + 1e-9 * done;
        let from = progress.segment;
        progress.segment = now;
        if !R::ACTIVE && ended && memory == 0 {
            // What the cores do next closes the interval.
            return;
        }
        let (job, number) = (entry.job, entry.number);
        self.for_cores(task, |world, core| {
            world.account.enter(core, now, State::Compute, false);
            if memory > 0 {
                world.account.held_up(core, Span::from_ticks(memory));
            }
            if R::ACTIVE && span > 0 {
                world.recorder.interval(&Interval {
                    core,
                    from,
                    to: now,
                    state: State::Compute,
                    idle: Idle::NoWork,
                    task: Some((job, number)),
                    sharers: 1,
                    memory: Span::from_ticks(memory),
                    first,
                    last,
                });
            }
        });
    }

    /// The work that a running task has done in its present segment.
    pub fn done_in_segment(&self, task: TaskId, now: Time) -> f64 {
        let progress = self.tasks.progress(task);
        match (progress.flow, &self.memory, self.tasks[task].body.op(progress.op)) {
            (Some(flow), Some(memory), Some(Op::Compute { work, traffic })) => {
                let left = memory.left(now, flow) * work / traffic;
                (progress.left - left).max(0.0)
            }
            _ => ((now - progress.segment).ticks() as f64 * progress.rate).min(progress.left),
        }
    }

    /// Stops the present segment of a running task before its end.
    pub fn stop_segment(&mut self, task: TaskId, now: Time, queue: &mut Queue) {
        if self.shares(task) {
            return self.part_from_others(task, now);
        }
        let done = self.done_in_segment(task, now);
        self.account_segment(task, now, done, false);
        self.unrank(self.tasks[task].core);
        let (entry, progress) = self.tasks.both_mut(task);
        match (progress.flow.take(), &mut self.memory) {
            (Some(flow), Some(memory)) => {
                progress.unread = memory.left(now, flow);
                memory.cancel(now, flow);
            }
            _ => queue.clear(Event::Phase(entry.core).into()),
        }
    }

    /// Starts the segment of a task that was stopped anew, if it is still running: after a change of speed.
    pub fn speed_changed(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        if let Some(load) = self.loads.get_mut(core.index()) {
            load.speed = self.cores[core.index()].speed();
            self.load_changed(core);
        }
        if self.commons.any {
            self.share_anew(core, now);
        }
        let Some(task) = self.cores[core.index()].task else { return };
        if self.tasks[task].status == Status::Running {
            self.stop_segment(task, now, queue);
            self.start_segment(task, now, queue);
        }
    }

    /// The speed changes that the machine's script has for now.
    pub fn on_script(&mut self, now: Time, at: u32, queue: &mut Queue) {
        let scenario = self.scenario;
        let change = &scenario.machine.script[at as usize];
        for core in &change.cores {
            self.cores[core.index()].script = change.factor;
            self.speed_changed(*core, now, queue);
        }
        if let (Some(first), Some(last)) = (change.cores.first(), change.cores.last()) {
            self.recorder.mark(now, Marker::Speed(*first, CoreId::new(last.index() + 1)));
        }
        if let Some(next) = scenario.machine.script.get(at as usize + 1) {
            queue.set(Event::Script(at + 1).into(), next.at);
        }
    }

    /// The phase on a core ends by itself.
    #[inline]
    pub fn on_phase_end(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        let task = self.cores[core.index()].task.expect("a phase ends on a core with a task");
        self.end_phase(task, now, queue);
    }

    /// The earliest of the phases that share memory end.
    pub fn on_memory(&mut self, now: Time, queue: &mut Queue) {
        let mut ended = std::mem::take(&mut self.ended);
        if let Some(memory) = &mut self.memory {
            memory.finish(now, &mut ended);
        }
        // A phase that follows may be given the slot of a flow that has just ended: find all users first.
        let mut users = std::mem::take(&mut self.users);
        users.extend(ended.drain(..).map(|flow| self.memory_users[flow.index()]));
        for task in users.drain(..) {
            self.end_phase(task, now, queue);
        }
        (self.ended, self.users) = (ended, users);
    }

    #[inline(always)]
    fn end_phase(&mut self, task: TaskId, now: Time, queue: &mut Queue) {
        let left = self.tasks.progress(task).left;
        self.account_segment(task, now, left, true);
        let (entry, progress) = self.tasks.both_mut(task);
        progress.flow = None;
        progress.op += 1;
        match entry.body.op(progress.op) {
            Some(Op::Compute { work, traffic }) => {
                (progress.left, progress.unread) = (*work, *traffic);
                self.compute(task, now, queue);
            }
            _ => self.end_body(task, now, queue),
        }
    }
}
