//! How wrong the estimates of work are (`schedule.estimate_error`).

use crate::rng::{Distribution, FAMILIES, NumberLaw};
use crate::source::{Context, Read, Shape, Value, quantity};
use crate::units::Dimension;

/// The factor by which the work that a clairvoyant scheduler sees differs from the true work, drawn once for each
/// task.
///
/// A fraction, `"20 %"`, is the relative standard error of estimates that are right in the mean: the factor is
/// lognormal of mean 1 and that coefficient of variation. A distribution is that of the factor itself, and may be
/// biased: `{ uniform = [0.8, 1.2] }`.
#[derive(Debug)]
pub(super) struct EstimateError(pub Distribution);

impl Read for EstimateError {
    fn shape() -> Shape {
        let factor = Shape::Distribution { dimension: Dimension::Number, families: &FAMILIES };
        Shape::OneOf(vec![Shape::Quantity(Dimension::Fraction), factor])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        if value.table().is_some() {
            return NumberLaw::read(value, cx).map(|factor| EstimateError(factor.0));
        }
        let cv = quantity(value, Dimension::Fraction, cx)?;
        match Distribution::lognormal(1.0, cv) {
            Ok(factor) => Some(EstimateError(factor)),
            Err(wrong) => {
                cx.fault(value, format!("`{}` {}", cx.path(), wrong.rule), "out of range", "");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::testing::read_with;

    fn error(text: &str) -> Result<Distribution, String> {
        read_with(text, |document, cx| {
            let value = document.table()?.get("error")?;
            cx.below("error", || EstimateError::read(value, cx)).map(|error| error.0)
        })
    }

    #[test]
    fn a_fraction_is_the_relative_standard_error_of_estimates_right_in_the_mean() {
        for text in ["error = '20 %'", "error = 0.2"] {
            let factor = error(text).unwrap();
            assert!((factor.mean() - 1.0).abs() < 1e-12);
            assert!((factor.variance().sqrt() - 0.2).abs() < 1e-12);
        }
        assert!(!error("error = 0").unwrap().is_random());
    }

    #[test]
    fn a_distribution_is_that_of_the_factor_and_may_be_biased() {
        let factor = error("error.uniform = [1.0, 2.0]").unwrap();
        assert_eq!(factor.mean(), 1.5);
    }

    #[test]
    fn anything_else_is_told() {
        let problem = error("error = '3 ms'").unwrap_err();
        assert!(problem.contains("`error`: `3 ms` is a time, not a fraction"), "{problem}");
        let problem = error("error = '-5 %'").unwrap_err();
        assert!(problem.contains("negative"), "{problem}");
    }
}
