//! Adaptive weighted factoring: the weights of cores are learned from what their chunks took.

use super::batches::{Batch, rounded_up};
use super::front::{Front, Sizes};
use super::{LoopSchedule, LoopSetup, LoopSpec, Measured};
use crate::registry::Entry;
use crate::source::{Context, Field, Read, Shape, Value};

/// When weights are learned, and from which times.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Variant {
    /// AWF: after each time step, from computing times.
    Steps,
    /// AWF-B and -D: at each batch.
    Batches { total: bool },
    /// AWF-C and -E: at each chunk.
    Chunks { total: bool },
}

const NAMES: &[&str] = &["steps", "B", "C", "D", "E"];

impl Read for Variant {
    fn shape() -> Shape {
        Shape::Word(NAMES)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        match value.text() {
            Some("steps") => Some(Variant::Steps),
            Some("B") => Some(Variant::Batches { total: false }),
            Some("C") => Some(Variant::Chunks { total: false }),
            Some("D") => Some(Variant::Batches { total: true }),
            Some("E") => Some(Variant::Chunks { total: true }),
            Some(other) => {
                cx.no_such("variant", other, value, NAMES);
                None
            }
            None => {
                cx.wrong_kind(value, "one of \"steps\", \"B\", \"C\", \"D\" and \"E\"");
                None
            }
        }
    }
}

impl Variant {
    /// The time of a chunk from which it learns: the computing alone, or with what handing it out took.
    fn time(self, chunk: &Measured) -> u64 {
        match self {
            Variant::Batches { total: true } | Variant::Chunks { total: true } => chunk.total,
            _ => chunk.computing,
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct AdaptiveWeighted(Variant);

impl LoopSpec for AdaptiveWeighted {
    fn start(&self, setup: &LoopSetup<'_>) -> Box<dyn LoopSchedule> {
        let cores = setup.cores() as usize;
        Box::new(Front::new(
            setup.shape.iterations,
            Learning {
                variant: self.0,
                performance: vec![Performance::default(); cores],
                rates: 0.0,
                measured: 0,
                weights: vec![1.0; cores],
                round: u32::from(self.0 == Variant::Steps),
                handed: vec![0; cores],
                batch: Batch::default(),
            },
        ))
    }
}

/// What a core has shown: sums over its chunks, the later ones counting more.
#[derive(Clone, Copy, Debug, Default)]
struct Performance {
    time: f64,
    size: f64,
    chunks: u32,
}

impl Performance {
    /// Iterations a tick, 1/π in the papers: Σ k·n / Σ k·t.
    fn rate(&self) -> f64 {
        if self.time > 0.0 { self.size / self.time } else { 0.0 }
    }
}

struct Learning {
    variant: Variant,
    performance: Vec<Performance>,
    /// The sum of the rates of the cores measured, and how many those are.
    rates: f64,
    measured: u32,
    /// The weights in force, of mean 1.
    weights: Vec<f64>,
    /// The number of the present time step or batch, from 1, and of that to which the last chunk of each core belongs.
    round: u32,
    handed: Vec<u32>,
    batch: Batch,
}

impl Learning {
    /// wᵢ = P · (1/πᵢ) / Σⱼ 1/πⱼ; who has not been measured counts as the mean of the others.
    fn weight(&self, core: usize) -> f64 {
        match self.performance[core].rate() {
            rate if rate > 0.0 && self.rates > 0.0 => rate * f64::from(self.measured) / self.rates,
            _ => 1.0,
        }
    }

    fn weigh(&mut self) {
        for core in 0..self.weights.len() {
            self.weights[core] = self.weight(core);
        }
    }
}

impl Sizes for Learning {
    fn begin(&mut self, _: u64) {
        self.batch.clear();
        if self.variant == Variant::Steps {
            self.weigh();
        }
    }

    fn size(&mut self, core: u32, remaining: u64) -> u64 {
        let cores = self.weights.len() as u64;
        let part = remaining as f64 / (2.0 * cores as f64);
        if let Variant::Chunks { .. } = self.variant {
            return rounded_up(part * self.weight(core as usize));
        }
        if self.batch.is_over() {
            self.batch.start(part, cores);
            if let Variant::Batches { .. } = self.variant {
                self.weigh();
                self.round += 1;
            }
        }
        self.handed[core as usize] = self.round;
        self.batch.take(self.weights[core as usize], remaining)
    }

    fn measured(&mut self, chunk: &Measured) {
        let time = self.variant.time(chunk) as f64;
        let performance = &mut self.performance[chunk.core as usize];
        let before = performance.rate();
        performance.chunks += 1;
        let counts = match self.variant {
            Variant::Chunks { .. } => f64::from(performance.chunks),
            _ => f64::from(self.handed[chunk.core as usize]),
        };
        performance.time += counts * time;
        performance.size += counts * chunk.size as f64;
        let now = performance.rate();
        self.measured += u32::from(before == 0.0 && now > 0.0);
        self.rates += now - before;
    }

    fn end(&mut self) {
        if self.variant == Variant::Steps {
            self.round += 1;
        }
    }

    fn weights(&self) -> Option<Vec<f64>> {
        Some((0..self.weights.len()).map(|core| self.weight(core)).collect())
    }
}

const VARIANT: Field<Variant> = Field::new(
    "variant",
    "when weights are learned: after time \"steps\", at each batch (\"B\"; \"D\" with what handing out takes) or chunk (\"C\"; \"E\" with it)",
)
.default("B");

pub(super) static ENTRY: Entry<dyn LoopSpec> = Entry {
    name: "adaptive-weighted",
    about: "weighted factoring with weights that are learned from what chunks took",
    cite: "Banicescu, Velusamy & Devaprasad 2003, On the scalability of dynamic scheduling scientific applications with \
           adaptive weighted factoring; Cariño & Banicescu 2008 for B to E",
    fields: &[&VARIANT],
    bare: Some("variant"),
    read: |fields| Some(Box::new(AdaptiveWeighted(fields.take(&VARIANT)?))),
};

#[cfg(test)]
mod tests {
    use super::super::testing::{setup, sizes, spec, start};
    use super::super::{LoopSchedule, Measured};

    /// Core `core` has done `size` iterations of so many ticks each, and waited 50 ticks for them.
    fn done(schedule: &mut dyn LoopSchedule, core: u32, size: u64, ticks: u64) {
        let computing = size * ticks;
        schedule.measured(&Measured { core, size, computing, total: computing + 50, squares: 0.0 });
    }

    #[test]
    fn before_anything_is_learned_it_is_factoring() {
        for variant in ["steps", "B", "D"] {
            let text = format!("adaptive-weighted = '{variant}'");
            assert_eq!(sizes(&*spec(&text), 1000, 4), sizes(&*spec("factoring"), 1000, 4), "{variant}");
        }
    }

    #[test]
    fn a_core_that_proves_three_times_as_fast_gets_three_times_as_much() {
        // Of 800 iterations on 2 cores the first batch is 200 + 200; then 400 remain, of which a batch is 200.
        for (variant, expected) in [("B", (150, 50)), ("steps", (100, 100))] {
            let mut schedule =
                start(&*spec(&format!("adaptive-weighted = '{variant}'")), &setup(800, &[1.0; 2]));
            schedule.begin();
            assert_eq!((schedule.take(0).unwrap().size, schedule.take(1).unwrap().size), (200, 200));
            done(&mut *schedule, 0, 200, 10);
            done(&mut *schedule, 1, 200, 30);
            assert_eq!(schedule.weights().unwrap(), [1.5, 0.5], "{variant}: learned, be it in force or not");
            let second = (schedule.take(0).unwrap().size, schedule.take(1).unwrap().size);
            assert_eq!(second, expected, "{variant}");
            schedule.end(0);
            schedule.begin();
            assert_eq!(schedule.take(0).unwrap().size, 300, "{variant}: in the next step, of a batch of 400");
        }
    }

    #[test]
    fn a_chunk_counts_as_one_of_its_batch_whenever_it_ends() {
        // Core 0's second chunk, of the second batch, ends when the third has begun: it counts twice, not three times.
        let mut schedule = start(&*spec("adaptive-weighted = 'B'"), &setup(200, &[1.0; 2]));
        schedule.begin();
        let took = |schedule: &mut dyn LoopSchedule, core: u32, size: u64, all: u64| {
            schedule.measured(&Measured { core, size, computing: all, total: all, squares: 0.0 });
        };
        assert_eq!((schedule.take(0).unwrap().size, schedule.take(1).unwrap().size), (50, 50));
        took(&mut *schedule, 1, 50, 6275);
        assert_eq!(schedule.take(1).unwrap().size, 25);
        took(&mut *schedule, 0, 50, 8775);
        assert_eq!(schedule.take(0).unwrap().size, 25);
        took(&mut *schedule, 1, 25, 2200);
        assert!(schedule.take(1).is_some());
        took(&mut *schedule, 0, 25, 900);
        let weights = schedule.weights().unwrap();
        let pi = [(8775.0 + 2.0 * 900.0) / 100.0, (6275.0 + 2.0 * 2200.0) / 100.0];
        let mean = 0.5 * (1.0 / pi[0] + 1.0 / pi[1]);
        for core in 0..2 {
            assert!((weights[core] - 1.0 / pi[core] / mean).abs() < 1e-12, "{weights:?}");
        }
    }

    #[test]
    fn each_chunk_teaches_under_c_and_later_ones_count_more() {
        let mut schedule = start(&*spec("adaptive-weighted = 'C'"), &setup(800, &[1.0; 2]));
        schedule.begin();
        assert_eq!(schedule.take(0).unwrap().size, 200);
        done(&mut *schedule, 0, 200, 10);
        // Nobody else has been measured: an equal part of half of the 600 that remain.
        assert_eq!(schedule.take(1).unwrap().size, 150);
        done(&mut *schedule, 1, 150, 10);
        done(&mut *schedule, 1, 150, 40);
        // Core 1: (1·150·10 + 2·150·40) / (450) = 30 ticks an iteration, core 0 has 10: weights 1.5 and 0.5 of 450/4.
        assert_eq!(schedule.take(1).unwrap().size, 57);
        let mut total = start(&*spec("adaptive-weighted = 'E'"), &setup(800, &[1.0; 2]));
        total.begin();
        done(&mut *total, 0, 10, 10);
        done(&mut *total, 1, 10, 10 + 5 * 4);
        // With the 50 ticks of handing out: 150 against 350 for 10 iterations, so that core 0 has 0.7 of two parts of 200.
        assert_eq!(total.take(0).unwrap().size, 280);
    }
}
