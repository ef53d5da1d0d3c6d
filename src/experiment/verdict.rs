//! What a paired comparison allows to say, in a few words.

use std::cmp::Ordering;

use super::Comparison;
use crate::metrics::{Metric, Unit};
use crate::stats::{Paired, Verdict};
use crate::units::{bytes, number, seconds, with_margin};

/// Compares the values of `metric` in the same replicates, in the same order, at `level`; `None` of no pair. `random`
/// says whether anything was drawn: if not, one replicate says all.
pub(super) fn compare(
    metric: Metric,
    baseline: &[f64],
    variant: &[f64],
    level: f64,
    random: bool,
) -> Option<Comparison> {
    let pairs = baseline.len() as u64;
    let mean = |values: &[f64]| crate::stats::Moments::of(values).mean();
    let (base, other) = (mean(baseline)?, mean(variant)?);
    let paired = Paired::of(baseline, variant, level);
    let difference = paired.map_or(other - base, |paired| paired.difference.mean);
    let constant = |values: &[f64]| values.windows(2).all(|pair| pair[0] == pair[1]);
    let certain = !random || (pairs > 1 && constant(baseline) && constant(variant));
    let plain = difference.total_cmp(&0.0);
    let (order, verdict) = if baseline == variant {
        (Ordering::Equal, "identical".to_owned())
    } else if certain {
        (plain, format!("exactly {} {}", plain_amount(metric, base, difference), word(metric, plain)))
    } else {
        match paired {
            None => {
                let amount = plain_amount(metric, base, difference);
                (Ordering::Equal, format!("{amount} {} in one replicate", word(metric, plain)))
            }
            Some(paired) => match paired.verdict() {
                Verdict::NotDistinguishable => {
                    (Ordering::Equal, format!("not distinguishable with {pairs} replicates"))
                }
                _ => (plain, format!("{} by {}", word(metric, plain), amount(metric, &paired))),
            },
        }
    };
    Some(Comparison { metric, difference, paired, pairs, verdict, order })
}

/// The word for a value that is less or greater than another.
pub(super) fn word(metric: Metric, order: Ordering) -> &'static str {
    match (metric.describe().unit, order) {
        (Unit::Seconds, Ordering::Less) => "shorter",
        (Unit::Seconds, _) => "longer",
        (_, Ordering::Less) => "lower",
        _ => "higher",
    }
}

/// How much `difference` is of `base`, without an interval.
fn plain_amount(metric: Metric, base: f64, difference: f64) -> String {
    match metric.describe().unit {
        Unit::Fraction => format!("{} percentage points", number(100.0 * difference.abs())),
        _ if base > 0.0 => format!("{} %", number(100.0 * difference.abs() / base)),
        Unit::Seconds => seconds(difference.abs()),
        Unit::Bytes => bytes(difference.abs()),
        _ => number(difference.abs()),
    }
}

/// How much the difference is, with its interval: relative to the baseline's mean where that can be told from 0.
fn amount(metric: Metric, paired: &Paired) -> String {
    let (mean, half) = (paired.difference.mean.abs(), paired.difference.half_width);
    match (metric.describe().unit, paired.ratio) {
        (Unit::Fraction, _) => format!("{} percentage points", with_margin(100.0 * mean, 100.0 * half)),
        (_, Some(ratio)) => {
            let part = |ratio: f64| 100.0 * (ratio - 1.0).abs();
            let (middle, one, other) = (part(ratio.estimate), part(ratio.low), part(ratio.high));
            let (low, high) = (one.min(other), one.max(other));
            let half = 0.5 * (high - low);
            if (0.5 * (low + high) - middle).abs() <= 0.1 * half {
                // The sign stands on both, as one says it.
                with_margin(middle, half).replace(" ± ", " % ± ") + " %"
            } else {
                let round =
                    |value: f64| with_margin(value, half).split(" ± ").next().unwrap_or("").to_owned();
                format!("{} % ({} % to {} %)", round(middle), round(low), round(high))
            }
        }
        (Unit::Seconds, None) => {
            let (size, unit) = crate::units::time_unit(mean);
            format!("{} {unit}", with_margin(mean / size, half / size))
        }
        _ => with_margin(mean, half),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(metric: Metric, baseline: &[f64], variant: &[f64], random: bool) -> (Ordering, String) {
        let comparison = compare(metric, baseline, variant, 0.95, random).unwrap();
        (comparison.order, comparison.verdict)
    }

    #[test]
    fn a_clear_difference_says_which_way_and_how_much_of_the_baseline() {
        let baseline: Vec<f64> = (0..30).map(|at| 10.0 + f64::from(at % 5)).collect();
        let variant: Vec<f64> =
            (0..30).map(|at| 0.88 * (10.0 + f64::from(at % 5)) + f64::from(at % 3) * 0.1).collect();
        let (order, text) = verdict(Metric::Makespan, &baseline, &variant, true);
        assert_eq!(order, Ordering::Less);
        assert_eq!(text, "shorter by 11.17 % ± 0.26 %");
        let (order, text) = verdict(Metric::Throughput, &variant, &baseline, true);
        assert_eq!(order, Ordering::Greater);
        assert!(text.starts_with("higher by 12.5"), "{text}");
    }

    #[test]
    fn fractions_differ_by_percentage_points() {
        let (_, text) = verdict(Metric::Utilisation, &[0.5, 0.52, 0.51], &[0.6, 0.63, 0.61], true);
        assert_eq!(text, "higher by 10.3 ± 1.4 percentage points");
    }

    #[test]
    fn without_chance_a_difference_is_exact() {
        assert_eq!(
            verdict(Metric::Makespan, &[8.0], &[7.0], false),
            (Ordering::Less, "exactly 12.5 % shorter".into())
        );
        let constant = verdict(Metric::Makespan, &[8.0; 30], &[9.0; 30], true);
        assert_eq!(constant, (Ordering::Greater, "exactly 12.5 % longer".into()));
        assert_eq!(verdict(Metric::Lost, &[0.0], &[0.25], false).1, "exactly 25 percentage points higher");
    }

    #[test]
    fn what_cannot_be_told_is_not_said() {
        let undecided = verdict(Metric::Makespan, &[8.0, 9.0, 10.0], &[9.0, 8.5, 10.1], true);
        assert_eq!(undecided, (Ordering::Equal, "not distinguishable with 3 replicates".into()));
        let single = verdict(Metric::Makespan, &[8.0], &[7.0], true);
        assert_eq!(single, (Ordering::Equal, "12.5 % shorter in one replicate".into()));
        let same = verdict(Metric::Makespan, &[8.0, 9.0], &[8.0, 9.0], true);
        assert_eq!(same, (Ordering::Equal, "identical".into()));
        assert!(compare(Metric::Makespan, &[], &[], 0.95, true).is_none());
    }

    #[test]
    fn a_skewed_interval_is_written_out() {
        let (_, text) = verdict(Metric::Response, &[4.0, 9.0, 5.0, 12.0], &[90.0, 300.0, 210.0, 260.0], true);
        assert_eq!(text, "longer by 2767 % (1518 % to 7098 %)");
    }
}
