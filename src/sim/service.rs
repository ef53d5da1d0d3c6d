//! Services: replicas of several cores with a queue each, and users who wait for an answer.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::alarm::Event;
use super::central::Central;
use super::core::Core;
use super::job::JobState;
use super::ready::Waiting;
use super::world::World;
use crate::engine::Queue;
use crate::ids::{CoreId, ServerId, TaskId};
use crate::policy::{CoreInfo, Decision, Load, Reason};
use crate::program::{Service, Users};
use crate::record::{Recorder, Why};
use crate::rng::{Distribution, Key, Purpose, Stream};
use crate::time::{Span, Time};
use crate::workload::Draws;

/// The replicas of a service, of several cores each.
pub(super) struct Pools {
    /// The number of the central queue of replica 0; those of the others follow.
    first: usize,
    /// The first core of replica 0; the others follow.
    from: u32,
    /// The cores of each.
    cores: u32,
    /// What each has: expected work counts as waiting until it is done.
    pub loads: Vec<Load>,
    /// Those all of whose cores are believed to be down, lowest first.
    pub down: Vec<ServerId>,
}

impl Pools {
    /// The replicas of `service` on the cores `on`, idle.
    pub fn new(service: &Service, (from, to): (u32, u32), cores: &[Core]) -> Self {
        let each = service.cores;
        let load = |replica: u32| {
            let first = (from + replica * each) as usize;
            let speed = cores[first..first + each as usize].iter().map(|core| core.own).sum();
            Load { tasks: 0, queued: Span::ZERO, busy_until: Time::ZERO, speed }
        };
        let loads = (0..(to - from) / each).map(load).collect();
        Pools { first: 0, from, cores: each, loads, down: Vec::new() }
    }

    /// The replicas as a policy sees them.
    pub fn infos(&self, cores: &[Core]) -> Vec<CoreInfo> {
        let info = |(replica, load): (u32, &Load)| {
            let first = &cores[(self.from + replica * self.cores) as usize];
            CoreInfo { node: first.node, socket: first.socket, speed: load.speed }
        };
        (0..).zip(&self.loads).map(info).collect()
    }

    /// The numbers of the replicas, from the first up to but without the second.
    pub fn servers(&self) -> (u32, u32) {
        (0, self.loads.len() as u32)
    }

    /// The central queue of a replica.
    pub fn central(&self, server: ServerId) -> usize {
        self.first + server.index()
    }

    /// The cores of a replica, from the first up to but without the second.
    fn cores(&self, server: ServerId) -> (u32, u32) {
        let first = self.from + server.index() as u32 * self.cores;
        (first, first + self.cores)
    }

    /// The replica of a core, if it is of any.
    fn of(&self, core: CoreId) -> Option<ServerId> {
        let replica = (core.index() as u32).checked_sub(self.from)? / self.cores;
        ((replica as usize) < self.loads.len()).then(|| ServerId::new(replica as usize))
    }
}

/// Gives the replicas of all services their queues.
pub(super) fn add_pools(jobs: &mut [JobState<'_>], centrals: &mut Vec<Central>) {
    for pools in jobs.iter_mut().filter_map(|job| job.pools.as_mut()) {
        pools.first = centrals.len();
        centrals.extend(pools.loads.iter().map(|_| Central::new()));
    }
}

/// Users of a service: how long they think, and when those that do will be done with it.
pub(super) struct Thinking {
    think: Distribution,
    key: Key,
    count: u32,
    until: BinaryHeap<Reverse<Time>>,
}

impl Thinking {
    pub fn new(users: &Users, draws: &Draws) -> Self {
        let key = draws.key(Purpose::Think);
        Thinking { think: users.think.clone(), key, count: users.count, until: BinaryHeap::new() }
    }

    /// Thinks from `now` on: after request `number`, whoever's that was.
    fn think(&mut self, number: u64, now: Time) {
        let think = self.think.sample(&mut Stream::of_entity(self.key, number), number);
        self.until.push(Reverse(now + Span::round_up(think)));
    }

    /// All users think at the start; when the first of them is done.
    pub fn begin(&mut self, start: Time) -> Time {
        for user in 0..u64::from(self.count) {
            // Requests take the lower numbers.
            self.think(u64::MAX - 1 - user, start);
        }
        self.next()
    }

    /// When the next user is done with thinking.
    fn next(&self) -> Time {
        self.until.peek().map_or(Time::NEVER, |Reverse(until)| *until)
    }
}

impl JobState<'_> {
    /// Whether its servers refuse requests.
    pub fn has_capacity(&self) -> bool {
        self.served.is_some_and(|service| service.capacity.is_some())
    }
}

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// Releases a request for each user who is done with thinking.
    pub fn release_for_users(&mut self, job: u32, now: Time, queue: &mut Queue) {
        loop {
            let state = &mut self.jobs[job as usize];
            let parts = state.served.map_or(1, |service| service.parts);
            let Some(users) = &mut state.users else { return };
            if users.next() > now {
                return queue.set(Event::Release(job).into(), users.next());
            }
            users.until.pop();
            for _ in 0..parts {
                let state = &mut self.jobs[job as usize];
                let Some(spec) = state.next.take() else { break };
                state.pull();
                self.release(job, spec, now, queue);
            }
            let state = &mut self.jobs[job as usize];
            if state.next.is_none() {
                state.exhausted = true;
                return self.job_may_be_done(job, now, queue);
            }
        }
    }

    /// The user whose request `number` has ended, however it did, thinks.
    #[inline]
    pub fn user_thinks(&mut self, job: u32, number: u64, now: Time, queue: &mut Queue) {
        let state = &mut self.jobs[job as usize];
        if let Some(users) = state.users.as_mut().filter(|_| !state.exhausted) {
            users.think(number, now);
            queue.set(Event::Release(job).into(), users.next());
        }
    }

    /// Whether the server that was chosen takes no more requests.
    #[inline]
    pub fn is_full(&self, job: usize, decision: Decision) -> bool {
        let state = &self.jobs[job];
        let Some(capacity) = state.served.and_then(|service| service.capacity) else {
            return false;
        };
        let tasks = match (decision, &state.pools) {
            (Decision::Enqueue { server, .. }, Some(pools)) => pools.loads[server.index()].tasks,
            (Decision::Enqueue { server, .. }, None) => self.loads[server.index()].tasks,
            // All replicas serve one queue, which takes as much as they do; the task itself is open already.
            (Decision::Queue, _) => (state.open - 1).min(u64::from(u32::MAX)) as u32,
        };
        tasks >= capacity
    }

    /// A task joins the queue of a replica.
    pub fn enqueue_pool(
        &mut self,
        job: usize,
        task: TaskId,
        (server, reason): (ServerId, Reason),
        now: Time,
    ) {
        let Some(pools) = &self.jobs[job].pools else { return };
        let (cores, central) = (pools.cores(server), pools.central(server));
        self.state_choice(now, task, CoreId::new(cores.0 as usize), Why::Placed(reason));
        self.tasks[task].allowed = cores;
        self.enters_queue(task, Some(central), CoreId::new(0), now);
        let waiting = self.waiting(task, now);
        self.centrals[central].push(cores, waiting);
        self.pool_joined(task);
        self.contest();
        self.touched.extend(self.free.first_in(cores.0, cores.1));
    }

    /// The queue that several cores serve from which a task comes, if it is one: that of its job, or of its replica.
    #[inline]
    pub fn central_of(&self, task: TaskId) -> Option<usize> {
        let entry = &self.tasks[task];
        let job = &self.jobs[entry.job as usize];
        let pools = job.pools.as_ref();
        let of_replica =
            || pools.and_then(|pools| Some(pools.central(pools.of(CoreId::new(entry.allowed.0 as usize))?)));
        job.central.or_else(of_replica)
    }

    /// A task is at the replica whose cores it may run on.
    #[inline]
    pub fn pool_joined(&mut self, task: TaskId) {
        let entry = &self.tasks[task];
        let state = &mut self.jobs[entry.job as usize];
        let Some(pools) = &mut state.pools else { return };
        let Some(server) = pools.of(CoreId::new(entry.allowed.0 as usize)) else { return };
        let load = &mut pools.loads[server.index()];
        load.tasks += 1;
        load.queued += Span::round_up(entry.expected);
        if state.watches {
            state.changed.push(server);
        }
        if let Some(dispatching) = &mut state.dispatching {
            dispatching.count(entry.number, server, true);
        }
    }

    /// A task leaves its replica.
    #[inline]
    pub fn pool_left(&mut self, task: TaskId) {
        let entry = &self.tasks[task];
        let state = &mut self.jobs[entry.job as usize];
        let Some(pools) = &mut state.pools else { return };
        let Some(server) = pools.of(CoreId::new(entry.allowed.0 as usize)) else { return };
        let load = &mut pools.loads[server.index()];
        load.tasks -= 1;
        load.queued = load.queued - Span::round_up(entry.expected);
        if state.watches {
            state.changed.push(server);
        }
        if let Some(dispatching) = &mut state.dispatching {
            dispatching.count(entry.number, server, false);
        }
    }

    /// Gives the cores of the replica of a core what waits there; false if nothing started.
    pub fn serve_pools(&mut self, core: CoreId, now: Time, queue: &mut Queue) -> bool {
        let mut served = false;
        for job in 0..self.jobs.len() {
            let central =
                self.jobs[job].pools.as_ref().and_then(|pools| Some(pools.central(pools.of(core)?)));
            while let Some(central) = central
                && self.serve_central(central, now, queue)
            {
                served = true;
            }
        }
        served
    }

    /// A core is believed to be down, or up again: what waits at a replica that has no other is decided anew.
    pub fn note_pool(&mut self, core: CoreId, now: Time) {
        for job in 0..self.jobs.len() {
            let state = &mut self.jobs[job];
            let Some(pools) = &mut state.pools else { continue };
            let Some(server) = pools.of(core) else { continue };
            let (from, to) = pools.cores(server);
            let down = self.cores[from as usize..to as usize].iter().all(|core| core.noticed);
            match (pools.down.binary_search(&server), down) {
                (Err(at), true) => pools.down.insert(at, server),
                (Ok(at), false) => {
                    pools.down.remove(at);
                }
                _ => continue,
            }
            let central = pools.central(server);
            state.tell(server);
            if down {
                let lanes = &mut self.centrals[central].lanes;
                let stranded: Vec<Waiting> =
                    lanes.iter_mut().flat_map(|lane| lane.queue.extract(|_| true)).collect();
                for waiting in stranded {
                    self.pool_left(waiting.task);
                    self.totals.waits(now, -1);
                    self.make_ready(waiting.task, None, now);
                }
            }
        }
    }
}
