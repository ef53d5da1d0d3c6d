//! Which of several is best, leaving out early what is clearly worse.

use super::{Paired, Plan};

/// Sequential paired elimination: after 10, 20, 40, … replicates each of the systems still in is compared with every
/// other one on common random numbers, and those leave that are worse by the one-sided paired t test at
/// α/((*k* − 1) · *looks*). For the best to leave, one of *k* − 1 others must have seemed better at one of the looks, so
/// that by Bonferroni's inequality the best of *k* leaves with a probability of at most α, whatever the differences are
/// and however often pairs are looked at; the test is exact for normal differences. (Fully sequential procedures after
/// Kim & Nelson 2001 look after every replicate, but need a difference below which nobody cares to be given.)
///
/// ```
/// use makespan::stats::Elimination;
/// let plan = Elimination::new(2, 0.05, 40);
/// let fast: Vec<f64> = (0..10).map(|at| 10.0 + f64::from(at % 3)).collect();
/// let slow: Vec<f64> = fast.iter().enumerate().map(|(at, value)| value + 5.0 + 0.1 * at as f64).collect();
/// assert!(plan.is_worse(&slow, &fast) && !plan.is_worse(&fast, &slow));
/// ```
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Elimination {
    looks: Plan,
    /// The level of two-sided intervals that leave out half of a look's and a pair's share of the error on each side.
    level: f64,
}

impl Elimination {
    /// For `systems` of which the best leaves with a probability of at most `error`, after at most `max` replicates.
    pub fn new(systems: usize, error: f64, max: usize) -> Self {
        let looks = Plan::new(1.0, 1.0 - error, max.max(2));
        let shares = systems.saturating_sub(1).max(1) * looks.looks().count();
        Elimination { looks, level: 1.0 - 2.0 * error / shares as f64 }
    }

    /// The numbers of replicates after which it looks, ascending; the last is the maximum.
    pub fn looks(&self) -> impl Iterator<Item = usize> + use<> {
        self.looks.looks()
    }

    /// The level that intervals need to hold at whichever look it ends.
    pub fn level_of_a_look(&self) -> f64 {
        self.looks.level_of_a_look()
    }

    /// Whether one system is worse than another that is still in; smaller values are better. Both have a value for the
    /// same replicates, in the same order.
    pub fn is_worse(&self, own: &[f64], other: &[f64]) -> bool {
        Paired::of(other, own, self.level).is_some_and(|paired| paired.difference.low() > 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Distribution, Key, Purpose, Sampler, Stream};

    /// Whether the best of systems with these means is left out, and how many replicates all take together.
    fn follow(means: &[f64], max: usize, experiment: u64) -> (bool, usize) {
        let plan = Elimination::new(means.len(), 0.05, max);
        let draw = |source: u64| {
            let key = Key { seed: 2001, replicate: experiment, source, purpose: Purpose::Work };
            let mut sampler = Sampler::new(Distribution::normal(100.0, 0.01).unwrap(), Stream::new(key));
            (0..max).map(|_| sampler.sample() - 100.0).collect::<Vec<f64>>()
        };
        let shared = draw(0);
        let system = |(at, mean): (usize, &f64)| -> Vec<f64> {
            draw(1 + at as u64).iter().zip(&shared).map(|(own, shared)| mean + 3.0 * shared + own).collect()
        };
        let all: Vec<Vec<f64>> = means.iter().enumerate().map(system).collect();
        let best = (0..means.len()).min_by(|a, b| means[*a].total_cmp(&means[*b])).unwrap();
        let mut inside: Vec<usize> = (0..means.len()).collect();
        let (mut replicates, mut before) = (0, 0);
        for look in plan.looks() {
            replicates += inside.len() * (look - before);
            before = look;
            let beaten = |own: &usize| {
                inside.iter().any(|other| plan.is_worse(&all[*own][..look], &all[*other][..look]))
            };
            inside = inside.iter().copied().filter(|own| !beaten(own)).collect();
            if inside.len() <= 1 {
                break;
            }
        }
        (!inside.contains(&best), replicates)
    }

    /// The part of so many experiments that lose the best, and the mean number of replicates.
    fn errors(means: &[f64], experiments: u64) -> (f64, f64) {
        let all: Vec<(bool, usize)> =
            (0..experiments).map(|experiment| follow(means, 160, experiment)).collect();
        let lost = all.iter().filter(|(lost, _)| *lost).count() as f64;
        let replicates: usize = all.iter().map(|(_, replicates)| replicates).sum();
        (lost / experiments as f64, replicates as f64 / experiments as f64)
    }

    #[test]
    fn the_best_is_lost_no_more_often_than_is_said() {
        let experiments = match std::env::var_os("MAKESPAN_FULL") {
            Some(_) => 100_000,
            None => 2_000,
        };
        // Hardest for the best: all others are all but as good.
        let near = [0.0, 1e-9, 1e-9, 1e-9, 1e-9];
        let (lost, _) = errors(&near, experiments);
        let error = (0.05_f64 * 0.95 / experiments as f64).sqrt();
        assert!(lost < 0.05 + 3.0 * error, "{lost}");
        // Far apart, the others leave soon: five systems for little more than ten replicates each.
        let (lost, replicates) = errors(&[0.0, 4.0, 5.0, 6.0, 7.0], 200);
        assert!(lost == 0.0 && replicates < 60.0, "{lost}, {replicates} replicates");
    }

    #[test]
    fn what_is_the_same_stays_and_what_is_always_worse_leaves() {
        let plan = Elimination::new(3, 0.05, 20);
        let values = [1.0, 2.0, 4.0, 3.0, 2.5, 1.5, 2.0, 3.5, 1.0, 2.0];
        let worse: Vec<f64> = values.iter().map(|value| value + 1.0).collect();
        assert!(!plan.is_worse(&values, &values) && plan.is_worse(&worse, &values));
    }
}
