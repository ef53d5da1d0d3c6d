//! What a policy sees and what it may decide.

use crate::ids::{CoreId, TaskId};
use crate::time::Time;

/// What a policy sees when it is asked.
pub struct View<'a> {
    /// Now.
    pub now: Time,
    /// What became ready since it was last asked, by workload and number.
    pub ready: &'a [Ready],
    /// The load of each core, where the policy watches them.
    pub loads: &'a [Load],
    /// The cores whose load has changed since it was last asked.
    pub changed: &'a [CoreId],
}

/// A task that is ready to run.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Ready {
    /// The task in flight.
    pub task: TaskId,
    /// Its number in its workload.
    pub number: u64,
    /// When it became ready.
    pub since: Time,
    /// Its work in ticks at speed 1: the true work with the error of estimates for a clairvoyant policy or order, else
    /// what the scenario lets a scheduler expect.
    pub expected: f64,
    /// The cores it may run on: from the first up to but without the second.
    pub allowed: (u32, u32),
}

/// The load of a core's queue.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Load {
    /// Tasks waiting and in service.
    pub tasks: u32,
    /// Expected work of those waiting, in ticks on this core.
    pub queued: f64,
    /// When the one in service is expected to end.
    pub busy_until: Time,
    /// Whether it is believed to be up.
    pub up: bool,
}

/// What a policy may decide.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Decision {
    /// Put the task into the central queue.
    Queue {
        /// Which task.
        task: TaskId,
    },
    /// Put the task into the queue of this core.
    Enqueue {
        /// Which task.
        task: TaskId,
        /// Whose queue.
        core: CoreId,
        /// Why this one.
        reason: Reason,
    },
}

/// Why a policy decided as it did, for records and explanations.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// Fixed by the task's number.
    ByNumber,
    /// The next in turn.
    InTurn,
    /// Drawn at random.
    Drawn,
    /// The least load, alone or among equals.
    LeastLoad,
}
