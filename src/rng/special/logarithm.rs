//! The natural logarithm of a uniform.

/// ln 2 in two parts, the first of which has zeros enough at its end for its multiples to be exact.
const LN_2: [f64; 2] = [6.931_471_803_691_238e-1, 1.908_214_929_270_587_7e-10];
/// The coefficients Lg1 to Lg7 of the polynomial in even powers.
const L: [f64; 7] = [
    6.666_666_666_666_735e-1,
    3.999_999_999_940_942e-1,
    2.857_142_874_366_239e-1,
    2.222_219_843_214_978_4e-1,
    1.818_357_216_161_805e-1,
    1.531_383_769_920_937_3e-1,
    1.479_819_860_511_658_6e-1,
];

/// ln `x` for a normal `x` > 0, to the bits of `libm::log`: its method (Sun's fdlibm, 1993, `e_log.c`) without a branch and
/// in whole words, so that many follow one another at twice the pace.
///
/// With x = 2ᵏ (1 + f), √½ ≤ 1 + f < √2 and s = f / (2 + f), ln (1 + f) is f − f²/2 + s (f²/2 + R), R being a polynomial
/// in s².
#[inline(always)]
pub(in crate::rng) fn ln(x: f64) -> f64 {
    /// The upper half of √½, from which on a fraction belongs to the next power of two.
    const ROOT: u64 = 0x3fe6_a09e << 32;
    const ONE: u64 = 0x3ff0_0000 << 32;
    const FRACTION: u64 = (1 << 52) - 1;
    let shifted = x.to_bits() + (ONE - ROOT);
    // The exponent stands in the last bits of a number from 2⁵² on, whose unit is 1.
    let k = f64::from_bits(0x4330_0000_0000_0000 | shifted >> 52) - (4_503_599_627_370_496.0 + 1023.0);
    let f = f64::from_bits((shifted & FRACTION) + ROOT) - 1.0;
    let half = 0.5 * f * f;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let odd = w * (L[1] + w * (L[3] + w * L[5]));
    let even = z * (L[0] + w * (L[2] + w * (L[4] + w * L[6])));
    s * (half + (even + odd)) + k * LN_2[1] - half + f + k * LN_2[0]
}

#[cfg(test)]
mod tests {
    use super::ln;
    use crate::rng::{Key, Purpose, Stream};

    #[test]
    fn it_has_the_bits_of_the_portable_logarithm() {
        let mut stream = Stream::new(Key { seed: 5, replicate: 0, source: 0, purpose: Purpose::Work });
        let uniforms = (0..300_000).map(|_| stream.uniform());
        let root = std::f64::consts::FRAC_1_SQRT_2;
        let near = [1.0, 0.5, 0.25, root, 2.0 * root, 0.5 * root].into_iter().flat_map(|x| {
            (-300..300_i64).map(move |step| f64::from_bits(x.to_bits().wrapping_add_signed(step)))
        });
        let ends = [Stream::LEAST, 1.0 - Stream::LEAST, f64::MIN_POSITIVE, f64::MAX, 1e-300, 1e300];
        for x in uniforms.flat_map(|u| [u, 1.0 - u, u * u * u, u * 1e-9]).chain(near).chain(ends) {
            assert_eq!(ln(x).to_bits(), libm::log(x).to_bits(), "ln {x:e}");
        }
    }
}
