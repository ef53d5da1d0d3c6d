//! What a paired comparison allows to say, in a few words.

use std::cmp::Ordering;

use super::Comparison;
use crate::metrics::{Metric, Unit};
use crate::stats::Ratio;
use crate::units::{bytes, number, seconds, with_margin};

/// What `comparison` with a baseline of mean `base` allows to say. `certain` says that no other replicate would differ.
pub(super) fn verdict(comparison: &Comparison, base: f64, certain: bool) -> String {
    let Comparison { metric, difference, together, pairs, order, .. } = comparison;
    let plain = difference.total_cmp(&0.0);
    let plain_amount = || plain_amount(*metric, base, *difference);
    let way = || word(*metric, plain);
    if comparison.superiority.equal == *pairs {
        return "identical".to_owned();
    }
    match together {
        _ if certain => format!("exactly {} {}", plain_amount(), way()),
        None => format!("{} {} in one replicate", plain_amount(), way()),
        Some(_) if *order == Ordering::Equal => format!("not distinguishable with {pairs} replicates"),
        Some(paired) if comparison.amount_is_known() => format!(
            "{} by {}",
            way(),
            amount(*metric, (paired.difference.mean, paired.difference.half_width), paired.ratio)
        ),
        Some(paired) => {
            let difference = &paired.difference;
            let most = if plain.is_lt() { difference.low() } else { difference.high() };
            let most = match paired.ratio {
                Some(ratio) if metric.describe().unit != Unit::Fraction => {
                    let end = if plain.is_lt() { ratio.low } else { ratio.high };
                    format!("{} %", number(100.0 * (end - 1.0).abs()))
                }
                _ => self::plain_amount(*metric, base, most),
            };
            format!("{}, by at most {most}", way())
        }
    }
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
pub(super) fn plain_amount(metric: Metric, base: f64, difference: f64) -> String {
    match metric.describe().unit {
        Unit::Fraction => format!("{} percentage points", number(100.0 * difference.abs())),
        _ if base > 0.0 && metric.has_ratio() => format!("{} %", number(100.0 * difference.abs() / base)),
        Unit::Seconds => seconds(difference.abs()),
        Unit::Bytes => bytes(difference.abs()),
        _ => number(difference.abs()),
    }
}

/// How much a difference of `mean` ± `half` is: relative to the baseline's mean where that can be told from 0.
pub(super) fn amount(metric: Metric, (mean, half): (f64, f64), ratio: Option<Ratio>) -> String {
    let mean = mean.abs();
    match (metric.describe().unit, ratio) {
        (Unit::Fraction, _) => format!("{} percentage points", with_margin(100.0 * mean, 100.0 * half)),
        (_, Some(ratio)) => relative(&ratio),
        (Unit::Seconds, None) => {
            let (size, unit) = crate::units::time_unit(mean);
            format!("{} {unit}", with_margin(mean / size, half / size))
        }
        _ => with_margin(mean, half),
    }
}

/// By how much a ratio that can be told from 1 differs from it, in per cent.
pub fn relative(ratio: &Ratio) -> String {
    let part = |ratio: f64| 100.0 * (ratio.max(0.0) - 1.0).abs();
    let (middle, one, other) = (part(ratio.estimate), part(ratio.low), part(ratio.high));
    let (low, high) = (one.min(other), one.max(other));
    let half = 0.5 * (high - low);
    if (0.5 * (low + high) - middle).abs() <= 0.1 * half && half < middle {
        // The sign stands on both, as one says it.
        return with_margin(middle, half).replace(" ± ", " % ± ") + " %";
    }
    let round = |value: f64| with_margin(value, half).split(" ± ").next().unwrap_or("").to_owned();
    format!("{} % ({} % to {} %)", round(middle), round(low), round(high))
}

#[cfg(test)]
mod tests {
    use super::super::comparison::{Pairs, compare};
    use super::*;

    fn verdict(metric: Metric, baseline: &[f64], variant: &[f64], random: bool) -> (Ordering, String) {
        let family = [(baseline.to_vec(), variant.to_vec())];
        let comparison = compare(metric, &family, 0.95, random).remove(0).unwrap();
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
        let nothing = [(Vec::new(), Vec::new())];
        assert_eq!(compare(Metric::Makespan, &nothing, 0.95, true), [None]);
    }

    #[test]
    fn a_skewed_interval_is_written_out() {
        let (_, text) = verdict(Metric::Response, &[4.0, 9.0, 5.0, 12.0], &[90.0, 300.0, 210.0, 260.0], true);
        assert_eq!(text, "longer by 2767 % (1518 % to 7098 %)");
    }

    #[test]
    fn among_many_variants_a_verdict_needs_more_and_its_amount_more_still() {
        // Differences of mean 0.9 and standard error 0.36: alone they can be told from 0 (p = 0.03), of two not.
        let baseline = [100.0, 101.0, 99.0, 100.0, 100.0, 102.0, 98.0, 100.0, 100.0, 100.0];
        let shift = |by: f64, spread: f64| -> Vec<f64> {
            baseline
                .iter()
                .enumerate()
                .map(|(at, value)| value + by + spread * f64::from(at as u8 % 3) - spread)
                .collect()
        };
        let pairs = |variant: Vec<f64>| (baseline.to_vec(), variant);
        let small = pairs(shift(1.0, 1.35));
        let words = |family: &[Pairs]| {
            let all = compare(Metric::Makespan, family, 0.95, true).into_iter().flatten();
            all.map(|comparison| comparison.verdict).collect::<Vec<_>>()
        };
        assert!(words(std::slice::from_ref(&small))[0].starts_with("longer by "));
        let nothing = pairs(shift(0.2, 3.0));
        assert_eq!(words(&[small.clone(), nothing])[0], "not distinguishable with 10 replicates");
        // Where the other is clear, Holm's procedure tests this one alone; the amounts of both are Bonferroni's.
        let clear = pairs(shift(9.0, 1.0));
        let both = words(&[small, clear]);
        assert!(both[0].starts_with("longer, by at most ") && both[1].starts_with("longer by "), "{both:?}");
    }
}
