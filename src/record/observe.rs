//! Observations of one quantity over the tasks of a run: its mean, quantiles and warm-up.

use crate::stats::{BatchMeans, Quantiles, Warmup};
use crate::time::Span;

/// Observations of a length of time.
#[derive(Default)]
pub struct Observations {
    quantiles: Quantiles,
    sum: u128,
    count: u64,
    largest: u64,
    warmup: Option<Warmup>,
}

/// What observations come to, in ticks.
#[derive(Clone, PartialEq, Debug)]
pub struct Observed {
    /// The mean after the warm-up.
    pub mean: f64,
    /// The quantiles asked for.
    pub quantiles: Vec<f64>,
    /// The largest value.
    pub largest: f64,
    /// How many observations the warm-up took; none where it could not be found.
    pub warmup: Option<u64>,
    /// Whether the quantiles are exact.
    pub exact: bool,
    /// Their batch means after the warm-up; none of few, and of more than 10⁶, which aren't kept in their order.
    pub batches: Option<BatchMeans>,
}

impl Observations {
    /// None yet; `detect` says whether their warm-up is to be found.
    pub fn new(detect: bool) -> Self {
        Observations { warmup: detect.then(Warmup::default), ..Observations::default() }
    }

    /// Takes one more.
    #[inline(always)]
    pub fn push(&mut self, span: Span) {
        let ticks = span.ticks();
        self.quantiles.push(ticks);
        self.sum += u128::from(ticks);
        self.count += 1;
        self.largest = self.largest.max(ticks);
        if let Some(warmup) = &mut self.warmup {
            warmup.push(ticks as f64);
        }
    }

    /// What they come to, with the quantiles at `probabilities`, which ascend; nothing where there were none.
    pub fn finish(mut self, probabilities: &[f64]) -> Option<Observed> {
        let mut mean = self.sum as f64 / self.count as f64;
        let mut warmup = Some(0);
        if let Some(detector) = &self.warmup {
            let found = detector.truncation().ok();
            warmup = found.map(|truncation| truncation.observations);
            if let Some(truncation) = found {
                mean = truncation.mean;
                self.quantiles.forget_first(truncation.observations);
            }
        }
        let kept = self.quantiles.kept();
        let batches = BatchMeans::of(kept.len(), |at| kept[at] as f64);
        let quantiles = self.quantiles.at(probabilities)?;
        Some(Observed {
            mean,
            quantiles,
            largest: self.largest as f64,
            warmup,
            exact: self.quantiles.is_exact(),
            batches,
        })
    }
}
