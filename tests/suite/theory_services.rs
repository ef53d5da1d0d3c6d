//! Services against their theory: replicas, fan-out, copies, users who wait, and refusals.

use crate::common::{agrees, intervals, outcome, recorded, value};
use makespan::metrics::Metric;
use makespan::record::{Fate, State};

/// A service of exponential requests of 1 ms on `cores` cores.
fn service(cores: u32, policy: &str, keys: &str) -> String {
    format!(
        "machine.cores = {cores}\nschedule.policy = {policy}\nrun.warmup = \"0.2 s\"\n\
         [workload.service]\nwork = {{ exponential = \"1 ms\" }}\n{keys}"
    )
}

fn poisson(rate: f64, count: u32) -> String {
    format!("arrivals.poisson = \"{rate} /s\"\ncount = {count}")
}

/// The probabilities of so many in a birth-and-death process, from its rates.
fn lengths(births: impl Fn(usize) -> f64, deaths: impl Fn(usize) -> f64, most: usize) -> Vec<f64> {
    let mut p = vec![1.0];
    for n in 1..=most {
        p.push(p[n - 1] * births(n - 1) / deaths(n));
    }
    let all: f64 = p.iter().sum();
    p.iter().map(|p| p / all).collect()
}

fn mean(p: &[f64]) -> f64 {
    (0..).zip(p).map(|(n, p)| f64::from(n) * p).sum()
}

#[test]
fn replicas_of_several_cores_are_queues_of_several_servers() {
    // Three M/M/2 of a third of the arrivals each (Erlang 1917), drawn at random.
    let (rate, load) = (4200.0, 4200.0 / 3.0);
    let p = lengths(|_| load, |n| 1000.0 * n.min(2) as f64, 400);
    let text = service(6, "\"random\"", &format!("cores = 2\n{}", poisson(rate, 20_000)));
    agrees(&text, 20, 0.1, [(Metric::Queue, 3.0 * mean(&p)), (Metric::Response, mean(&p) / load)]);
    // The shortest of the three queues is better, and one queue for all six cores is better still.
    let response = |policy: &str| {
        let text = service(6, policy, &format!("cores = 2\n{}", poisson(rate, 20_000)));
        intervals(&text, 10, 0.99, [Metric::Response])[0]
    };
    let (shortest, one) = (response("\"jsq\""), response("\"fifo\""));
    let p = lengths(|_| rate, |n| 1000.0 * n.min(6) as f64, 400);
    assert!(one.contains(mean(&p) / rate), "{one:?}");
    assert!(one.mean < shortest.mean && shortest.high() < mean(&p) / rate * 1.5, "{one:?} {shortest:?}");
}

#[test]
fn a_fork_into_two_joins_as_flatto_and_hahn_say() {
    // Flatto & Hahn 1984; Nelson & Tantawi 1988, eq. 5: T = (12 − ρ)/8 · 1/(μ − λ).
    for load in [0.5, 0.8] {
        let response = (12.0 - load) / 8.0 / (1000.0 * (1.0 - load));
        let text = service(2, "\"random\"", &format!("fan_out = 2\n{}", poisson(1000.0 * load, 20_000)));
        agrees(&text, 30, 0.1, [(Metric::Response, response)]);
    }
}

#[test]
fn alone_a_request_takes_as_long_as_the_kth_of_its_parts() {
    // Order statistics of exponentials (Rényi 1953): the kth of n comes after 1/n + … + 1/(n − k + 1).
    for (parts, wait) in [(8, 8), (8, 6), (8, 1), (3, 2)] {
        let expected: f64 = (0..wait).map(|ended| 1e-3 / f64::from(parts - ended)).sum();
        let count = 3000_u32;
        let fan_out = format!("fan_out = {{ parts = {parts}, wait = {wait} }}\ncount = {count}");
        let text = service(8, "\"jsq\"", &format!("{fan_out}\narrivals.every = \"50 ms\""))
            .replace("warmup = \"0.2 s\"", "warmup = \"0 s\"");
        agrees(&text, 20, 0.02, [(Metric::Response, expected), (Metric::Wait, 0.0)]);
        let outcome = outcome(&text);
        assert_eq!(value(&outcome, Metric::Cancelled), f64::from((parts - wait) * count));
        assert_eq!(value(&outcome, Metric::Attempts), f64::from(parts * count));
        assert_eq!(outcome.fates.done, u64::from(count));
    }
}

#[test]
fn copies_to_d_random_servers_take_as_gardner_says() {
    // Gardner, Harchol-Balter, Scheller-Wolf, Velednitsky & Zbarsky 2017, Redundancy-d, theorem 1, for k servers and copies
    // of independent exponential times: E[T] = Σ 1/(k μ C(k − 1, d − 1)/C(i − 1, d − 1) − k λ), i from d to k.
    let choose = |n: u32, k: u32| (0..k).map(|i| f64::from(n - i) / f64::from(i + 1)).product::<f64>();
    for (servers, copies, load) in [(4, 2, 0.7), (3, 3, 0.8), (5, 2, 0.5)] {
        let all = f64::from(servers);
        let term = |i| 1.0 / (all * choose(servers - 1, copies - 1) / choose(i - 1, copies - 1) - all * load);
        let response = (copies..=servers).map(term).sum::<f64>() * 1e-3;
        let fan_out = format!("fan_out = {{ parts = {copies}, wait = 1 }}");
        let text =
            service(servers, "\"random\"", &format!("{fan_out}\n{}", poisson(1000.0 * load * all, 30_000)));
        agrees(&text, 20, 0.1, [(Metric::Response, response)]);
    }
}

#[test]
fn a_copy_of_what_takes_long_costs_what_is_thrown_away() {
    // 1 ms mostly, 100 ms in a tenth; after 2 ms a copy. Alone a request takes 1, 2 + 1, or 100 ms.
    let text = "machine.cores = 4\nschedule.policy = \"jsq\"\n[workload.service]\ncount = 4000\n\
                work.bimodal = { values = [\"1 ms\", \"100 ms\"], weights = [9, 1] }\n\
                arrivals.every = \"400 ms\"\nhedge.after = \"2 ms\"";
    let response = 0.9 * 1e-3 + 0.09 * 3e-3 + 0.01 * 100e-3;
    let lost = (0.09 * 3e-3 + 0.01 * 98e-3) / (4.0 * 0.4);
    agrees(text, 60, 0.06, [(Metric::Response, response), (Metric::Lost, lost)]);
    let (outcome, log) = recorded(text);
    let copies = log.tasks.iter().filter(|row| row.number % 2 == 1).count();
    let cancelled = log.tasks.iter().filter(|row| row.fate == Fate::Cancelled).count();
    assert_eq!((copies, value(&outcome, Metric::Cancelled)), (cancelled, cancelled as f64));
    assert_eq!(outcome.fates.done, 4000);
    let thrown: u64 = log
        .tasks
        .iter()
        .filter(|row| row.fate == Fate::Cancelled)
        .map(|row| (row.end - row.start.expect("it ran")).ticks())
        .sum();
    assert_eq!(outcome.times.get(State::Lost), u128::from(thrown));
}

#[test]
fn users_who_wait_are_machines_that_fail() {
    // The repairman's problem (Palm 1947; Kleinrock 1975, section 3.8): births (N − n)/Z, deaths min(n, c) μ.
    for (users, cores) in [(8_u32, 1_u32), (12, 2)] {
        let think = 5e-3;
        let idle = |n: usize| (users as usize - n) as f64 / think;
        let p = lengths(idle, |n| 1000.0 * n.min(cores as usize) as f64, users as usize);
        let throughput: f64 = (0..).zip(&p).map(|(n, p)| idle(n) * p).sum();
        let keys = format!("users = {users}\nthink.exponential = \"5 ms\"\ncount = 30_000");
        let expected = [
            (Metric::Throughput, throughput),
            (Metric::Response, mean(&p) / throughput),
            (Metric::Queue, mean(&p)),
        ];
        agrees(&service(cores, "\"fifo\"", &keys), 20, 0.03, expected);
    }
    // Without thinking there are always all of them there.
    let text = service(1, "\"fifo\"", "users = 3\ncount = 2000").replace("0.2 s", "0 s");
    let outcome = outcome(&text);
    let (response, throughput) = (value(&outcome, Metric::Response), value(&outcome, Metric::Throughput));
    assert!((response * throughput / 3.0 - 1.0).abs() < 2e-3, "{response} {throughput}");
}

#[test]
fn a_full_server_refuses_as_erlang_says() {
    // M/M/1/K (Kleinrock 1975, section 3.6): a queue that holds K refuses with the probability of K.
    let (load, most) = (0.9, 4);
    let p = lengths(|_| load, |_| 1.0, most);
    let text = service(1, "\"random\"", &format!("capacity = {most}\n{}", poisson(1000.0 * load, 20_000)));
    let response = mean(&p) / (load * (1.0 - p[most])) * 1e-3;
    agrees(&text, 30, 0.05, [(Metric::Response, response), (Metric::Dropped, 20_000.0 * p[most])]);
    // Erlang 1917, formula B: three servers of one queue that hold no more than they serve.
    let offered = 2.0;
    let p = lengths(|_| offered, |n| n as f64, 3);
    let text = service(3, "\"fifo\"", &format!("capacity = 3\n{}", poisson(1000.0 * offered, 20_000)));
    agrees(&text, 30, 0.05, [(Metric::Wait, 0.0), (Metric::Dropped, 20_000.0 * p[3])]);
    // A request of two parts is refused if one of them is; the other is cancelled.
    let both = service(2, "\"random\"", &format!("fan_out = 2\ncapacity = 1\n{}", poisson(1500.0, 5000)));
    let outcome = outcome(&both);
    assert_eq!(outcome.fates.done + outcome.fates.dropped, 5000);
    assert!(outcome.fates.dropped > 1000, "{:?}", outcome.fates);
}

#[test]
fn classes_share_a_queue_as_a_mixture() {
    // Pollaczek & Khinchine for the mixture of both classes: E[S²] of a sum of exponentials by class.
    let keys = "count = 20_000\n[workload.service.classes]\n\
                small = { rate = \"600 /s\", work = { exponential = \"0.5 ms\" } }\n\
                large = { rate = \"100 /s\", work = { exponential = \"4 ms\" } }";
    let (rate, square) = (700.0, (6.0 * 2.0 * 0.5e-3 * 0.5e-3 + 2.0 * 4e-3 * 4e-3) / 7.0);
    let busy = 600.0 * 0.5e-3 + 100.0 * 4e-3;
    let wait = rate * square / (2.0 * (1.0 - busy));
    agrees(&service(1, "\"fifo\"", keys), 30, 0.1, [(Metric::Wait, wait), (Metric::Utilisation, busy)]);
}

#[test]
fn a_replica_that_is_down_gets_nothing_and_hands_on_what_waits() {
    let text = "machine = { nodes = 2, cores = 2 }\nschedule.policy = \"jsq\"\nfaults.recover = \"retry\"\n\
                [faults.inject.crash]\ntarget = \"node 0\"\nfault = \"crash\"\nat = \"3 ms\"\nfor = \"20 ms\"\n\
                [workload.service]\ncores = 2\ncount = 40\nwork = \"2 ms\"\narrivals.every = \"0.5 ms\"";
    let (outcome, log) = recorded(text);
    assert_eq!(outcome.fates.done, 40);
    for row in &log.tasks {
        let core = row.core.expect("all ran").index();
        let start = row.start.expect("all ran").ticks();
        let attempt_while_down = start > 3_000_000_000 && start < 23_000_000_000 && core < 2;
        assert!(!attempt_while_down, "{row:?}");
    }
    assert!(value(&outcome, Metric::Attempts) > 40.0);
}

#[test]
fn a_copy_of_a_class_draws_anew_from_its_own_class() {
    // The second class takes 1 or 100 ms: a copy after 2 ms is as lucky as any of its class, and its mean is by arithmetic
    // 0.5 · 1 + 0.5 · (0.5 · 3 + 0.5 · 100) ms. The first class takes 50 ms, and so do its copies: nothing is won.
    let text = "machine.cores = 8\nschedule.policy = \"jsq\"\n[workload.service]\ncount = 6000\narrivals.every = \"300 ms\"\n\
                hedge.after = \"2 ms\"\n[workload.service.classes]\nsteady = { share = 1, work = \"50 ms\" }\n\
                lucky = { share = 1, work.bimodal = { values = [\"1 ms\", \"100 ms\"], weights = [1, 1] } }";
    let lucky = 0.5 * 1e-3 + 0.5 * (0.5 * 3e-3 + 0.5 * 100e-3);
    agrees(text, 30, 0.03, [(Metric::Response, (50e-3 + lucky) / 2.0)]);
}

#[test]
fn copies_at_a_quantile_go_to_the_part_beyond_it_of_each_class() {
    // Dean & Barroso 2013. Copies don't change how many are done by the quantile, so that it stays where it was: of each
    // class, however long its requests take, one in ten gets a copy.
    let text = "machine.cores = 12\nschedule.policy = \"jsq\"\n[workload.service]\ncount = 20_000\n\
                arrivals.every = \"20 ms\"\nhedge.after = \"p90\"\n[workload.service.classes]\n\
                short = { share = 1, work = { exponential = \"1 ms\" } }\n\
                long = { share = 1, work = { exponential = \"20 ms\" } }";
    let (outcome, log) = recorded(text);
    assert_eq!(outcome.fates.done, 20_000);
    let copies: Vec<_> = log.tasks.iter().filter(|row| row.number % 2 == 1).collect();
    assert!((copies.len() as f64 / 2000.0 - 1.0).abs() < 0.06, "{}", copies.len());
    // The quantiles of exponential times: ln 10 means. Copies of short requests come early, those of long ones late.
    let delays: Vec<f64> = copies
        .iter()
        .filter(|row| row.number > 20_000)
        .map(|row| {
            (row.release.expect("it came") - log.task(row.number - 1).release.expect("it came")).ticks()
                as f64
        })
        .collect();
    let (short, long): (Vec<f64>, Vec<f64>) = delays.iter().partition(|delay| **delay < 10e9);
    let mean = |delays: &[f64]| delays.iter().sum::<f64>() / delays.len() as f64 * 1e-12;
    let ln10 = std::f64::consts::LN_10;
    assert!((mean(&short) / (ln10 * 1e-3) - 1.0).abs() < 0.05, "{}", mean(&short));
    assert!((mean(&long) / (ln10 * 20e-3) - 1.0).abs() < 0.05, "{}", mean(&long));
    assert!((short.len() as f64 / long.len() as f64 - 1.0).abs() < 0.25, "{} {}", short.len(), long.len());
}

#[test]
fn parts_of_one_request_that_are_lost_together_fail_once() {
    let text = "machine = { nodes = 2, cores = 2 }\nschedule.policy = \"jsq\"\n\
                [faults.inject.crash]\ntarget = \"node 0\"\nfault = \"crash\"\nat = \"5 ms\"\nfor = \"20 ms\"\n\
                [workload.service]\nfan_out = 4\ncount = 10\nwork = \"2 ms\"\narrivals.every = \"4 ms\"";
    let (outcome, log) = recorded(text);
    assert_eq!(outcome.fates.done + outcome.fates.failed, 10);
    assert!(outcome.fates.failed >= 1, "{:?}", outcome.fates);
    let failed = log.tasks.iter().filter(|row| row.fate == Fate::Failed).count() as u64;
    assert_eq!(failed, outcome.fates.failed, "one part fails for each request, and the others are cancelled");
}

#[test]
fn parts_that_nobody_needs_lose_what_they_did_wherever_they_did_it() {
    // From 1 s on a task and two parts, each of 3 ms, on two cores by turns of 1 ms: {0, 1}, {2, 0}, {1, 2}, {0, 1}. After
    // 4 ms the first part is done, and what the second, which waits, did in 2 ms on one core and the other is thrown away.
    let text = "machine.cores = 2\nschedule.queue = { round-robin-quantum = \"1 ms\" }\n\
                workload.a = { kind = \"tasks\", list = [{ work = \"3 ms\", release = \"1 s\" }] }\n\
                [workload.b]\nkind = \"service\"\nwork = \"3 ms\"\ncount = 1\narrivals.every = \"1 s\"\n\
                fan_out = { parts = 2, wait = 1 }";
    // All three at once, at 2/3 each: all have had enough after 4.5 ms, the second part in vain.
    let shared = text.replace("{ round-robin-quantum = \"1 ms\" }", "\"processor-sharing\"");
    for (text, lost) in [(text.to_string(), 2.0), (shared, 3.0)] {
        let outcome = outcome(&text);
        let ms = |state| outcome.times.get(state) as f64 / 1e9;
        assert_eq!((ms(State::Compute), ms(State::Lost), ms(State::Idle)), (6.0, lost, 2000.0), "{text}");
        assert_eq!((value(&outcome, Metric::Cancelled), outcome.fates.done), (1.0, 2));
    }
}
