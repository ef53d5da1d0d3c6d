//! Two samples that share nothing, compared.

use super::{Ratio, student};

/// The moments of independent values.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Sample {
    /// How many they are.
    pub count: u64,
    /// Their mean.
    pub mean: f64,
    /// Their variance (divided by n − 1); 0 of a single one.
    pub variance: f64,
}

/// A mean compared with a baseline's that was drawn independently of it (Welch 1947): variances need not be equal.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Unpaired {
    /// The mean less the baseline's.
    pub difference: f64,
    /// Half of its interval's width.
    pub half_width: f64,
    /// The ratio of the means with Fieller's interval, at the degrees of freedom of the difference; `None` where the
    /// baseline's mean can't be told to be above 0.
    pub ratio: Option<Ratio>,
}

impl Unpaired {
    /// Compares at `level` (0 < `level` < 1); `None` where both have less than two values.
    ///
    /// ```
    /// use makespan::stats::{Sample, Unpaired};
    /// let baseline = Sample { count: 10, mean: 100.0, variance: 4.0 };
    /// let other = Sample { count: 20, mean: 110.0, variance: 9.0 };
    /// let unpaired = Unpaired::of(&baseline, &other, 0.95).unwrap();
    /// assert!((unpaired.half_width - 1.897).abs() < 1e-3);
    /// ```
    pub fn of(baseline: &Sample, other: &Sample, level: f64) -> Option<Self> {
        if baseline.count < 2 || other.count < 2 {
            return None;
        }
        // The variances of the means, and Satterthwaite's degrees of freedom (1946).
        let error = |sample: &Sample| sample.variance / sample.count as f64;
        let (xx, yy) = (error(baseline), error(other));
        let own = |error: f64, sample: &Sample| error * error / (sample.count - 1) as f64;
        let difference = other.mean - baseline.mean;
        let t = match own(xx, baseline) + own(yy, other) {
            spread if spread > 0.0 => student::quantile(level, (xx + yy) * (xx + yy) / spread),
            _ => 0.0,
        };
        let half_width = t * (xx + yy).sqrt();
        Some(Unpaired { difference, half_width, ratio: fieller((baseline.mean, xx), (other.mean, yy), t) })
    }
}

/// The ρ with (y − ρx)² = t²(yy + ρ²xx).
fn fieller((x, xx): (f64, f64), (y, yy): (f64, f64), t: f64) -> Option<Ratio> {
    let denominator = x * x - t * t * xx;
    if x <= 0.0 || denominator <= 0.0 {
        return None;
    }
    let root = (x * x * y * y - denominator * (y * y - t * t * yy)).max(0.0).sqrt();
    Some(Ratio::new(y / x, (x * y - root) / denominator, (x * y + root) / denominator))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Distribution, Key, Purpose, Sampler, Stream};
    use crate::stats::Moments;

    #[test]
    fn both_intervals_cover_the_truth_with_unequal_variances_and_sizes() {
        const EXPERIMENTS: u64 = 4_000;
        let (mut difference, mut ratio) = (0, 0);
        for experiment in 0..EXPERIMENTS {
            let draw = |source: u64, n: usize, deviation: f64, mean: f64| {
                let key = Key { seed: 1947, replicate: experiment, source, purpose: Purpose::Work };
                let mut sampler = Sampler::new(Distribution::normal(100.0, 0.01).unwrap(), Stream::new(key));
                let values: Vec<f64> =
                    (0..n).map(|_| mean + deviation * (sampler.sample() - 100.0)).collect();
                let moments = Moments::of(&values);
                Sample {
                    count: n as u64,
                    mean: moments.mean().unwrap(),
                    variance: moments.variance().unwrap(),
                }
            };
            let (baseline, other) = (draw(0, 25, 1.0, 20.0), draw(1, 8, 4.0, 21.0));
            let found = Unpaired::of(&baseline, &other, 0.95).unwrap();
            difference += u64::from((found.difference - 1.0).abs() <= found.half_width);
            let found = found.ratio.unwrap();
            ratio += u64::from(found.low <= 1.05 && 1.05 <= found.high);
        }
        // Satterthwaite's degrees are an approximation: half a per cent beside the 4 standard errors.
        for covered in [difference, ratio] {
            let covered = covered as f64 / EXPERIMENTS as f64;
            assert!((covered - 0.95).abs() < 0.005 + 4.0 * 0.0035, "{covered}");
        }
    }

    #[test]
    fn without_spread_the_comparison_is_exact() {
        let sample = |mean: f64| Sample { count: 3, mean, variance: 0.0 };
        let found = Unpaired::of(&sample(4.0), &sample(5.0), 0.95).unwrap();
        assert_eq!((found.difference, found.half_width), (1.0, 0.0));
        assert_eq!(found.ratio.map(|ratio| (ratio.low, ratio.high)), Some((1.25, 1.25)));
    }
}
