//! The tasks in flight.

use crate::ids::{CoreId, TaskId};
use crate::policy::Ready;
use crate::program::{Body, Home};
use crate::sharing::FlowId;
use crate::time::Time;

/// Where a task stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Status {
    /// Waits for predecessors.
    Blocked,
    /// Waits in a queue, or for its policy or plan.
    Ready,
    /// Has a core and waits for the dispatcher.
    Dispatched,
    /// Has a core and waits for its inputs.
    Claimed,
    /// Runs.
    Running,
    /// Has a core and stands still with its job.
    Paused,
    /// Is a transfer under way, which needs no core.
    Moving,
    /// Was sent to, or ran on, cores that are down, which nobody has noticed yet.
    Lost,
    /// Finished, but its job may still go back to before that.
    Provisional,
    /// Ended. The slot is free, or belongs to a graph.
    Ended,
}

/// What a job's last checkpoint knows of a task that was running then.
#[derive(Clone, Debug)]
pub(super) struct Saved {
    /// The operation it was at.
    pub op: u32,
    /// The work of it on the cores it had.
    pub work: f64,
    /// What was left of it.
    pub left: f64,
    /// What was left of its traffic, where it has no work.
    pub unread: f64,
    /// The work whose time has been accounted for by then.
    pub credit: f64,
    /// Its cores, lowest first.
    pub cores: Vec<CoreId>,
}

/// A task in flight.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub job: u32,
    pub kind: u32,
    pub number: u64,
    pub status: Status,
    pub body: Body,
    pub home: Option<Home>,
    /// The cores it may run on, from the first up to but without the second.
    pub allowed: (u32, u32),
    /// How many cores it occupies.
    pub width: u32,
    /// How much faster it is on them than on one.
    pub parallel: f64,
    /// What a scheduler expects its time on cores of speed 1 to be, in ticks.
    pub expected: f64,
    /// When it was there; of a graph, when it first was ready. `Time::NEVER` before.
    pub release: Time,
    /// When it last became ready.
    pub ready: Time,
    /// When it first started; `Time::NEVER` before.
    pub start: Time,
    /// When it ended, if it is provisional.
    pub end: Time,
    pub attempts: u32,
    /// The lowest of its cores, if it has any.
    pub core: CoreId,
    /// Its other cores.
    pub more: Vec<CoreId>,
    /// The operation it is at.
    pub op: u32,
    /// The work left of it in ticks at speed 1, as of `segment`.
    pub left: f64,
    /// Bytes left of an operation without work, which alone say how far it has got, as of `segment`.
    pub unread: f64,
    /// Work per tick while nothing but the cores limits it.
    pub rate: f64,
    /// Since when the present segment runs at that rate.
    pub segment: Time,
    /// Its share of memory bandwidth, if the phase needs any.
    pub flow: Option<FlowId>,
    /// Ticks of computing and of waiting for memory on each of its cores that a fault would throw away.
    pub spent: (u64, u64),
    /// How many of them lie in the warm-up.
    pub cold: u64,
    /// Work whose time has been accounted for: equals its work in the end.
    pub credit: f64,
    /// By how much rounding to ticks may have falsified that.
    pub slack: f64,
    /// Predecessors that have not ended, or inputs that have not arrived.
    pub awaiting: u32,
    /// What the last checkpoint knows of it.
    pub saved: Option<Saved>,
}

impl Task {
    /// A task that has done nothing yet.
    pub fn new(job: u32, number: u64, body: Body, expected: f64, status: Status) -> Self {
        Task {
            job,
            kind: 0,
            number,
            status,
            body,
            home: None,
            allowed: (0, 0),
            width: 1,
            parallel: 1.0,
            expected,
            release: Time::NEVER,
            ready: Time::ZERO,
            start: Time::NEVER,
            end: Time::NEVER,
            attempts: 0,
            core: CoreId::new(0),
            more: Vec::new(),
            op: 0,
            left: 0.0,
            unread: 0.0,
            rate: 0.0,
            segment: Time::ZERO,
            flow: None,
            spent: (0, 0),
            cold: 0,
            credit: 0.0,
            slack: 0.0,
            awaiting: 0,
            saved: None,
        }
    }

    /// The task as policies see it; `task` is its slot.
    pub fn as_ready(&self, task: TaskId) -> Ready {
        Ready { task, number: self.number, since: self.ready, expected: self.expected, allowed: self.allowed }
    }
}

/// The tasks in flight, in slots that are used again.
#[derive(Default)]
pub(super) struct Tasks {
    slots: Vec<Task>,
    free: Vec<u32>,
}

impl Tasks {
    /// Puts a task into a free slot.
    #[inline]
    pub fn add(&mut self, task: Task) -> TaskId {
        match self.free.pop() {
            Some(slot) => {
                self.slots[slot as usize] = task;
                TaskId::new(slot as usize)
            }
            None => {
                self.slots.push(task);
                TaskId::new(self.slots.len() - 1)
            }
        }
    }

    /// Puts a task into a slot behind all others.
    pub fn append(&mut self, task: Task) -> TaskId {
        self.slots.push(task);
        TaskId::new(self.slots.len() - 1)
    }

    /// Frees the slot of a task that has ended.
    #[inline]
    pub fn release(&mut self, task: TaskId) {
        self.slots[task.index()].status = Status::Ended;
        self.free.push(task.index() as u32);
    }

    /// The number of slots, free ones included.
    pub fn slots(&self) -> usize {
        self.slots.len()
    }

    /// The tasks of `job` that are in flight, by slot.
    pub fn of_job(&self, job: u32) -> Vec<TaskId> {
        let alive = |task: &Task| task.job == job && task.status != Status::Ended;
        (0..self.slots.len()).filter(|slot| alive(&self.slots[*slot])).map(TaskId::new).collect()
    }
}

impl std::ops::Index<TaskId> for Tasks {
    type Output = Task;

    #[inline]
    fn index(&self, task: TaskId) -> &Task {
        &self.slots[task.index()]
    }
}

impl std::ops::IndexMut<TaskId> for Tasks {
    #[inline]
    fn index_mut(&mut self, task: TaskId) -> &mut Task {
        &mut self.slots[task.index()]
    }
}

impl Task {
    /// All its cores, lowest first.
    pub fn cores(&self) -> impl Iterator<Item = CoreId> + '_ {
        std::iter::once(self.core).chain(self.more.iter().copied())
    }

    /// Whether it occupies cores.
    pub fn has_cores(&self) -> bool {
        matches!(
            self.status,
            Status::Dispatched | Status::Claimed | Status::Running | Status::Paused | Status::Lost
        )
    }
}
