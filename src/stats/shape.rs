//! Whether values are near enough to normal for Student's intervals.

use super::Moments;
use crate::rng::normal_quantile;

/// Fewer values than this show no skew, whatever they are drawn from.
pub const FEWEST: usize = 8;

/// How values depart from a normal distribution, so far that Student's interval of their mean covers it less often than
/// it says.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Departure {
    /// The skewness: the mean cubed deviation over the cubed standard deviation.
    pub skewness: f64,
    /// So many values would make up for it: 25 times the squared skewness (Cochran 1977, Sampling techniques, 2.15).
    pub needed: u64,
    /// The place of the one value that makes them skewed: without it they are not.
    pub outlier: Option<usize>,
}

/// Whether `values` are skewed beyond chance (D'Agostino 1970, whose test errs with probability `error`) and too few
/// for that not to matter. `None` of fewer than 8 values, of which nothing can be said, and of equal ones.
///
/// ```
/// use makespan::stats::departure;
/// let mut values = vec![9.0, 10.0, 11.0, 10.5, 9.5, 10.2, 9.8, 10.1, 9.9, 10.4];
/// assert_eq!(departure(&values, 0.01), None);
/// values.push(25.0);
/// assert_eq!(departure(&values, 0.01).and_then(|found| found.outlier), Some(10));
/// ```
pub fn departure(values: &[f64], error: f64) -> Option<Departure> {
    let skewness = skewness_beyond_chance(values, error)?;
    let needed = (25.0 * skewness * skewness).ceil() as u64;
    if values.len() as u64 >= needed {
        return None;
    }
    let median = {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        sorted[sorted.len() / 2]
    };
    let distance = |at: &usize| (values[*at] - median).abs();
    let farthest = (0..values.len()).max_by(|a, b| distance(a).total_cmp(&distance(b)))?;
    let rest: Vec<f64> = (0..values.len()).filter(|at| *at != farthest).map(|at| values[at]).collect();
    let alone = rest.len() >= FEWEST && skewness_beyond_chance(&rest, error).is_none();
    Some(Departure { skewness, needed, outlier: alone.then_some(farthest) })
}

/// The skewness of `values` where it is further from 0 than chance would make it.
fn skewness_beyond_chance(values: &[f64], error: f64) -> Option<f64> {
    if values.len() < FEWEST {
        return None;
    }
    let moments = Moments::of(values);
    let (mean, n) = (moments.mean()?, values.len() as f64);
    let second = moments.variance()? * (n - 1.0) / n;
    if second <= 0.0 {
        return None;
    }
    let third = values.iter().map(|value| (value - mean).powi(3)).sum::<f64>() / n;
    let skewness = third / (second * second.sqrt());
    (skewness_as_normal(skewness, n).abs() > -normal_quantile(0.5 * error)).then_some(skewness)
}

/// The skewness of `n` ≥ 8 normal values, brought to a standard normal distribution (D'Agostino 1970).
fn skewness_as_normal(skewness: f64, n: f64) -> f64 {
    let y = skewness * ((n + 1.0) * (n + 3.0) / (6.0 * (n - 2.0))).sqrt();
    let kurtosis = 3.0 * (n * n + 27.0 * n - 70.0) * (n + 1.0) * (n + 3.0)
        / ((n - 2.0) * (n + 5.0) * (n + 7.0) * (n + 9.0));
    let w2 = (2.0 * (kurtosis - 1.0)).sqrt() - 1.0;
    let scaled = y * (0.5 * (w2 - 1.0)).sqrt();
    libm::asinh(scaled) / (0.5 * libm::log(w2)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Distribution, Key, Purpose, Sampler, Stream};

    fn alarms(distribution: &Distribution, n: usize, error: f64) -> f64 {
        const EXPERIMENTS: u64 = 4_000;
        let alarms = (0..EXPERIMENTS).filter(|&experiment| {
            let key = Key { seed: 1970, replicate: experiment, source: n as u64, purpose: Purpose::Work };
            let mut sampler = Sampler::new(distribution.clone(), Stream::new(key));
            let values: Vec<f64> = (0..n).map(|_| sampler.sample()).collect();
            departure(&values, error).is_some()
        });
        alarms.count() as f64 / EXPERIMENTS as f64
    }

    #[test]
    fn normal_values_raise_an_alarm_no_more_often_than_is_said() {
        let normal = Distribution::normal(100.0, 0.01).unwrap();
        for n in [8, 10, 30, 100] {
            let alarms = alarms(&normal, n, 0.05);
            assert!(alarms < 0.05 + 4.0 * (0.05 * 0.95 / 4_000.0_f64).sqrt(), "{n} values: {alarms}");
        }
    }

    #[test]
    fn skewed_values_are_found_while_they_are_too_few_and_left_alone_when_they_are_many() {
        // The exponential's skewness is 2: Cochran's rule asks for 100 values.
        let exponential = Distribution::exponential(1.0).unwrap();
        assert!(alarms(&exponential, 30, 0.01) > 0.7, "{}", alarms(&exponential, 30, 0.01));
        assert!(alarms(&exponential, 400, 0.01) < 0.01, "{}", alarms(&exponential, 400, 0.01));
    }

    #[test]
    fn too_few_and_equal_values_say_nothing() {
        assert_eq!(departure(&[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 100.0], 0.01), None);
        assert_eq!(departure(&[3.0; 20], 0.01), None);
    }
}
