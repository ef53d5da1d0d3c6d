//! Where the start of a run stops to bias its mean.

/// Observations in the first and smallest batches: the 5 of MSER-5.
const SMALLEST_BATCH: u64 = 5;
/// The most batches kept; beyond, neighbours are joined and batches get twice as long.
const MOST_BATCHES: usize = 1 << 16;
/// Fewer batches than this say nothing about a trend.
const FEWEST_BATCHES: usize = 10;
/// So many batches are left at the end: the mean of fewer is near any of them by chance, which MSER would take for
/// precision (Hoad, Robinson & Davies 2010).
const LAST_BATCHES: usize = 5;

/// Finds the warm-up of a sequence of observations by MSER-5 (White 1997; White, Cobb & Spratt 2000): of all
/// truncation points it takes the one with the smallest Σ(zᵢ − z̄)²/(n − d)² over the n − d batch means kept, the
/// squared standard error that the mean would have were the batches independent. Holds at most 2¹⁶ batches, which get
/// twice as long whenever there are more, so that a run may be of any length.
#[derive(Clone, Debug)]
pub struct Warmup {
    /// Sums of complete batches.
    batches: Vec<f64>,
    batch_length: u64,
    /// The batch begun: its sum and its length so far.
    sum: f64,
    length: u64,
    most_batches: usize,
}

/// What to leave out, and the mean of the rest.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Truncation {
    /// How many observations belong to the warm-up.
    pub observations: u64,
    /// The mean of all observations after it.
    pub mean: f64,
}

/// The sequence is too short to tell: it has less than 50 observations, or the best truncation point is in its second
/// half (Franklin & White 2008), so that it may never have settled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooShort;

impl std::fmt::Display for TooShort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the run is too short for its warm-up to be found")
    }
}

impl std::error::Error for TooShort {}

impl Default for Warmup {
    fn default() -> Self {
        Warmup::with_batches(MOST_BATCHES)
    }
}

impl Warmup {
    /// Keeps at most `most_batches`, an even number.
    fn with_batches(most_batches: usize) -> Self {
        Warmup { batches: Vec::new(), batch_length: SMALLEST_BATCH, sum: 0.0, length: 0, most_batches }
    }

    /// Takes the next observation, which must be finite.
    #[inline]
    pub fn push(&mut self, value: f64) {
        debug_assert!(value.is_finite(), "an observation of {value}");
        self.sum += value;
        self.length += 1;
        if self.length == self.batch_length {
            self.end_batch();
        }
    }

    fn end_batch(&mut self) {
        if self.batches.len() == self.most_batches {
            for i in 0..self.most_batches / 2 {
                self.batches[i] = self.batches[2 * i] + self.batches[2 * i + 1];
            }
            self.batches.truncate(self.most_batches / 2);
            self.batch_length *= 2;
            // The batch just ended is now the first half of one.
            return;
        }
        self.batches.push(self.sum);
        (self.sum, self.length) = (0.0, 0);
    }

    /// How many observations there were.
    pub fn observations(&self) -> u64 {
        self.batches.len() as u64 * self.batch_length + self.length
    }

    /// Where to truncate: the first of the best points, in whole batches.
    pub fn truncation(&self) -> Result<Truncation, TooShort> {
        let n = self.batches.len();
        if n < FEWEST_BATCHES {
            return Err(TooShort);
        }
        let warm = self.best_truncation();
        if warm > n / 2 {
            return Err(TooShort);
        }
        let observations = warm as u64 * self.batch_length;
        let sum: f64 = self.batches[warm..].iter().sum();
        Ok(Truncation { observations, mean: (sum + self.sum) / (self.observations() - observations) as f64 })
    }

    /// The number of batches d, up to n − 5, that minimises the MSER statistic; the smallest of equals.
    fn best_truncation(&self) -> usize {
        let mut kept = super::Moments::default();
        let mut best = (f64::INFINITY, 0);
        for (d, batch) in self.batches.iter().enumerate().rev() {
            kept.push(batch / self.batch_length as f64);
            let count = kept.count() as f64;
            let Some(variance) = kept.variance() else { continue };
            let statistic = variance * (count - 1.0) / (count * count);
            if kept.count() >= LAST_BATCHES as u64 && statistic <= best.0 {
                best = (statistic, d);
            }
        }
        best.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Distribution, Key, Purpose, Sampler, Stream};

    /// AR(1) about 100 with coefficient 0.8 and normal noise of deviation 1, starting at 100 + `bias`.
    fn autoregressive(n: usize, bias: f64, source: u64) -> Vec<f64> {
        let key = Key { seed: 1997, replicate: 0, source, purpose: Purpose::Work };
        let mut noise = Sampler::new(Distribution::normal(100.0, 0.01).unwrap(), Stream::new(key));
        let mut deviation = bias;
        (0..n)
            .map(|_| {
                deviation = 0.8 * deviation + noise.sample() - 100.0;
                100.0 + deviation
            })
            .collect()
    }

    fn streamed(values: &[f64], most_batches: usize) -> Warmup {
        let mut warmup = Warmup::with_batches(most_batches);
        values.iter().for_each(|&value| warmup.push(value));
        warmup
    }

    /// MSER from its formula, on means of `batch` observations: the number of observations to truncate.
    fn mser(values: &[f64], batch: usize) -> usize {
        let means: Vec<f64> =
            values.chunks_exact(batch).map(|b| b.iter().sum::<f64>() / batch as f64).collect();
        let statistic = |d: usize| {
            let kept = &means[d..];
            let count = kept.len() as f64;
            let mean = kept.iter().sum::<f64>() / count;
            kept.iter().map(|z| (z - mean).powi(2)).sum::<f64>() / (count * count)
        };
        let points = 0..=means.len() - 5;
        let best = points.min_by(|&a, &b| statistic(a).total_cmp(&statistic(b)));
        best.unwrap_or(0) * batch
    }

    #[test]
    fn the_truncation_is_the_one_of_the_formula_and_removes_the_bias() {
        for source in 0..20 {
            let values = autoregressive(1_003, 60.0, source);
            let truncation = streamed(&values, MOST_BATCHES).truncation().unwrap();
            assert_eq!(truncation.observations as usize, mser(&values, 5));
            assert!((5..=200).contains(&truncation.observations), "{truncation:?}");
            let rest = &values[truncation.observations as usize..];
            let mean = rest.iter().sum::<f64>() / rest.len() as f64;
            assert!((truncation.mean - mean).abs() < 1e-10);
            // The deviation of the mean of 1000 such observations is 5/√1000 = 0.16.
            assert!((truncation.mean - 100.0).abs() < 4.5 * 0.16, "{truncation:?}");
        }
    }

    #[test]
    fn batches_that_have_doubled_are_batches_of_that_length() {
        // Whole numbers, so that the order of adding doesn't show.
        let values: Vec<f64> = autoregressive(2_000, 300.0, 0).iter().map(|x| x.round()).collect();
        for n in [320, 321, 325, 326, 640, 643, 2_000] {
            let warmup = streamed(&values[..n], 64);
            let length = warmup.batch_length as usize;
            assert!(warmup.batches.len() <= 64 && n / length > 32 - 1);
            let direct: Vec<f64> = values[..n].chunks_exact(length).map(|batch| batch.iter().sum()).collect();
            assert_eq!(warmup.batches, direct, "{n} observations");
            assert_eq!(warmup.observations(), n as u64);
            assert_eq!(warmup.truncation().unwrap().observations as usize, mser(&values[..n], length));
        }
    }

    #[test]
    fn a_run_that_never_settles_or_hardly_begins_is_too_short() {
        let rising: Vec<f64> = (0..500).map(f64::from).collect();
        assert_eq!(streamed(&rising, MOST_BATCHES).truncation(), Err(TooShort));
        assert_eq!(streamed(&[1.0; 49], MOST_BATCHES).truncation(), Err(TooShort));
    }

    #[test]
    fn equal_observations_need_no_truncation() {
        let truncation = streamed(&[0.25; 73], MOST_BATCHES).truncation();
        assert_eq!(truncation, Ok(Truncation { observations: 0, mean: 0.25 }));
    }
}
