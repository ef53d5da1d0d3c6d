//! Who is told the facts of a run as they happen.

use std::sync::Arc;

use super::{Idle, STATES, State};
use crate::ids::{CoreId, NodeId};
use crate::policy::Reason;
use crate::program::graph::Graph;
use crate::time::{Span, Time};

/// What became of a task.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Fate {
    /// It finished.
    Done,
    /// It was lost and not run again.
    Failed,
    /// Something it needs failed.
    Dropped,
    /// Another copy, or enough other parts, of its request had ended. Its request has a fate of its own.
    Cancelled,
    /// It was there and not finished at the horizon.
    Unfinished,
}

/// A task at its end.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct TaskRow {
    /// Its workload.
    pub job: u32,
    /// Its number in it.
    pub number: u64,
    /// When it was released, if it was; a task of a graph when the last one that it waits for had first ended.
    pub release: Option<Time>,
    /// When it first started, if it did.
    pub start: Option<Time>,
    /// When it ended, or the run.
    pub end: Time,
    /// Where it last ran, if it did; its lowest core.
    pub core: Option<CoreId>,
    /// On how many cores.
    pub cores: u32,
    /// How often it was started.
    pub attempts: u32,
    /// What became of it.
    pub fate: Fate,
}

/// An interval of a core.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Interval {
    /// Which core.
    pub core: CoreId,
    /// From when.
    pub from: Time,
    /// Until when.
    pub to: Time,
    /// What it did. Whether that turns out to be lost is a fact of its own.
    pub state: State,
    /// Why it was idle, if it was.
    pub idle: Idle,
    /// The workload and number of the task it had, if it had one to itself.
    pub task: Option<(u32, u64)>,
    /// How many tasks shared it, with others of its queue: 1 unless they are served all at once.
    pub sharers: u32,
    /// Of a computing interval, how much was waiting for memory.
    pub memory: Span,
    /// Whether the task's work began with this computing interval.
    pub first: bool,
    /// Whether the task's work was done with this computing interval.
    pub last: bool,
}

/// Where the time of a core went in the whole run.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct CoreRow {
    /// Which core.
    pub core: CoreId,
    /// Ticks of work that it does in a tick unless something changes its speed.
    pub speed: f64,
    /// Ticks by state.
    pub times: [u64; STATES.len()],
}

/// How much there is of what is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Levels {
    /// Tasks that are ready and not in service.
    pub waiting: u64,
    /// Tasks that have their cores.
    pub running: u64,
    /// Idle cores that have no task.
    pub idle: u64,
}

/// A chunk of a loop as a core gets it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChunkRow {
    /// The workload.
    pub job: u32,
    /// The number of the task that it is.
    pub number: u64,
    /// The time step, from 0.
    pub step: u64,
    /// The first of its iterations in that time step.
    pub first: u64,
    /// How many they are.
    pub size: u64,
    /// The core that asked.
    pub core: CoreId,
    /// When it asked.
    pub asked: Time,
}

/// A time step of a loop when its chunks are done.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct StepRow<'a> {
    /// The workload.
    pub job: u32,
    /// The time step, from 0.
    pub step: u64,
    /// When it began.
    pub began: Time,
    /// When its last chunk ended.
    pub ended: Time,
    /// The schedule that was chosen for it, of one that chooses among others.
    pub schedule: Option<&'a str>,
    /// The weights of the loop's cores as learned so far, of mean 1, of a schedule that learns them.
    pub weights: Option<&'a [f64]>,
}

/// A decision about a task, and why it was made.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Choice {
    /// Its workload.
    pub job: u32,
    /// Its number in it.
    pub number: u64,
    /// The core that is to run it; the lowest of several.
    pub core: CoreId,
    /// What was decided, and why.
    pub why: Why,
    /// How many other tasks wait.
    pub others: u64,
}

/// What was decided about a task, and why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// It goes into the queue of the core: the policy's reason.
    Placed(Reason),
    /// It waits in the queue of another core, the given one, and goes over to this one: the reason of who rebalances.
    Moved(CoreId, Reason),
    /// It starts: the core was free, and it was the first in the queue that the core shares with others.
    Shared,
    /// It starts: the core was free, and it was the first in its own queue.
    Own,
    /// It starts at once beside all others there: it shares the core.
    Together,
    /// It starts: the core was free, and the plan has it next there.
    Planned,
    /// It starts: it is the chunk of a loop that the core got when it asked for one.
    Chunk,
    /// It goes on where the last checkpoint left it, on the cores it had.
    Resumed,
    /// It goes from this core's deque into that of the core, which had no work and took it.
    Stolen(CoreId),
    /// It goes from this core's deque into that of the core, which waited to be given something over a lifeline.
    Given(CoreId),
    /// It loses its core and waits: another comes before it, or its turn is over.
    Interrupted,
}

impl Why {
    /// From which core the task comes, where it goes from one core to another.
    pub fn from(self) -> Option<CoreId> {
        match self {
            Why::Moved(from, _) | Why::Stolen(from) | Why::Given(from) => Some(from),
            _ => None,
        }
    }

    /// Whether the task waits from now on, or goes on waiting.
    pub fn leaves_waiting(self) -> bool {
        matches!(self, Why::Placed(_) | Why::Moved(..) | Why::Stolen(_) | Why::Given(_) | Why::Interrupted)
    }
}

/// A message at its end.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct MessageRow {
    /// From where.
    pub from: NodeId,
    /// To where.
    pub to: NodeId,
    /// How many bytes.
    pub bytes: f64,
    /// When it was sent.
    pub sent: Time,
    /// When it arrived or was lost.
    pub end: Time,
    /// Whether it arrived.
    pub delivered: bool,
    /// The workload and number of the task that made it, if one did.
    pub producer: Option<(u32, u64)>,
    /// The workload and number of the task for which it was sent first.
    pub consumer: Option<(u32, u64)>,
}

/// A successful attempt to steal, something given over a lifeline, or tasks that went from one queue to another.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct StealRow {
    /// Who took, or was given.
    pub thief: CoreId,
    /// From whom.
    pub victim: CoreId,
    /// How many tasks.
    pub tasks: u32,
    /// When the thief had run out of work; of what rebalancing moved, as `began`.
    pub since: Time,
    /// When the attempt that succeeded began, or the round.
    pub began: Time,
    /// When the thief had what it took.
    pub at: Time,
}

/// Something that happens to the machine or a job at an instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Marker {
    /// Cores stop, from the first up to but without the second.
    Crash(CoreId, CoreId),
    /// They are back.
    Repair(CoreId, CoreId),
    /// Their speed changes.
    Speed(CoreId, CoreId),
    /// Others notice that they stopped.
    Noticed(CoreId, CoreId),
    /// A job has taken a checkpoint.
    Checkpoint(u32),
    /// A job goes back to its last checkpoint or its start.
    Rollback(u32),
}

/// Is told the facts of a run; listens to those it wants. Everything it does is its own affair: the run doesn't depend
/// on it.
pub trait Recorder {
    /// Whether it listens at all; facts that are costly to state are stated only then.
    const ACTIVE: bool = true;

    /// A workload's tasks are those of a graph.
    fn graph(&mut self, _job: u32, _graph: &Arc<Graph>) {}
    /// An interval of a core ended. Those of one core are stated in order, and leave no gap.
    fn interval(&mut self, _interval: &Interval) {}
    /// What `core` computed for a task turns out to be lost: so much of it, counted back from the last interval.
    fn lost(&mut self, _core: CoreId, _task: (u32, u64), _span: Span) {}
    /// A core has asked for a chunk of a loop and got it; its task is told when it ends.
    fn chunk(&mut self, _row: &ChunkRow) {}
    /// A time step of a loop is over.
    fn step(&mut self, _row: &StepRow<'_>) {}
    /// Something was decided about a task at `at`.
    fn choice(&mut self, _at: Time, _choice: &Choice) {}
    /// A task ended.
    fn task(&mut self, _row: &TaskRow) {}
    /// A message ended.
    fn message(&mut self, _row: &MessageRow) {}
    /// A core took tasks from another's deque, or got some from its queue.
    fn steal(&mut self, _row: &StealRow) {}
    /// Something happened at `at`.
    fn mark(&mut self, _at: Time, _marker: Marker) {}
    /// From `at` on the levels are these; at the start all are zero.
    fn levels(&mut self, _at: Time, _levels: Levels) {}
    /// The run is over, its last intervals are stated: where the time of a core went. Every core has one, in order.
    fn core(&mut self, _row: &CoreRow) {}
}

/// Records nothing, at no cost.
pub struct NoRecord;

impl Recorder for NoRecord {
    const ACTIVE: bool = false;
}
