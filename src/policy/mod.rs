//! Policies: which core or queue gets ready work. They decide; the simulation acts.

mod decision;
mod order;
pub mod plan;
mod schedule;

pub use decision::{Decision, Load, Ready, Reason, View};
pub use order::{ORDERS, Order, OrderSpec};
pub use schedule::{Cost, Schedule};

use std::fmt::Debug;

use crate::ids::{CoreId, NodeId};
use crate::network::Network;
use crate::program::graph::Graph;
use crate::registry::{Registered, Registry};
use crate::rng::{Key, Purpose, Stream};

/// A policy as the scenario chooses it.
pub trait PolicySpec: Debug + Send + Sync {
    /// How ready work is queued under it.
    fn queues(&self) -> Queues<'_>;

    /// Fresh state for one replicate.
    fn start(&self, setup: &Setup<'_>) -> Box<dyn Policy>;

    /// Whether it knows the work of a task beforehand.
    fn clairvoyant(&self) -> bool {
        false
    }

    /// Whether it draws at random.
    fn is_random(&self) -> bool {
        false
    }

    /// Whether it needs to know all tasks, or their number, before the run.
    fn needs_all_tasks(&self) -> bool {
        false
    }
}

/// How ready work is queued.
pub enum Queues<'a> {
    /// One queue for all cores, in the order of `schedule.queue`, or in one of its own.
    Central(Option<&'a dyn OrderSpec>),
    /// One queue a core, in the order of `schedule.queue`.
    PerCore,
    /// None: a plan says which core runs which tasks in which order.
    Planned,
}

/// The state of a policy in one replicate.
pub trait Policy {
    /// Decides about what became ready since it was last asked, appending to `decisions`.
    fn decide(&mut self, view: &View<'_>, decisions: &mut Vec<Decision>);

    /// The core that will run task `number` of the graph, where that is settled from the start: its inputs can then
    /// travel before it is ready.
    fn settled(&self, _number: u64) -> Option<CoreId> {
        None
    }

    /// The plan, of a policy that makes one.
    fn plan(&mut self) -> Option<plan::Plan> {
        None
    }

    /// Whether it looks at loads, which are only kept up to date for it then.
    fn watches_loads(&self) -> bool {
        false
    }
}

/// What a policy knows before the run starts.
pub struct Setup<'a> {
    /// The cores that the workload may use, by number, with their speeds in this replicate.
    pub cores: &'a [CoreInfo],
    /// All tasks where they are known beforehand.
    pub graph: Option<&'a Graph>,
    /// The number of tasks where it is known beforehand.
    pub count: Option<u64>,
    /// The expected work of each task of the graph for a clairvoyant policy: row by task, in ticks at speed 1, with
    /// the error of estimates in it.
    pub network: Option<&'a Network>,
    /// How wrong estimates are: a factor for each task of the graph.
    pub error: &'a [f64],
    /// Whether ties go to the lowest index and not to one of the equals at random.
    pub lowest: bool,
    /// Who draws: the policy's own key, with a purpose to be filled in.
    pub key: Key,
}

/// A core as a policy sees it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct CoreInfo {
    /// Its node.
    pub node: NodeId,
    /// Its speed at the start.
    pub speed: f64,
}

impl Setup<'_> {
    /// The policy's stream for `purpose`.
    pub fn stream(&self, purpose: Purpose) -> Stream {
        Stream::new(Key { purpose, ..self.key })
    }
}

/// The policies.
pub static POLICIES: Registry<dyn PolicySpec> = Registry { noun: "policy", entries: &[] };

impl Registered for dyn PolicySpec {
    fn registry() -> &'static Registry<Self> {
        &POLICIES
    }
}
