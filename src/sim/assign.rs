//! From ready to running: policies are asked, queues are served, dispatchers take their time.

use super::job::Halt;
use super::ready::Waiting;
use super::tasks::Status;
use super::thief::Stealing;
use super::world::World;
use crate::engine::Queue;
use crate::ids::{CoreId, ServerId, TaskId};
use crate::policy::{Decision, Ready, View};
use crate::program::graph::Work;
use crate::program::{Body, Op};
use crate::record::{Recorder, State, Why};
use crate::time::Time;

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// A task is ready, `origin` being where it was made or could start: it joins its central queue, or its policy will be
    /// asked.
    #[inline(always)]
    pub fn make_ready(&mut self, task: TaskId, origin: Option<CoreId>, now: Time) {
        let job = self.count_ready(task, now);
        let state = &self.jobs[job];
        // Where cores are taken back, what happens at the same instant may change its place in the queue.
        let decides = RARE && (state.stands_still() || self.turns.any || state.has_capacity());
        if state.central.is_some() && !decides {
            self.place_ready(job, task, Decision::Queue, now);
        } else {
            self.await_policy(job, task, origin);
        }
    }

    /// A task is ready that its policy, or what goes before it, will decide about.
    pub fn make_ready_to_decide(&mut self, task: TaskId, now: Time) {
        let job = self.count_ready(task, now);
        self.await_policy(job, task, None);
    }

    fn await_policy(&mut self, job: usize, task: TaskId, origin: Option<CoreId>) {
        // It is at no server now, whatever it was at before.
        if RARE {
            self.note_server(task, None);
        }
        let mut ready = self.tasks[task].as_ready(task, origin);
        let state = &mut self.jobs[job];
        if let Some(pools) = &state.pools {
            ready.allowed = pools.servers();
        }
        state.ready.push(ready);
        self.asking = true;
    }

    /// Keeps the books on a task that has become ready; gives its job.
    #[inline(always)]
    fn count_ready(&mut self, task: TaskId, now: Time) -> usize {
        if RARE && self.turns.any {
            self.tasks.set_lap(task, 0);
        }
        let entry = &mut self.tasks[task];
        entry.status = Status::Ready;
        // What a job does again after a rollback was there before.
        entry.release = entry.release.min(now);
        entry.ready = now;
        let (job, number) = (entry.job, entry.number);
        self.digest.fact(now, super::fact::READY, number, u64::from(job));
        self.totals.waits(now, 1);
        job as usize
    }

    /// Asks the policy of every job that has ready tasks, and carries out what it decides.
    #[inline]
    pub fn ask_policies(&mut self, now: Time, queue: &mut Queue) {
        if !std::mem::take(&mut self.asking) {
            return;
        }
        for job in 0..self.jobs.len() {
            if RARE && self.jobs[job].stands_still() {
                continue;
            }
            if RARE && self.jobs[job].dispatching.is_some() {
                self.attend(job, now, queue);
            }
            if !self.jobs[job].ready.is_empty() {
                self.ask_policy(job, now, queue);
            }
        }
    }

    fn ask_policy(&mut self, job: usize, now: Time, queue: &mut Queue) {
        let state = &mut self.jobs[job];
        if RARE && state.plan.is_some() {
            self.touch_planned(job);
            return;
        }
        let order = |ready: &Ready| (ready.since, ready.number);
        if !state.ready.is_sorted_by_key(order) {
            state.ready.sort_unstable_by_key(order);
        }
        let mut batch = std::mem::take(&mut state.ready);
        for ready in batch.drain(..) {
            if RARE && self.tasks[ready.task].status != Status::Ready {
                // Its request needs it no more: another part was refused.
                continue;
            }
            let decision = self.decide(job, &ready, now);
            if RARE && self.is_full(job, decision) {
                self.refuse(ready.task, now, queue);
            } else {
                self.place_ready(job, ready.task, decision, now);
            }
        }
        debug_assert!(self.jobs[job].ready.is_empty(), "work became ready while it was placed");
        self.jobs[job].ready = batch;
    }

    /// What the policy of a job decides about a task. Servers that have another part of its request are to it as if they
    /// were down.
    #[inline]
    fn decide(&mut self, job: usize, ready: &Ready, now: Time) -> Decision {
        if RARE && self.jobs[job].dispatching.is_some() {
            return self.decide_knowing(job, ready, now);
        }
        let barred = RARE && self.bar_siblings(job, ready.task);
        let state = &mut self.jobs[job];
        if barred {
            state.changed.extend_from_slice(&self.barred);
        }
        let (loads, down) = match &state.pools {
            Some(pools) if RARE => (&pools.loads, &pools.down),
            _ => (&self.loads, &self.down),
        };
        let down = if barred { &self.barred } else { down };
        let view = View { now, loads, changed: &state.changed, down, dispatcher: 0 };
        let decision = state.policy.decide(ready, &view);
        state.changed.clear();
        if barred {
            state.changed.extend_from_slice(&self.barred);
        }
        decision
    }

    /// Carries out what the policy of a job decided about a task.
    #[inline(always)]
    pub fn place_ready(&mut self, job: usize, task: TaskId, decision: Decision, now: Time) {
        match decision {
            Decision::Queue => {
                let allowed = self.tasks[task].allowed;
                let central = self.jobs[job].central.expect("only a central policy queues centrally");
                self.enters_queue(task, Some(central), CoreId::new(0), now);
                let waiting = self.waiting(task, now);
                self.centrals[central].push(allowed, waiting);
                self.contest();
            }
            Decision::Enqueue { server, reason } if RARE && self.jobs[job].pools.is_some() => {
                self.note_server(task, Some(server));
                self.enqueue_pool(job, task, (server, reason), now);
            }
            Decision::Enqueue { server, reason } if RARE && self.jobs[job].steals => {
                self.state_choice(now, task, CoreId::new(server.index()), Why::Placed(reason));
                self.push_deque(CoreId::new(server.index()), task);
            }
            Decision::Enqueue { server, reason } => {
                let mut core = CoreId::new(server.index());
                if RARE {
                    core = self.redirect(core, task);
                    self.note_server(task, Some(ServerId::new(core.index())));
                }
                self.state_choice(now, task, core, Why::Placed(reason));
                self.enters_queue(task, None, core, now);
                let waiting = self.waiting(task, now);
                self.own_queues[core.index()].push(waiting);
                self.load_queued(core, task);
                self.touched.push(core);
                if RARE && self.balancing.is_some() {
                    self.note_arrival(job, core);
                }
            }
        }
    }

    /// A task as it stands in a queue.
    #[inline(always)]
    pub fn waiting(&self, task: TaskId, now: Time) -> Waiting {
        let entry = &self.tasks[task];
        let state = &self.jobs[entry.job as usize];
        let key = if state.has_keys { state.order.key(&self.candidate(task, now)) } else { 0 };
        let lap = if RARE && self.turns.any { self.tasks.lap(task) } else { 0 };
        Waiting { key, since: entry.ready, lap, job: entry.job, number: entry.number, task }
    }

    /// Starts every ready task for which there is a core.
    #[inline]
    pub fn start_what_can(&mut self, now: Time, queue: &mut Queue) {
        for central in 0..self.shared {
            while self.totals.waiting() > 0
                && !self.free.is_empty()
                && self.serve_central(central, now, queue)
            {}
        }
        if RARE && self.turns.any {
            self.contest_centrals(now, queue);
        }
        if !self.touched.is_empty() {
            if RARE && self.balancing.is_some() {
                self.serve_agents(now, queue);
            }
            self.serve_touched(now, queue);
        }
        if RARE && self.stealing.is_some() {
            self.rouse(now, queue);
        }
    }

    /// The cores that a task was given are its own from now on: it is started, or goes on.
    #[inline(always)]
    pub fn take_cores(&mut self, task: TaskId, now: Time) {
        if RARE && self.tasks.resumes(task).is_some() {
            self.carry_over(task);
        } else {
            self.tasks[task].attempts += 1;
            self.totals.attempts += 1;
        }
        self.occupy(task, now);
    }

    /// The cores that a task was given are its own from now on, whether it is started or goes on.
    #[inline(always)]
    pub fn occupy(&mut self, task: TaskId, now: Time) {
        let mut down = false;
        self.for_cores(task, |world, core| {
            let entry = &mut world.cores[core.index()];
            debug_assert!(entry.task.is_none(), "core {} is not free", core.index());
            entry.task = Some(task);
            if RARE {
                down |= entry.down > 0;
                if let Some(stealing) = &mut world.stealing {
                    stealing.has_work(core);
                }
            }
            world.update_free(core);
        });
        self.totals.serves(now, 1);
        self.totals.waits(now, -1);
        if down {
            self.send_astray(task, now);
        }
    }

    /// A task was sent to cores that are down: nobody has noticed yet. It is lost with all that it did before it lost
    /// another core.
    #[cold]
    #[inline(never)]
    fn send_astray(&mut self, task: TaskId, now: Time) {
        self.tasks[task].status = Status::Lost;
        if self.tasks.resumes(task).is_some() {
            self.lose(task, now);
        }
    }

    /// Does something with each core of a task, lowest first.
    #[inline(always)]
    pub fn for_cores(&mut self, task: TaskId, mut each: impl FnMut(&mut Self, CoreId)) {
        let entry = &self.tasks[task];
        let first = entry.core;
        if !RARE || entry.width == 1 {
            return each(self, first);
        }
        let more = std::mem::take(&mut self.tasks.progress_mut(task).more);
        each(self, first);
        for core in &more {
            each(self, *core);
        }
        self.tasks.progress_mut(task).more = more;
    }

    /// All cores of a task go over to `state`.
    #[inline(always)]
    pub fn enter_all(&mut self, task: TaskId, now: Time, state: State) {
        self.for_cores(task, |world, core| world.enter(core, now, state));
    }

    /// Looks at the cores with queues or plans of their own that something has happened to. Apart from what calls it, which
    /// has enough to hold in registers.
    #[inline(never)]
    fn serve_touched(&mut self, now: Time, queue: &mut Queue) {
        let mut touched = std::mem::take(&mut self.touched);
        touched.sort_unstable();
        touched.dedup();
        for core in touched.drain(..) {
            if !self.free.contains(core) {
                if RARE && self.turns.any {
                    self.contest_own(core, now, queue);
                }
                continue;
            }
            let served = self.serve_own(core, now, queue)
                || RARE && (self.serve_pools(core, now, queue) || self.serve_plans(core, now, queue));
            if !served {
                self.serve_loops(core, now, queue);
                let steals = |stealing: &Stealing| stealing.covers(core);
                if RARE && self.stealing.as_ref().is_some_and(steals) && self.free.contains(core) {
                    self.look_for_work(core, now, queue);
                }
            }
        }
        // Nothing that was started here has touched another core: starting takes cores, and those taken back were
        // given away at once.
        self.touched.clear();
        self.touched = touched;
    }

    /// Starts the first task of a core's own queue; false if there is none that can.
    pub fn serve_own(&mut self, core: CoreId, now: Time, queue: &mut Queue) -> bool {
        let Some(own) = self.own_queues.get_mut(core.index()) else { return false };
        let Some(first) = own.first() else { return false };
        if RARE && self.commons.any && self.jobs[first.job as usize].service.shares {
            return self.admit_own(core, now, queue);
        }
        if RARE && self.jobs[first.job as usize].halt.is_some() {
            return false;
        }
        let task = first.task;
        own.pop();
        self.tasks.get_going(task, core);
        self.load_started(core, task, now);
        self.take_cores(task, now);
        self.state_choice(now, task, core, Why::Own);
        self.dispatch(task, None, now, queue);
        true
    }

    /// The work of a graph's task on the core that it was given.
    #[inline(always)]
    pub fn fix_work(&mut self, task: TaskId) {
        if RARE && self.jobs[self.tasks[task].job as usize].graph.is_some() {
            self.fix_work_in_graph(task);
        }
    }

    fn fix_work_in_graph(&mut self, task: TaskId) {
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
