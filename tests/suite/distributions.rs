//! Every distribution against its theory: its distribution function from another source, its mean and variance, its
//! first draws to the bit.
#![allow(clippy::disallowed_methods, reason = "compares with the system's mathematics")]

use makespan::rng::{Distribution, Key, OutOfRange, Purpose, Sampler, Stream};
use statrs::function::{erf::erfc, gamma::gamma_lr};

struct Case {
    name: &'static str,
    distribution: Distribution,
    /// P(X ≤ x), written down independently of the crate.
    probability: fn(f64) -> f64,
    /// Whether values are steps apart.
    steps: bool,
    /// The first three draws.
    pinned: [u64; 3],
}

fn key(source: u64) -> Key {
    Key { seed: 2026, replicate: 0, source, purpose: Purpose::Work }
}

fn phi(z: f64) -> f64 {
    0.5 * erfc(-z / 2.0_f64.sqrt())
}

fn case(
    name: &'static str,
    distribution: Result<Distribution, OutOfRange>,
    probability: fn(f64) -> f64,
    pinned: [u64; 3],
) -> Case {
    let distribution = distribution.unwrap_or_else(|error| panic!("{name}: {error}"));
    let steps = matches!(name, "bimodal" | "zipf" | "zipf of many" | "geometric" | "empirical");
    Case { name, distribution, probability, steps, pinned }
}

fn cases() -> Vec<Case> {
    vec![
        case(
            "exponential",
            Distribution::exponential(3.0),
            |x| 1.0 - (-x / 3.0).exp(),
            [0x4013_aa21_d71a_0ec0, 0x4015_ee96_93b9_47f8, 0x400d_b27e_6c75_78a0],
        ),
        case(
            "uniform",
            Distribution::uniform(1.0, 4.0),
            |x| (x - 1.0) / 3.0,
            [0x400b_56a7_6f51_3597, 0x400c_241d_8d89_5822, 0x4009_095e_347d_a1c3],
        ),
        // μ = ln(2/√1.25), σ² = ln 1.25.
        case(
            "lognormal",
            Distribution::lognormal(2.0, 0.5),
            |x| phi((x.ln() - (2.0 / 1.25_f64.sqrt()).ln()) / 1.25_f64.ln().sqrt()),
            [0x4005_81f0_a942_9555, 0x4006_db5b_2ece_c506, 0x4002_9529_cefc_1275],
        ),
        // Γ(1 + 1/0.5) = 2, so that the scale is half the mean.
        case(
            "weibull",
            Distribution::weibull(8.0, 0.5),
            |x| 1.0 - (-(x / 4.0).sqrt()).exp(),
            [0x4025_7bab_f039_384f, 0x402a_b90f_246c_a747, 0x4018_7f79_92a9_c47e],
        ),
        case(
            "normal",
            Distribution::normal(1.0, 0.8),
            |x| 1.0 - phi((1.0 - x) / 0.8) / phi(1.0 / 0.8),
            [0x3ffc_06e8_d055_c17c, 0x3ffd_9c89_1b2b_422c, 0x3ff8_4148_bc45_1910],
        ),
        // Shape 1/1.5² = 4/9, scale 2·9/4.
        case(
            "gamma",
            Distribution::gamma(2.0, 1.5),
            |x| gamma_lr(4.0 / 9.0, x / 4.5),
            [0x400a_d129_9730_f0a5, 0x400f_9d1f_7fdb_d86c, 0x4001_4a72_7304_e641],
        ),
        case(
            "gamma, nearly constant",
            Distribution::gamma(2.0, 0.1),
            |x| gamma_lr(100.0, x * 50.0),
            [0x4001_5d23_298e_ec64, 0x4001_9517_2345_74a4, 0x4000_d89a_8625_f865],
        ),
        case(
            "erlang",
            Distribution::erlang(6.0, 3),
            |x| 1.0 - (-x / 2.0).exp() * (1.0 + x / 2.0 + x * x / 8.0),
            [0x4021_4ce2_2741_0ac1, 0x4022_784d_a6d6_5898, 0x401d_60f9_b96c_246c],
        ),
        // cv² = 5/3 makes the probabilities 3/4 and 1/4, hence the rates 3/2 and 1/2 at mean 1.
        case(
            "hyperexponential",
            Distribution::hyperexponential(1.0, (5.0_f64 / 3.0).sqrt()),
            |x| 1.0 - 0.75 * (-1.5 * x).exp() - 0.25 * (-0.5 * x).exp(),
            [0x3ff8_43ca_d7d5_47a1, 0x3ffb_bbdc_b024_017d, 0x3ff1_7f2b_62fc_28a8],
        ),
        case(
            "pareto",
            Distribution::pareto(3.0, 6.0),
            |x| 1.0 - (2.5 / x).powi(6),
            [0x400a_47f8_8992_71c0, 0x400b_1f37_c944_36f8, 0x4008_94ab_3a9e_e74b],
        ),
        case(
            "bounded pareto",
            Distribution::bounded_pareto(2.0, 200.0, 1.5),
            |x| (1.0 - (2.0 / x).powf(1.5)) / (1.0 - 0.01_f64.powf(1.5)),
            [0x4017_c996_6129_f49b, 0x401a_f62d_33fb_2c14, 0x4012_3953_d155_b66a],
        ),
        case(
            "bimodal",
            Distribution::bimodal(&[(10.0, 1.0), (1.0, 3.0)]),
            |x| {
                if x < 1.0 {
                    0.0
                } else if x < 10.0 {
                    0.75
                } else {
                    1.0
                }
            },
            [0x4024_0000_0000_0000, 0x4024_0000_0000_0000, 0x3ff0_0000_0000_0000],
        ),
        case(
            "zipf",
            Distribution::zipf(4, 1.0),
            |x| (1..=4).filter(|&k| f64::from(k) <= x).map(|k| 1.0 / f64::from(k)).sum::<f64>() * 12.0 / 25.0,
            [0x4008_0000_0000_0000, 0x4008_0000_0000_0000, 0x4000_0000_0000_0000],
        ),
        // The sum of 1/√k over a million ranks is 2·10³ + ζ(1/2) + 1/(2·10³) − ….
        case(
            "zipf of many",
            Distribution::zipf(1_000_000, 0.5),
            |x| {
                let sum =
                    |n: f64| 2.0 * n.sqrt() - 1.460_354_508_809_586_8 + 0.5 / n.sqrt() - n.powf(-1.5) / 24.0;
                if x < 1.0 {
                    0.0
                } else if x < 100.0 {
                    (1..=x as u32).map(|k| 1.0 / f64::from(k).sqrt()).sum::<f64>() / sum(1e6)
                } else {
                    sum(x.floor()) / sum(1e6)
                }
            },
            [0x4123_d22e_0000_0000, 0x4125_7fb2_0000_0000, 0x411e_c620_0000_0000],
        ),
        case(
            "geometric",
            Distribution::geometric(4.0),
            |x| 1.0 - 0.75_f64.powf(x.floor()),
            [0x4018_0000_0000_0000, 0x401c_0000_0000_0000, 0x4014_0000_0000_0000],
        ),
        case(
            "empirical",
            Distribution::empirical(&[5.0, 1.0, 2.0, 2.0]),
            |x| [1.0, 2.0, 2.0, 5.0].iter().filter(|&&value| value <= x).count() as f64 / 4.0,
            [0x4014_0000_0000_0000, 0x4014_0000_0000_0000, 0x4000_0000_0000_0000],
        ),
    ]
}

#[test]
fn quantiles_invert_the_distribution_function() {
    let grid = [1e-9, 1e-5, 0.01, 0.05, 0.2, 0.49, 0.51, 0.7, 0.9, 0.99, 0.99999, 1.0 - 1e-9];
    for Case { name, distribution, probability, steps, .. } in cases() {
        for p in grid {
            let x = distribution.quantile(p).unwrap_or_else(|| panic!("{name} has no quantile"));
            if steps {
                assert!(probability(x) >= p - 1e-12, "{name}: P(X ≤ {x}) < {p}");
                assert!(probability(x - 0.5) < p, "{name}: the quantile {x} at {p} is too large");
            } else {
                let error = (probability(x) - p).abs();
                assert!(
                    error < 1e-10 && error < 1e-4 * p.min(1.0 - p),
                    "{name}: P(X ≤ {x}) is {p} ± {error}"
                );
            }
        }
    }
}

/// Each of the 5 comparisons of the 16 families is a z-test that fails beyond 4.5: in all once in 1800 seeds, and the
/// seed is fixed.
#[test]
fn samples_have_the_mean_the_variance_and_the_quantiles_of_theory() {
    const N: usize = 20_000;
    for (source, Case { name, distribution, probability, .. }) in cases().into_iter().enumerate() {
        let mut sampler = Sampler::new(distribution.clone(), Stream::new(key(source as u64)));
        let sample: Vec<f64> = (0..N).map(|_| sampler.sample()).collect();
        let n = N as f64;
        let average = |f: &dyn Fn(f64) -> f64| sample.iter().map(|&x| f(x)).sum::<f64>() / n;
        let (mean, variance) = (distribution.mean(), distribution.variance());

        let z = (average(&|x| x) - mean) / (variance / n).sqrt();
        assert!(z.abs() < 4.5, "{name}: the mean is off by {z} standard errors");

        let square = |x: f64| (x - mean) * (x - mean);
        let error = ((average(&|x| square(x) * square(x)) - variance * variance) / n).sqrt();
        let z = (average(&square) - variance) / error;
        assert!(z.abs() < 4.5, "{name}: the variance is off by {z} standard errors");

        for p in [0.1, 0.5, 0.95] {
            let x = distribution.quantile(p).unwrap_or_else(|| panic!("{name} has no quantile"));
            let expected = probability(x);
            let below = average(&|value| f64::from(value <= x));
            let z = (below - expected) / (expected * (1.0 - expected) / n).sqrt().max(1e-9);
            assert!(z.abs() < 4.5, "{name}: the {p} quantile is off by {z} standard errors");
        }
    }
}

/// The Kolmogorov–Smirnov statistic of 5000 draws exceeds 2.3/√n once in 20,000.
#[test]
fn samples_of_continuous_families_pass_kolmogorov_and_smirnov() {
    const N: usize = 5_000;
    for (source, Case { name, distribution, probability, steps, .. }) in cases().into_iter().enumerate() {
        if steps {
            continue;
        }
        let mut sampler = Sampler::new(distribution, Stream::new(key(100 + source as u64)));
        let mut sample: Vec<f64> = (0..N).map(|_| sampler.sample()).collect();
        sample.sort_by(f64::total_cmp);
        let n = N as f64;
        let distance = sample.iter().enumerate().fold(0.0_f64, |most, (i, &x)| {
            let p = probability(x);
            most.max(p - i as f64 / n).max((i + 1) as f64 / n - p)
        });
        assert!(distance * n.sqrt() < 2.3, "{name}: {}", distance * n.sqrt());
    }
}

#[test]
fn draws_grow_with_the_uniform_that_they_are_made_of() {
    for Case { name, distribution, .. } in cases() {
        let mut before = 0.0;
        for i in 1..4_000 {
            let p = f64::from(i) / 4_000.0;
            // A pair of neighbours closer than any iteration's tolerance would forgive, and the step to the next pair.
            for p in [p, p + 1e-9] {
                let x = distribution.quantile(p).unwrap_or_else(|| panic!("{name} has no quantile"));
                assert!(x >= before, "{name}: the quantile falls from {before} to {x} at {p}");
                before = x;
            }
        }
    }
}

#[test]
fn every_draw_takes_one_uniform_and_is_its_quantile() {
    for Case { name, distribution, .. } in cases() {
        let (mut drawn, mut plain) = (Stream::new(key(0)), Stream::new(key(0)));
        for turn in 0..50 {
            let (value, u) = (distribution.sample(&mut drawn, turn), plain.uniform());
            assert_eq!(Some(value), distribution.quantile(u), "{name}");
        }
    }
}

#[test]
fn the_first_draws_are_these_bits_on_every_platform() {
    let mut differing = Vec::new();
    for Case { name, distribution, pinned, .. } in cases() {
        let mut sampler = Sampler::new(distribution, Stream::new(key(0)));
        let drawn: [u64; 3] = std::array::from_fn(|_| sampler.sample().to_bits());
        if drawn != pinned {
            differing.push(format!("{name}: {drawn:#018x?}"));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn means_and_variances_are_those_worked_by_hand() {
    let of = |distribution: Result<Distribution, OutOfRange>| {
        let distribution = distribution.unwrap_or_else(|error| panic!("{error}"));
        (distribution.mean(), distribution.variance())
    };
    let near = |(a, b): (f64, f64), (c, d): (f64, f64)| {
        assert!((a / c - 1.0).abs() < 1e-12 && (b / d - 1.0).abs() < 1e-12, "({a}, {b}), not ({c}, {d})");
    };
    near(of(Distribution::uniform(1.0, 4.0)), (2.5, 0.75));
    near(of(Distribution::lognormal(2.0, 0.5)), (2.0, 1.0));
    near(of(Distribution::weibull(8.0, 0.5)), (8.0, 320.0)); // Γ(5)·4² − 8²
    near(of(Distribution::gamma(2.0, 1.5)), (2.0, 9.0));
    near(of(Distribution::erlang(6.0, 3)), (6.0, 12.0));
    near(of(Distribution::hyperexponential(4.0, 3.0)), (4.0, 144.0));
    near(of(Distribution::pareto(3.0, 6.0)), (3.0, 0.375)); // 2.5²·6/(5²·4)
    near(of(Distribution::bimodal(&[(10.0, 1.0), (1.0, 3.0)])), (3.25, 15.1875));
    near(of(Distribution::zipf(4, 1.0)), (1.92, 4.8 - 1.92 * 1.92));
    near(of(Distribution::geometric(4.0)), (4.0, 12.0));
    near(of(Distribution::empirical(&[5.0, 1.0, 2.0, 2.0])), (2.5, 2.25));
    near(of(Distribution::in_turn(&[5.0, 1.0, 2.0, 2.0])), (2.5, 2.25));
    // Shape 1 and 2 are the two where a power becomes a logarithm: ln 100·2/0.99, and 2·2²·ln 100/0.9999 less the
    // square of the mean 2·2·0.99/0.9999.
    let (mean, _) = of(Distribution::bounded_pareto(2.0, 200.0, 1.0));
    assert!((mean / (100.0_f64.ln() * 2.0 / 0.99) - 1.0).abs() < 1e-12);
    let mean = 4.0 * 0.99 / 0.9999;
    near(
        of(Distribution::bounded_pareto(2.0, 200.0, 2.0)),
        (mean, 8.0 * 100.0_f64.ln() / 0.9999 - mean * mean),
    );
    // φ(1)/Φ(1) = 0.28759997093917833.
    let hazard = 0.287_599_970_939_178_33;
    near(of(Distribution::normal(1.0, 1.0)), (1.0 + hazard, 1.0 - hazard * (1.0 + hazard)));
    assert_eq!(of(Distribution::pareto(3.0, 2.0)).1, f64::INFINITY);
    assert_eq!(of(Distribution::constant(3.0)), (3.0, 0.0));
}

#[test]
fn scaling_changes_the_unit_and_nothing_else() {
    for Case { name, distribution, .. } in cases() {
        let ticks = distribution.scaled(1024.0);
        assert_eq!(ticks.mean(), distribution.mean() * 1024.0, "{name}");
        assert_eq!(ticks.variance(), distribution.variance() * 1024.0 * 1024.0, "{name}");
        assert_eq!(ticks.quantile(0.3), distribution.quantile(0.3).map(|x| x * 1024.0), "{name}");
    }
}

#[test]
fn constants_and_values_in_turn_draw_nothing() -> Result<(), OutOfRange> {
    let (mut stream, mut untouched) = (Stream::new(key(0)), Stream::new(key(0)));
    let values = Distribution::in_turn(&[3.0, 1.0, 2.0])?;
    let drawn: Vec<f64> = (0..5).map(|turn| values.sample(&mut stream, turn)).collect();
    assert_eq!(drawn, [3.0, 1.0, 2.0, 3.0, 1.0]);
    assert_eq!(Distribution::constant(7.0)?.sample(&mut stream, 0), 7.0);
    assert_eq!(stream.bits(), untouched.bits());
    assert!(!values.is_random() && values.quantile(0.5).is_none());
    assert!(!Distribution::gamma(7.0, 0.0)?.is_random());
    assert!(Distribution::empirical(&[1.0])?.is_random());
    Ok(())
}

#[test]
fn a_family_that_reduces_to_the_exponential_is_the_exponential() -> Result<(), OutOfRange> {
    let exponential = Distribution::exponential(5.0)?;
    for same in [
        Distribution::weibull(5.0, 1.0)?,
        Distribution::gamma(5.0, 1.0)?,
        Distribution::erlang(5.0, 1)?,
        Distribution::hyperexponential(5.0, 1.0)?,
    ] {
        assert_eq!(same.quantile(0.3), exponential.quantile(0.3));
    }
    Ok(())
}

#[test]
fn a_parameter_out_of_range_is_named() {
    let nan = f64::NAN;
    for (parameter, made) in [
        ("value", Distribution::constant(-1.0)),
        ("mean", Distribution::exponential(0.0)),
        ("mean", Distribution::exponential(f64::INFINITY)),
        ("low", Distribution::uniform(-1.0, 2.0)),
        ("high", Distribution::uniform(3.0, 2.0)),
        ("high", Distribution::uniform(3.0, nan)),
        ("cv", Distribution::lognormal(1.0, -0.1)),
        ("shape", Distribution::weibull(1.0, 0.0)),
        ("mean", Distribution::normal(-1.0, 0.1)),
        ("cv", Distribution::gamma(1.0, nan)),
        ("k", Distribution::erlang(1.0, 0)),
        ("cv", Distribution::hyperexponential(1.0, 0.9)),
        ("shape", Distribution::pareto(1.0, 1.0)),
        ("high", Distribution::bounded_pareto(2.0, 2.0, 1.0)),
        ("weights", Distribution::bimodal(&[(1.0, 0.0)])),
        ("values", Distribution::bimodal(&[(-1.0, 1.0)])),
        ("n", Distribution::zipf(0, 1.0)),
        ("exponent", Distribution::zipf(3, -1.0)),
        ("mean", Distribution::geometric(0.5)),
        ("values", Distribution::empirical(&[])),
        ("values", Distribution::in_turn(&[1.0, nan])),
    ] {
        match made {
            Ok(made) => panic!("{made:?} was let through"),
            Err(error) => assert_eq!(error.parameter, parameter),
        }
    }
}
