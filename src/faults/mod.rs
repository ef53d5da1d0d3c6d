//! Faults: what is injected, when others notice, and how work recovers.

use crate::ids::CoreId;
use crate::rng::Distribution;
use crate::time::{Span, Time};

/// The `[faults]` table.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// What is injected, in file order.
    pub inject: Vec<Inject>,
    /// When others notice a crash.
    pub detect: Detect,
    /// What becomes of lost work.
    pub recover: Recover,
}

/// One named injection.
#[derive(Clone, Debug)]
pub struct Inject {
    /// Its name.
    pub name: String,
    /// What it strikes; each target fails by itself.
    pub targets: Vec<FaultTarget>,
    /// What happens to it.
    pub fault: Fault,
    /// When.
    pub when: When,
}

/// Something that can fail: some cores, and a node with them if they are all it has.
#[derive(Clone, Debug)]
pub struct FaultTarget {
    /// What the file calls it, such as `node 2`.
    pub name: String,
    /// The cores that fail, from the first up to but without the second.
    pub cores: (CoreId, CoreId),
    /// The node that fails with its links and messages, if the target is one.
    pub node: Option<crate::ids::NodeId>,
}

/// What happens to a target.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Fault {
    /// It stops; what runs on it and every message from, to or through it is lost.
    Crash,
    /// Its cores run at this part of their speed.
    Slowdown {
        /// From 0 (excluded) to 1.
        speed: f64,
    },
}

/// When a target fails, and until when.
#[derive(Clone, Debug)]
pub enum When {
    /// At random: up for a time, then down until repaired.
    Random {
        /// Time up between a repair and the next failure.
        uptime: Distribution,
        /// Time until it is repaired; never where absent.
        repair: Option<Distribution>,
    },
    /// At given instants, each for a time; for ever where absent.
    Scripted {
        /// When, in order.
        at: Vec<Time>,
        /// For how long.
        lasting: Option<Span>,
    },
}

/// When others notice a crash.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Detect {
    /// At once.
    #[default]
    AtOnce,
    /// After a fixed delay.
    Delay(Span),
    /// When nothing was heard for `timeout` since the last heartbeat that was received; heartbeats leave at 0 and at
    /// every multiple of `heartbeat`.
    Heartbeat {
        /// Time between heartbeats.
        heartbeat: Span,
        /// Silence after which a target is taken for dead.
        timeout: Span,
    },
}

/// What becomes of lost work.
#[derive(Clone, Debug, Default)]
pub enum Recover {
    /// Nothing: it ends failed, and what depends on it is dropped.
    #[default]
    Nothing,
    /// Lost tasks run again.
    Retry {
        /// Whether their work is drawn anew.
        resample: bool,
    },
    /// The whole job begins again.
    Restart {
        /// What starting again costs after the repair.
        restart: Span,
    },
    /// The job goes back to its last completed checkpoint.
    Checkpoint {
        /// Computing time between checkpoints.
        interval: Interval,
        /// What one takes, all cores of the job standing still.
        cost: Span,
        /// What going back takes after the repair.
        restart: Span,
        /// Whether one is taken at the very end.
        last: bool,
    },
}

/// The interval between checkpoints.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Interval {
    /// Given.
    Given(Span),
    /// √(2δM) (Young 1974).
    Young,
    /// The higher-order optimum (Daly 2006, equation 37).
    Daly,
}
