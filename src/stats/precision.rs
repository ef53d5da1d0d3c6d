//! How many replicates a given precision takes: a sequential plan.

use super::Interval;

/// The first look at the results; each further one comes after twice as many replicates.
const FIRST_LOOK: usize = 10;

/// A plan to add replicates until an interval is tight: it looks after 10, 20, 40, … replicates, and at the maximum.
/// Looking more than once would make intervals cover less than they say, since a plan stops when the spread happens to
/// look small. So each look uses the level 1 − (1 − level)/looks (Bonferroni's inequality): all intervals of the plan
/// cover at once with at least the level, whenever it stops.
///
/// Decisions depend on the first values in index order alone, never on which replicate was ready first.
///
/// ```
/// use makespan::stats::{Decision, Plan};
/// let plan = Plan::new(0.01, 0.95, 100);
/// assert_eq!(plan.looks().collect::<Vec<_>>(), [10, 20, 40, 80, 100]);
/// let values: Vec<f64> = (0..20).map(|i| 100.0 + f64::from(i % 2)).collect();
/// assert!(matches!(plan.decide(&values[..10]), Decision::Met(_)));
/// ```
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Plan {
    target: f64,
    level: f64,
    max: usize,
}

/// What a look shows.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Decision {
    /// The interval is tight enough.
    Met(Interval),
    /// It isn't; look again after so many replicates in all.
    Continue(usize),
    /// It isn't, and the maximum is reached.
    Exhausted(Interval),
}

impl Plan {
    /// Wants a half-width of at most `target` (> 0) times the mean's magnitude, at `level` (0 < `level` < 1), with at
    /// most `max` ≥ 2 replicates.
    pub fn new(target: f64, level: f64, max: usize) -> Self {
        assert!(
            target > 0.0 && 0.0 < level && level < 1.0 && max >= 2,
            "no such plan: {target}, {level}, {max}"
        );
        Plan { target, level, max }
    }

    /// The numbers of replicates after which the plan looks, ascending; the last is the maximum.
    pub fn looks(&self) -> impl Iterator<Item = usize> + use<> {
        let max = self.max;
        let doubling = std::iter::successors(Some(FIRST_LOOK), |look| look.checked_mul(2));
        doubling.take_while(move |&look| look < max).chain([max])
    }

    /// The level of each look's interval.
    pub fn level_of_a_look(&self) -> f64 {
        1.0 - (1.0 - self.level) / self.looks().count() as f64
    }

    /// What the first replicates show. `values` are in index order, as many as one of the looks; at any other number
    /// the answer is to continue to the next look.
    ///
    /// Variants of a point take the same number of replicates: go on while any of them says so.
    pub fn decide(&self, values: &[f64]) -> Decision {
        // Past the maximum there is nothing left to look at but the maximum itself.
        let values = &values[..values.len().min(self.max)];
        let next = self.looks().find(|&look| look >= values.len()).unwrap_or(self.max);
        let Some(interval) = Interval::of_mean(values, self.level_of_a_look()) else {
            return Decision::Continue(next);
        };
        if next > values.len() {
            Decision::Continue(next)
        } else if interval.relative_half_width() <= self.target {
            Decision::Met(interval)
        } else if next == self.max {
            Decision::Exhausted(interval)
        } else {
            Decision::Continue((2 * next).min(self.max))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Distribution, Key, Purpose, Sampler, Stream};

    fn sampler(distribution: &Distribution, source: u64) -> Sampler {
        let key = Key { seed: 1936, replicate: 0, source, purpose: Purpose::Work };
        Sampler::new(distribution.clone(), Stream::new(key))
    }

    /// Follows the plan to its end: the interval, and whether the target was met.
    fn follow(plan: Plan, mut sampler: Sampler) -> (Interval, bool) {
        let mut values = Vec::new();
        loop {
            match plan.decide(&values) {
                Decision::Continue(count) => values.extend((values.len()..count).map(|_| sampler.sample())),
                Decision::Met(interval) => return (interval, true),
                Decision::Exhausted(interval) => return (interval, false),
            }
        }
    }

    #[test]
    fn intervals_at_the_stopping_time_cover_at_least_as_often_as_the_level_says() {
        const EXPERIMENTS: u64 = 1_500;
        // The exponential's t intervals cover less at the first looks, which it leaves soon: a slack of 1.5 %.
        for (distribution, slack) in [
            (Distribution::normal(10.0, 0.2).unwrap(), 0.0),
            (Distribution::exponential(10.0).unwrap(), 0.015),
        ] {
            let plan = Plan::new(0.2, 0.95, 640);
            let covered = (0..EXPERIMENTS).filter(|&experiment| {
                let (interval, met) = follow(plan, sampler(&distribution, experiment));
                assert!(met && interval.relative_half_width() <= 0.2);
                interval.contains(distribution.mean())
            });
            let covered = covered.count() as f64 / EXPERIMENTS as f64;
            // 3 standard errors of a binomial with 0.95: a false alarm once in 700 if the coverage were just that.
            assert!(covered > 0.95 - slack - 3.0 * (0.95 * 0.05 / EXPERIMENTS as f64).sqrt(), "{covered}");
        }
    }

    #[test]
    fn looks_double_and_end_with_the_maximum() {
        let looks = |max| Plan::new(0.01, 0.95, max).looks().collect::<Vec<_>>();
        assert_eq!(looks(2_000), [10, 20, 40, 80, 160, 320, 640, 1280, 2000]);
        assert_eq!(looks(40), [10, 20, 40]);
        assert_eq!(looks(10), [10]);
        assert_eq!(looks(4), [4]);
        assert!((Plan::new(0.01, 0.95, 40).level_of_a_look() - (1.0 - 0.05 / 3.0)).abs() < 1e-15);
    }

    #[test]
    fn between_looks_the_plan_goes_on_to_the_next() {
        let plan = Plan::new(0.01, 0.95, 30);
        let wide: Vec<f64> = (0..40).map(f64::from).collect();
        assert_eq!(plan.decide(&[]), Decision::Continue(10));
        assert_eq!(plan.decide(&wide[..10]), Decision::Continue(20));
        assert_eq!(plan.decide(&wide[..11]), Decision::Continue(20));
        assert_eq!(plan.decide(&wide[..20]), Decision::Continue(30));
        assert!(matches!(plan.decide(&wide), Decision::Exhausted(interval) if interval.count == 30));
    }

    #[test]
    fn values_without_spread_meet_any_target_at_the_first_look() {
        assert!(
            matches!(Plan::new(1e-9, 0.95, 100).decide(&[0.0; 10]), Decision::Met(interval) if interval.is_exact())
        );
    }
}
