//! One place that hears of all loads levels them when they have drifted apart.

use std::collections::BTreeSet;

use super::measure::{MEASURE, Measure};
use super::{Queued, RebalanceSpec, Rounds, RoundsSpec, Way};
use crate::policy::{Reason, Setup};
use crate::registry::Entry;
use crate::source::{Field, Fraction};
use crate::time::Span;

/// Every so often all loads are told to one place. Where the greatest exceeds the mean by more than the threshold, tasks
/// move from the core with the most to the one with the least until that is no longer so, or no task would narrow the
/// gap.
#[derive(Debug)]
struct Threshold {
    every: Span,
    threshold: f64,
    measure: Measure,
}

impl RebalanceSpec for Threshold {
    fn measure(&self) -> Measure {
        self.measure
    }

    fn way(&self) -> Way<'_> {
        Way::Rounds(self)
    }

    fn reason(&self) -> Reason {
        Reason::Levelled
    }
}

impl RoundsSpec for Threshold {
    fn every(&self) -> Span {
        self.every
    }

    fn start(&self, setup: &Setup<'_>) -> Box<dyn Rounds> {
        let cores = u64::from(setup.on.1 - setup.on.0);
        Box::new(Levelling { threshold: self.threshold, cores, order: BTreeSet::new() })
    }
}

struct Levelling {
    threshold: f64,
    cores: u64,
    /// The cores by load and number, without those that have nothing more to give.
    order: BTreeSet<(u64, usize)>,
}

/// Loads are never negative: their bits are in their order.
fn key(load: f64) -> u64 {
    load.to_bits()
}

impl Rounds for Levelling {
    fn asked(&self) -> u64 {
        self.cores
    }

    fn round(&mut self, loads: &[Option<f64>], queues: &mut dyn Queued) {
        self.order.clear();
        let up = loads.iter().enumerate().filter_map(|(core, load)| Some((key((*load)?), core)));
        self.order.extend(up);
        let mut sum: f64 = loads.iter().flatten().sum();
        let mut count = self.order.len() as f64;
        // From here on `givers` shrinks, while anybody may still be given something.
        let mut givers = self.order.clone();
        while let Some(most) = givers.pop_last() {
            let (load, from) = (f64::from_bits(most.0), most.1);
            if load <= sum / count * (1.0 + self.threshold) {
                break;
            }
            let found = self.order.iter().find_map(|least| {
                if least.1 == from {
                    return None;
                }
                let size = queues.offer(from, least.1)?;
                let after = f64::from_bits(least.0) + size.there;
                (after < load).then_some((*least, after, size.here))
            });
            let Some((least, after, here)) = found else {
                // It has nothing that would narrow the gap: what it has is left out of what is levelled.
                (sum, count) = (sum - load, count - 1.0);
                continue;
            };
            queues.give(from, least.1);
            let before = (load - here).max(0.0);
            self.order.remove(&most);
            self.order.remove(&least);
            self.order.insert((key(before), from));
            self.order.insert((key(after), least.1));
            if givers.remove(&least) {
                givers.insert((key(after), least.1));
            }
            givers.insert((key(before), from));
        }
    }
}

const EVERY: Field<Span> = Field::new("every", "how often the loads are compared")
    .check(|every| if *every > Span::ZERO { Ok(()) } else { Err("must be above 0") });
const THRESHOLD: Field<Fraction> = Field::new(
    "threshold",
    "by which part of the mean the greatest load must exceed the mean for anything to be done",
)
.default("10 %")
.check(|part| if part.0 >= 0.0 { Ok(()) } else { Err("must not be negative") });

pub(super) static ENTRY: Entry<dyn RebalanceSpec> = Entry {
    name: "threshold",
    about: "one place hears of all loads every so often, and moves tasks from the most to the least loaded core when they have drifted apart",
    cite: "Zhou 1988, A trace-driven simulation study of dynamic load balancing (GLOBAL: one place is told all loads)",
    fields: &[&EVERY, &THRESHOLD, &MEASURE],
    bare: Some("every"),
    read: |fields| {
        let (every, threshold, measure) =
            (fields.take(&EVERY), fields.take(&THRESHOLD), fields.take(&MEASURE));
        Some(Box::new(Threshold { every: every?, threshold: threshold?.0, measure: measure? }))
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::rebalance::testing::Queues;

    fn level(threshold: f64, queues: &mut Queues, in_service: &[f64]) -> Vec<f64> {
        let loads = queues.loads(in_service);
        let cores = loads.len() as u64;
        Levelling { threshold, cores, order: BTreeSet::new() }.round(&loads, queues);
        queues.loads(in_service).into_iter().flatten().collect()
    }

    #[test]
    fn loads_are_levelled_as_far_as_whole_tasks_allow_and_no_further_than_asked() {
        assert_eq!(level(0.0, &mut Queues::of(&[4, 0, 0, 0]), &[1.0, 0.0, 0.0, 0.0]), [2.0, 1.0, 1.0, 1.0]);
        assert_eq!(level(0.0, &mut Queues::of(&[1, 0, 0, 0]), &[1.0, 0.0, 0.0, 0.0]), [1.0, 1.0, 0.0, 0.0]);
        assert_eq!(level(0.0, &mut Queues::of(&[5, 3, 1]), &[1.0; 3]), [4.0, 4.0, 4.0]);
        // The mean is 4, the greatest 6: half above it.
        assert_eq!(level(0.5, &mut Queues::of(&[5, 3, 1]), &[1.0; 3]), [6.0, 4.0, 2.0]);
        assert_eq!(level(0.3, &mut Queues::of(&[5, 3, 1]), &[1.0; 3]), [5.0, 4.0, 3.0]);
    }

    #[test]
    fn who_has_nothing_that_waits_gives_nothing_and_who_is_down_takes_no_part() {
        let mut queues = Queues::of(&[0, 3, 0, 0]);
        assert_eq!(level(0.0, &mut queues, &[9.0, 0.0, 0.0, 0.0]), [9.0, 1.0, 1.0, 1.0]);
        let mut queues = Queues::of(&[4, 0, 0]);
        let mut rounds = Levelling { threshold: 0.0, cores: 3, order: BTreeSet::new() };
        rounds.round(&[Some(4.0), None, Some(0.0)], &mut queues);
        assert_eq!(queues.moves, [(0, 2), (0, 2)]);
    }

    #[test]
    fn a_task_goes_where_it_takes_longer_only_if_that_narrows_the_gap() {
        let slow = |waiting: Vec<f64>| Queues {
            waiting: vec![waiting, vec![]],
            speeds: vec![1.0, 0.25],
            moves: Vec::new(),
        };
        // 4 + 2 at speed 1: what takes 2 here takes 8 there.
        assert_eq!(level(0.0, &mut slow(vec![4.0, 2.0]), &[0.0; 2]), [6.0, 0.0]);
        assert_eq!(level(0.0, &mut slow(vec![4.0, 1.0]), &[0.0; 2]), [4.0, 4.0]);
    }
}
