//! How often to take a checkpoint.

use crate::source::{Context, Read, Shape, Value};
use crate::time::Span;
use crate::units::Dimension;

/// The computing time between two checkpoints.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Interval {
    /// Given.
    Given(Span),
    /// [`young`].
    Young,
    /// [`daly`].
    Daly,
}

impl Interval {
    /// The interval where a checkpoint takes `cost` and the mean time between losses is `mean` ticks: for ever where
    /// that is infinite and no interval is given.
    pub fn span(self, cost: Span, mean: f64) -> Span {
        let cost = cost.ticks() as f64;
        match self {
            Interval::Given(span) => span,
            Interval::Young => Span::round_up(young(cost, mean)),
            Interval::Daly => Span::round_up(daly(cost, mean)),
        }
    }
}

/// The interval √(2δM) (Young 1974) for checkpoints that take `cost` = δ ≥ 0 and a mean time between failures of
/// `mean` = M > 0, both in the same unit, which is also that of the result. An approximation for δ ≪ M.
///
/// ```
/// assert_eq!(makespan::faults::young(2.0, 100.0), 20.0);
/// ```
pub fn young(cost: f64, mean: f64) -> f64 {
    (2.0 * cost * mean).sqrt()
}

/// The higher-order estimate of the optimal interval (Daly 2006, equation 37): √(2δM) · (1 + √(δ/2M)/3 + (δ/2M)/9) − δ
/// where δ < 2M, else M; `cost` = δ ≥ 0 and `mean` = M > 0 in the same unit, which is also that of the result. The
/// cost itself is not part of the interval.
///
/// ```
/// let interval = makespan::faults::daly(2.0, 100.0);
/// assert!((interval - (20.0 * (1.0 + 0.1 / 3.0 + 0.01 / 9.0) - 2.0)).abs() < 1e-12);
/// ```
pub fn daly(cost: f64, mean: f64) -> f64 {
    if mean.is_infinite() {
        return mean;
    }
    let part = cost / (2.0 * mean);
    if part < 1.0 { young(cost, mean) * (1.0 + part.sqrt() / 3.0 + part / 9.0) - cost } else { mean }
}

impl Read for Interval {
    fn shape() -> Shape {
        Shape::OneOf(vec![Shape::Quantity(Dimension::Time), Shape::Word(&["young", "daly"])])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        match value.text() {
            Some("young") => Some(Interval::Young),
            Some("daly") => Some(Interval::Daly),
            Some(text) if !text.trim().starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) => {
                let what = format!("`{}` must be a time, `\"young\"` or `\"daly\"`", cx.path());
                cx.fault(value, what, "none of them", "");
                None
            }
            _ => {
                let span = Span::read(value, cx)?;
                if span == Span::ZERO {
                    let what = format!("`{}` must be above 0", cx.path());
                    cx.fault(value, what, "no work would ever be done", "");
                    return None;
                }
                Some(Interval::Given(span))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected part of time that useful work takes with failures at rate 1/M, no time to restart, and failures
    /// also during checkpoints: a segment of τ + δ takes M(e^((τ+δ)/M) − 1) (the complete model of Daly 2006 without time to restart).
    fn efficiency(interval: f64, cost: f64, mean: f64) -> f64 {
        interval / (mean * libm::expm1((interval + cost) / mean))
    }

    /// Where the efficiency is best, by ternary search: it has a single maximum.
    fn best(cost: f64, mean: f64) -> f64 {
        let (mut low, mut high) = (1e-9 * mean, 10.0 * mean);
        for _ in 0..300 {
            let (left, right) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
            if efficiency(left, cost, mean) < efficiency(right, cost, mean) {
                low = left
            } else {
                high = right
            }
        }
        0.5 * (low + high)
    }

    #[test]
    fn daly_is_near_the_true_optimum_and_young_for_cheap_checkpoints() {
        for (cost, within) in [(1e-4, 1e-5), (1e-2, 1e-3), (0.1, 0.01), (0.5, 0.05), (1.5, 0.2)] {
            let (true_best, daly) = (best(cost, 1.0), daly(cost, 1.0));
            assert!((daly / true_best - 1.0).abs() < within, "{cost}: {daly} for {true_best}");
            assert!((daly / true_best - 1.0).abs() <= (young(cost, 1.0) / true_best - 1.0).abs());
        }
        assert!((young(1e-6, 1.0) / best(1e-6, 1.0) - 1.0).abs() < 2e-3);
    }

    #[test]
    fn beyond_a_cost_of_twice_the_mean_the_interval_is_the_mean() {
        assert_eq!(daly(2.0, 1.0), 1.0);
        assert_eq!(daly(50.0, 1.0), 1.0);
        // At the seam the formula gives 8/9 of it.
        assert!((daly(2.0 - 1e-12, 1.0) - 8.0 / 9.0).abs() < 1e-6);
    }

    #[test]
    fn without_failures_no_checkpoint_is_ever_due() {
        let cost = Span::from_ticks(5);
        assert_eq!(Interval::Young.span(cost, f64::INFINITY), Span::FOREVER);
        assert_eq!(Interval::Daly.span(cost, f64::INFINITY), Span::FOREVER);
        assert_eq!(Interval::Given(cost).span(cost, f64::INFINITY), cost);
    }
}
