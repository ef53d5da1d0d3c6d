//! Fair shares by weight, turn by turn.

use super::round_robin_quantum::rest;
use super::{Candidate, Order, OrderSpec, Service, lasts, least_first};
use crate::policy::Setup;
use crate::registry::Entry;
use crate::source::Field;
use crate::time::Span;

/// First what has had the least time for its weight since it came (start-time fair queueing): over any time in which
/// tasks compete for a core, each gets the share of its `weight`, to within a turn.
///
/// A task that comes is taken to have had as much as what was taken last: it neither catches up on what it missed nor
/// waits for what others had before it.
#[derive(Clone, Copy, Debug)]
struct FairShare {
    quantum: Span,
}

impl OrderSpec for FairShare {
    fn first(&self) -> &'static str {
        "the one that has had the least time for its weight"
    }

    fn start(&self, _: &Setup<'_>) -> Box<dyn Order> {
        Box::new(*self)
    }

    fn service(&self) -> Service {
        Service::BY_TURNS
    }
}

impl Order for FairShare {
    fn key(&self, task: &Candidate<'_>) -> u64 {
        // The mark is a key too: the bits of a virtual time.
        least_first(f64::from_bits(task.mark) + task.served.ticks() as f64 / task.standing.weight)
    }

    fn turn(&self, task: &Candidate<'_>) -> Span {
        rest(task.served, self.quantum)
    }

    fn mark(&self, floor: u64) -> u64 {
        floor
    }

    fn counts_from_floor(&self) -> bool {
        true
    }
}

const QUANTUM: Field<Span> =
    Field::new("quantum", "how long a task keeps its core while others wait").check(lasts);

pub(super) static ENTRY: Entry<dyn OrderSpec> = Entry {
    name: "fair-share",
    about: "turns of a quantum, first what has had the least time for its `weight`",
    cite: "Waldspurger & Weihl 1995, Stride scheduling; Goyal, Guo & Vin 1996, A hierarchical CPU scheduler",
    fields: &[&QUANTUM],
    bare: Some("quantum"),
    read: |fields| Some(Box::new(FairShare { quantum: fields.take(&QUANTUM)? })),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::testing::candidate;
    use crate::program::Standing;

    #[test]
    fn virtual_time_runs_slower_for_the_heavier_and_starts_where_the_queue_stands() {
        let order = FairShare { quantum: Span::from_ticks(10) };
        let heavy = Standing { weight: 4.0, ..Standing::default() };
        let light = Candidate { served: Span::from_ticks(20), ..candidate(0, 1.0) };
        let heavy = Candidate { standing: &heavy, ..light };
        assert_eq!(f64::from_bits(order.key(&light)), 20.0);
        assert_eq!(f64::from_bits(order.key(&heavy)), 5.0);
        let late = Candidate { mark: order.mark(order.key(&light)), served: Span::ZERO, ..light };
        assert_eq!(order.key(&late), order.key(&light));
    }
}
