//! What a policy knows before the run starts.

use super::steal::Initial;
use crate::ids::{NodeId, SocketId, TaskId};
use crate::network::Network;
use crate::program::graph::Graph;
use crate::rng::{Distribution, Key, Purpose, Stream};

/// What a policy knows before the run starts.
#[derive(Clone, Copy)]
pub struct Setup<'a> {
    /// All servers by number, with their speeds in this replicate: the cores of the machine.
    pub cores: &'a [CoreInfo],
    /// The servers that the workload may use: from the first up to but without the second, at least one.
    pub on: (u32, u32),
    /// All tasks where they are known beforehand; always for a policy that plans.
    pub graph: Option<&'a Graph>,
    /// The number of tasks where it is known beforehand.
    pub count: Option<u64>,
    /// How the sizes of tasks are spread: distributions of work, each with how often it comes; none where that isn't
    /// known.
    pub sizes: &'a dyn Fn() -> Vec<(f64, Distribution)>,
    /// How many dispatchers there are, at least 1.
    pub dispatchers: u32,
    /// Which of them this state decides for, from 0.
    pub dispatcher: u32,
    /// The name of each task, by number.
    pub names: &'a dyn Fn(u64) -> String,
    /// The network; without one, messages are free.
    pub network: Option<&'a Network>,
    /// How wrong estimates are: a factor for each task of the graph; empty where they are right.
    pub error: &'a [f64],
    /// Where work starts or arrives, for a policy that leaves it where it is until somebody takes it.
    pub initial: Initial,
    /// Whether ties go to the lowest index and not to one of the equals at random.
    pub lowest: bool,
    /// Who draws: the key that all dispatchers of the policy share, with a purpose to be filled in.
    pub key: Key,
}

/// A core as a policy sees it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct CoreInfo {
    /// Its node.
    pub node: NodeId,
    /// Its socket.
    pub socket: SocketId,
    /// Its speed at the start.
    pub speed: f64,
}

impl Setup<'_> {
    /// The stream of this dispatcher's for `purpose`.
    pub fn stream(&self, purpose: Purpose) -> Stream {
        // Policies take the lower 20 bits of a source.
        let source = self.key.source + (u64::from(self.dispatcher) << 20);
        Stream::new(Key { source, purpose, ..self.key })
    }

    /// The cores where a task of the graph may run: those of the workload, of those to which it is pinned.
    pub(super) fn allowed(&self, graph: &Graph, task: TaskId) -> (u32, u32) {
        let (first, end) = self.on;
        graph.pin(task).map_or((first, end), |pin| (first.max(pin.0), end.min(pin.1)))
    }
}
