//! The order within a queue (`schedule.queue`).

pub(super) mod fifo;
mod lifo;
pub(super) mod list;
pub(super) mod lpt;
pub(super) mod spt;

use std::fmt::Debug;

use super::{Ready, Setup};
use crate::error::Problem;
use crate::registry::{Registered, Registry};
use crate::workload::Workload;

/// An order as the scenario chooses it.
pub trait OrderSpec: Debug + Send + Sync {
    /// The order for one replicate.
    fn start(&self, setup: &Setup<'_>) -> Box<dyn Order>;

    /// Whether it knows the work of a task beforehand.
    fn clairvoyant(&self) -> bool {
        false
    }

    /// Why it can't order the tasks of `workload`: nothing if it can. A problem without a place lies in the choice of
    /// the order.
    fn misfits(&self, _workload: &dyn Workload) -> Vec<Problem> {
        Vec::new()
    }
}

/// An order: ready tasks are taken by smallest key, then by the instant at which they became ready, then by number.
pub trait Order {
    /// The key of a task.
    fn key(&self, task: &Ready) -> u64;
}

/// The orders.
pub static ORDERS: Registry<dyn OrderSpec> = Registry {
    noun: "queue order",
    entries: &[&fifo::ENTRY, &lifo::ENTRY, &list::ENTRY, &lpt::ENTRY, &spt::ENTRY],
};

impl Registered for dyn OrderSpec {
    fn registry() -> &'static Registry<Self> {
        &ORDERS
    }

    fn later() -> &'static [&'static str] {
        &["processor-sharing", "round-robin-quantum"]
    }
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
    use crate::policy::testing::{Bag, ready, setup};

    fn keys(order: &dyn Order, expected: &[f64]) -> Vec<u64> {
        (0..).zip(expected).map(|(number, &work)| order.key(&ready(number, work))).collect()
    }

    #[test]
    fn keys_grow_with_expected_work_for_spt_and_fall_with_it_for_lpt() {
        let rising = [0.0, 5e-324, 1.0, 1.0 + f64::EPSILON, 2.0, 1e300, f64::INFINITY];
        let bag = Bag::of(rising.len() as u64);
        let shortest = keys(&*spt::Spt.start(&setup(&bag)), &rising);
        assert!(shortest.is_sorted_by(|one, other| one < other), "{shortest:?}");
        let longest = keys(&*lpt::Lpt.start(&setup(&bag)), &rising);
        assert!(longest.is_sorted_by(|one, other| one > other), "{longest:?}");
        assert_eq!(least_first(-0.0), least_first(0.0));
        assert!(spt::Spt.clairvoyant() && lpt::Lpt.clairvoyant() && !fifo::Fifo.clairvoyant());
    }

    #[test]
    fn fifo_leaves_the_order_to_the_instants_of_readiness_and_lifo_turns_it_round() {
        let bag = Bag::of(2);
        let early = ready(0, 3.0);
        let late = Ready { since: crate::time::Time::from_ticks(7), ..ready(1, 1.0) };
        let fifo = fifo::Fifo.start(&setup(&bag));
        assert_eq!(fifo.key(&early), fifo.key(&late));
        let lifo = lifo::Lifo.start(&setup(&bag));
        assert!(lifo.key(&late) < lifo.key(&early));
    }
}
