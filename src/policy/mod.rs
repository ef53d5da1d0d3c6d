//! Policies: which core or queue gets ready work. They decide; the simulation acts.

mod by_number;
mod central_queue;
mod decision;
mod dispatch;
mod estimate;
mod fits;
mod heft;
pub mod loops;
mod order;
pub mod plan;
pub mod rebalance;
mod schedule;
mod setup;
mod static_block;
mod static_cyclic;
pub mod steal;
mod work_sharing;
#[cfg(test)]
mod testing;

pub(crate) use dispatch::MinTree;

pub use decision::{Decision, Load, Ready, Reason, View};
pub use dispatch::{Dispatchers, Knowledge, Stale};
pub use order::{Candidate, ORDERS, Order, OrderSpec, Service};
pub use rebalance::{REBALANCERS, RebalanceSpec};
pub use schedule::{Cost, Schedule};
pub use setup::{CoreInfo, Setup};

use std::fmt::Debug;

use crate::error::Problem;
use crate::ids::CoreId;
use crate::registry::{Registered, Registry};
use crate::workload::Workload;

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

    /// Whether it leaves work where it starts or arrives until somebody takes it, so that `schedule.initial` counts.
    fn leaves_work_where_it_is(&self) -> bool {
        matches!(self.queues(), Queues::Deques(_))
    }

    /// Whether it draws at random, be it only to break ties (unless `lowest`: they go to the lowest index).
    fn is_random(&self, _lowest: bool) -> bool {
        false
    }

    /// Of how many servers that it draws anew for each task it takes the one with the fewest tasks; none of a policy that
    /// goes by something else.
    fn drawn_servers(&self) -> Option<u32> {
        None
    }

    /// What is wrong with `servers` servers, if they aren't as many as it needs.
    fn needs_servers(&self, _servers: u32) -> Option<Problem> {
        None
    }

    /// What it goes by if it is a dispatcher, which sends each task to a server when it comes: there may be several of it,
    /// and deciding may take time. None where work is settled beforehand, taken by servers, or kept where it arises.
    fn knowledge(&self) -> Option<Knowledge> {
        None
    }

    /// Whether one state of it serves all dispatchers of a workload, and not each one its own. One with several states
    /// looks at [`View::loads`]; what has [changed](View::changed) is told to them only if each knows its own tasks.
    fn serves_all_dispatchers(&self) -> bool {
        false
    }

    /// Why it can't schedule `workload`: nothing if it can. A problem without a place lies in the choice of the policy.
    fn misfits(&self, _workload: &dyn Workload) -> Vec<Problem> {
        Vec::new()
    }
}

/// How ready work is queued.
pub enum Queues<'a> {
    /// One queue for all cores, in the order of `schedule.queue`, or in one of its own.
    Central(Option<&'a dyn OrderSpec>),
    /// One queue a server, in the order of `schedule.queue`.
    PerServer,
    /// One deque a core, from whose far end cores without work of their own take.
    Deques(&'a steal::Stealing),
    /// None: a plan says which core runs which tasks in which order.
    Planned,
}

/// The state of a policy in one replicate.
pub trait Policy {
    /// Decides where a task goes that is ready. It is asked about one after another, in the order of readiness and then
    /// by number, and sees of each where it went.
    fn decide(&mut self, ready: &Ready, view: &View<'_>) -> Decision;

    /// The core that will run task `number` of the graph, where that is settled from the start without a plan: its
    /// inputs can then travel before it is ready.
    fn settled(&self, _number: u64) -> Option<CoreId> {
        None
    }

    /// The plan, of a policy that makes one. It is given away: asked again, there is none.
    fn plan(&mut self) -> Option<plan::Plan> {
        None
    }

    /// Whether it looks at loads, which are only kept up to date for it then.
    fn watches_loads(&self) -> bool {
        false
    }
}

/// The policies.
pub static POLICIES: Registry<dyn PolicySpec> = Registry {
    noun: "policy",
    entries: &[
        &central_queue::ENTRY,
        &central_queue::FIFO,
        &central_queue::LIST,
        &central_queue::LPT,
        &central_queue::SPT,
        &dispatch::random::ENTRY,
        &dispatch::round_robin::ENTRY,
        &dispatch::weighted_round_robin::ENTRY,
        &dispatch::jsq::ENTRY,
        &dispatch::power_of_d::ENTRY,
        &dispatch::jiq::ENTRY,
        &dispatch::least_loaded::ENTRY,
        &dispatch::least_loaded::WORK_LEFT,
        &dispatch::least_connections::ENTRY,
        &dispatch::sita::ENTRY,
        &dispatch::consistent_hash::ENTRY,
        &static_block::ENTRY,
        &static_cyclic::ENTRY,
        &steal::ENTRY,
        &work_sharing::ENTRY,
        &heft::ENTRY,
    ],
};

impl Registered for dyn PolicySpec {
    fn registry() -> &'static Registry<Self> {
        &POLICIES
    }

    fn later() -> &'static [&'static str] {
        &["cpop"]
    }

    fn elsewhere(name: &str) -> Option<&'static str> {
        let known = loops::LOOPS.entries.iter().any(|entry| entry.name == name);
        known.then_some(
            "that is how a loop hands out its iterations: give it as `schedule.loop`, for a `workload.loop`",
        )
    }
}
