//! A workload during a run: where its tasks come from, how they are scheduled, and how far it has got.

use std::sync::Arc;

use super::balancer::Group;
use super::central::Central;
use super::chunks::Chunks;
use super::core::Core;
use super::dispatcher::Dispatching;
use super::kind::KindState;
use super::service::{Pools, Thinking};
use super::tasks::Task;
use super::world::source;
use crate::ids::{CoreId, ServerId, TaskId};
use crate::policy::loops::NoTasks;
use crate::policy::plan::Plan;
use crate::policy::steal::Victims;
use crate::policy::{CoreInfo, Order, Policy, Queues, Ready, Schedule, Service, Setup};
use crate::program::graph::Graph;
use crate::program::tree::Unfold;
use crate::program::{Body, Hedge, Op, Program, Stream, TaskSpec};
use crate::record::Fates;
use crate::rng::{Key, Purpose, Sampler};
use crate::scenario::{Job, Scenario};
use crate::stats::RunningQuantile;
use crate::time::Time;
use crate::workload::Draws;

/// Why a job stands still.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Halt {
    /// It takes a checkpoint.
    Checkpoint,
    /// It waits for a repair.
    Repair,
    /// It goes back to its last checkpoint.
    Restart,
}

/// A workload during a run.
pub(super) struct JobState<'a> {
    pub spec: &'a Job,
    pub schedule: &'a Schedule,
    pub stream: Option<Box<dyn Stream>>,
    /// The task that is released next.
    pub next: Option<TaskSpec>,
    /// How many of its tasks may be under way at once.
    pub at_once: u64,
    pub graph: Option<Arc<Graph>>,
    /// Where its graph is of independent tasks, which wait for nothing but their turn in a plan: those that are yet to be
    /// released.
    pub gathered: Option<Vec<TaskSpec>>,
    /// Its iterations, where it is a loop.
    pub chunks: Option<Chunks>,
    /// What makes the nodes of its tree, if its tasks are those.
    pub tree: Option<Box<dyn Unfold>>,
    /// The slot of the graph's first task, once it is there; the others follow.
    pub base: Option<usize>,
    pub policy: Box<dyn Policy>,
    /// Its dispatchers, where there is more to them than one that decides at once and sees loads as they are.
    pub dispatching: Option<Box<Dispatching>>,
    /// How its requests are served, of a service.
    pub served: Option<&'a crate::program::Service>,
    /// The replicas of a service, where they have several cores each.
    pub pools: Option<Pools>,
    /// The users of a service that think, and when they are done with it.
    pub users: Option<Thinking>,
    /// How long requests of each kind have taken, where copies go by that; else none.
    pub usual: Vec<RunningQuantile>,
    /// The part of a request that is released next, and the request.
    pub part: (u32, u32),
    pub order: Box<dyn Order>,
    /// Whether the order tells its tasks apart by more than when they became ready.
    pub has_keys: bool,
    /// How cores serve its tasks.
    pub service: Service,
    /// Whether its tasks wait in deques, and who chooses whom a thief tries until the run begins.
    pub steals: bool,
    pub victims: Option<Box<dyn Victims>>,
    /// The group of cores among which what waits moves; alone, until the run begins.
    pub group: Option<usize>,
    pub group_alone: Option<Group<'a>>,
    /// Which central queue its tasks wait in.
    pub central: Option<usize>,
    pub plan: Option<Plan>,
    /// How far each core has got in the plan.
    pub position: Vec<u32>,
    pub clairvoyant: bool,
    pub error: Option<Sampler>,
    /// The factor of error of each task of the graph.
    pub errors: Vec<f64>,
    /// Whether its policy watches loads, and the cores whose load has changed since it was last asked.
    pub watches: bool,
    pub changed: Vec<ServerId>,
    /// Tasks that became ready since the policy was last asked.
    pub ready: Vec<Ready>,
    /// Tasks released.
    pub released: u64,
    /// Tasks of the graph that wait for others.
    pub blocked: u64,
    /// Tasks released that have not ended, and the most there were at once.
    pub open: u64,
    pub most_open: u64,
    /// Whether no more will be released.
    pub exhausted: bool,
    pub fates: Fates,
    pub halt: Option<Halt>,
    /// Whether the first task has started.
    pub started: bool,
    /// Cores that it keeps while it stands still.
    pub held: Vec<CoreId>,
    /// Tasks that ended since the last checkpoint, and when.
    pub provisional: Vec<(TaskId, Time)>,
    /// Whether its last checkpoint is under way.
    pub closing: bool,
    /// Whether all its work is done.
    pub finished: bool,
    /// What tasks of each kind have in common.
    pub kinds: Vec<KindState>,
}

impl JobState<'_> {
    /// Has the next task of its stream made, which is released no earlier than the job begins.
    #[inline]
    pub fn pull(&mut self) {
        self.next = self.stream.as_mut().and_then(|stream| stream.next());
        if let Some(next) = &mut self.next {
            next.release += self.spec.start.since_start();
        }
    }

    /// Whether its tasks are those of a graph in which some may wait for others.
    #[inline(always)]
    pub fn has_chains(&self) -> bool {
        self.graph.is_some() && self.gathered.is_none()
    }

    /// Whether it stands still, waiting for something to come back.
    pub fn stands_still(&self) -> bool {
        matches!(self.halt, Some(Halt::Repair | Halt::Restart))
    }

    /// Whether some of its work waits for other work of it, or for something to come back.
    pub fn blocks(&self) -> bool {
        self.blocked > 0 || self.stands_still() || self.chunks.as_ref().is_some_and(Chunks::has_next)
    }

    /// How much faster a task of it is on all its cores than on one. The work of a graph's is that on all of them.
    #[inline]
    pub fn parallel(&self, task: &Task) -> f64 {
        if task.width == 1 || self.has_chains() { 1.0 } else { self.kinds[task.kind as usize].parallel }
    }

    /// The task of the graph that is in `slot`.
    pub fn slot(&self, number: u64) -> TaskId {
        TaskId::new(self.base.map_or(0, |base| base + number as usize))
    }
}

/// All jobs at time 0, and the central queues that they share.
pub(super) fn start<'a>(
    scenario: &'a Scenario,
    replicate: u64,
    cores: &[Core],
    centrals: &mut Vec<Central>,
) -> Vec<JobState<'a>> {
    let (mut shared, mut desks) = (None, 0);
    let mut jobs = Vec::new();
    for (at, spec) in scenario.jobs.iter().enumerate() {
        let schedule = spec.schedule.as_ref().unwrap_or(&scenario.schedule);
        let queues =
            matches!(schedule.policy.queues(), Queues::Central(_)) && spec.workload.shape().is_none();
        let central = queues.then(|| match (&spec.schedule, shared) {
            (None, Some(central)) => central,
            _ => {
                centrals.push(Central::new());
                if spec.schedule.is_none() {
                    shared = Some(centrals.len() - 1);
                }
                centrals.len() - 1
            }
        });
        jobs.push(begin(scenario, replicate, at, cores, central, &mut desks));
    }
    jobs
}

fn begin<'a>(
    scenario: &'a Scenario,
    replicate: u64,
    at: usize,
    cores: &[Core],
    central: Option<usize>,
    desks: &mut u32,
) -> JobState<'a> {
    let spec = &scenario.jobs[at];
    let schedule = spec.schedule.as_ref().unwrap_or(&scenario.schedule);
    let seed = scenario.run.seed;
    let draws = Draws { seed, replicate, source: source::WORKLOAD + at as u64 };
    let key = Key { seed, replicate, source: source::POLICY + at as u64, purpose: Purpose::Choice };
    let (mut stream, graph, iterations, tree) = match spec.workload.start(&draws) {
        Program::Stream(stream) => (Some(stream), None, None, None),
        Program::Graph(graph) => (None, Some(graph), None, None),
        Program::Loop(iterations) => (None, None, Some(iterations), None),
        Program::Tree(tree) => (None, None, None, Some(tree)),
    };
    let chunks = iterations
        .zip(spec.workload.shape())
        .map(|(iterations, shape)| Chunks::new(iterations, shape, schedule, spec.on, cores, key));
    let order_spec = schedule.order();
    let clairvoyant = schedule.clairvoyant();
    let mut error = schedule.estimate_error.clone().filter(|_| clairvoyant).map(|law| {
        Sampler::new(law, crate::rng::Stream::new(Key { purpose: Purpose::EstimateError, ..key }))
    });
    // Transfers need no core: nobody schedules them.
    let uses_cores = spec.workload.uses_cores();
    // A policy that plans wants all tasks: it gets independent ones as a graph without edges.
    let mut gathered = None;
    let graph = match (graph, &mut stream) {
        (None, Some(tasks)) if uses_cores && matches!(schedule.policy.queues(), Queues::Planned) => {
            let tasks: Vec<TaskSpec> = std::iter::from_fn(|| tasks.next()).collect();
            let made = super::gather::graph(&tasks, spec.workload.kinds());
            (stream, gathered) = (None, Some(tasks));
            Some(made)
        }
        (graph, _) => graph,
    };
    let length = graph.as_ref().map_or(0, |graph| graph.len());
    let errors: Vec<f64> = match &mut error {
        Some(error) => (0..length).map(|_| error.sample()).collect(),
        None => Vec::new(),
    };
    let served = spec.workload.service();
    // A service uses no more cores than its replicas have.
    let on = served.map_or(spec.on, |service| {
        (spec.on.0, spec.on.0 + service.replicas_on(spec.on.1 - spec.on.0) * service.cores)
    });
    let per_server = matches!(schedule.policy.queues(), Queues::PerServer);
    let pools = served
        .filter(|service| per_server && service.cores > 1)
        .map(|service| Pools::new(service, on, cores));
    let infos: Vec<CoreInfo> = match &pools {
        Some(pools) => pools.infos(cores),
        None => cores
            .iter()
            .map(|core| CoreInfo { node: core.node, socket: core.socket, speed: core.own })
            .collect(),
    };
    let setup = Setup {
        cores: &infos[..],
        on: pools.as_ref().map_or(on, Pools::servers),
        graph: graph.as_deref(),
        count: spec.workload.count(),
        sizes: &|| spec.workload.sizes(),
        dispatchers: schedule.dispatchers.count,
        dispatcher: 0,
        names: &|number| spec.workload.task_name(number),
        network: scenario.network.as_ref(),
        error: &errors,
        initial: schedule.initial,
        lowest: schedule.lowest,
        key,
    };
    let mut policy: Box<dyn Policy> =
        if chunks.is_some() || !uses_cores { Box::new(NoTasks) } else { schedule.policy.start(&setup) };
    let loads = || pools.as_ref().map_or_else(|| super::load::all(cores), |pools| pools.loads.clone());
    let tasks = served.map_or(1, |service| service.most_tasks());
    let dispatching = (chunks.is_none() && uses_cores)
        .then(|| Dispatching::new(schedule, &setup, loads, tasks, desks))
        .flatten();
    let order = order_spec.start(&setup);
    let plan = policy.plan();
    let victims = match schedule.policy.queues() {
        Queues::Deques(rules) => Some(rules.victim.start(&setup)),
        _ => None,
    };
    // Loops have no queues.
    let has_tasks = uses_cores && spec.workload.shape().is_none();
    let group_alone = if has_tasks { Group::new(schedule, &setup) } else { None };
    let mut job = JobState {
        next: None,
        at_once: spec.workload.at_once().map_or(u64::MAX, u64::from),
        stream,
        graph,
        gathered,
        base: None,
        // What a core takes for a loop it does to the end, whatever waits in its queue.
        service: if chunks.is_some() { Service::TO_THE_END } else { order_spec.service() },
        has_keys: order.tells_apart(),
        order,
        group: None,
        group_alone,
        steals: victims.is_some(),
        victims,
        central,
        chunks,
        tree,
        position: vec![0; if plan.is_some() { cores.len() } else { 0 }],
        plan,
        clairvoyant,
        error,
        errors,
        watches: policy.watches_loads() && !dispatching.as_ref().is_some_and(|its| its.knows_own()),
        policy,
        dispatching,
        served,
        pools,
        users: served.and_then(|service| service.users.as_ref()).map(|users| Thinking::new(users, &draws)),
        usual: match served.and_then(|service| service.hedge) {
            Some(Hedge::Quantile(p)) => vec![RunningQuantile::new(p); spec.workload.kinds().len()],
            _ => Vec::new(),
        },
        part: (0, 0),
        changed: Vec::new(),
        ready: Vec::new(),
        released: 0,
        blocked: 0,
        open: 0,
        most_open: 0,
        exhausted: false,
        fates: Fates::default(),
        halt: None,
        started: false,
        held: Vec::new(),
        provisional: Vec::new(),
        closing: false,
        finished: false,
        kinds: spec.workload.kinds().iter().map(|kind| KindState::new(kind, on, cores)).collect(),
        spec,
        schedule,
    };
    job.pull();
    job
}

/// The work of a body in ticks at speed 1.
#[inline]
pub(super) fn work_of(body: &Body) -> f64 {
    let of = |op: &Op| if let Op::Compute { work, .. } = op { *work } else { 0.0 };
    match body {
        Body::One(op) => of(op),
        Body::Many(ops) => ops.iter().map(of).sum(),
    }
}
