//! Round robin: turns of one length.

use super::{Candidate, Order, OrderSpec, Service, lasts};
use crate::policy::Setup;
use crate::registry::Entry;
use crate::source::Field;
use crate::time::Span;

/// Tasks take turns of `quantum`: at the end of one the task goes to the back of the queue, unless nobody waits.
///
/// It tends to processor sharing as the quantum shrinks, and to first come, first served as it grows (Kleinrock 1967).
#[derive(Clone, Copy, Debug)]
struct RoundRobin {
    quantum: Span,
}

impl OrderSpec for RoundRobin {
    fn first(&self) -> &'static str {
        "the next in turn"
    }

    fn start(&self, _: &Setup<'_>) -> Box<dyn Order> {
        Box::new(*self)
    }

    fn service(&self) -> Service {
        Service::BY_TURNS
    }
}

impl Order for RoundRobin {
    /// The same for all, which leaves the order to the instant at which they joined the queue.
    fn key(&self, _: &Candidate<'_>) -> u64 {
        0
    }

    fn turn(&self, task: &Candidate<'_>) -> Span {
        rest(task.served, self.quantum)
    }
}

/// What is left of the turn that a task served for so long is in: all of it at its start.
pub(super) fn rest(served: Span, quantum: Span) -> Span {
    Span::from_ticks(quantum.ticks() - served.ticks() % quantum.ticks())
}

const QUANTUM: Field<Span> =
    Field::new("quantum", "how long a task keeps its core while others wait").check(lasts);

pub(super) static ENTRY: Entry<dyn OrderSpec> = Entry {
    name: "round-robin-quantum",
    about: "tasks take turns on the cores, a quantum each",
    cite: "Kleinrock 1967, Time-shared systems: a theoretical treatment",
    fields: &[&QUANTUM],
    bare: Some("quantum"),
    read: |fields| Some(Box::new(RoundRobin { quantum: fields.take(&QUANTUM)? })),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_that_was_cut_short_goes_on_where_it_was() {
        let left = |served| rest(Span::from_ticks(served), Span::from_ticks(10)).ticks();
        assert_eq!([0, 3, 9, 10, 25].map(left), [10, 7, 1, 10, 5]);
    }
}
