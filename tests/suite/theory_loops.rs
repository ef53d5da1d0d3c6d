//! Loops against an oracle of a few lines: cores that are free take the next chunk, in the order in which they ask.
#![allow(clippy::disallowed_methods, reason = "an oracle has mathematics of its own")]

use crate::common::{makespan, recorded, value};
use makespan::metrics::Metric;
use makespan::record::{Idle, State};

/// Picoseconds in a microsecond.
const US: u64 = 1_000_000;

/// A chunk that was done: by which core, how many iterations, the ticks of computing and of waiting for it too, and the sum
/// of the squares of the ticks of each iteration.
struct Done {
    core: usize,
    size: f64,
    computing: f64,
    total: f64,
    squares: f64,
}

/// How many iterations a core gets, of those left, after what has been done.
type Sizes<'a> = &'a mut dyn FnMut(usize, u64, &[Done]) -> u64;

/// The makespan, in ticks, of chunks of these sizes that cores take from a shared queue as they become free, the lowest of
/// those that ask at once first. Each core is `slow` times slower than speed 1.
fn by_hand(sizes: Sizes<'_>, cost: &dyn Fn(u64) -> u64, slow: &[u64], dispatch: u64, serial: bool) -> u64 {
    let mut free = vec![0; slow.len()];
    let (mut lock, mut next) = (0, 0);
    let (mut under_way, mut done): (Vec<(u64, Done)>, Vec<Done>) = (Vec::new(), Vec::new());
    while next < COUNT {
        let core = (0..free.len()).min_by_key(|core| (free[*core], *core)).expect("a core");
        let now = free[core];
        under_way.sort_by_key(|(end, chunk)| (*end, chunk.core));
        let ended = under_way.partition_point(|(end, _)| *end <= now);
        done.extend(under_way.drain(..ended).map(|(_, chunk)| chunk));
        let size = sizes(core, COUNT - next, &done).clamp(1, COUNT - next);
        let had = if serial { lock.max(now) + dispatch } else { now + dispatch };
        lock = had;
        let each = || (next..next + size).map(|at| cost(at) * slow[core]);
        let computing: u64 = each().sum();
        free[core] = had + computing;
        let squares = each().map(|ticks| (ticks as f64) * (ticks as f64)).sum();
        let total = (free[core] - now) as f64;
        let chunk = Done { core, size: size as f64, computing: computing as f64, total, squares };
        under_way.push((free[core], chunk));
        next += size;
    }
    free.into_iter().max().unwrap_or(0)
}

/// Rounded up, but for what is more than a whole number by rounding.
fn up(iterations: f64) -> u64 {
    (iterations - 1e-9 * iterations).ceil() as u64
}

/// Iterations of the loops here.
const COUNT: u64 = 240;

/// A loop of `count` iterations on cores that are so many times slower than speed 1.
fn scenario(schedule: &str, cost: &str, slow: &[u64], dispatch: u64, serial: bool) -> String {
    let group = |(at, slow): (usize, &u64)| {
        format!("group.g{at} = {{ cores = 1, speed = {} }}\n", 1.0 / *slow as f64)
    };
    let groups: String = slow.iter().enumerate().map(group).collect();
    format!(
        "{}schedule = {{ loop = {schedule}, cost = {{ dispatch = '{dispatch} ps', serial = {serial} }} }}\n\
         workload.loop = {{ iterations = {COUNT}, cost = {cost} }}\n",
        groups.lines().map(|line| format!("machine.{line}\n")).collect::<String>()
    )
}

/// The cost of an iteration in whole ticks.
type Cost = Box<dyn Fn(u64) -> u64>;

/// Profiles as the scenario says them and as a function of the iteration; the loop has 240 iterations.
fn profiles() -> Vec<(&'static str, Cost)> {
    vec![
        ("'3 us'", Box::new(|_| 3 * US)),
        ("{ linear = { from = '1 us', to = '240 us' } }", Box::new(|at| (1 + at) * US)),
        ("{ linear = { from = '240 us', to = '1 us' } }", Box::new(|at| (240 - at) * US)),
        ("{ quadratic = { from = '1 us', to = '57122 us' } }", Box::new(|at| (1 + at * at) * US)),
        (
            "{ spiked = { base = '1 us', spike = '90 us', every = 7 } }",
            Box::new(|at| if at % 7 == 0 { 90 * US } else { US }),
        ),
    ]
}

#[test]
fn every_schedule_takes_as_long_as_by_hand() {
    for (text, cost) in profiles() {
        for slow in [vec![1; 4], vec![1, 2, 1, 4], vec![1], vec![2, 1, 1, 1, 1, 3, 1]] {
            for (dispatch, serial) in [(0, true), (700_001, true), (700_001, false)] {
                let p = slow.len() as u64;
                let check = |schedule: &str, expected: u64| {
                    let text = scenario(schedule, text, &slow, dispatch, serial);
                    let measured = (makespan(&text) * 1e12).round() as u64;
                    assert_eq!(measured, expected, "\n{text}");
                };
                let run = |sizes: Sizes<'_>| by_hand(sizes, &*cost, &slow, dispatch, serial);
                check("'self'", run(&mut |_, _, _| 1));
                check("{ self = 64 }", run(&mut |_, _, _| 64));
                check("'guided'", run(&mut |_, left, _| left.div_ceil(p)));
                check(
                    "{ guided = { divisor = 2, min = 3 } }",
                    run(&mut |_, left, _| left.div_ceil(2 * p).max(3)),
                );
                check("'static'", settled(&*cost, &slow, None));
                check("{ static = 7 }", settled(&*cost, &slow, Some(7)));
                check("'trapezoid'", run(&mut trapezoid(p)));
                check(
                    "'factoring'",
                    run(&mut batches(vec![1.0; slow.len()], |left| left as f64 / (2 * p) as f64)),
                );
                let speeds: Vec<f64> = slow.iter().map(|slow| 1.0 / *slow as f64).collect();
                let mean = speeds.iter().sum::<f64>() / p as f64;
                let weights: Vec<f64> = speeds.iter().map(|speed| speed / mean).collect();
                check(
                    "'weighted-factoring'",
                    run(&mut batches(weights, |left| left as f64 / (2 * p) as f64)),
                );
                check(
                    "{ tapering = { cv = 0.5 } }",
                    run(&mut |_, left, _| {
                        let (t, v) = (left as f64 / p as f64, 0.65_f64);
                        (t + v * v / 2.0 - v * (2.0 * t + v * v / 4.0).sqrt()).ceil() as u64
                    }),
                );
                check(
                    "{ fixed = { sd = '3 us', overhead = '2 us' } }",
                    run(&mut |_, _, _| fixed(p, 2.0 / 3.0)),
                );
                for (variant, total) in [("C", false), ("E", true)] {
                    let size = |core: usize, left: u64, done: &[Done]| {
                        up(left as f64 / (2 * p) as f64 * weight(core, slow.len(), done, total))
                    };
                    check(
                        &format!("{{ adaptive-weighted = '{variant}' }}"),
                        run(&mut |a, b, c| size(a, b, c)),
                    );
                }
                check(
                    "{ adaptive = 5 }",
                    run(&mut |core, left, done| adaptive(core, slow.len(), left, done)),
                );
            }
        }
    }
}

/// Sizes of Tzen & Ni's trapezoid.
fn trapezoid(p: u64) -> impl FnMut(usize, u64, &[Done]) -> u64 {
    let first = (COUNT / (2 * p)).max(1);
    let chunks = (2 * COUNT).div_ceil(first + 1);
    let step = if chunks > 1 { (first - 1) / (chunks - 1) } else { 0 };
    let mut number = 0;
    move |_, _, _| {
        number += 1;
        first.saturating_sub((number - 1) * step).max(1)
    }
}

/// Sizes of factoring: a batch of chunks that are these parts of what was left when it began, times the core's weight.
fn batches(weights: Vec<f64>, part: impl Fn(u64) -> f64) -> impl FnMut(usize, u64, &[Done]) -> u64 {
    let (mut batch, mut present) = (0, 0.0);
    move |core, left, _| {
        if batch == 0 {
            present = part(left);
            batch = up(present).max(1) * weights.len() as u64;
        }
        let size = up(present * weights[core]).max(1).min(batch).min(left);
        batch -= size;
        size
    }
}

/// Kruskal & Weiss's size for an overhead of `ratio` standard deviations.
fn fixed(p: u64, ratio: f64) -> u64 {
    let p_ln = p as f64 * (p as f64).ln().sqrt();
    let size = (2.0_f64.sqrt() * COUNT as f64 * ratio / p_ln).powf(2.0 / 3.0);
    (size.ceil() as u64).min(COUNT.div_ceil(p))
}

/// The weight of a core of `cores` after what was done, each chunk of a core counting as often as its number.
fn weight(core: usize, cores: usize, done: &[Done], total: bool) -> f64 {
    let rate = |core: usize| {
        let mine = done.iter().filter(|chunk| chunk.core == core);
        let (mut size, mut time) = (0.0, 0.0);
        for (k, chunk) in (1..).map(f64::from).zip(mine) {
            size += k * chunk.size;
            time += k * if total { chunk.total } else { chunk.computing };
        }
        (time > 0.0).then(|| size / time)
    };
    let known: Vec<f64> = (0..cores).filter_map(rate).collect();
    rate(core).map_or(1.0, |own| own * known.len() as f64 / known.iter().sum::<f64>())
}

/// Banicescu & Liu's size after what was done; 5 for a core that has done nothing.
fn adaptive(core: usize, cores: usize, left: u64, done: &[Done]) -> u64 {
    let moments = |core: usize| {
        let mine = || done.iter().filter(|chunk| chunk.core == core);
        let n: f64 = mine().map(|chunk| chunk.size).sum();
        let mean = mine().map(|chunk| chunk.computing).sum::<f64>() / n;
        let squares: f64 = mine().map(|chunk| chunk.squares).sum();
        (n > 1.0).then(|| (mean, ((squares - n * mean * mean) / (n - 1.0)).max(0.0)))
    };
    let Some((own, _)) = moments(core) else { return 5 };
    let known: Vec<(f64, f64)> = (0..cores).filter_map(moments).collect();
    let all = cores as f64 / known.len() as f64;
    let d = all * known.iter().map(|(mean, variance)| variance / mean).sum::<f64>();
    let t = 1.0 / (all * known.iter().map(|(mean, _)| 1.0 / mean).sum::<f64>());
    let r = left as f64;
    ((d + 2.0 * t * r - (d * d + 4.0 * d * t * r).sqrt()) / (2.0 * own) + 0.5) as u64
}

/// The makespan of iterations dealt out beforehand.
fn settled(cost: &dyn Fn(u64) -> u64, slow: &[u64], chunk: Option<u64>) -> u64 {
    let cores = slow.len() as u64;
    let owner = |at: u64| match chunk {
        Some(chunk) => at / chunk % cores,
        // The first 240 mod P cores have one more.
        None => {
            (0..cores).find(|core| at < (240 / cores) * (core + 1) + (core + 1).min(240 % cores)).unwrap_or(0)
        }
    };
    let time =
        |core: u64| (0..240).filter(|at| owner(*at) == core).map(cost).sum::<u64>() * slow[core as usize];
    (0..cores).map(time).max().unwrap_or(0)
}

#[test]
fn what_every_core_does_adds_up_and_waiting_for_a_barrier_is_waiting_for_a_dependency() {
    // Two cores, three steps: 10 + 20 us of work, then a barrier of 5 us.
    let text = "machine.cores = 2\nworkload.loop = { iterations = 2, cost.values = ['10 us', '20 us'], steps = 3, barrier = '5 us' }\n";
    let (outcome, log) = recorded(text);
    assert_eq!(value(&outcome, Metric::Makespan), 75e-6);
    assert_eq!(value(&outcome, Metric::Chunks), 6.0);
    let times = &outcome.times;
    assert_eq!(times.get(State::Compute), 90 * u128::from(US));
    assert_eq!(times.idle[Idle::Dependency as usize], 50 * u128::from(US));
    assert_eq!(
        times.idle[Idle::NoWork as usize],
        10 * u128::from(US),
        "in the last step nothing is left to wait for"
    );
    let bound =
        |name: &str| outcome.bounds.iter().find(|bound| bound.name == name).and_then(|bound| bound.seconds);
    assert_eq!(bound("critical path"), Some(75e-6), "the longest iteration of each step, and the barriers");
    assert_eq!(bound("area"), Some(45e-6));
    let steps: Vec<(u64, u64, u64)> = log.chunks.iter().map(|row| (row.step, row.first, row.size)).collect();
    assert_eq!(steps, [(0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 1), (2, 0, 1), (2, 1, 1)]);
}
