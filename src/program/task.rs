//! Tasks and the operations of their bodies.

use std::sync::Arc;

use super::Iterations;
use super::graph::Graph;
use super::tree::Unfold;
use crate::ids::NodeId;
use crate::time::{Span, Time};

/// What a workload comes to in one replicate.
pub enum Program {
    /// Independent tasks, made one by one in the order of their release, so that no more are held than are in
    /// flight.
    Stream(Box<dyn Stream>),
    /// Tasks that wait for one another, all there from the start.
    Graph(Arc<Graph>),
    /// The iterations of a loop, of which each chunk that a core takes becomes a task.
    Loop(Box<dyn Iterations>),
    /// Tasks that make others while they run.
    Tree(Box<dyn Unfold>),
}

/// A source of independent tasks.
pub trait Stream {
    /// The next task, released no earlier than the one before. None when there will be no more.
    fn next(&mut self) -> Option<TaskSpec>;
}

/// A task as it is released.
#[derive(Clone, Debug)]
pub struct TaskSpec {
    /// When it is there.
    pub release: Time,
    /// What it does.
    pub body: Body,
    /// Which of the workload's kinds it is.
    pub kind: u32,
    /// Data that it needs where it runs, and where they lie.
    pub home: Option<Home>,
    /// Its work in ticks at speed 1 as a scheduler may know it beforehand: given by hand, else the mean of its
    /// distribution.
    pub expected: f64,
}

/// Data that lie on a node until the task that needs them is placed.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Home {
    /// Where they lie.
    pub node: NodeId,
    /// How many bytes.
    pub bytes: f64,
}

/// What many tasks of a workload have in common.
#[derive(Clone, PartialEq, Debug)]
pub struct Kind {
    /// The name of the one task of this kind, or the label of all of them.
    pub name: Option<String>,
    /// How many cores of one node it occupies, at least 1.
    pub cores: u32,
    /// How several cores speed it up.
    pub speedup: Speedup,
    /// The cores it may run on: from the first up to but without the second. All where absent.
    pub pin: Option<(u32, u32)>,
    /// How it stands against others in a queue that asks.
    pub standing: Standing,
}

/// How a task stands against others, for the orders of queues that ask.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Standing {
    /// How urgent it is; greater is more urgent.
    pub priority: u32,
    /// How long after its release it should have ended.
    pub deadline: Option<Span>,
    /// Its share of what it shares with others, above 0.
    pub weight: f64,
}

impl Default for Standing {
    fn default() -> Self {
        Standing { priority: 0, deadline: None, weight: 1.0 }
    }
}

/// How much faster a task runs on several cores than on one.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Speedup {
    /// As many times as it has cores.
    Linear,
    /// S(c) = 1 / (f + (1 − f)/c), f being the part that only one core can do (Amdahl 1967).
    Amdahl {
        /// f, from 0 to 1.
        serial: f64,
    },
}

impl Speedup {
    /// S(c), at least 1.
    pub fn on(self, cores: u32) -> f64 {
        match self {
            Speedup::Linear => f64::from(cores),
            Speedup::Amdahl { serial } => 1.0 / (serial + (1.0 - serial) / f64::from(cores)),
        }
    }
}

/// What a task does, one operation after another.
#[derive(Clone, Debug)]
pub enum Body {
    /// A single operation, as most tasks are.
    One(Op),
    /// Several.
    Many(Arc<[Op]>),
}

impl Body {
    /// The operation number `at`, from 0; none after the last.
    pub fn op(&self, at: u32) -> Option<&Op> {
        match self {
            Body::One(op) => (at == 0).then_some(op),
            Body::Many(ops) => ops.get(at as usize),
        }
    }

    /// All its operations.
    pub fn ops(&self) -> &[Op] {
        match self {
            Body::One(op) => std::slice::from_ref(op),
            Body::Many(ops) => ops,
        }
    }
}

/// One operation.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Op {
    /// Compute, and meanwhile ask the memory of the socket for bytes.
    Compute {
        /// Ticks on a core of speed 1.
        work: f64,
        /// Bytes asked of memory, spread evenly over the work.
        traffic: f64,
    },
    /// Move bytes between nodes, which occupies no core.
    Transfer {
        /// Where they lie.
        from: NodeId,
        /// Where they go.
        to: NodeId,
        /// How many.
        bytes: f64,
        /// Its part of a shared link against others, 1 being the normal one.
        weight: f64,
    },
}
