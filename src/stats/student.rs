//! Student's distribution (Student 1908): its quantiles and tails.

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::beta::regularised;
use crate::rng::normal_quantile;

/// From so many degrees of freedom on the series for t is good to 10⁻⁹, while the library's iteration gets worse and
/// at last doesn't end.
const MANY_DEGREES: f64 = 1_000.0;

/// The t that a Student variable of `freedom` ≥ 1 degrees, which need not be whole, stays within, on both sides, with
/// probability `level`.
pub(super) fn quantile(level: f64, freedom: f64) -> f64 {
    debug_assert!(0.0 < level && level < 1.0, "a confidence level of {level}");
    let tail = 0.5 * (1.0 - level);
    let t = if freedom >= MANY_DEGREES {
        cornish_fisher(-normal_quantile(tail), freedom)
    } else {
        let student = StudentsT::new(0.0, 1.0, freedom).expect("a scale and degrees of freedom above 0");
        -student.inverse_cdf(tail)
    };
    // The last bits of the library's quantile depend on the platform's logarithm. Rounded to what is certain, it
    // gives the same results everywhere.
    (t * 1e9).round() / 1e9
}

/// The probability that a Student variable of `freedom` degrees is further from 0 than `t`, on either side: the p-value
/// of the two-sided test.
pub(super) fn beyond(t: f64, freedom: f64) -> f64 {
    if t.is_finite() { regularised(freedom / (freedom + t * t), 0.5 * freedom, 0.5) } else { 0.0 }
}

/// Student's quantile at the standard normal quantile `z` (Cornish & Fisher 1937; Abramowitz & Stegun 1964, 26.7.5).
fn cornish_fisher(z: f64, freedom: f64) -> f64 {
    let z2 = z * z;
    let terms = [
        z,
        z * (z2 + 1.0) / 4.0,
        z * ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0,
        z * (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0,
    ];
    terms.iter().rev().fold(0.0, |sum, term| sum / freedom + term)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_the_tabulated_ones() {
        for (level, freedom, t) in [
            (0.95, 1.0, 12.706_204_736),
            (0.95, 9.0, 2.262_157_163),
            (0.95, 29.0, 2.045_229_642),
            (0.99, 4.0, 4.604_094_871),
            (0.90, 60.0, 1.670_648_865),
            (0.95, 1e9, 1.959_963_988),
        ] {
            assert!((quantile(level, freedom) - t).abs() < 2e-9, "{level}, {freedom} degrees");
        }
    }

    #[test]
    fn the_series_for_many_degrees_joins_the_iteration() {
        for level in [0.5, 0.9, 0.95, 0.99, 0.999, 0.9999] {
            let iterated = -StudentsT::new(0.0, 1.0, MANY_DEGREES).unwrap().inverse_cdf(0.5 * (1.0 - level));
            let series = cornish_fisher(-normal_quantile(0.5 * (1.0 - level)), MANY_DEGREES);
            assert!((series - iterated).abs() < 1e-9, "{level}: {series}, {iterated}");
        }
    }

    #[test]
    fn tails_are_what_quantiles_leave_out() {
        for freedom in [1.0, 2.5, 9.0, 999.0, 1e6] {
            for level in [0.5, 0.95, 0.9999] {
                let p = beyond(quantile(level, freedom), freedom);
                assert!((p - (1.0 - level)).abs() < 2e-9, "{level} with {freedom} degrees: {p}");
            }
        }
        assert_eq!((beyond(0.0, 5.0), beyond(f64::INFINITY, 5.0)), (1.0, 0.0));
    }
}
