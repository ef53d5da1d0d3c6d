//! Loops against an oracle of a few lines: cores that are free take the next chunk, in the order in which they ask.

use crate::common::{makespan, recorded, value};
use makespan::metrics::Metric;
use makespan::record::{Idle, State};

/// Picoseconds in a microsecond.
const US: u64 = 1_000_000;

/// The makespan, in ticks, of chunks of these sizes that cores take from a shared queue as they become free, the lowest of
/// those that ask at once first. `speed` is that of each core, one over a whole number of ticks.
fn by_hand(
    sizes: impl Fn(usize, u64) -> u64,
    cost: &dyn Fn(u64) -> u64,
    count: u64,
    slow: &[u64],
    dispatch: u64,
    serial: bool,
) -> u64 {
    let mut free = vec![0; slow.len()];
    let (mut lock, mut next) = (0, 0);
    while next < count {
        let core = (0..free.len()).min_by_key(|core| (free[*core], *core)).expect("a core");
        let size = sizes(core, count - next).clamp(1, count - next);
        let had = if serial { lock.max(free[core]) + dispatch } else { free[core] + dispatch };
        lock = had;
        let work: u64 = (next..next + size).map(cost).sum();
        free[core] = had + work * slow[core];
        next += size;
    }
    free.into_iter().max().unwrap_or(0)
}

/// A loop of `count` iterations on cores that are so many times slower than speed 1.
fn scenario(schedule: &str, cost: &str, count: u64, slow: &[u64], dispatch: u64, serial: bool) -> String {
    let group = |(at, slow): (usize, &u64)| {
        format!("group.g{at} = {{ cores = 1, speed = {} }}\n", 1.0 / *slow as f64)
    };
    let groups: String = slow.iter().enumerate().map(group).collect();
    format!(
        "{}schedule = {{ loop = {schedule}, cost = {{ dispatch = '{dispatch} ps', serial = {serial} }} }}\n\
         workload.loop = {{ iterations = {count}, cost = {cost} }}\n",
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
    let guided = |cores: u64| move |_: usize, left: u64| left.div_ceil(cores);
    for (text, cost) in profiles() {
        for slow in [vec![1; 4], vec![1, 2, 1, 4], vec![1], vec![2, 1, 1, 1, 1, 3, 1]] {
            for (dispatch, serial) in [(0, true), (700_001, true), (700_001, false)] {
                let cores = slow.len() as u64;
                let check = |schedule: &str, expected: u64| {
                    let text = scenario(schedule, text, 240, &slow, dispatch, serial);
                    let measured = (makespan(&text) * 1e12).round() as u64;
                    assert_eq!(measured, expected, "\n{text}");
                };
                let run =
                    |sizes: &dyn Fn(usize, u64) -> u64| by_hand(sizes, &*cost, 240, &slow, dispatch, serial);
                check("'self'", run(&|_, _| 1));
                check("{ self = 64 }", run(&|_, _| 64));
                check("'guided'", run(&guided(cores)));
                check(
                    "{ guided = { divisor = 2, min = 3 } }",
                    run(&|_, left| left.div_ceil(2 * cores).max(3)),
                );
                check("'static'", settled(&*cost, &slow, None));
                check("{ static = 7 }", settled(&*cost, &slow, Some(7)));
            }
        }
    }
}

/// The makespan of 240 iterations dealt out beforehand.
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
