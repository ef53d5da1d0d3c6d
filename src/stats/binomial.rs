//! Parts of a whole: what counts of successes say of their probability.

use super::beta::regularised;

/// The interval of Clopper & Pearson (1934) for a probability: of `trials` at least `least` and at most `most` were
/// successes (both the same unless some count as either). It holds the probability with at least `level`, whatever that
/// is, also for few trials. Of no trial it is all that a probability can be.
///
/// ```
/// use makespan::stats::clopper_pearson;
/// let (low, high) = clopper_pearson(10, 10, 10, 0.95);
/// assert!((low - 0.025_f64.powf(0.1)).abs() < 1e-9 && high == 1.0);
/// ```
pub fn clopper_pearson(least: u64, most: u64, trials: u64, level: f64) -> (f64, f64) {
    assert!(least <= most && most <= trials, "{least} to {most} of {trials}");
    let tail = 0.5 * (1.0 - level);
    let low = match least {
        0 => 0.0,
        k => bisect(|p| at_least(k, trials, p) > tail),
    };
    let high = match most {
        k if k == trials => 1.0,
        k => bisect(|p| at_least(k + 1, trials, p) > 1.0 - tail),
    };
    (low, high)
}

/// The probability of at least `k` ≥ 1 successes in `trials` of probability `p`.
pub(super) fn at_least(k: u64, trials: u64, p: f64) -> f64 {
    regularised(p, k as f64, (trials - k + 1) as f64)
}

/// Where between 0 and 1 `above` begins to hold, to 2⁻⁵⁰.
fn bisect(above: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..50 {
        let middle = 0.5 * (low + high);
        if above(middle) { high = middle } else { low = middle }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_the_tabulated_ones() {
        // R: binom.test(7, 20)$conf.int, binom.test(0, 30)$conf.int, binom.test(29, 30)$conf.int.
        for (k, n, low, high) in [
            (7, 20, 0.153_909_206, 0.592_188_535),
            (0, 30, 0.0, 0.115_703_308),
            (29, 30, 0.827_831_449, 0.999_156_444),
        ] {
            let (l, h) = clopper_pearson(k, k, n, 0.95);
            assert!((l - low).abs() < 1e-6 && (h - high).abs() < 1e-6, "{k} of {n}: {l} {h}");
        }
        assert_eq!(clopper_pearson(0, 0, 0, 0.95), (0.0, 1.0));
    }

    #[test]
    fn the_interval_covers_every_probability_at_least_as_often_as_it_says() {
        // Exactly, by summing over all outcomes: the guarantee is for each probability, not on average.
        let n = 15;
        let intervals: Vec<(f64, f64)> = (0..=n).map(|k| clopper_pearson(k, k, n, 0.9)).collect();
        for step in 1..100 {
            let p = f64::from(step) / 100.0;
            let exactly = |k: u64| {
                let above = |k: u64| {
                    if k == 0 {
                        1.0
                    } else if k > n {
                        0.0
                    } else {
                        at_least(k, n, p)
                    }
                };
                above(k) - above(k + 1)
            };
            let covered: f64 = (0..=n)
                .filter(|k| intervals[*k as usize].0 <= p && p <= intervals[*k as usize].1)
                .map(exactly)
                .sum();
            assert!(covered >= 0.9 - 1e-9, "{p}: {covered}");
        }
    }
}
