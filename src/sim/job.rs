//! A workload during a run: where its tasks come from, how they are scheduled, and how far it has got.

use std::sync::Arc;

use super::alarm::Event;
use super::tasks::{Status, Task};
use super::world::{Central, Core, World, source};
use crate::engine::Queue;
use crate::ids::{CoreId, TaskId};
use crate::policy::plan::Plan;
use crate::policy::{CoreInfo, Order, Policy, Queues, Ready, Schedule, Setup};
use crate::program::graph::{Graph, Work};
use crate::program::{Body, Op, Program, Stream, TaskSpec};
use crate::record::{Fates, Recorder};
use crate::rng::{Key, Purpose, Sampler};
use crate::scenario::{Job, Scenario};
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
    pub graph: Option<Arc<Graph>>,
    /// The slot of the graph's first task; the others follow.
    pub base: usize,
    pub policy: Box<dyn Policy>,
    pub order: Box<dyn Order>,
    /// Which central queue its tasks wait in.
    pub central: Option<usize>,
    pub plan: Option<Plan>,
    /// How far each core has got in the plan.
    pub position: Vec<u32>,
    pub clairvoyant: bool,
    pub error: Option<Sampler>,
    /// The factor of error of each task of the graph.
    pub errors: Vec<f64>,
    /// Tasks that became ready since the policy was last asked.
    pub ready: Vec<Ready>,
    /// Tasks released.
    pub released: u64,
    /// Tasks of the graph that wait for others.
    pub blocked: u64,
    /// Tasks released that have not ended.
    pub open: u64,
    /// Whether no more will be released.
    pub exhausted: bool,
    pub fates: Fates,
    pub halt: Option<Halt>,
    /// Whether the first task has started.
    pub started: bool,
    /// Cores that it keeps while it stands still.
    pub held: Vec<CoreId>,
    /// Tasks that ended since the last checkpoint.
    pub provisional: Vec<TaskId>,
    /// Whether its last checkpoint is under way.
    pub closing: bool,
    /// Whether all its work is done.
    pub finished: bool,
    /// By kind of task, the speed of the fastest core it may use.
    pub fastest: Vec<f64>,
}

impl JobState<'_> {
    /// Whether it stands still, waiting for something to come back.
    pub fn stands_still(&self) -> bool {
        matches!(self.halt, Some(Halt::Repair | Halt::Restart))
    }

    /// The task of the graph that is in `slot`.
    pub fn slot(&self, number: u64) -> TaskId {
        TaskId::new(self.base + number as usize)
    }
}

/// All jobs at time 0, and the central queues that they share.
pub(super) fn start<'a>(
    scenario: &'a Scenario,
    replicate: u64,
    cores: &[Core],
    centrals: &mut Vec<Central>,
) -> Vec<JobState<'a>> {
    let mut shared = None;
    let mut jobs = Vec::new();
    for (at, spec) in scenario.jobs.iter().enumerate() {
        let schedule = spec.schedule.as_ref().unwrap_or(&scenario.schedule);
        let central =
            matches!(schedule.policy.queues(), Queues::Central(_)).then(|| match (&spec.schedule, shared) {
                (None, Some(central)) => central,
                _ => {
                    centrals.push(Central { lanes: Vec::new(), dispatcher: Time::ZERO });
                    if spec.schedule.is_none() {
                        shared = Some(centrals.len() - 1);
                    }
                    centrals.len() - 1
                }
            });
        jobs.push(begin(scenario, replicate, at, cores, central));
    }
    jobs
}

fn begin<'a>(
    scenario: &'a Scenario,
    replicate: u64,
    at: usize,
    cores: &[Core],
    central: Option<usize>,
) -> JobState<'a> {
    let spec = &scenario.jobs[at];
    let schedule = spec.schedule.as_ref().unwrap_or(&scenario.schedule);
    let seed = scenario.run.seed;
    let draws = Draws { seed, replicate, source: source::WORKLOAD + at as u64 };
    let key = Key { seed, replicate, source: source::POLICY + at as u64, purpose: Purpose::Choice };
    let (mut stream, graph) = match spec.workload.start(&draws) {
        Program::Stream(stream) => (Some(stream), None),
        Program::Graph(graph) => (None, Some(graph)),
    };
    let order = schedule.order();
    let clairvoyant = schedule.clairvoyant();
    let mut error = schedule.estimate_error.clone().filter(|_| clairvoyant).map(|law| {
        Sampler::new(law, crate::rng::Stream::new(Key { purpose: Purpose::EstimateError, ..key }))
    });
    // A policy that plans wants all tasks: it gets independent ones as a graph without edges.
    let graph = match (graph, &mut stream) {
        (None, Some(tasks)) if matches!(schedule.policy.queues(), Queues::Planned) => {
            let made =
                super::gather::graph(tasks.as_mut(), spec.workload.kinds(), |core| cores[core as usize].node);
            stream = None;
            Some(made)
        }
        (graph, _) => graph,
    };
    let length = graph.as_ref().map_or(0, |graph| graph.len());
    let errors: Vec<f64> = match &mut error {
        Some(error) => (0..length).map(|_| error.sample()).collect(),
        None => Vec::new(),
    };
    let infos: Vec<CoreInfo> =
        cores.iter().map(|core| CoreInfo { node: core.node, speed: core.own }).collect();
    let setup = Setup {
        cores: &infos[..],
        on: spec.on,
        graph: graph.as_deref(),
        count: spec.workload.count(),
        names: &|number| spec.workload.task_name(number),
        network: scenario.network.as_ref(),
        error: &errors,
        lowest: schedule.lowest,
        key,
    };
    let mut policy = schedule.policy.start(&setup);
    let order = order.start(&setup);
    let plan = policy.plan();
    let fastest = |pin: Option<(u32, u32)>| {
        let (from, to) = pin.unwrap_or(spec.on);
        cores[from as usize..to as usize].iter().map(|core| core.own).fold(0.0, f64::max)
    };
    JobState {
        next: stream.as_mut().and_then(|stream| stream.next()),
        stream,
        graph,
        base: 0,
        policy,
        order,
        central,
        position: vec![0; if plan.is_some() { cores.len() } else { 0 }],
        plan,
        clairvoyant,
        error,
        errors,
        ready: Vec::new(),
        released: 0,
        blocked: 0,
        open: 0,
        exhausted: false,
        fates: Fates::default(),
        halt: None,
        started: false,
        held: Vec::new(),
        provisional: Vec::new(),
        closing: false,
        finished: false,
        fastest: spec.workload.kinds().iter().map(|kind| fastest(kind.pin)).collect(),
        spec,
        schedule,
    }
}

impl<R: Recorder> World<'_, R> {
    /// Makes what of a job is there at time 0 happen.
    pub fn begin_job(&mut self, job: u32, queue: &mut Queue) {
        let state = &self.jobs[job as usize];
        if let Some(graph) = state.graph.clone() {
            self.add_graph(job, &graph);
        } else if let Some(next) = &state.next {
            queue.set(Event::Release(job).into(), next.release);
        } else {
            self.jobs[job as usize].exhausted = true;
            self.job_may_be_done(job, Time::ZERO, queue);
        }
    }

    fn add_graph(&mut self, job: u32, graph: &Arc<Graph>) {
        let base = self.tasks.slots();
        let on = self.jobs[job as usize].spec.on;
        for id in graph.tasks() {
            let work = match graph.work(id) {
                Work::Uniform(work) => work,
                // Which core it will be is not known yet; a plan or placement sets it.
                Work::PerCore(row) => {
                    row[on.0 as usize..on.1 as usize].iter().copied().fold(f64::INFINITY, f64::min)
                }
            };
            let state = &self.jobs[job as usize];
            let error = state.errors.get(id.index()).copied().unwrap_or(1.0);
            let awaiting = graph.preds(id).len() as u32;
            let allowed = graph.pin(id).map_or(on, |node| {
                let node = &self.scenario.machine.nodes[node.index()];
                (node.cores.0.index() as u32, node.cores.1.index() as u32)
            });
            let status = if awaiting == 0 { Status::Ready } else { Status::Blocked };
            let body = Body::One(Op::Compute { work, traffic: 0.0 });
            let task = Task {
                allowed,
                width: graph.cores(id),
                awaiting,
                ..Task::new(job, id.index() as u64, body, work * error, status)
            };
            let slot = self.tasks.add(task);
            debug_assert_eq!(slot.index(), base + id.index(), "a graph's tasks lie side by side");
            if awaiting == 0 {
                self.make_ready(slot, Time::ZERO);
            } else {
                self.jobs[job as usize].blocked += 1;
            }
        }
        let state = &mut self.jobs[job as usize];
        (state.base, state.released, state.open) = (base, graph.len() as u64, graph.len() as u64);
        state.exhausted = true;
        if graph.is_empty() {
            state.finished = true;
            self.unfinished -= usize::from(!state.spec.background);
        }
    }

    /// Releases a job's tasks that are due, and sets the alarm for the next.
    pub fn on_release(&mut self, job: u32, now: Time, queue: &mut Queue) {
        loop {
            let state = &mut self.jobs[job as usize];
            match state.next.take() {
                Some(spec) if spec.release <= now => {
                    state.next = state.stream.as_mut().and_then(|stream| stream.next());
                    self.release(job, spec, now, queue);
                }
                Some(spec) => {
                    queue.set(Event::Release(job).into(), spec.release);
                    state.next = Some(spec);
                    return;
                }
                None => {
                    state.exhausted = true;
                    self.job_may_be_done(job, now, queue);
                    return;
                }
            }
        }
    }

    fn release(&mut self, job: u32, spec: TaskSpec, now: Time, queue: &mut Queue) {
        let state = &mut self.jobs[job as usize];
        let number = state.released;
        state.released += 1;
        state.open += 1;
        let kind = &state.spec.workload.kinds()[spec.kind as usize];
        let parallel = kind.speedup.on(kind.cores);
        let expected = if state.clairvoyant {
            let error = state.error.as_mut().map_or(1.0, Sampler::sample);
            work_of(&spec.body) / parallel * error
        } else {
            spec.expected / parallel
        };
        let task = Task {
            kind: spec.kind,
            home: spec.home,
            release: now,
            allowed: kind.pin.unwrap_or(state.spec.on),
            width: kind.cores,
            parallel,
            ..Task::new(job, number, spec.body, expected, Status::Ready)
        };
        let transfer = matches!(task.body.op(0), Some(Op::Transfer { .. }));
        let slot = self.tasks.add(task);
        if transfer {
            self.start_transfer(slot, now, queue);
        } else {
            self.make_ready(slot, now);
        }
    }

    /// A task is ready: its policy will be asked.
    #[inline]
    pub fn make_ready(&mut self, task: TaskId, now: Time) {
        let entry = &mut self.tasks[task];
        entry.status = Status::Ready;
        entry.release = if entry.attempts == 0 { now } else { entry.release };
        entry.ready = now;
        let ready = entry.as_ready(task);
        self.digest.fact(now, super::fact::READY, ready.number, u64::from(entry.job));
        self.jobs[entry.job as usize].ready.push(ready);
        self.totals.waits(now, 1);
    }

    /// Ends a job whose tasks have all ended.
    pub fn job_may_be_done(&mut self, job: u32, now: Time, queue: &mut Queue) {
        let state = &self.jobs[job as usize];
        if !state.exhausted || state.open > 0 || state.finished {
            return;
        }
        if self.close_with_checkpoint(job, now, queue) {
            return;
        }
        self.commit(job);
        let state = &mut self.jobs[job as usize];
        state.finished = true;
        self.unfinished -= usize::from(!state.spec.background);
        if !state.spec.background {
            self.totals.last_end = now;
        }
        queue.clear(Event::Checkpoint(job).into());
    }
}

/// The work of a body in ticks at speed 1.
pub(super) fn work_of(body: &Body) -> f64 {
    body.ops().iter().map(|op| if let Op::Compute { work, .. } = op { *work } else { 0.0 }).sum()
}
