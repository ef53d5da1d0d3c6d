//! Dispatchers against their theory.

use crate::common::{agrees, intervals, outcome, recorded, value};
use makespan::metrics::Metric;

/// Tasks of 1 ms in the mean that come at `load` times what `cores` cores can do, each to a queue of a core.
fn farm(cores: u32, load: f64, work: &str, policy: &str, count: u32) -> String {
    let rate = f64::from(cores) * load * 1000.0;
    format!(
        "machine.cores = {cores}\nschedule.policy = {policy}\nrun.warmup = \"60 ms\"\n\
         [workload.tasks]\ncount = {count}\narrivals = {{ poisson = \"{rate} /s\" }}\nwork = {work}"
    )
}

const EXPONENTIAL: &str = "{ exponential = \"1 ms\" }";

/// The mean response in the limit of many servers, in mean service times: Σ ρ^((dⁱ − d)/(d − 1)), i from 1
/// (Vvedenskaya, Dobrushin & Karpelevich 1996; Mitzenmacher 2001, corollary 3.4).
fn supermarket(load: f64, d: u32) -> f64 {
    let d = f64::from(d);
    (1..40).map(|i| libm::pow(load, (libm::pow(d, f64::from(i)) - d) / (d - 1.0))).sum()
}

#[test]
fn the_power_of_d_choices_nears_the_supermarket_model_as_servers_grow() {
    for (d, load) in [(2, 0.9), (3, 0.9), (2, 0.7)] {
        let limit = supermarket(load, d) * 1e-3;
        let policy = format!("{{ power-of-d = {{ d = {d}, replacement = true }} }}");
        let off = |cores: u32, count: u32| {
            let text = farm(cores, load, EXPONENTIAL, &policy, count);
            let [response] = intervals(&text, 10, 0.99, [Metric::Response]);
            assert!(response.half_width < 0.08 * limit, "{response:?}");
            (response.mean / limit - 1.0, response.half_width / limit)
        };
        // From above, by about 1/n (Graham 2000): far from it with 10 servers, near it with 300.
        let ((few, _), (many, half)) = (off(10, 60_000), off(300, 60_000));
        assert!(few > 0.02, "{d} {load}: {few}");
        assert!(many.abs() < 0.01 + half && many < few, "{d} {load}: {few} {many} ± {half}");
    }
}

#[test]
fn drawing_all_servers_without_replacement_is_the_shortest_queue() {
    let text = |policy: &str| farm(8, 0.8, EXPONENTIAL, policy, 4000);
    let all = "{ power-of-d = { d = 8 } }\nschedule.ties = \"lowest\"";
    let shortest = "\"jsq\"\nschedule.ties = \"lowest\"";
    let responses = [all, shortest].map(|policy| value(&outcome(&text(policy)), Metric::Response));
    assert_eq!(responses[0], responses[1]);
}

#[test]
fn one_draw_and_one_remembered_have_the_lengths_of_their_fluid_limit() {
    // After Mitzenmacher, Prabhakar & Shah 2002, in the limit of many servers. s and m are the parts of servers, and of
    // remembered ones, that have k tasks or more. A task joins k or more where both that it sees have so many:
    // s(k) = ρ s(k−1) m(k−1). Of both, with the task, the better one is remembered: it has k or more where both had k − 1
    // and one had k, so that m(k) = s(k) m(k−1) + m(k) s(k−1) − s(k) m(k).
    let load = 0.9;
    let (mut servers, mut remembered, mut tasks) = (1.0, 1.0, 0.0);
    for _ in 0..30 {
        let next = load * servers * remembered;
        remembered = next * remembered / (1.0 - servers + next);
        servers = next;
        tasks += servers;
    }
    let policy = "{ power-of-d = { d = 1, memory = 1 } }";
    let [response] = intervals(&farm(100, load, EXPONENTIAL, policy, 60_000), 10, 0.99, [Metric::Response]);
    let limit = tasks / load * 1e-3;
    assert!((response.mean / limit - 1.0).abs() < 0.02 + response.half_width / limit, "{response:?} {limit}");
    assert!(response.half_width < 0.05 * limit, "{response:?}");
}

/// The mean number of tasks in two queues of exponential servers of rate 1 under Poisson arrivals of rate 2 ρ that join the
/// shorter one, ties at random: the chain of both lengths, cut off where they hardly ever get, solved by relaxation.
fn two_shortest(load: f64) -> f64 {
    const MOST: usize = 60;
    let arrivals = 2.0 * load;
    // By symmetry the longer and the shorter queue are all that counts.
    let at = |long: usize, short: usize| long * (MOST + 1) + short;
    let mut p = vec![0.0; (MOST + 1) * (MOST + 1)];
    p[0] = 1.0;
    let rate = arrivals + 2.0;
    for _ in 0..6000 {
        let mut next = vec![0.0; p.len()];
        for long in 0..=MOST {
            for short in 0..=long {
                let here = p[at(long, short)];
                if here == 0.0 {
                    continue;
                }
                let mut stay = 1.0;
                let mut go = |to: usize, by: f64| {
                    next[to] += here * by / rate;
                    stay -= by / rate;
                };
                if long == short && long < MOST {
                    go(at(long + 1, short), arrivals);
                } else if short < long {
                    go(at(long, short + 1), arrivals);
                }
                if long == short && short > 0 {
                    go(at(long, short - 1), 2.0);
                } else if long > short {
                    go(at(long - 1, short), 1.0);
                    if short > 0 {
                        go(at(long, short - 1), 1.0);
                    }
                }
                next[at(long, short)] += here * stay;
            }
        }
        p = next;
    }
    (0..p.len()).map(|state| p[state] * (state / (MOST + 1) + state % (MOST + 1)) as f64).sum()
}

#[test]
fn the_shorter_of_two_queues_is_exact() {
    // Flatto & McKean 1977 have the generating function; here the chain itself is solved. At ρ = 1/2 Kingman's bounds
    // are met too: between one queue for both servers (4/3 tasks) and two queues joined at random (2 tasks).
    let half = two_shortest(0.5);
    assert!(4.0 / 3.0 < half && half < 2.0, "{half}");
    for load in [0.5, 0.8] {
        let tasks = two_shortest(load);
        let text = farm(2, load, EXPONENTIAL, "\"jsq\"", 40_000);
        // Little 1961.
        let response = tasks / (2.0 * load) * 1e-3;
        agrees(&text, 20, 0.03, [(Metric::Queue, tasks), (Metric::Response, response)]);
    }
}

#[test]
fn who_knows_the_work_left_sends_each_task_where_one_queue_would() {
    // Kiefer & Wolfowitz 1955: the least work left under first come first served is M/G/k, task by task.
    for work in [EXPONENTIAL, "{ hyperexponential = { mean = \"1 ms\", cv = 4 } }"] {
        let [one, left] = ["\"fifo\"", "\"least-work-left\""]
            .map(|policy| value(&outcome(&farm(4, 0.85, work, policy, 8000)), Metric::Wait));
        assert!((one / left - 1.0).abs() < 1e-8, "{one} {left}");
        // Who only knows the mean can't.
        let guessed = value(&outcome(&farm(4, 0.85, work, "\"least-loaded\"", 8000)), Metric::Wait);
        assert!(guessed > 1.1 * one, "{guessed} {one}");
    }
}

#[test]
fn tasks_by_size_wait_as_in_a_queue_for_each_band() {
    // Harchol-Balter, Crovella & Murta 1999: each band is M/G/1 (Pollaczek & Khinchine) with the moments of its sizes.
    let (load, cores) = (0.7, 3.0);
    let cutoffs = [0.8, 2.0];
    let rate = load * cores;
    // ∫ xᵏ e⁻ˣ dx from a to b for k = 0, 1, 2, the last b being far out.
    let moment = |k: i32, from: f64, to: f64| {
        let primitive = |x: f64| {
            let polynomial = [1.0, x + 1.0, x * x + 2.0 * x + 2.0][k as usize];
            -polynomial * libm::exp(-x)
        };
        primitive(to) - primitive(from)
    };
    let mut wait = 0.0;
    for (from, to) in [(0.0, cutoffs[0]), (cutoffs[0], cutoffs[1]), (cutoffs[1], 60.0)] {
        let own = rate * moment(0, from, to);
        let busy = rate * moment(1, from, to);
        wait += own / rate * rate * moment(2, from, to) / (2.0 * (1.0 - busy));
    }
    let text = farm(3, load, EXPONENTIAL, "{ sita = [\"0.8 ms\", \"2 ms\"] }", 40_000);
    agrees(&text, 20, 0.08, [(Metric::Wait, wait * 1e-3)]);
    // Cut-offs of equal load keep all servers equally busy.
    let equal = farm(3, load, EXPONENTIAL, "\"sita\"", 40_000);
    let imbalance = value(&outcome(&equal), Metric::Imbalance);
    assert!(imbalance < 0.03, "{imbalance}");
}

#[test]
fn sizes_apart_tame_a_variance_that_turns_do_not() {
    let work = "{ bounded-pareto = { low = \"0.1 ms\", high = \"1000 ms\", shape = 1.1 } }";
    let mean = 0.5226;
    let text = |policy: &str| {
        farm(4, 0.6 / mean, work, policy, 30_000).replace("warmup = \"60 ms\"", "warmup = \"0 s\"")
    };
    let slowdown = |policy: &str| intervals(&text(policy), 10, 0.95, [Metric::Slowdown])[0];
    let (turns, sizes) = (slowdown("\"round-robin\""), slowdown("\"sita\""));
    assert!(sizes.high() * 3.0 < turns.low(), "{sizes:?} {turns:?}");
}

#[test]
fn parts_of_a_request_go_to_different_servers_under_every_dispatcher() {
    // Two parts of 1 ms on two servers: side by side, in 1 ms; one behind the other it would be 2.
    for policy in [
        "\"random\"",
        "\"round-robin\"",
        "\"weighted-round-robin\"",
        "\"jsq\"",
        "{ power-of-d = 1 }",
        "\"jiq\"",
        "\"least-loaded\"",
        "\"least-work-left\"",
        "\"least-connections\"",
        "{ sita = [\"2 ms\"] }",
        "{ sita.bands = 1 }",
        "\"consistent-hash\"",
        "{ consistent-hash.bound = 1.5 }",
        "{ consistent-hash.keys = 3 }",
    ] {
        for parts in ["fan_out = 2", "hedge.after = \"0.5 ms\"", "fan_out = { parts = 2, wait = 1 }"] {
            let text = format!(
                "machine.cores = 2\nschedule.policy = {policy}\n[workload.service]\nwork = {{ values = [\"1 ms\"] }}\n\
                 arrivals.every = \"10 ms\"\ncount = 20\n{parts}"
            );
            let (outcome, log) = recorded(&text);
            assert_eq!(value(&outcome, Metric::Response), 1e-3, "{policy} {parts}");
            let mut used: Vec<usize> =
                log.tasks.iter().map(|row| row.core.map_or(9, |core| core.index())).collect();
            used.sort_unstable();
            assert_eq!(used, [[0; 20], [1; 20]].concat(), "{policy} {parts}");
        }
    }
}
