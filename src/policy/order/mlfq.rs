//! A multi-level feedback queue.

use super::round_robin_quantum::rest;
use super::{Candidate, Order, OrderSpec, Service, lasts};
use crate::policy::Setup;
use crate::registry::Entry;
use crate::source::Field;
use crate::time::Span;

/// Levels, each with a quantum: a task begins at the highest and falls a level when it has used up the quantum of the
/// one it is in, however often it was interrupted; at the lowest, tasks take turns. A task of a higher level takes the
/// core of one of a lower level at once. Every `boost` all are at the highest level again.
#[derive(Clone, Debug)]
struct Mlfq {
    quanta: Vec<Span>,
    boost: Option<Span>,
}

impl Mlfq {
    /// The level that a task is in, 0 being the highest, and how long it has been served there.
    fn level(&self, task: &Candidate<'_>) -> (usize, Span) {
        let mut here = Span::from_ticks(task.served.ticks().saturating_sub(task.mark));
        let lowest = self.quanta.len() - 1;
        for (level, &quantum) in self.quanta[..lowest].iter().enumerate() {
            if here < quantum {
                return (level, here);
            }
            here = here - quantum;
        }
        (lowest, here)
    }
}

impl OrderSpec for Mlfq {
    fn first(&self) -> &'static str {
        "the first on the highest level"
    }

    fn start(&self, _: &Setup<'_>) -> Box<dyn Order> {
        Box::new(self.clone())
    }

    fn service(&self) -> Service {
        Service { preempts: true, ..Service::BY_TURNS }
    }
}

impl Order for Mlfq {
    fn key(&self, task: &Candidate<'_>) -> u64 {
        self.level(task).0 as u64
    }

    fn turn(&self, task: &Candidate<'_>) -> Span {
        let (level, here) = self.level(task);
        rest(here, self.quanta[level])
    }

    fn boost(&self) -> Option<Span> {
        self.boost
    }
}

const QUANTA: Field<Vec<Span>> = Field::new(
    "quanta",
    "how long a task stays at each level, the highest first; at the lowest, how long a turn is",
)
.check(|quanta| match &quanta[..] {
    [] => Err("must have at least one level"),
    quanta if quanta.contains(&Span::ZERO) => Err("must all be above 0"),
    _ => Ok(()),
});
const BOOST: Field<Span> =
    Field::new("boost", "how often all tasks go back to the highest level; never if absent")
        .optional()
        .check(lasts);

pub(super) static ENTRY: Entry<dyn OrderSpec> = Entry {
    name: "mlfq",
    about: "levels of priority that tasks fall through as they use up the quantum of each, preemptive between them",
    cite: "Corbató, Merwin-Daggett & Daley 1962, An experimental time-sharing system",
    fields: &[&QUANTA, &BOOST],
    bare: Some("quanta"),
    read: |fields| {
        let (quanta, boost) = (fields.take(&QUANTA), fields.maybe(&BOOST));
        Some(Box::new(Mlfq { quanta: quanta?, boost: boost? }))
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::testing::candidate;

    #[test]
    fn a_task_falls_a_level_with_each_quantum_it_uses_up_and_rises_when_it_is_marked() {
        let order = Mlfq { quanta: [4, 8, 16].map(Span::from_ticks).to_vec(), boost: None };
        let at = |served, mark| {
            let task = Candidate { served: Span::from_ticks(served), mark, ..candidate(0, 1.0) };
            (order.key(&task), order.turn(&task).ticks())
        };
        assert_eq!(at(0, 0), (0, 4));
        assert_eq!(at(3, 0), (0, 1));
        assert_eq!(at(4, 0), (1, 8));
        assert_eq!(at(11, 0), (1, 1));
        assert_eq!(at(12, 0), (2, 16));
        assert_eq!(at(12 + 35, 0), (2, 13));
        assert_eq!(at(50, 49), (0, 3));
    }
}
