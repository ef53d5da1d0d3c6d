//! The incomplete beta function, from which the probabilities of Student and of the binomial follow.

/// Terms after which the fraction is given up; for parameters up to 10⁷ it takes some thousands.
const MOST_TERMS: u32 = 100_000;

/// The regularised incomplete beta function Iₓ(a, b) for 0 ≤ `x` ≤ 1 and `a`, `b` > 0: the probability that a beta
/// variable is at most `x`. By its continued fraction (DLMF 8.17.22), evaluated as Lentz does (1976), on `libm` alone.
pub(super) fn regularised(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return if x <= 0.0 { 0.0 } else { 1.0 };
    }
    // The fraction converges fast on this side of the mean; the other is its mirror image.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - regularised(1.0 - x, b, a);
    }
    let log_front = a * libm::log(x) + b * libm::log1p(-x) - log_beta(a, b) - libm::log(a);
    libm::exp(log_front) * fraction(x, a, b)
}

fn log_beta(a: f64, b: f64) -> f64 {
    libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b)
}

fn fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away_from_0 = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_0(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for term in 1..MOST_TERMS {
        let m = f64::from(term);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for step in [even, odd] {
            d = 1.0 / away_from_0(1.0 + step * d);
            c = away_from_0(1.0 + step / c);
            change = c * d;
            value *= change;
        }
        if (change - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_parameters_give_the_sums_of_the_binomial() {
        // Iₓ(k, n − k + 1) is the probability of at least k successes in n trials of probability x.
        let at_least = |k: u32, n: u32, p: f64| -> f64 {
            let choose =
                |n: u32, k: u32| (0..k).map(|i| f64::from(n - i) / f64::from(k - i)).product::<f64>();
            (k..=n).map(|j| choose(n, j) * p.powi(j as i32) * (1.0 - p).powi((n - j) as i32)).sum()
        };
        for (k, n, p) in [(1, 1, 0.3), (3, 10, 0.2), (9, 10, 0.95), (20, 40, 0.5), (1, 40, 0.001)] {
            let value = regularised(p, f64::from(k), f64::from(n - k + 1));
            assert!((value - at_least(k, n, p)).abs() < 1e-13, "{k} of {n} at {p}: {value}");
        }
    }

    #[test]
    fn large_parameters_are_those_of_the_normal_distribution() {
        // At its median a beta variable of equal parameters is symmetric; a deviation of 2 above it 0.97725 lie below.
        let n = 2e6;
        let deviation = 0.5 / f64::sqrt(2.0 * n + 1.0);
        // What is left of the gammas' logarithms when they cancel is good to 10⁻⁸.
        assert!((regularised(0.5, n, n) - 0.5).abs() < 1e-8);
        assert!((regularised(0.5 + 2.0 * deviation, n, n) - 0.977_249_868).abs() < 1e-6);
    }
}
