//! How often each kind of interval holds the truth and each kind of test is wrong, by simulation: a sample of experiments.
//! `MAKESPAN_EXPERIMENTS` says how many; `.ci/coverage` does many and prints the table of docs/validation.md.
#![allow(clippy::disallowed_methods, reason = "a test may look outside")]

use makespan::experiment::{Sequential, Unwatched, run};
use makespan::metrics::Metric;
use makespan::rng::{Distribution, Key, Purpose, Sampler, Stream};
use makespan::scenario::{Request, check};
use makespan::source::InMemory;
use makespan::stats::{
    Decision, Elimination, Interval, Moments, OrderQuantile, Paired, Plan, Sample, Superiority, Unpaired,
    bonferroni, clopper_pearson, departure, holm,
};

use crate::common;

/// What all intervals say of themselves.
const LEVEL: f64 = 0.95;

fn experiments() -> u64 {
    std::env::var("MAKESPAN_EXPERIMENTS").map_or(1_000, |text| text.parse().expect("a number of experiments"))
}

/// What a kind of statement promises.
enum Promise {
    /// It holds as often as this, up to an approximation of so much.
    Just(f64, f64),
    /// It holds at least as often as this.
    AtLeast(f64),
    /// Its assumptions don't hold: as often as what was found elsewhere, within so much.
    Found(f64, f64),
}

/// Random numbers of an experiment.
struct Draws {
    experiment: u64,
    sources: u64,
}

impl Draws {
    /// `count` values of a distribution, independent of all others.
    fn of(&mut self, distribution: &Distribution, count: usize) -> Vec<f64> {
        self.sources += 1;
        let key = Key { seed: 31, replicate: self.experiment, source: self.sources, purpose: Purpose::Work };
        let mut sampler = Sampler::new(distribution.clone(), Stream::new(key));
        (0..count).map(|_| sampler.sample()).collect()
    }

    /// `count` normal values.
    fn normal(&mut self, mean: f64, deviation: f64, count: usize) -> Vec<f64> {
        let standard = Distribution::normal(100.0, 0.01).expect("a mean and a part");
        self.of(&standard, count).into_iter().map(|value| mean + deviation * (value - 100.0)).collect()
    }

    /// Pairs that share most of their randomness.
    fn pairs(&mut self, means: (f64, f64), count: usize) -> (Vec<f64>, Vec<f64>) {
        let shared = self.normal(0.0, 2.0, count);
        let mut own = |mean: f64| -> Vec<f64> {
            self.normal(mean, 0.5, count).iter().zip(&shared).map(|(own, shared)| own + shared).collect()
        };
        (own(means.0), own(means.1))
    }
}

fn exponential() -> Distribution {
    Distribution::exponential(10.0).expect("a mean")
}

fn student(values: &[f64], truth: f64) -> bool {
    Interval::of_mean(values, LEVEL).expect("two values or more").contains(truth)
}

fn moments(values: &[f64]) -> Sample {
    let moments = Moments::of(values);
    let known = "two values or more";
    Sample {
        count: moments.count(),
        mean: moments.mean().expect(known),
        variance: moments.variance().expect(known),
    }
}

fn unpaired(draws: &mut Draws) -> Unpaired {
    let (base, other) = (draws.normal(20.0, 1.0, 25), draws.normal(21.0, 4.0, 8));
    Unpaired::of(&moments(&base), &moments(&other), LEVEL).expect("two values or more")
}

/// Five variants against a baseline, of which three are the same as it.
const SHIFTS: [f64; 5] = [0.0, 0.0, 0.0, 1.0, -1.0];

fn family(draws: &mut Draws, level: f64) -> Vec<Paired> {
    let base = draws.normal(10.0, 1.0, 12);
    let mut variant = |shift: &f64| {
        let own = draws.normal(*shift, 1.0, 12);
        let values: Vec<f64> = base.iter().zip(own).map(|(base, own)| 0.5 * (base + 10.0) + own).collect();
        Paired::of(&base, &values, level).expect("two values or more")
    };
    SHIFTS.iter().map(&mut variant).collect()
}

/// Whether the interval at the stopping time holds the mean.
fn precise(draws: &mut Draws, distribution: &Distribution) -> bool {
    let plan = Plan::new(0.1, LEVEL, 640);
    let values = draws.of(distribution, 640);
    let mut count = 0;
    loop {
        match plan.decide(&values[..count]) {
            Decision::Continue(next) => count = next,
            Decision::Met(interval) | Decision::Exhausted(interval) => {
                return interval.contains(distribution.mean());
            }
        }
    }
}

/// Whether the best of systems that are all but as good as it stays in to the end.
fn best_stays(draws: &mut Draws) -> bool {
    let plan = Elimination::new(5, 1.0 - LEVEL, 160);
    let shared = draws.normal(0.0, 3.0, 160);
    let all: Vec<Vec<f64>> = (0..5)
        .map(|at| {
            let mean = if at == 0 { 0.0 } else { 1e-9 };
            draws.normal(mean, 1.0, 160).iter().zip(&shared).map(|(own, shared)| own + shared).collect()
        })
        .collect();
    let mut inside: Vec<usize> = (0..5).collect();
    for look in plan.looks() {
        let worse =
            |own: &usize| inside.iter().any(|other| plan.is_worse(&all[*own][..look], &all[*other][..look]));
        inside = inside.iter().copied().filter(|own| !worse(own)).collect();
    }
    inside.contains(&0)
}

/// A kind of statement, what it promises, and whether it holds in an experiment.
type Kind = (&'static str, Promise, fn(&mut Draws) -> bool);

const KINDS: &[Kind] = &[
    ("Student, 5 normal values", Promise::Just(LEVEL, 0.0), |draws| {
        student(&draws.normal(10.0, 2.0, 5), 10.0)
    }),
    ("Student, 30 normal values", Promise::Just(LEVEL, 0.0), |draws| {
        student(&draws.normal(10.0, 2.0, 30), 10.0)
    }),
    // What 10⁶ experiments elsewhere give; the note on skewed values is for these.
    ("Student, 10 exponential values", Promise::Found(0.899, 0.005), |draws| {
        student(&draws.of(&exponential(), 10), 10.0)
    }),
    ("Student, 100 exponential values", Promise::Found(0.941, 0.005), |draws| {
        student(&draws.of(&exponential(), 100), 10.0)
    }),
    ("paired difference, 10 pairs", Promise::Just(LEVEL, 0.0), |draws| {
        let (base, other) = draws.pairs((10.0, 9.5), 10);
        Paired::of(&base, &other, LEVEL).is_some_and(|paired| paired.difference.contains(-0.5))
    }),
    ("ratio of pairs (Fieller), 10 pairs", Promise::Just(LEVEL, 0.0), |draws| {
        let (base, other) = draws.pairs((10.0, 9.5), 10);
        let ratio = Paired::of(&base, &other, LEVEL).and_then(|paired| paired.ratio);
        ratio.is_some_and(|ratio| ratio.low <= 0.95 && 0.95 <= ratio.high)
    }),
    ("unpaired difference (Welch), 25 and 8 values", Promise::Just(LEVEL, 0.005), |draws| {
        let found = unpaired(draws);
        (found.difference - 1.0).abs() <= found.half_width
    }),
    ("unpaired ratio (Fieller), 25 and 8 values", Promise::Just(LEVEL, 0.005), |draws| {
        unpaired(draws).ratio.is_some_and(|ratio| ratio.low <= 1.05 && 1.05 <= ratio.high)
    }),
    ("five differences at once (Bonferroni)", Promise::AtLeast(LEVEL), |draws| {
        let all = family(draws, bonferroni(LEVEL, SHIFTS.len()));
        all.iter().zip(SHIFTS).all(|(paired, shift)| paired.difference.contains(shift))
    }),
    ("no verdict on three equal of five (Holm)", Promise::AtLeast(LEVEL), |draws| {
        let p: Vec<f64> = family(draws, LEVEL).iter().map(Paired::p_value).collect();
        holm(&p)[..3].iter().all(|p| *p > 1.0 - LEVEL)
    }),
    ("median of 10 exponential values", Promise::AtLeast(LEVEL), |draws| {
        quantile_holds(&draws.of(&exponential(), 10), 0.5)
    }),
    ("90 % quantile of 100 exponential values", Promise::AtLeast(LEVEL), |draws| {
        quantile_holds(&draws.of(&exponential(), 100), 0.9)
    }),
    ("probability from 20 trials (Clopper & Pearson)", Promise::AtLeast(LEVEL), |draws| {
        // An exponential variable is below its median every other time.
        let median = 10.0 * core::f64::consts::LN_2;
        let hits = draws.of(&exponential(), 20).iter().filter(|value| **value < median).count() as u64;
        let (low, high) = clopper_pearson(hits, hits, 20, LEVEL);
        low <= 0.5 && 0.5 <= high
    }),
    ("probability of superiority, 30 pairs", Promise::AtLeast(LEVEL), |draws| {
        // Of exponential variables of means 20 and 10 the second is smaller two times of three.
        let base: Vec<f64> = draws.of(&exponential(), 30).iter().map(|value| 2.0 * value).collect();
        let (low, high) = Superiority::of(&base, &draws.of(&exponential(), 30), LEVEL).interval;
        low <= 2.0 / 3.0 && 2.0 / 3.0 <= high
    }),
    ("mean at a precision of 10 %, normal", Promise::AtLeast(LEVEL), |draws| {
        precise(draws, &Distribution::normal(10.0, 0.3).expect("a mean and a part"))
    }),
    ("mean at a precision of 10 %, exponential", Promise::AtLeast(LEVEL - 0.01), |draws| {
        precise(draws, &exponential())
    }),
    ("the best of five stays in", Promise::AtLeast(LEVEL), best_stays),
    ("no note on 20 normal values", Promise::AtLeast(0.99), |draws| {
        departure(&draws.normal(10.0, 2.0, 20), 0.01).is_none()
    }),
];

fn quantile_holds(values: &[f64], probability: f64) -> bool {
    let truth = -10.0 * libm::log1p(-probability);
    OrderQuantile::of(values, probability, LEVEL).is_some_and(|quantile| {
        quantile.low.is_none_or(|low| low <= truth) && quantile.high.is_none_or(|high| truth <= high)
    })
}

/// Whether a part of so many experiments keeps a promise, four standard errors allowed.
fn kept(promise: &Promise, part: f64, count: u64) -> bool {
    let error = |level: f64| 4.0 * (level * (1.0 - level) / count as f64).sqrt();
    match *promise {
        Promise::Just(level, about) | Promise::Found(level, about) => {
            (part - level).abs() <= about + error(level)
        }
        Promise::AtLeast(level) => part >= level - error(level),
    }
}

#[test]
fn every_kind_of_interval_and_test_holds_as_often_as_it_says() {
    let count = experiments();
    println!("| statement | promised | held in {count} experiments |\n|---|---|---|");
    let mut broken = Vec::new();
    for (name, promise, holds) in KINDS {
        let held = (0..count).filter(|experiment| holds(&mut Draws { experiment: *experiment, sources: 0 }));
        let part = held.count() as f64 / count as f64;
        let promised = match promise {
            Promise::Just(level, 0.0) => format!("{} %", 100.0 * level),
            Promise::Just(level, about) => format!("{} % ± {} %", 100.0 * level, 100.0 * about),
            Promise::AtLeast(level) => format!("at least {} %", 100.0 * level),
            Promise::Found(..) => format!("{} %, were they normal", 100.0 * LEVEL),
        };
        println!("| {name} | {promised} | {:.2} % |", 100.0 * part);
        if !kept(promise, part, count) {
            broken.push(format!("{name}: {part}"));
        }
    }
    assert!(broken.is_empty(), "{broken:?}");
}

/// Three ways to fill 400 ms of one core, the first the shortest by a hundred-thousandth: nobody can tell them apart, and a
/// search that errs would lose the first.
const NEAR: &str = r#"
machine.cores = 1
workload.tasks = { count = 40, work = { gamma = { mean = "10 ms", cv = 0.6 } } }
run = { goal = "best of makespan", replicates = 160 }
variant = [
    { name = "uniform", workload.tasks.work = { uniform = ["5.0001 ms", "15.0001 ms"] } },
    { name = "triangle", workload.tasks.work = { normal = { mean = "10.0001 ms", cv = 0.3 } } },
]
"#;

#[test]
fn the_best_of_a_study_is_lost_no_more_often_than_it_says() {
    // A study takes up to 480 replicates.
    let count = (experiments() / 10).max(50);
    let files = InMemory::new([("s.toml", NEAR)]);
    let mut lost = 0;
    for seed in 0..count {
        let sets = [format!("run.seed={seed}")];
        let request = Request { path: "s.toml", sets: &sets, ..Request::default() };
        let Ok(checked) = check(&files, &request) else { panic!("refused: {NEAR}") };
        let results =
            run(&checked.study, &Sequential, &Unwatched).unwrap_or_else(|failed| panic!("{failed}"));
        lost += u64::from(results.cases[0].left_out.is_some());
    }
    let part = lost as f64 / count as f64;
    println!("the best of three that nobody can tell apart was left out in {lost} of {count} studies");
    let error = 1.0 - LEVEL;
    assert!(part <= error + 4.0 * (error * LEVEL / count as f64).sqrt(), "{part}");
}

#[test]
fn batch_means_of_one_long_run_hold_the_mean_response_of_a_queue() {
    // M/M/1 at half load: responses have a mean of 2 ms, and hang together over some tens of customers.
    let text = "machine.cores = 1\nworkload.tasks = { count = 10000, work = { exponential = \"1 ms\" }, \
                arrivals = { poisson = \"500 /s\" } }";
    let scenario = common::scenario(text);
    let count = (experiments() / 5).max(100);
    let (mut held, mut independent) = (0, 0);
    for replicate in 0..count {
        let outcome = common::run(&scenario, replicate);
        let batches = outcome.batches.expect("10000 responses are enough");
        let mean = common::value(&outcome, Metric::Response);
        held += u64::from((mean / 2e-3 - 1.0).abs() <= batches.relative_half_width(LEVEL) * mean / 2e-3);
        independent += u64::from(batches.independent(0.01));
    }
    let part = held as f64 / count as f64;
    println!(
        "batch means held the mean response of M/M/1 in {:.2} % of {count} runs; {:.2} % were found independent",
        100.0 * part,
        100.0 * independent as f64 / count as f64
    );
    // Skewed means of batches cost one or two per cent.
    assert!(part >= 0.93 - 4.0 * (LEVEL * (1.0 - LEVEL) / count as f64).sqrt(), "{part}");
    assert!(independent as f64 >= 0.9 * count as f64, "{independent} of {count}");
}
