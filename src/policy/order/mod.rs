//! The order within a queue (`schedule.queue`).

mod edf;
mod fair_share;
pub(super) mod fifo;
mod lifo;
pub(super) mod list;
pub(super) mod lpt;
mod mlfq;
mod priority;
mod processor_sharing;
mod round_robin_quantum;
mod service;
pub(super) mod spt;
mod srpt;

pub use service::Service;

use std::fmt::Debug;

use super::Setup;
use crate::error::Problem;
use crate::program::Standing;
use crate::registry::{Registered, Registry};
use crate::source::Field;
use crate::time::{Span, Time};
use crate::workload::Workload;

/// An order as the scenario chooses it.
pub trait OrderSpec: Debug + Send + Sync {
    /// The order for one replicate.
    fn start(&self, setup: &Setup<'_>) -> Box<dyn Order>;

    /// What the task is that comes first, in a sentence after its name.
    fn first(&self) -> &'static str {
        "the first of the queue"
    }

    /// Whether it knows the work of a task beforehand.
    fn clairvoyant(&self) -> bool {
        false
    }

    /// How the cores serve the tasks in this order.
    fn service(&self) -> Service {
        Service::TO_THE_END
    }

    /// Why it can't order the tasks of `workload`: nothing if it can. A problem without a place lies in the choice of
    /// the order.
    fn misfits(&self, _workload: &dyn Workload) -> Vec<Problem> {
        Vec::new()
    }

    /// Why it says nothing about tasks of these standings, which are all that there will be.
    fn idle_for(&self, _standings: &[Standing]) -> Option<Problem> {
        None
    }
}

/// A task as an order sees it: it waits, or, where it may lose its core to another, it runs.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// Its number in its workload.
    pub number: u64,
    /// When it was there first.
    pub release: Time,
    /// When it became ready; one that lost its core to a task that comes first keeps this instant.
    pub since: Time,
    /// Its work in ticks at speed 1, as far as the order may know.
    pub expected: f64,
    /// How much of its work is done, in ticks at speed 1.
    pub done: f64,
    /// How long it has had a core.
    pub served: Span,
    /// What the order said of it when it came or was boosted: see [`Order::mark`].
    pub mark: u64,
    /// How it stands against others.
    pub standing: &'a Standing,
}

impl Candidate<'_> {
    /// The work that it is expected to have left, in ticks at speed 1.
    pub fn remaining(&self) -> f64 {
        (self.expected - self.done).max(0.0)
    }
}

/// An order: tasks are taken by smallest key, then by the instant at which they became ready, then by number.
pub trait Order {
    /// The key of a task.
    fn key(&self, task: &Candidate<'_>) -> u64;

    /// Whether keys differ: if not, all are 0 and need not be asked for.
    fn tells_apart(&self) -> bool {
        true
    }

    /// By what tasks at work are compared with one another at any later time, the greatest being the last of them: the
    /// key, unless it changes while they work. `end` is when the task is expected to have done its work.
    fn rank(&self, task: &Candidate<'_>, _end: Time) -> u64 {
        self.key(task)
    }

    /// How long a task that has just been given a core keeps it if others wait, under an order that serves by turns:
    /// more than nothing. It depends on nothing of the task that changes while it waits.
    fn turn(&self, _task: &Candidate<'_>) -> Span {
        Span::FOREVER
    }

    /// What is to be remembered of a task that comes to a queue whose greatest key in service so far is `floor`.
    fn mark(&self, _floor: u64) -> u64 {
        0
    }

    /// Whether that depends on `floor`.
    fn counts_from_floor(&self) -> bool {
        false
    }

    /// How often every task is marked anew with the time that it has been served, if ever.
    fn boost(&self) -> Option<Span> {
        None
    }
}

/// The orders.
pub static ORDERS: Registry<dyn OrderSpec> = Registry {
    noun: "queue order",
    entries: &[
        &fifo::ENTRY,
        &lifo::ENTRY,
        &list::ENTRY,
        &lpt::ENTRY,
        &spt::ENTRY,
        &srpt::ENTRY,
        &priority::ENTRY,
        &edf::ENTRY,
        &round_robin_quantum::ENTRY,
        &fair_share::ENTRY,
        &mlfq::ENTRY,
        &processor_sharing::ENTRY,
    ],
};

impl Registered for dyn OrderSpec {
    fn registry() -> &'static Registry<Self> {
        &ORDERS
    }
}

/// Whether a task that comes takes the core of one that is at work.
const PREEMPTIVE: Field<bool> =
    Field::new("preemptive", "whether a task that comes first takes the core of one that runs")
        .default("false");

/// Refuses turns of no length.
fn lasts(quantum: &Span) -> Result<(), &'static str> {
    if *quantum > Span::ZERO { Ok(()) } else { Err("must be above 0") }
}

/// Expected work as a key: as numbers from 0 up are ordered, so are their bits.
fn least_first(expected: f64) -> u64 {
    debug_assert!(expected >= 0.0, "an expected work of {expected}");
    // A negative zero becomes a positive one, whose bits are those of the least number.
    (expected + 0.0).to_bits()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::testing::{Bag, candidate, setup};

    fn keys(order: &dyn Order, expected: &[f64]) -> Vec<u64> {
        (0..).zip(expected).map(|(number, &work)| order.key(&candidate(number, work))).collect()
    }

    #[test]
    fn keys_grow_with_expected_work_for_spt_and_fall_with_it_for_lpt() {
        let rising = [0.0, 5e-324, 1.0, 1.0 + f64::EPSILON, 2.0, 1e300, f64::INFINITY];
        let bag = Bag::of(rising.len() as u64);
        let spt = spt::Spt { preemptive: false };
        let shortest = keys(&*spt.start(&setup(&bag)), &rising);
        assert!(shortest.is_sorted_by(|one, other| one < other), "{shortest:?}");
        let longest = keys(&*lpt::Lpt.start(&setup(&bag)), &rising);
        assert!(longest.is_sorted_by(|one, other| one > other), "{longest:?}");
        assert_eq!(least_first(-0.0), least_first(0.0));
        assert!(spt.clairvoyant() && lpt::Lpt.clairvoyant() && !fifo::Fifo.clairvoyant());
    }

    #[test]
    fn fifo_leaves_the_order_to_the_instants_of_readiness_and_lifo_turns_it_round() {
        let bag = Bag::of(2);
        let early = candidate(0, 3.0);
        let late = Candidate { since: Time::from_ticks(7), ..candidate(1, 1.0) };
        let fifo = fifo::Fifo.start(&setup(&bag));
        assert_eq!(fifo.key(&early), fifo.key(&late));
        let lifo = lifo::Lifo { preemptive: false }.start(&setup(&bag));
        assert!(lifo.key(&late) < lifo.key(&early));
    }
}
