//! Special functions behind the inverse transforms, on `libm` alone, or with its bits.

mod gamma;
mod logarithm;
mod normal;

pub(super) use gamma::gamma_quantile;
pub(super) use logarithm::ln;
pub(crate) use normal::normal_quantile;
pub(super) use normal::{normal_density, normal_probability};

/// ∫ eʳᵗ dt from 0 to `end`, which is also ∫ xʳ⁻¹ dx from 1 to eᵉⁿᵈ; accurate however small `r` is.
pub(super) fn exponential_integral(r: f64, end: f64) -> f64 {
    if r == 0.0 { end } else { libm::expm1(r * end) / r }
}
