//! Dispatchers that see loads late, against hand-worked herds and Mitzenmacher's fluid limits.

use crate::common::{intervals, outcome, recorded, run, scenario, value};
use makespan::metrics::Metric;

/// The servers to which tasks of 10 s go that come every second, each to the shortest queue of so many servers.
fn herd(servers: u32, tasks: usize, keys: &str) -> Vec<usize> {
    let text = format!(
        "machine.cores = {servers}\nworkload.tasks = {{ count = {tasks}, work = \"10 s\", arrivals.every = \"1 s\" }}\n\
         [schedule]\npolicy = \"jsq\"\nties = \"lowest\"\n{keys}"
    );
    let (_, log) = recorded(&text);
    (0..tasks as u64).map(|task| log.task(task).core.expect("it ran").index()).collect()
}

#[test]
fn the_herd_goes_where_it_was_empty_so_long_ago() {
    // The first task comes at 1 and ends at 11, which the one that comes at 14 is the first to be sent by.
    let by_hand = [0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 0, 0, 0];
    assert_eq!(herd(3, 14, "stale = \"3 s\""), by_hand);
    assert_eq!(herd(3, 14, "stale.age = \"3 s\""), by_hand);
    // Who sees the present takes turns.
    assert_eq!(herd(3, 7, ""), [0, 1, 2, 0, 1, 2, 0]);
}

#[test]
fn the_herd_goes_where_the_board_shows_the_fewest() {
    // Tasks come at 1, 2, 3…. Boards of 0, 3, 6 and 9: 000, 200, 230, 233. At 11 and 13 tasks end: the boards of 12 and 15
    // are 433 and 453.
    assert_eq!(herd(3, 15, "stale.board = \"3 s\""), [0, 0, 1, 1, 1, 2, 2, 2, 0, 0, 0, 1, 1, 1, 2]);
    // All dispatchers look at the same board.
    let two = "stale.board = \"3 s\"\ndispatchers = { count = 2, split = \"in-turn\" }";
    assert_eq!(herd(3, 9, two), [0, 0, 1, 1, 1, 2, 2, 2, 0]);
}

#[test]
fn news_travel_for_replicas_of_several_cores_too() {
    // Two replicas of two cores: as with two servers, since nothing ends before all have come.
    let text = "machine.cores = 4\n[schedule]\npolicy = \"jsq\"\nties = \"lowest\"\nstale = \"2 s\"\n\
                [workload.service]\ncores = 2\ncount = 6\nwork = \"20 s\"\narrivals.every = \"1 s\"";
    let (_, log) = recorded(text);
    let replicas: Vec<usize> = (0..6).map(|task| log.task(task).core.expect("it ran").index() / 2).collect();
    // Seen: 00, 00, 10, 20, 21, 22.
    assert_eq!(replicas, [0, 0, 1, 1, 1, 0]);
}

#[test]
fn an_age_shorter_than_any_time_between_changes_changes_nothing() {
    let text = |keys: &str| {
        format!(
            "machine.cores = 5\nworkload.tasks = {{ count = 400, work = \"7.0013 s\", arrivals.every = \"2 s\" }}\n\
             [schedule]\n{keys}"
        )
    };
    let policies = [
        "\"jsq\"",
        "\"least-loaded\"",
        "\"least-work-left\"",
        "\"power-of-d\"",
        "{ consistent-hash = { bound = 1.5 } }",
    ];
    for policy in policies {
        let [now, late, much_later] = ["", "stale = \"1 ms\"", "stale = \"40 s\""]
            .map(|keys| outcome(&text(&format!("policy = {policy}\n{keys}"))).digest);
        assert_eq!(now, late, "{policy}");
        assert_ne!(now, much_later, "{policy}");
    }
}

/// Tasks of 1 ms in the mean that come at `load` times what `cores` cores can do.
fn farm(cores: u32, load: f64, schedule: &str, count: u32) -> String {
    let rate = f64::from(cores) * load * 1000.0;
    format!(
        "machine.cores = {cores}\nrun.warmup = \"60 ms\"\n[workload.tasks]\ncount = {count}\n\
         arrivals = {{ poisson = \"{rate} /s\" }}\nwork = {{ exponential = \"1 ms\" }}\n[schedule]\n{schedule}"
    )
}

#[test]
fn on_old_information_the_shortest_queue_is_worse_than_none_and_two_choices_are_better() {
    let response = |schedule: &str, replicate: u64| {
        value(&run(&scenario(&farm(50, 0.8, schedule, 40_000)), replicate), Metric::Response)
    };
    for rule in ["\"20 ms\"", "{ board = \"20 ms\" }", "{ individual = \"20 ms\" }"] {
        for replicate in 0..5 {
            let shortest = response(&format!("policy = \"jsq\"\nstale = {rule}"), replicate);
            let two = response(&format!("policy = \"power-of-d\"\nstale = {rule}"), replicate);
            let random = response("policy = \"random\"", replicate);
            assert!(shortest > 1.5 * random && two < shortest, "{rule}: {shortest} {two} {random}");
        }
    }
    // On fresh information it is the other way round.
    let fresh =
        ["\"jsq\"", "\"power-of-d\"", "\"random\""].map(|policy| response(&format!("policy = {policy}"), 0));
    assert!(fresh.is_sorted(), "{fresh:?}");
}

const MOST: usize = 50;

/// The transient M/M/1 from `start` customers at arrival rate `rate` and service rate 1: where it is after `period`, and
/// the mean number until then (Runge & Kutta's fourth order).
fn transient(start: usize, rate: f64, period: f64) -> (Vec<f64>, f64) {
    let slope = |p: &[f64]| -> Vec<f64> {
        (0..=MOST)
            .map(|j| {
                let comes = if j > 0 { rate * p[j - 1] } else { 0.0 };
                let ends = if j < MOST { p[j + 1] } else { 0.0 };
                let goes = if j < MOST { rate } else { 0.0 } + if j > 0 { 1.0 } else { 0.0 };
                comes + ends - goes * p[j]
            })
            .collect()
    };
    let plus =
        |p: &[f64], by: f64, k: &[f64]| -> Vec<f64> { p.iter().zip(k).map(|(p, k)| p + by * k).collect() };
    let mean = |p: &[f64]| (0..).zip(p).map(|(j, p)| f64::from(j) * p).sum::<f64>();
    let steps = ((period * (rate + 1.0) * 8.0).ceil() as usize).max(8);
    let step = period / steps as f64;
    let mut p = vec![0.0; MOST + 1];
    p[start] = 1.0;
    let mut area = 0.0;
    for _ in 0..steps {
        let k1 = slope(&p);
        let k2 = slope(&plus(&p, step / 2.0, &k1));
        let k3 = slope(&plus(&p, step / 2.0, &k2));
        let k4 = slope(&plus(&p, step, &k3));
        let before = mean(&p);
        for j in 0..=MOST {
            p[j] += step / 6.0 * (k1[j] + 2.0 * k2[j] + 2.0 * k3[j] + k4[j]);
        }
        area += step * (before + mean(&p)) / 2.0;
    }
    (p, area / period)
}

/// The mean response, in mean service times, in the limit of many servers of which `d` are drawn for each task and compared by
/// a board of age 0 to `period` (Mitzenmacher 2000, section 3.1). Servers of which the board shows i are joined at rate
/// λ (Qᵢᵈ − Qᵢ₊₁ᵈ)/qᵢ, q being the board's parts and Q their tails, and are queues M/M/1 until the next board; its parts are
/// those of the last one where that has come to rest. Then it says the same of boards that servers write one by one.
fn by_board(load: f64, d: i32, period: f64) -> f64 {
    let mut board = vec![0.0; MOST + 1];
    board[0] = 1.0;
    let mut response = 0.0;
    for _ in 0..6000 {
        let tail = |i: usize| board[i..].iter().sum::<f64>().min(1.0);
        let (mut next, mut tasks) = (vec![0.0; MOST + 1], 0.0);
        for (i, part) in board.iter().enumerate().filter(|(_, part)| **part > 1e-13) {
            let rate = load * (tail(i).powi(d) - tail(i + 1).powi(d)) / part;
            let (end, mean) = transient(i, rate, period);
            tasks += part * mean;
            next.iter_mut().zip(end).for_each(|(next, p)| *next += part * p);
        }
        let before = std::mem::replace(&mut response, tasks / load);
        // Half of the way at a time: it may swing.
        board.iter_mut().zip(next).for_each(|(board, next)| *board = 0.5 * (*board + next));
        if (response - before).abs() < 1e-7 * response {
            return response;
        }
    }
    panic!("the board does not come to rest: {response}")
}

#[test]
fn choices_by_an_old_board_take_as_mitzenmacher_says() {
    // A board that is always new is the supermarket model: Σ 0.8^(2ⁱ − 2).
    let new = by_board(0.8, 2, 0.05);
    assert!(1.9472 < new && new < 2.03, "{new}");
    for (period, half_width) in [(1.0, 0.015), (4.0, 0.02)] {
        let limit = by_board(0.8, 2, period) * 1e-3;
        assert!(limit > 2.0e-3 && limit < 5e-3, "{limit}");
        for rule in ["board", "individual"] {
            let stale = format!("policy.power-of-d.replacement = true\nstale.{rule} = \"{period} ms\"");
            let [response] = intervals(&farm(300, 0.8, &stale, 90_000), 10, 0.99, [Metric::Response]);
            let (off, half) = (response.mean / limit - 1.0, response.half_width / limit);
            assert!(half < half_width, "{rule} {period}: {response:?}");
            // 300 servers are about 1/300 away from the limit.
            assert!(off.abs() < half + 0.006, "{rule} {period}: {response:?} {limit}");
        }
    }
}
