//! Load flows between neighbours, from more to less, as heat does.

use super::measure::{MEASURE, Measure};
use super::neighbours::Neighbours;
use super::{Queued, RebalanceSpec, Rounds, RoundsSpec, Way};
use crate::policy::{Reason, Setup};
use crate::registry::Entry;
use crate::source::{Field, Fraction};
use crate::time::Span;

/// Every so often each two neighbours compare their loads. Where they differ by more than the threshold, the part `alpha`
/// of the difference flows, to the nearest whole task. All flows of a round follow from the loads at its start.
#[derive(Debug)]
struct Diffusion {
    every: Span,
    threshold: f64,
    alpha: Option<f64>,
    neighbours: Neighbours,
    measure: Measure,
}

impl RebalanceSpec for Diffusion {
    fn measure(&self) -> Measure {
        self.measure
    }

    fn way(&self) -> Way<'_> {
        Way::Rounds(self)
    }

    fn reason(&self) -> Reason {
        Reason::Diffused
    }
}

impl RoundsSpec for Diffusion {
    fn every(&self) -> Span {
        self.every
    }

    fn start(&self, setup: &Setup<'_>) -> Box<dyn Rounds> {
        let pairs = self.neighbours.pairs(setup);
        let mut degrees = vec![0_u32; (setup.on.1 - setup.on.0) as usize];
        for (one, other) in &pairs {
            degrees[*one as usize] += 1;
            degrees[*other as usize] += 1;
        }
        let flow = |(one, other): (u32, u32)| {
            let degree = degrees[one as usize].max(degrees[other as usize]);
            let alpha = self.alpha.unwrap_or(1.0 / f64::from(degree + 1));
            Edge { ends: (one as usize, other as usize), alpha }
        };
        let edges = pairs.into_iter().map(flow).collect();
        Box::new(Flows { edges, threshold: self.threshold })
    }

    fn needs_network(&self) -> bool {
        self.neighbours == Neighbours::Network
    }
}

/// Two neighbours, and which part of their difference flows.
struct Edge {
    ends: (usize, usize),
    alpha: f64,
}

struct Flows {
    edges: Vec<Edge>,
    threshold: f64,
}

impl Rounds for Flows {
    fn asked(&self) -> u64 {
        2 * self.edges.len() as u64
    }

    fn round(&mut self, loads: &[Option<f64>], queues: &mut dyn Queued) {
        for Edge { ends: (one, other), alpha } in &self.edges {
            let (Some(here), Some(there)) = (loads[*one], loads[*other]) else { continue };
            let (from, to) = if here > there { (*one, *other) } else { (*other, *one) };
            let difference = (here - there).abs();
            if difference <= self.threshold * here.max(there) {
                continue;
            }
            let (amount, mut moved) = (alpha * difference, 0.0);
            while let Some(size) = queues.offer(from, to) {
                // Whichever core it means more to: the difference must not turn over.
                let size = size.here.max(size.there);
                if moved + size / 2.0 >= amount {
                    break;
                }
                queues.give(from, to);
                moved += size;
            }
        }
    }
}

const EVERY: Field<Span> = Field::new("every", "how often neighbours compare their loads")
    .check(|every| if *every > Span::ZERO { Ok(()) } else { Err("must be above 0") });
const THRESHOLD: Field<Fraction> = Field::new(
    "threshold",
    "by which part of the greater one two loads must differ for anything to flow between them",
)
.default("10 %")
.check(|part| if (0.0..=1.0).contains(&part.0) { Ok(()) } else { Err("must lie between 0 and 1") });
const ALPHA: Field<f64> = Field::new(
    "alpha",
    "which part of the difference flows; absent, 1/(d + 1), d being the larger number of neighbours of the two",
)
.optional()
.check(|alpha| if *alpha > 0.0 && *alpha <= 1.0 { Ok(()) } else { Err("must lie above 0 and be at most 1") });
const NEIGHBOURS: Field<Neighbours> = Field::new(
    "neighbours",
    "which cores are neighbours: those that follow one another in a `ring` by number, so many on either side in it, or those that the `network` joins",
)
.default("ring");

pub(super) static ENTRY: Entry<dyn RebalanceSpec> = Entry {
    name: "diffusion",
    about: "neighbours compare their loads every so often, and a part of the difference flows from more to less",
    cite: "Cybenko 1989, Dynamic load balancing for distributed memory multiprocessors; Boillat 1990, Load balancing and Poisson equation in a graph",
    fields: &[&EVERY, &THRESHOLD, &ALPHA, &NEIGHBOURS, &MEASURE],
    bare: Some("every"),
    read: |fields| {
        let (every, threshold, alpha) = (fields.take(&EVERY), fields.take(&THRESHOLD), fields.maybe(&ALPHA));
        let (neighbours, measure) = (fields.take(&NEIGHBOURS), fields.take(&MEASURE));
        Some(Box::new(Diffusion {
            every: every?,
            threshold: threshold?.0,
            alpha: alpha?,
            neighbours: neighbours?,
            measure: measure?,
        }))
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::rebalance::testing::Queues;
    use crate::policy::testing::{Bag, servers, setup};

    fn flows(cores: u32, threshold: f64, alpha: Option<f64>) -> Box<dyn Rounds> {
        let all = servers(cores as usize);
        let every = Span::from_ticks(1);
        let (neighbours, measure) = (Neighbours::Ring(1), Measure::Tasks);
        let spec = Diffusion { every, threshold, alpha, neighbours, measure };
        spec.start(&Setup { cores: &all, on: (0, cores), ..setup(&Bag::of(0)) })
    }

    fn after(threshold: f64, alpha: Option<f64>, waiting: &[usize]) -> Vec<usize> {
        let mut queues = Queues::of(waiting);
        let loads = queues.loads(&vec![0.0; waiting.len()]);
        flows(waiting.len() as u32, threshold, alpha).round(&loads, &mut queues);
        queues.waiting.iter().map(Vec::len).collect()
    }

    #[test]
    fn a_part_of_each_difference_flows_to_the_nearest_task() {
        // A third of 12 to either side.
        assert_eq!(after(0.0, None, &[12, 0, 0, 0]), [4, 4, 0, 4]);
        assert_eq!(after(0.0, Some(0.25), &[12, 0, 0, 0]), [6, 3, 0, 3]);
        // A third of 2 is one task to the nearest, a third of 1 is none.
        assert_eq!(after(0.0, None, &[3, 1, 0, 3]), [2, 2, 1, 2]);
        // What would only change places stays.
        assert_eq!(after(0.0, Some(0.5), &[1, 0]), [1, 0]);
        assert_eq!(after(0.0, Some(0.5), &[3, 0]), [2, 1]);
    }

    #[test]
    fn nothing_flows_within_the_threshold_nor_to_who_is_down() {
        assert_eq!(after(0.25, None, &[12, 9, 9, 9]), [12, 9, 9, 9]);
        assert_eq!(after(0.2, None, &[12, 9, 9, 9]), [10, 10, 9, 10]);
        let mut queues = Queues::of(&[12, 0, 0, 0]);
        flows(4, 0.0, None).round(&[Some(12.0), None, Some(0.0), Some(0.0)], &mut queues);
        assert_eq!(queues.moves, [(0, 3); 4]);
    }
}
