//! Rates against their definition, and what is left and lost when jobs come and go.

use super::*;

/// Rates by the definition: all rise in proportion to their weights until some jobs together are as fast as as many
/// of the fastest servers; those stay as they are, the others rise on. Tries every set of jobs.
fn by_definition(speeds: &[f64], weights: &[f64]) -> Vec<f64> {
    let fastest = |k: usize| speeds.iter().take(k).sum::<f64>();
    let sets: Vec<Vec<usize>> = (1..1u32 << weights.len())
        .map(|set| (0..weights.len()).filter(|job| set >> job & 1 == 1).collect())
        .collect();
    let mut rates: Vec<Option<f64>> = vec![None; weights.len()];
    while rates.iter().any(Option::is_none) {
        let level = |set: &Vec<usize>| {
            let fixed: f64 = set.iter().filter_map(|job| rates[*job]).sum();
            let open: f64 = set.iter().filter(|job| rates[**job].is_none()).map(|job| weights[*job]).sum();
            (open > 0.0).then(|| (fastest(set.len()) - fixed) / open)
        };
        let least = sets.iter().filter_map(level).fold(f64::INFINITY, f64::min);
        let tight: Vec<usize> = sets
            .iter()
            .filter(|set| level(set).is_some_and(|at| at <= least + 1e-12))
            .flatten()
            .copied()
            .collect();
        for job in tight {
            rates[job].get_or_insert(least * weights[job]);
        }
    }
    rates.into_iter().flatten().collect()
}

#[test]
fn who_is_taken_away_when_it_is_due_leaves_the_others_as_they_are() {
    let (mut pool, at) = (Pool::new(), Time::from_ticks);
    pool.set_speeds(at(0), &[1.0, 1.0]);
    let (long, short) = (pool.start(at(0), 100.0, 1.0), pool.start(at(0), 40.0, 1.0));
    pool.settle(at(0));
    assert_eq!(pool.next(), at(40));
    pool.stop(at(40), short);
    let mut ended = Vec::new();
    pool.finish(at(40), &mut ended);
    assert_eq!(ended, []);
    pool.settle(at(40));
    assert_eq!(pool.next(), at(100));
    pool.finish(at(100), &mut ended);
    assert_eq!(ended, [(long, Served { left: 0.0, amount: 100.0, time: 100.0 })]);
}

#[test]
fn rates_are_max_min_fair_on_servers_of_any_speeds_for_jobs_of_any_weights() {
    let mut state = 7u64;
    let mut below = |sides: u64| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) % sides
    };
    for _ in 0..400 {
        let mut speeds: Vec<f64> = (0..1 + below(4)).map(|_| 0.5 * (1 + below(4)) as f64).collect();
        speeds.sort_by(|one, other| other.total_cmp(one));
        let weights: Vec<f64> = (0..1 + below(6)).map(|_| [1.0, 1.0, 2.0, 5.0][below(4) as usize]).collect();
        let mut pool = Pool::new();
        pool.set_speeds(Time::ZERO, &speeds);
        let jobs: Vec<FlowId> = weights.iter().map(|weight| pool.start(Time::ZERO, 1e9, *weight)).collect();
        pool.settle(Time::ZERO);
        let expected = by_definition(&speeds, &weights);
        for (job, expected) in jobs.iter().zip(&expected) {
            let rate = pool.rate(*job);
            assert!((rate - expected).abs() < 1e-9, "{speeds:?} {weights:?}: {rate} for {expected:?}");
        }
        let later = Time::from_ticks(1000);
        let all: f64 = expected.iter().sum();
        assert!((pool.total(later) - 1000.0 * all).abs() < 1e-6);
        let times: f64 = jobs.iter().map(|job| pool.time(later, *job)).sum();
        assert!((times - 1000.0 * pool.busy() as f64).abs() < 1e-6, "{speeds:?} {weights:?}: {times}");
    }
}

#[test]
fn jobs_end_when_they_have_what_they_asked_for_at_rates_that_change() {
    // One server. A asks for 300, B for 100 from 60 on: B ends at 260, when A has 60 + 100; A at 400.
    let mut pool = Pool::new();
    pool.set_speeds(Time::ZERO, &[1.0]);
    let a = pool.start(Time::ZERO, 300.0, 1.0);
    pool.settle(Time::ZERO);
    assert!(pool.is_roomy() && pool.busy() == 1);
    let b = pool.start(Time::from_ticks(60), 100.0, 1.0);
    pool.settle(Time::from_ticks(60));
    assert!(!pool.is_roomy());
    let mut ended = Vec::new();
    assert_eq!(pool.next().ticks(), 260);
    pool.finish(pool.next(), &mut ended);
    pool.settle(Time::from_ticks(260));
    assert_eq!(ended, [(b, Served { left: 0.0, amount: 100.0, time: 100.0 })]);
    assert_eq!(pool.next().ticks(), 400);
    let served = pool.stop(Time::from_ticks(300), a);
    assert_eq!(served, Served { left: 100.0, amount: 200.0, time: 200.0 });
}

#[test]
fn without_servers_nothing_ends_and_equal_ends_come_together() {
    let mut pool = Pool::new();
    pool.set_speeds(Time::ZERO, &[]);
    (0..7).for_each(|_| _ = pool.start(Time::ZERO, 10.0, 1.0));
    pool.settle(Time::ZERO);
    assert_eq!(pool.next(), Time::NEVER);
    pool.set_speeds(Time::from_ticks(5), &[1.0, 1.0, 1.0]);
    pool.settle(Time::from_ticks(5));
    // 70 over 3 servers: 23⅓ ticks, rounded up.
    assert_eq!(pool.next().ticks(), 5 + 24);
    let mut ended = Vec::new();
    pool.finish(pool.next(), &mut ended);
    assert_eq!((ended.len(), pool.jobs()), (7, 0));
}
