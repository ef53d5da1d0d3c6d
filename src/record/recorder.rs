//! Who is told the facts of a run as they happen.

use super::{Idle, STATES, State};
use crate::ids::{CoreId, NodeId};
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
    /// When it was released; a task of a graph when the last one that it waits for had ended.
    pub release: Time,
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
    /// What it did.
    pub state: State,
    /// Why it was idle, if it was.
    pub idle: Idle,
    /// The workload and number of the task it had.
    pub task: Option<(u32, u64)>,
    /// Of a computing interval, how much was waiting for memory.
    pub memory: Span,
    /// Whether what it computed was thrown away by its end.
    pub lost: bool,
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

/// Is told the facts of a run. Everything it does is its own affair: the run doesn't depend on it.
pub trait Recorder {
    /// Whether it listens at all; facts that are costly to state are stated only then.
    const ACTIVE: bool = true;

    /// An interval of a core ended.
    fn interval(&mut self, interval: &Interval);
    /// A task ended.
    fn task(&mut self, row: &TaskRow);
    /// A message ended.
    fn message(&mut self, row: &MessageRow);
    /// Something happened at `at`.
    fn mark(&mut self, at: Time, marker: Marker);
    /// The run is over: where the time of a core went, in ticks by state.
    fn core(&mut self, core: CoreId, times: &[u64; STATES.len()]);
    /// From `at` on so many tasks wait and so many are in service.
    fn queue(&mut self, at: Time, waiting: u64, running: u64);
}

/// Records nothing, at no cost.
pub struct NoRecord;

impl Recorder for NoRecord {
    const ACTIVE: bool = false;

    fn interval(&mut self, _: &Interval) {}
    fn task(&mut self, _: &TaskRow) {}
    fn message(&mut self, _: &MessageRow) {}
    fn mark(&mut self, _: Time, _: Marker) {}
    fn core(&mut self, _: CoreId, _: &[u64; STATES.len()]) {}
    fn queue(&mut self, _: Time, _: u64, _: u64) {}
}
