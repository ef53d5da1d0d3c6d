//! What a policy sees and what it may decide.

use crate::ids::{ServerId, TaskId};
use crate::time::{Span, Time};

/// What a policy sees when it is asked.
pub struct View<'a> {
    /// Now.
    pub now: Time,
    /// The load of each server as the dispatcher knows it, where the policy watches them: as it is, as it was some time ago
    /// (`schedule.stale`), or the tasks alone that the dispatcher itself has sent there.
    pub loads: &'a [Load],
    /// The servers that have got another load, or gone down or up, since it was last asked, the one included to which
    /// it then gave work; kept where the policy watches loads. At the start every server is up and has nothing to do.
    pub changed: &'a [ServerId],
    /// The servers that are believed to be down, lowest first.
    pub down: &'a [ServerId],
    /// Which dispatcher is asked, counted from 0.
    pub dispatcher: usize,
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
    /// The servers it may go to: from the first up to but without the second, at least one.
    pub allowed: (u32, u32),
    /// The server of the task that made it, or of the last of those that it waited for; none if it comes from outside.
    pub origin: Option<ServerId>,
}

/// The load of a server.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Load {
    /// Tasks waiting and in service.
    pub tasks: u32,
    /// Expected work of those waiting, in ticks at speed 1, each rounded up: it adds up and goes back to zero exactly.
    pub queued: Span,
    /// When the one in service is expected to end; now or earlier if there is none, or if it takes longer than that.
    pub busy_until: Time,
    /// The speed that the core is believed to have, greater than 0.
    pub speed: f64,
}

/// What a policy may decide.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Decision {
    /// Put the task into the central queue.
    Queue,
    /// Put the task into the queue of a server.
    Enqueue {
        /// Whose queue.
        server: ServerId,
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
    /// Where it was made, or where the last thing that it waited for ended.
    WhereItArose,
    /// The least load, alone or among equals.
    LeastLoad,
    /// It has reported to be idle.
    Idle,
    /// It is for tasks of this size.
    Size,
    /// The task's key was hashed to it.
    Hashed,
    /// Its core has more than enough, and found another that has room.
    SentOn,
    /// A core that has too little asked for it.
    AskedFor,
    /// The core with the most has given to the one with the least.
    Levelled,
    /// A core has given to a neighbour that has less.
    Diffused,
}

impl Reason {
    /// Its name in records, and what it is in a sentence after a colon.
    pub fn describe(self) -> (&'static str, &'static str) {
        match self {
            Reason::ByNumber => ("by-number", "its number says so"),
            Reason::InTurn => ("in-turn", "it is that core's turn"),
            Reason::Drawn => ("drawn", "drawn at random"),
            Reason::WhereItArose => ("where-it-arose", "that is where it arose"),
            Reason::LeastLoad => ("least-load", "the least loaded of those it looks at"),
            Reason::Idle => ("idle", "it has reported to be idle"),
            Reason::Size => ("size", "it is there for tasks of this size"),
            Reason::Hashed => ("hashed", "the hash of its key says so"),
            Reason::SentOn => ("sent-on", "the core that had it has more than enough, this one has room"),
            Reason::AskedFor => ("asked-for", "this core has too little and asked for it"),
            Reason::Levelled => ("levelled", "this core has the least, the one that had it the most"),
            Reason::Diffused => ("diffused", "this core has less than its neighbour that had it"),
        }
    }
}
