//! Several comparisons at once.

/// The p-values of a family of tests, adjusted by Holm's procedure (1979): rejecting those at most α makes the
/// probability of any false rejection at most α, however the tests depend on one another.
///
/// ```
/// use makespan::stats::holm;
/// let adjusted = holm(&[0.01, 0.04, 0.03]);
/// let wanted = [0.03, 0.06, 0.06];
/// assert!(adjusted.iter().zip(wanted).all(|(p, q)| (p - q).abs() < 1e-15));
/// ```
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut adjusted = vec![0.0; p.len()];
    let mut least = 0.0_f64;
    for (rank, &at) in order.iter().enumerate() {
        least = least.max(p[at] * (p.len() - rank) as f64).min(1.0);
        adjusted[at] = least;
    }
    adjusted
}

/// The level that each of `count` intervals needs for all of them to hold at once with probability `level`, however they
/// depend on one another (Bonferroni's inequality; Dunn 1961).
pub fn bonferroni(level: f64, count: usize) -> f64 {
    1.0 - (1.0 - level) / count.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Distribution, Key, Purpose, Sampler, Stream};
    use crate::stats::Paired;

    /// Baselines and variants that share most of their randomness; `shifts` are the true differences.
    fn experiment(number: u64, n: usize, shifts: &[f64]) -> Vec<Paired> {
        let draw = |source: u64| {
            let key = Key { seed: 1979, replicate: number, source, purpose: Purpose::Work };
            Sampler::new(Distribution::normal(100.0, 0.01).unwrap(), Stream::new(key))
        };
        let mut base = draw(0);
        let baseline: Vec<f64> = (0..n).map(|_| base.sample()).collect();
        let variant = |(at, shift): (usize, &f64)| {
            let mut own = draw(1 + at as u64);
            let values: Vec<f64> = (0..n).map(|_| 0.5 * (own.sample() + 100.0) + shift).collect();
            Paired::of(&baseline, &values, bonferroni(0.95, shifts.len())).unwrap()
        };
        shifts.iter().enumerate().map(variant).collect()
    }

    #[test]
    fn families_of_tests_and_intervals_keep_their_error_rates() {
        const EXPERIMENTS: u64 = 3_000;
        // Three variants differ by nothing, two by much.
        let shifts = [0.0, 0.0, 0.0, 2.0, -2.0];
        let (mut false_alarms, mut all_covered, mut naive) = (0, 0, 0);
        for number in 0..EXPERIMENTS {
            let all = experiment(number, 12, &shifts);
            let p: Vec<f64> = all.iter().map(Paired::p_value).collect();
            false_alarms += u64::from(holm(&p)[..3].iter().any(|p| *p <= 0.05));
            naive += u64::from(p[..3].iter().any(|p| *p <= 0.05));
            let covered = |(paired, shift): (&Paired, &f64)| paired.difference.contains(*shift);
            all_covered += u64::from(all.iter().zip(&shifts).all(covered));
        }
        let part = |count: u64| count as f64 / EXPERIMENTS as f64;
        let error = (0.05_f64 * 0.95 / EXPERIMENTS as f64).sqrt();
        assert!(part(false_alarms) < 0.05 + 3.0 * error, "{}", part(false_alarms));
        assert!(part(all_covered) > 0.95 - 3.0 * error, "{}", part(all_covered));
        assert!(part(naive) > 0.09, "without adjusting there is something to guard against: {}", part(naive));
    }

    #[test]
    fn adjusted_values_keep_their_order_and_stay_probabilities() {
        assert_eq!(holm(&[]), [0.0; 0]);
        assert_eq!(holm(&[0.5, 0.9]), [1.0, 1.0]);
        assert_eq!(holm(&[0.2]), [0.2]);
    }
}
