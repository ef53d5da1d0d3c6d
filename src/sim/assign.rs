//! From ready to running: policies are asked, queues are served, dispatchers take their time.

use super::alarm::Event;
use super::job::Halt;
use super::ready::Waiting;
use super::tasks::Status;
use super::world::World;
use crate::engine::Queue;
use crate::ids::{CoreId, TaskId};
use crate::policy::{Decision, Ready, View};
use crate::program::graph::Work;
use crate::program::{Body, Op};
use crate::record::{Recorder, State};
use crate::time::{Span, Time};

impl<R: Recorder> World<'_, R> {
    /// Asks the policy of every job that has ready tasks, and carries out what it decides.
    #[inline]
    pub fn ask_policies(&mut self, now: Time) {
        if !std::mem::take(&mut self.asking) {
            return;
        }
        for job in 0..self.jobs.len() {
            if !self.jobs[job].ready.is_empty() && !self.jobs[job].stands_still() {
                self.ask_policy(job, now);
            }
        }
    }

    fn ask_policy(&mut self, job: usize, now: Time) {
        let state = &mut self.jobs[job];
        if state.plan.is_some() {
            self.touch_planned(job);
            return;
        }
        let order = |ready: &Ready| (ready.since, ready.number);
        if !state.ready.is_sorted_by_key(order) {
            state.ready.sort_unstable_by_key(order);
        }
        let mut batch = std::mem::take(&mut state.ready);
        for ready in batch.drain(..) {
            let state = &mut self.jobs[job];
            let view = View { now, loads: &self.loads, changed: &state.changed, down: &self.down };
            let decision = state.policy.decide(&ready, &view);
            state.changed.clear();
            self.place_ready(job, ready.task, decision);
        }
        self.jobs[job].ready = batch;
    }

    /// Carries out what the policy of a job decided about a task.
    #[inline]
    fn place_ready(&mut self, job: usize, task: TaskId, decision: Decision) {
        let waiting = self.waiting(job, task);
        match decision {
            Decision::Queue => {
                let allowed = self.tasks[task].allowed;
                let central = self.jobs[job].central.expect("only a central policy queues centrally");
                self.enqueue_central(central, allowed, waiting);
            }
            Decision::Enqueue { server, .. } => {
                let core = self.redirect(CoreId::new(server.index()), task);
                self.own_queues[core.index()].push(waiting);
                self.load_queued(core, task);
                self.touched.push(core);
            }
        }
    }

    /// A planned job's ready tasks may be what their cores wait for.
    fn touch_planned(&mut self, job: usize) {
        let state = &mut self.jobs[job];
        let Some(plan) = &state.plan else { return };
        for ready in state.ready.drain(..) {
            self.touched.extend_from_slice(plan.cores(TaskId::new(ready.number as usize)));
        }
    }

    #[inline]
    fn waiting(&self, job: usize, task: TaskId) -> Waiting {
        let entry = &self.tasks[task];
        let key = self.jobs[job].order.key(&entry.as_ready(task));
        Waiting { key, since: entry.ready, job: job as u32, number: entry.number, task }
    }

    /// The core that is meant by `core`, or where that one is down for good the next one that isn't.
    fn redirect(&self, core: CoreId, task: TaskId) -> CoreId {
        if !self.cores[core.index()].noticed || self.targets.will_return(core) {
            return core;
        }
        let (from, to) = self.tasks[task].allowed;
        let after =
            (core.index() as u32 + 1..to).chain(from..core.index() as u32).map(|at| CoreId::new(at as usize));
        after.into_iter().find(|core| !self.cores[core.index()].noticed).unwrap_or(core)
    }

    /// Starts every ready task for which there is a core.
    #[inline]
    pub fn start_what_can(&mut self, now: Time, queue: &mut Queue) {
        for central in 0..self.centrals.len() {
            while self.totals.waiting() > 0 && self.free_count > 0 && self.serve_central(central, now, queue)
            {
            }
        }
        if !self.touched.is_empty() {
            self.serve_touched(now, queue);
        }
    }

    /// Gives the first task of a central queue that can start its cores; false if none can.
    #[inline]
    fn serve_central(&mut self, central: usize, now: Time, queue: &mut Queue) -> bool {
        if let [lane] = self.centrals[central].lanes.as_slice() {
            let Some(task) = lane.queue.first().filter(|first| self.jobs[first.job as usize].halt.is_none())
            else {
                return false;
            };
            let task = task.task;
            let Some(core) = self.place(task, lane.allowed) else { return false };
            return self.start_central(task, central, 0, core, now, queue);
        }
        let mut best: Option<(Waiting, usize, CoreId)> = None;
        for (at, lane) in self.centrals[central].lanes.iter().enumerate() {
            let Some(first) = lane.queue.first() else { continue };
            if self.jobs[first.job as usize].halt.is_some() || best.is_some_and(|(best, ..)| best < *first) {
                continue;
            }
            if let Some(core) = self.place(first.task, lane.allowed) {
                best = Some((*first, at, core));
            }
        }
        best.is_some_and(|(first, lane, core)| {
            self.start_central(first.task, central, lane, core, now, queue)
        })
    }

    /// The lowest core that a task can have now.
    #[inline]
    fn place(&self, task: TaskId, (from, to): (u32, u32)) -> Option<CoreId> {
        match self.tasks[task].width {
            1 => self.free.first_in(from, to),
            width => self.room(width, from, to),
        }
    }

    #[inline]
    fn start_central(
        &mut self,
        task: TaskId,
        central: usize,
        lane: usize,
        core: CoreId,
        now: Time,
        queue: &mut Queue,
    ) -> bool {
        self.centrals[central].lanes[lane].queue.pop();
        self.gather_cores(task, core);
        self.load_taken(task, now);
        self.take_cores(task, now);
        self.dispatch(task, central, now, queue);
        true
    }

    /// The lowest core of the first node that has `width` free cores from `from` up to but without `to`.
    fn room(&self, width: u32, from: u32, to: u32) -> Option<CoreId> {
        let node = |core: u32| self.cores[core as usize].node.index();
        for node in node(from)..=node(to - 1) {
            if self.free_in_node[node] < width {
                continue;
            }
            let (low, high) = self.scenario.machine.nodes[node].cores;
            let (low, high) = ((low.index() as u32).max(from), (high.index() as u32).min(to));
            let mut count = 0;
            let mut next = low;
            while let Some(core) = self.free.first_in(next, high) {
                count += 1;
                next = core.index() as u32 + 1;
                if count == width {
                    return self.free.first_in(low, high);
                }
            }
        }
        None
    }

    /// Sets the cores of a task: `lowest` and the free ones of its node that follow.
    fn gather_cores(&mut self, task: TaskId, lowest: CoreId) {
        self.tasks.get_going(task);
        let width = self.tasks[task].width;
        if width == 1 {
            self.tasks[task].core = lowest;
            return;
        }
        let mut more = std::mem::take(&mut self.tasks.progress_mut(task).more);
        more.clear();
        let to = self.tasks[task].allowed.1;
        let mut next = lowest.index() as u32 + 1;
        while more.len() + 1 < width as usize {
            let core = self.free.first_in(next, to).expect("room was found for the task");
            next = core.index() as u32 + 1;
            more.push(core);
        }
        let (entry, progress) = self.tasks.both_mut(task);
        (entry.core, progress.more) = (lowest, more);
    }

    /// The cores that a task was given are its own from now on.
    pub fn take_cores(&mut self, task: TaskId, now: Time) {
        let entry = &mut self.tasks[task];
        entry.attempts += 1;
        self.totals.attempts += 1;
        let mut down = false;
        self.for_cores(task, |world, core| {
            let entry = &mut world.cores[core.index()];
            debug_assert!(entry.task.is_none(), "core {} is not free", core.index());
            entry.task = Some(task);
            down |= entry.down > 0;
            world.update_free(core);
        });
        self.totals.serves(now, 1);
        self.totals.waits(now, -1);
        if down {
            // Sent to cores that are down: nobody has noticed yet.
            self.tasks[task].status = Status::Lost;
        }
    }

    /// Does something with each core of a task, lowest first.
    #[inline]
    pub fn for_cores(&mut self, task: TaskId, mut each: impl FnMut(&mut Self, CoreId)) {
        let entry = &self.tasks[task];
        let first = entry.core;
        if entry.width == 1 {
            return each(self, first);
        }
        let more = std::mem::take(&mut self.tasks.progress_mut(task).more);
        each(self, first);
        for core in &more {
            each(self, *core);
        }
        self.tasks.progress_mut(task).more = more;
    }

    /// Sends a task with its cores through the dispatcher of its queue.
    fn dispatch(&mut self, task: TaskId, central: usize, now: Time, queue: &mut Queue) {
        let entry = &self.tasks[task];
        if entry.status == Status::Lost {
            return;
        }
        let cost = self.jobs[entry.job as usize].schedule.cost;
        if cost.dispatch == Span::ZERO {
            self.fetch_inputs(task, now, queue);
            return;
        }
        let done = if cost.serial {
            let dispatcher = &mut self.centrals[central].dispatcher;
            *dispatcher = (*dispatcher).max(now) + cost.dispatch;
            *dispatcher
        } else {
            now + cost.dispatch
        };
        queue.set(Event::Dispatched(entry.core).into(), done);
        self.tasks[task].status = Status::Dispatched;
        self.enter_all(task, now, State::Schedule);
    }

    /// A core has got its task from the dispatcher.
    pub fn on_dispatched(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        let task = self.cores[core.index()].task.expect("the dispatcher served a core with a task");
        self.fetch_inputs(task, now, queue);
    }

    /// All cores of a task go over to `state`.
    pub fn enter_all(&mut self, task: TaskId, now: Time, state: State) {
        self.for_cores(task, |world, core| world.enter(core, now, state));
    }

    /// Looks at the cores with queues or plans of their own that something has happened to.
    fn serve_touched(&mut self, now: Time, queue: &mut Queue) {
        let mut touched = std::mem::take(&mut self.touched);
        touched.sort_unstable();
        touched.dedup();
        for core in touched.drain(..) {
            if self.free.contains(core) && !self.serve_own(core, now, queue) {
                self.serve_plans(core, now, queue);
            }
        }
        // Nothing that was started here has touched another core: starting takes cores and frees none.
        debug_assert!(self.touched.is_empty());
        self.touched = touched;
    }

    /// Starts the first task of a core's own queue; false if there is none that can.
    fn serve_own(&mut self, core: CoreId, now: Time, queue: &mut Queue) -> bool {
        let Some(own) = self.own_queues.get_mut(core.index()) else { return false };
        let Some(first) = own.first() else { return false };
        if self.jobs[first.job as usize].halt.is_some() {
            return false;
        }
        let task = first.task;
        own.pop();
        self.tasks.get_going(task);
        self.tasks[task].core = core;
        self.load_started(core, task, now);
        self.take_cores(task, now);
        if self.tasks[task].status != Status::Lost {
            self.fetch_inputs(task, now, queue);
        }
        true
    }

    /// Starts the task that a plan has for this core now, if it is ready and its other cores are free for it too.
    fn serve_plans(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        for job in 0..self.jobs.len() {
            if let Some(number) = self.planned_next(job, core) {
                self.start_planned(job, number, now, queue);
                return;
            }
        }
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
        self.tasks.get_going(task);
        let (entry, progress) = self.tasks.both_mut(task);
        progress.more.clear();
        for (at, core) in plan.cores(number).iter().enumerate() {
            let position = &mut state.position[core.index()];
            let dropped = plan.order(*core)[*position as usize..].iter().take_while(|next| **next != number);
            *position += dropped.count() as u32 + 1;
            if at == 0 { entry.core = *core } else { progress.more.push(*core) }
        }
        self.load_taken(task, now);
        self.take_cores(task, now);
        if self.tasks[task].status != Status::Lost {
            self.fetch_inputs(task, now, queue);
        }
    }

    /// The work of a graph's task on the core that it was given.
    pub fn fix_work(&mut self, task: TaskId) {
        let entry = &self.tasks[task];
        let Some(graph) = &self.jobs[entry.job as usize].graph else { return };
        if let Work::PerCore(row) = graph.work(TaskId::new(entry.number as usize)) {
            let core = entry.core.index();
            // Given as a time on this very core: work is what that core does in it.
            let work = row[core] * self.cores[core].own;
            self.tasks[task].body = Body::One(Op::Compute { work, traffic: 0.0 });
        }
    }

    /// Whether a task of this job must stand still, and why.
    pub fn halted(&self, task: TaskId) -> Option<Halt> {
        self.jobs[self.tasks[task].job as usize].halt
    }
}
