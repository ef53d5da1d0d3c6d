//! What one long sequence says of its own mean.

use serde::{Deserialize, Serialize};

use super::student;
use crate::rng::normal_quantile;

/// Into how many batches a sequence is cut: of more than 30 intervals hardly get better (Schmeiser 1982).
const BATCHES: usize = 32;

/// Fewer observations than this in a batch say nothing.
const SHORTEST: usize = 10;

/// The batch means of a sequence whose observations hang together, such as the responses of one queue: means of batches
/// so long that one hardly knows of the next are nearly independent and normal, and give an interval for the mean of the
/// sequence (Law 2015, Simulation modeling and analysis, 9.5.3).
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct BatchMeans {
    /// The standard error of the mean, as a part of the mean.
    pub relative_error: f64,
    /// How much a batch mean has of the one before it: von Neumann's ratio (1941) as a correlation, near 0 where batches
    /// are independent and near 1 where they are much shorter than the memory of the sequence.
    pub correlation: f64,
}

impl BatchMeans {
    /// Of the sequence of `length` values whose i-th is `value(i)`, all above 0; what doesn't fill the last batch is left out
    /// at its start. `None` where there are less than 320.
    ///
    /// ```
    /// use makespan::stats::BatchMeans;
    /// let rising = BatchMeans::of(3200, |i| 1.0 + i as f64).unwrap();
    /// assert!(rising.correlation > 0.9 && !rising.independent(0.01));
    /// ```
    pub fn of(length: usize, value: impl Fn(usize) -> f64) -> Option<Self> {
        let each = length / BATCHES;
        if each < SHORTEST {
            return None;
        }
        let first = length - each * BATCHES;
        let mut means = [0.0; BATCHES];
        for (batch, mean) in means.iter_mut().enumerate() {
            let from = first + batch * each;
            *mean = (from..from + each).map(&value).sum::<f64>() / each as f64;
        }
        let count = BATCHES as f64;
        let mean = means.iter().sum::<f64>() / count;
        let squares = means.iter().map(|own| (own - mean) * (own - mean)).sum::<f64>();
        let steps = means.windows(2).map(|pair| (pair[0] - pair[1]) * (pair[0] - pair[1])).sum::<f64>();
        let known = squares > 0.0 && mean > 0.0;
        Some(BatchMeans {
            relative_error: if known { (squares / (count * (count - 1.0))).sqrt() / mean } else { 0.0 },
            correlation: if known { 1.0 - 0.5 * steps / squares } else { 0.0 },
        })
    }

    /// Half the width of the interval for the mean at `level` (0 < `level` < 1), as a part of the mean.
    pub fn relative_half_width(&self, level: f64) -> f64 {
        student::quantile(level, (BATCHES - 1) as f64) * self.relative_error
    }

    /// Whether batches can't be told from independent ones, by a test that denies it to such ones with probability `error`
    /// (von Neumann 1941, one-sided: what hangs together is alike).
    pub fn independent(&self, error: f64) -> bool {
        let count = BATCHES as f64;
        let deviation = ((count - 2.0) / (count * count - 1.0)).sqrt();
        self.correlation <= -normal_quantile(error) * deviation
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Distribution, Key, Purpose, Sampler, Stream};

    /// The part of sequences about 10, each value with `memory` of the deviation before it, whose interval holds 10, and the
    /// part whose batches are told to be dependent.
    fn coverage(memory: f64, length: usize) -> (f64, f64) {
        const EXPERIMENTS: u64 = 1_500;
        let (mut covered, mut dependent) = (0, 0);
        for experiment in 0..EXPERIMENTS {
            let key =
                Key { seed: 1982, replicate: experiment, source: length as u64, purpose: Purpose::Work };
            let mut noise = Sampler::new(Distribution::normal(100.0, 0.002).unwrap(), Stream::new(key));
            // From its stationary distribution on.
            let mut deviation = (noise.sample() - 100.0) / (1.0 - memory * memory).sqrt();
            let values: Vec<f64> = (0..length)
                .map(|_| {
                    deviation = memory * deviation + noise.sample() - 100.0;
                    10.0 + deviation
                })
                .collect();
            let found = BatchMeans::of(length, |at| values[at]).unwrap();
            let mean = values.iter().sum::<f64>() / length as f64;
            covered += u64::from((mean - 10.0).abs() <= found.relative_half_width(0.95) * mean);
            dependent += u64::from(!found.independent(0.05));
        }
        (covered as f64 / EXPERIMENTS as f64, dependent as f64 / EXPERIMENTS as f64)
    }

    #[test]
    fn intervals_of_long_sequences_cover_and_short_ones_are_told_to_be_short() {
        // Three standard deviations of a part of 1500.
        let three = 3.0 * (0.95_f64 * 0.05 / 1_500.0).sqrt();
        let (covered, dependent) = coverage(0.0, 3_200);
        assert!((covered - 0.95).abs() < three && (dependent - 0.05).abs() < three, "{covered}, {dependent}");
        // A memory of ten observations in batches of a thousand.
        let (covered, dependent) = coverage(0.9, 32_000);
        assert!((covered - 0.95).abs() < 0.01 + three && dependent < 0.1, "{covered}, {dependent}");
        // In batches of ten: the interval is far too short, and nearly every sequence is told to be.
        let (covered, dependent) = coverage(0.9, 320);
        assert!(covered < 0.8 && dependent > 0.9, "{covered}, {dependent}");
    }

    #[test]
    fn what_is_short_or_never_changes_says_so() {
        assert_eq!(BatchMeans::of(319, |_| 1.0), None);
        let same = BatchMeans::of(1_000, |_| 3.0).unwrap();
        assert_eq!((same.relative_half_width(0.95), same.correlation), (0.0, 0.0));
        assert!(same.independent(0.05));
    }
}
