//! Factoring: batches of equal chunks, each batch a part of what remains.

use super::batches::Batch;
use super::front::{Front, Sizes};
use super::{LoopSchedule, LoopSetup, LoopSpec};
use crate::registry::Entry;
use crate::source::{Context, Field, Read, Shape, Value};

/// What is known of the coefficient of variation of an iteration.
#[derive(Clone, Copy, Debug)]
enum Variation {
    /// Nothing: each batch is half of what remains.
    Unknown,
    /// That of the loop.
    Own,
    /// This.
    Given(f64),
}

impl Read for Variation {
    fn shape() -> Shape {
        Shape::OneOf(vec![Shape::Number, Shape::Word(&["known", "unknown"])])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        match value.text() {
            Some("known") => Some(Variation::Own),
            Some("unknown") => Some(Variation::Unknown),
            Some(_) => {
                cx.wrong_kind(value, "a number, `\"known\"` or `\"unknown\"`");
                None
            }
            None => f64::read(value, cx).map(Variation::Given),
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Factoring(Variation);

impl LoopSpec for Factoring {
    fn start(&self, setup: &LoopSetup<'_>) -> Box<dyn LoopSchedule> {
        let cv = match self.0 {
            Variation::Unknown => None,
            Variation::Own => Some(setup.shape.cv()),
            Variation::Given(cv) => Some(cv),
        };
        let batches = Batches { cv, cores: setup.cores(), first: true, batch: Batch::default() };
        Box::new(Front::new(setup.shape.iterations, batches))
    }
}

struct Batches {
    cv: Option<f64>,
    cores: u64,
    /// Whether the next batch is the first of a step.
    first: bool,
    batch: Batch,
}

/// By what the remaining iterations are divided, beside the number of cores (Hummel, Schonberg & Flynn 1992, section 3).
fn divisor(cv: f64, cores: u64, remaining: u64, first: bool) -> f64 {
    let b = cores as f64 / (2.0 * (remaining as f64).sqrt()) * cv;
    match first {
        true => 1.0 + b * b + b * (b * b + 2.0).sqrt(),
        false => 2.0 + b * b + b * (b * b + 4.0).sqrt(),
    }
}

impl Sizes for Batches {
    fn begin(&mut self, _: u64) {
        self.first = true;
        self.batch.clear();
    }

    fn size(&mut self, _: u32, remaining: u64) -> u64 {
        if self.batch.is_over() {
            let by = self.cv.map_or(2.0, |cv| divisor(cv, self.cores, remaining, self.first));
            self.first = false;
            self.batch.start(remaining as f64 / (by * self.cores as f64), self.cores);
        }
        self.batch.take(1.0, remaining)
    }
}

const CV: Field<Variation> = Field::new(
    "cv",
    "standard deviation / mean of an iteration's work: a number, \"known\" for that of `cost`, \"unknown\" for FAC2",
)
.default("unknown")
.check(|cv| match cv {
    Variation::Given(cv) if *cv < 0.0 || !cv.is_finite() => Err("must not be negative"),
    _ => Ok(()),
});

pub(super) static ENTRY: Entry<dyn LoopSpec> = Entry {
    name: "factoring",
    about: "batches of P equal chunks, each batch half of what remains, or as much of it as the variance allows",
    cite: "Hummel, Schonberg & Flynn 1992, Factoring",
    fields: &[&CV],
    bare: Some("cv"),
    read: |fields| Some(Box::new(Factoring(fields.take(&CV)?))),
};

#[cfg(test)]
mod tests {
    use super::super::testing::{sizes, spec};
    use super::*;

    #[test]
    fn batches_halve_what_remains_as_in_the_paper() {
        // Hummel, Schonberg & Flynn 1992, table 1: 100 iterations on 4 processors.
        let list = [13, 13, 13, 13, 6, 6, 6, 6, 3, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1];
        assert_eq!(sizes(&*spec("factoring"), 100, 4), list);
        // Tzen & Ni 1993, table I: 1000 iterations on 4 processors.
        let list: Vec<u64> = [125, 63, 31, 16, 8, 4, 2, 1].into_iter().flat_map(|size| [size; 4]).collect();
        assert_eq!(sizes(&*spec("factoring"), 1000, 4), list);
    }

    #[test]
    fn without_variance_the_first_batch_is_all_there_is() {
        assert_eq!(sizes(&*spec("factoring = { cv = 0 }"), 1000, 4), [250; 4]);
        assert_eq!(divisor(0.0, 4, 1000, true), 1.0);
        assert_eq!(divisor(0.0, 4, 500, false), 2.0);
    }

    #[test]
    fn with_variance_chunks_follow_the_formula() {
        // b₀ = 4/(2·√1000) · 0.5 = 0.03162…, x₀ = 1 + 0.001 + 0.04474… = 1.04574…: ⌈1000 / 4.18293…⌉ = 240.
        // 40 remain: b₁ = 4/(2·√40) · 0.5 = 0.15811…, x₁ = 2 + 0.025 + 0.31721… = 2.34221…: ⌈40 / 9.36885…⌉ = 5.
        let list = sizes(&*spec("factoring = { cv = 'known' }"), 1000, 4);
        assert_eq!(list[..8], [240, 240, 240, 240, 5, 5, 5, 5]);
        assert_eq!(list, sizes(&*spec("factoring = { cv = 0.5 }"), 1000, 4));
    }
}
