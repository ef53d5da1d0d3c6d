//! The gamma distribution of scale 1: incomplete gamma functions and their inverse.

use super::normal_quantile;

/// From this shape on a series in 1/√shape is as good as the iteration, and its cost doesn't grow.
const LARGE_SHAPE: f64 = 1e4;

/// The x with P(`shape`, x) = `p`, for `shape` > 0 and 0 < `p` < 1: to 1 part in 10¹³ where x > 0 can be told from 0,
/// from shape 10⁴ to 10⁻⁹ of the standard deviation.
pub(in crate::rng) fn gamma_quantile(shape: f64, p: f64) -> f64 {
    if shape > LARGE_SHAPE {
        return cornish_fisher(shape, normal_quantile(p));
    }
    // Near 0, P(a, x) = xᵃ/Γ(a + 1) to the last bit.
    let log_near_zero = (libm::log(p) + libm::lgamma(shape + 1.0)) / shape;
    if log_near_zero < -37.0 {
        return libm::exp(log_near_zero);
    }
    newton(shape, p, first_guess(shape, p, log_near_zero))
}

/// Newton's iteration for ln P = ln p (above the median ln Q = ln(1 − p)) in y = ln x. Both are concave in y, so that
/// from its second point on the iteration approaches the root from one side.
fn newton(shape: f64, p: f64, guess: f64) -> f64 {
    let mut y = libm::log(guess);
    for _ in 0..100 {
        let at = incomplete_gamma(shape, libm::exp(y));
        let step = if p <= 0.5 {
            (libm::log(p) - libm::log(at.lower)) * at.lower / at.slope
        } else {
            (libm::log(at.upper) - libm::log(1.0 - p)) * at.upper / at.slope
        };
        y += step;
        // Quadratic convergence: the next step would be the square of this one.
        if step.abs() < 1e-9 {
            break;
        }
    }
    libm::exp(y)
}

/// Within some per cent, or a factor where the density is steep: Wilson & Hilferty 1931 for shapes above 1, below it
/// the two asymptotes joined where the probability is 1 − a(0.253 + 0.12 a).
fn first_guess(shape: f64, p: f64, log_near_zero: f64) -> f64 {
    if shape <= 1.0 {
        let joint = 1.0 - shape * (0.253 + 0.12 * shape);
        return if p < joint {
            libm::pow(p / joint, 1.0 / shape)
        } else {
            1.0 - libm::log(1.0 - (p - joint) / (1.0 - joint))
        };
    }
    let root = 1.0 - 1.0 / (9.0 * shape) + normal_quantile(p) / (3.0 * shape.sqrt());
    if root > 0.3 { shape * root * root * root } else { libm::exp(log_near_zero) }
}

/// The quantile at the standard normal quantile `z` (Cornish & Fisher 1937; the terms for χ² are Goldberg & Levine
/// 1946, with χ² = 2x and 2·`shape` degrees of freedom).
fn cornish_fisher(shape: f64, z: f64) -> f64 {
    let root = (2.0 * shape).sqrt();
    let z2 = z * z;
    let terms = [
        z * std::f64::consts::SQRT_2,
        2.0 / 3.0 * (z2 - 1.0),
        z * (z2 - 7.0) / (9.0 * std::f64::consts::SQRT_2),
        -((6.0 * z2 + 14.0) * z2 - 32.0) / 405.0,
        z * ((9.0 * z2 + 256.0) * z2 - 433.0) / (4860.0 * std::f64::consts::SQRT_2),
    ];
    let series = terms.iter().rev().fold(0.0, |sum, term| sum / root + term);
    shape + 0.5 * root * series
}

/// The gamma distribution function at a point.
struct IncompleteGamma {
    /// P(a, x).
    lower: f64,
    /// Q(a, x) = 1 − P(a, x), without cancellation where it is small.
    upper: f64,
    /// dP/d(ln x).
    slope: f64,
}

/// P by its power series below a + 1, Q by the even part of its continued fraction above (Abramowitz & Stegun 1964, 6.5.29, 6.5.31).
fn incomplete_gamma(a: f64, x: f64) -> IncompleteGamma {
    let slope = a * power_over_factorial(a, x);
    if x < a + 1.0 {
        let (mut term, mut sum, mut divisor) = (1.0, 1.0, a);
        while term > sum * f64::EPSILON * 0.1 {
            divisor += 1.0;
            term *= x / divisor;
            sum += term;
        }
        let lower = slope / a * sum;
        return IncompleteGamma { lower, upper: 1.0 - lower, slope };
    }
    let upper = slope * continued_fraction(a, x);
    IncompleteGamma { lower: 1.0 - upper, upper, slope }
}

/// Γ(a, x)·x⁻ᵃ·eˣ by the modified Lentz method (Thompson & Barnett 1986); all its denominators are positive here.
fn continued_fraction(a: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - a;
    let mut d = 1.0 / b;
    let mut c = f64::INFINITY;
    let mut value = d;
    for i in 1..10_000 {
        let i = f64::from(i);
        let numerator = i * (a - i);
        b += 2.0;
        d = 1.0 / (b + numerator * d);
        c = b + numerator / c;
        let factor = c * d;
        value *= factor;
        if (factor - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    value
}

/// xᵃ e⁻ˣ / Γ(a + 1); for large `a` through Stirling's series, so that the large logarithms cancel on paper.
fn power_over_factorial(a: f64, x: f64) -> f64 {
    if a < 20.0 {
        return libm::exp(a * libm::log(x) - x - libm::lgamma(a + 1.0));
    }
    let distance = (x - a) / a;
    let stirling = (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / (1260.0 * a * a)) / (a * a)) / a;
    libm::exp(-a * (distance - libm::log1p(distance)) - stirling) / (2.0 * std::f64::consts::PI * a).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::function::gamma::{gamma_lr, gamma_ur};

    #[test]
    fn the_quantile_inverts_another_implementations_probability() {
        for shape in [0.01, 0.1, 0.5, 0.9, 1.0, 1.1, 2.0, 3.7, 10.0, 25.0, 100.0, 900.0] {
            for p in [1e-9, 1e-4, 0.01, 0.1, 0.3, 0.5, 0.500001, 0.7, 0.9, 0.99, 0.9999, 1.0 - 1e-9] {
                let x = gamma_quantile(shape, p);
                if x < 1e-280 {
                    assert!(shape * -230.0 > libm::log(p), "shape {shape}, p {p}: {x} is too small");
                    continue;
                }
                let error =
                    if p <= 0.5 { gamma_lr(shape, x) / p } else { gamma_ur(shape, x) / (1.0 - p) } - 1.0;
                assert!(error.abs() < 1e-10, "shape {shape}, p {p}: x {x}, off by {error}");
            }
        }
    }

    #[test]
    fn the_series_for_large_shapes_joins_the_iteration() {
        for p in [1e-12, 1e-6, 0.01, 0.3, 0.5, 0.8, 0.999, 1.0 - 1e-9] {
            let z = normal_quantile(p);
            let series = cornish_fisher(LARGE_SHAPE, z);
            let iterated = newton(LARGE_SHAPE, p, series);
            assert!((series - iterated).abs() < 1e-9 * LARGE_SHAPE.sqrt(), "p {p}: {series} and {iterated}");
        }
    }
}
