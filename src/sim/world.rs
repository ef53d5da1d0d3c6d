//! The state of one replicate, and what happens in it: the only place where components meet.

use super::alarm::{Event, KINDS};
use super::balancer::Balancing;
use super::central::Central;
use super::chunks::Chunks;
use super::commons::AllCommons;
use super::core::Core;
use super::idle::IdleSet;
use super::job::JobState;
use super::message::Messages;
use super::rare::Cast;
use super::ready::ReadyQueue;
use super::request::Requests;
use super::tally::Totals;
use super::targets::Targets;
use super::tasks::{Status, Tasks};
use super::thief::Stealing;
use super::tree::Branches;
use super::turns::Turns;
use crate::engine::{Alarm, Model, Queue};
use crate::ids::{CoreId, ServerId, TaskId};
use crate::policy::{Load, Queues};
use crate::record::{Account, Digest, Idle, Levels, Recorder, State};
use crate::scenario::Scenario;
use crate::sharing::{FlowId, Sharing};
use crate::time::{Span, Time};

/// Who draws, in the keys of random streams: each kind of source has numbers of its own.
pub(super) mod source {
    /// The machine's speeds.
    pub const MACHINE: u64 = 1 << 32;
    /// Workload number 0; the next ones follow.
    pub const WORKLOAD: u64 = 2 << 32;
    /// The policy of workload number 0; the next ones follow.
    pub const POLICY: u64 = 3 << 32;
    /// Injection number 0; the next ones follow.
    pub const FAULT: u64 = 4 << 32;
}

/// Everything that changes in a replicate. Whether something can occur in it that is [`rare`](super::rare) is known when
/// it is compiled.
pub(super) struct World<'a, R: Recorder, const RARE: bool> {
    pub scenario: &'a Scenario,
    pub replicate: u64,
    pub recorder: &'a mut R,
    pub cores: Vec<Core>,
    pub account: Account,
    pub tasks: Tasks,
    pub jobs: Vec<JobState<'a>>,
    pub requests: Requests,
    /// Jobs whose work is not yet done and for which the run waits.
    pub unfinished: usize,
    /// The queues that several cores serve: first those of policies that keep one, then one for each replica of several
    /// cores.
    pub centrals: Vec<Central>,
    /// How many of them aren't of replicas.
    pub shared: usize,
    /// The deques of the jobs that steal, and the nodes of trees in flight.
    pub stealing: Option<Stealing>,
    pub branches: Branches,
    /// Who moves what waits from queue to queue.
    pub balancing: Option<Balancing<'a>>,
    /// The queue of each core, where a policy keeps one a core.
    pub own_queues: Vec<ReadyQueue>,
    /// Cores that the scheduler takes for free.
    pub free: IdleSet,
    /// Cores that have lost their task at this instant and will have been idle from then on, unless they get another at
    /// once.
    pub resting: Vec<CoreId>,
    /// Whether a task has become ready since the policies were last asked.
    pub asking: bool,
    /// Whether any core has a queue or a plan of its own, and those that may have something to start.
    pub by_core: bool,
    pub touched: Vec<CoreId>,
    pub loads: Vec<Load>,
    /// Cores that the others believe to be down, lowest first, as servers.
    pub down: Vec<ServerId>,
    pub memory: Option<Sharing>,
    /// The task that a flow of memory belongs to.
    pub memory_users: Vec<TaskId>,
    pub messages: Messages,
    pub turns: Turns,
    /// Cores that serve all tasks of a queue at once.
    pub commons: AllCommons,
    pub targets: Targets<'a>,
    pub totals: Totals,
    /// What recorders were told last.
    pub levels: Levels,
    pub digest: Digest,
    pub ended: Vec<FlowId>,
    pub users: Vec<TaskId>,
    /// Servers that get nothing for now: those down, and those that have another part of the request.
    pub barred: Vec<ServerId>,
}

impl<'a, R: Recorder, const RARE: bool> World<'a, R, RARE> {
    /// The world of a replicate at time 0, with everything set that will happen by itself.
    pub fn new(
        scenario: &'a Scenario,
        replicate: u64,
        Cast { cores, mut jobs, mut centrals }: Cast<'a>,
        recorder: &'a mut R,
        queue: &mut Queue,
    ) -> Self {
        let machine = &scenario.machine;
        let mut free = IdleSet::new(cores.len());
        (0..cores.len()).map(CoreId::new).for_each(|core| free.insert(core));
        let shared = centrals.len();
        super::service::add_pools(&mut jobs, &mut centrals);
        let per_core = jobs.iter().any(|job| matches!(job.schedule.policy.queues(), Queues::PerServer));
        let stealing = Stealing::new(scenario, &mut jobs);
        let balancing = Balancing::new(&mut jobs);
        let by_core = per_core
            || stealing.is_some()
            || jobs.iter().any(|job| job.plan.is_some() || job.chunks.is_some());
        let any = jobs.iter().any(|job| job.service.takes_back());
        let costly = jobs.iter().any(|job| job.schedule.cost.switch > Span::ZERO);
        let turns = Turns::new(cores.len(), centrals.len(), any, costly);
        let commons = AllCommons::new(jobs.iter().any(|job| job.service.shares), cores.len());
        let watches = |job: &JobState<'_>| job.policy.watches_loads() || job.has_capacity();
        let watched = balancing.is_some() || jobs.iter().any(watches);
        let limited = machine.sockets.iter().any(|socket| socket.bandwidth.is_finite());
        let mut world = World {
            replicate,
            recorder,
            account: Account::new(cores.len()),
            tasks: Tasks::default(),
            unfinished: jobs.iter().filter(|job| !job.spec.background).count(),
            jobs,
            requests: Requests::default(),
            centrals,
            stealing,
            balancing,
            branches: Branches::default(),
            shared,
            own_queues: (0..if per_core { cores.len() } else { 0 }).map(|_| ReadyQueue::default()).collect(),
            resting: Vec::new(),
            free,
            asking: false,
            by_core,
            touched: Vec::new(),
            loads: if watched { super::load::all(&cores) } else { Vec::new() },
            down: Vec::new(),
            memory: limited.then(|| Sharing::new(machine.sockets.iter().map(|socket| socket.bandwidth))),
            memory_users: Vec::new(),
            messages: Messages::new(scenario.network.as_ref()),
            turns,
            commons,
            targets: Targets::new(scenario, replicate),
            totals: Totals::new(scenario),
            levels: Levels::default(),
            digest: Digest::default(),
            ended: Vec::new(),
            users: Vec::new(),
            barred: Vec::new(),
            scenario,
            cores,
        };
        for job in 0..world.jobs.len() as u32 {
            world.begin_job(job, queue);
        }
        world.targets.set_first(queue);
        world.start_thieves(Time::ZERO, queue);
        if world.totals.warm > Time::ZERO {
            queue.set(Event::Warm.into(), world.totals.warm);
        }
        if let Some(change) = scenario.machine.script.first() {
            queue.set(Event::Script(0).into(), change.at);
        }
        world
    }

    /// `core` goes over to `state`.
    #[inline(always)]
    pub fn enter(&mut self, core: CoreId, now: Time, state: State) {
        if !R::ACTIVE && self.account.is_in(core, state) {
            // Nobody looks where one interval ends and the next begins.
            return;
        }
        let closed = self.account.enter(core, now, state, false);
        self.state_interval(core, now, closed);
    }

    /// `core` waits for the inputs of the task it has.
    pub fn claim(&mut self, core: CoreId, now: Time) {
        let closed = self.account.enter(core, now, State::Idle, true);
        self.state_interval(core, now, closed);
    }

    /// Whether the scheduler takes `core` for free changes: brings its books up to date.
    #[inline(always)]
    pub fn update_free(&mut self, core: CoreId) {
        let entry = &self.cores[core.index()];
        let taken = RARE && (entry.held || entry.thief || entry.noticed);
        let free = entry.task.is_none() && !taken;
        if free { self.free.insert(core) } else { self.free.remove(core) }
    }

    /// A core may have something of its own to start.
    #[inline]
    pub fn touch(&mut self, core: CoreId) {
        if self.by_core {
            self.touched.push(core);
        }
    }

    /// Cores that have lost their task at this instant, and run no other, don't compute any more.
    #[inline(always)]
    fn lay_to_rest(&mut self, now: Time) {
        while let Some(core) = self.resting.pop() {
            let task = self.cores[core.index()].task;
            let runs = task.is_some_and(|task| self.tasks[task].status == Status::Running);
            if !runs && self.account.is_in(core, State::Compute) {
                self.enter(core, now, self.rest(core));
            }
        }
    }

    /// The state that a core without a task is in.
    pub fn rest(&self, core: CoreId) -> State {
        if RARE && self.cores[core.index()].down > 0 { State::Down } else { State::Idle }
    }

    /// Brings the alarms of what is shared, and the reason of idleness, up to date at the end of a round.
    fn settle_shares(&mut self, now: Time, queue: &mut Queue) {
        if RARE {
            self.settle_capacities(now, queue);
        }
        let reason = self.idle_reason();
        if R::ACTIVE && reason != self.account.reason() {
            self.state_idle(now);
        }
        self.account.set_reason(now, reason);
        if R::ACTIVE {
            self.state_levels(now);
        }
    }

    /// Brings the alarms of memory and network up to date.
    fn settle_capacities(&mut self, now: Time, queue: &mut Queue) {
        if let Some(memory) = &mut self.memory {
            memory.settle(now);
            queue.set(Event::Memory.into(), memory.next());
        }
        self.messages.settle(now, queue);
        if !self.commons.changed.is_empty() {
            self.settle_commons(now, queue);
        }
    }

    /// Why cores without a task are idle now.
    #[inline]
    fn idle_reason(&self) -> Idle {
        if self.account.unclaimed() == 0 {
            return self.account.reason();
        }
        if self.totals.waiting() > 0
            || self.jobs.iter().any(|job| job.chunks.as_ref().is_some_and(Chunks::waits))
        {
            if RARE && self.jobs.iter().any(|job| job.stands_still()) {
                Idle::Dependency
            } else {
                Idle::Elsewhere
            }
        } else if RARE && self.commons.awaiting > 0 {
            Idle::Data
        } else if self.jobs.iter().any(JobState::blocks) {
            Idle::Dependency
        } else {
            Idle::NoWork
        }
    }

    /// Answers an alarm that only what is rare sets.
    fn handle_rare(&mut self, event: Event, now: Time, queue: &mut Queue) {
        assert!(RARE, "{event:?} in a world where nothing rare can occur");
        match event {
            Event::Shared(commons) => self.on_shared(commons, now, queue),
            Event::Memory => self.on_memory(now, queue),
            Event::Network => self.on_network(now, queue),
            Event::Steal(core) => self.on_steal(core, now, queue),
            Event::Probe(core) => self.on_probe(core, now, queue),
            Event::Checkpointed(job) => self.on_checkpointed(job, now, queue),
            Event::Restarted(job) => self.on_restarted(job, now, queue),
            Event::Message(message) => self.on_message(message, now, queue),
            Event::Hedge(request) => self.on_hedge(request, now),
            Event::Repair(target) => self.on_repair(target, now, queue),
            Event::Fault(target) => self.on_fault(target, now, queue),
            Event::Notice(target) => self.on_notice(target, now, queue),
            Event::Script(change) => self.on_script(now, change, queue),
            Event::Checkpoint(job) => self.on_checkpoint_due(job, now, queue),
            Event::Turn(core) => self.on_turn_over(core, now, queue),
            Event::Boost(job) => self.on_boost(job, now, queue),
            Event::Rebalance(group) => self.on_rebalance(group, now, queue),
            Event::Assigned(dispatcher) => self.on_assigned(dispatcher, now, queue),
            Event::Phase(_) | Event::Release(_) | Event::Dispatched(_) | Event::Warm => {
                unreachable!("{event:?} is not rare")
            }
        }
    }
}

impl<R: Recorder, const RARE: bool> Model for World<'_, R, RARE> {
    #[inline]
    fn handle(&mut self, now: Time, alarm: Alarm, queue: &mut Queue) {
        match Event::from(alarm) {
            Event::Phase(core) => self.on_phase_end(core, now, queue),
            Event::Release(job) => self.on_release(job, now, queue),
            Event::Dispatched(core) => self.on_dispatched(core, now, queue),
            Event::Warm => self.on_warm(now),
            rare => self.handle_rare(rare, now, queue),
        }
        if RARE {
            self.grow_all(now, queue);
        }
    }

    #[inline]
    fn settle(&mut self, now: Time, queue: &mut Queue) {
        loop {
            self.ask_policies(now, queue);
            self.start_what_can(now, queue);
            // Nodes without work make others, and free cores, at once.
            if !RARE || self.branches.grown.is_empty() {
                break;
            }
            self.grow_all(now, queue);
        }
        self.lay_to_rest(now);
        if RARE {
            self.note_loads(now);
        }
        self.settle_shares(now, queue);
    }

    #[inline]
    fn finished(&self) -> bool {
        self.unfinished == 0
    }
}

/// An event queue for a world.
pub(super) fn queue() -> Queue {
    Queue::new(KINDS)
}
