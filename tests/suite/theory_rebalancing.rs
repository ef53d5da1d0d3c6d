//! Rebalancing: small cases by hand, mean fields of many servers, and diffusion against its matrix.

use crate::common::{Log, agrees, recorded, scenario, value};
use makespan::metrics::Metric;
use makespan::record::{Fate, Outcome, State};

/// Everything comes to the first core, and stays unless it is rebalanced.
const HOT: &str = "schedule.policy.work-sharing.threshold = 1_000_000\nschedule.initial = \"first-core\"\n";

/// Two nodes of one core: 2 s from one to the other, and 2 bytes a second.
const APART: &str =
    "machine = { nodes = 2, cores = 1 }\nnetwork = { bandwidth = \"2 B/s\", latency = \"1 s\" }\n";

fn ends(text: &str) -> (Vec<f64>, Outcome, Log) {
    let (outcome, log) = recorded(text);
    let ends = log.ends().iter().map(|end| (end * 1e6).round() * 1e-6).collect();
    (ends, outcome, log)
}

/// Four tasks of 10 s that come to core 0 second by second.
fn arriving(machine: &str, data: &str, rebalance: &str, probe: &str) -> String {
    let rows: Vec<String> =
        (0..4).map(|at| format!("{{ work = \"10 s\", release = \"{at} s\"{data} }}")).collect();
    format!(
        "{machine}{HOT}schedule.rebalance = {rebalance}\nschedule.cost.probe = \"{probe}\"\nworkload.tasks.list = [{}]",
        rows.join(", ")
    )
}

#[test]
fn who_has_too_much_sends_what_comes_to_who_has_room() {
    let sender = "\"sender-initiated\"";
    // The second task finds a task before it, and goes to core 1; the others find both at work, and stay.
    let (all, result, log) = ends(&arriving("machine.cores = 2\n", "", sender, "0 s"));
    assert_eq!(all, [10.0, 11.0, 20.0, 30.0]);
    assert_eq!((value(&result, Metric::Probes), value(&result, Metric::Migrations)), (3.0, 1.0));
    assert_eq!(result.times.get(State::Schedule), 0);
    let moved = &log.steals[0];
    assert_eq!((moved.victim.index(), moved.thief.index(), moved.at.ticks()), (0, 1, 1_000_000_000_000));
    // Two are enough: the third goes.
    let two = "{ sender-initiated.threshold = 2 }";
    let (all, ..) = ends(&arriving("machine.cores = 2\n", "", two, "0 s"));
    assert_eq!(all, [10.0, 20.0, 12.0, 22.0]);
    // A probe takes half a second, and the core computes all the same.
    let (all, ..) = ends(&arriving("machine.cores = 2\n", "", sender, "0.5 s"));
    assert_eq!(all, [10.0, 11.5, 20.0, 30.0]);
    // Asked at 1, there at 3, answered at 5: until then three have come, and the last of them goes. On its way from 5
    // to 7 it counts to core 1, so that the answers to what was asked at 5 (9) and again are no.
    let (all, result, log) = ends(&arriving(APART, "", sender, "0 s"));
    assert_eq!(all, [10.0, 20.0, 30.0, 17.0]);
    assert_eq!(value(&result, Metric::Migrations), 1.0);
    assert_eq!(
        (log.steals[0].began.ticks(), log.steals[0].at.ticks()),
        (1_000_000_000_000, 7_000_000_000_000)
    );
    assert_eq!(value(&result, Metric::MigratedBytes), 0.0);
}

#[test]
fn data_go_with_what_moves_and_are_not_sent_for_again() {
    let text = |data: &str| {
        format!(
            "{APART}{HOT}schedule.rebalance = \"sender-initiated\"\nworkload.tasks = {{ count = 2, work = \"10 s\", {data} }}"
        )
    };
    // Asked at 0, answered at 4; the task and its 6 bytes take 2 + 3 s, and start at once.
    let (all, result, log) = ends(&text("data = { size = \"6 B\", home = \"node 0\" }"));
    assert_eq!(all, [10.0, 19.0]);
    assert_eq!((value(&result, Metric::MigratedBytes), value(&result, Metric::Bytes)), (6.0, 6.0));
    assert_eq!(log.messages.len(), 3);
    // Data that lie elsewhere aren't taken along: what has come to where they are starts at 6.
    let (all, result, _) = ends(&text("data = { size = \"6 B\", home = \"node 1\" }"));
    assert_eq!(all, [15.0, 16.0]);
    assert_eq!((value(&result, Metric::MigratedBytes), value(&result, Metric::Bytes)), (0.0, 6.0));
}

#[test]
fn who_has_too_little_asks_for_what_waits() {
    let text = |machine: &str, rebalance: &str, probe: &str| {
        format!(
            "{machine}{HOT}schedule.rebalance = {rebalance}\nschedule.cost.probe = \"{probe}\"\n\
             workload.tasks.list = [{{ work = \"10 s\" }}, {{ work = \"2 s\" }}, {{ work = \"2 s\" }}]"
        )
    };
    let near = "machine.cores = 2\n";
    // Core 1 never ends a task, and asks nobody; core 0 asks when all is done.
    let (all, result, _) = ends(&text(near, "\"receiver-initiated\"", "0 s"));
    assert_eq!((all, value(&result, Metric::Probes)), (vec![10.0, 12.0, 14.0], 1.0));
    // Core 1 asks at 1 and gets the last, ends it at 3 and gets the other; at 5 nothing waits, and it sleeps.
    let again = "{ receiver-initiated.again = \"1 s\" }";
    let (all, result, _) = ends(&text(near, again, "0 s"));
    assert_eq!(all, [10.0, 5.0, 3.0]);
    assert_eq!((value(&result, Metric::Probes), value(&result, Metric::Migrations)), (4.0, 2.0));
    // To ask takes half a second: from 1 to 1.5, from 3.5 to 4.
    let (all, ..) = ends(&text(near, again, "0.5 s"));
    assert_eq!(all, [10.0, 6.0, 3.5]);
    // Asked at 1, taken at 3, there at 5, done at 7; taken at 9 and done at 13. At the end of the first task nothing waits.
    let (all, ..) = ends(&text(APART, again, "0 s"));
    assert_eq!(all, [10.0, 13.0, 7.0]);
}

/// Eight tasks of 10 s on the first of four cores.
fn eight(rebalance: &str, probe: &str) -> String {
    format!(
        "machine.cores = 4\n{HOT}schedule.rebalance = {rebalance}\nschedule.cost.probe = \"{probe}\"\n\
         workload.tasks = {{ count = 8, work = \"10 s\" }}"
    )
}

#[test]
fn loads_are_levelled_in_rounds_at_multiples_of_the_period() {
    // At 3 the loads are 8, 0, 0, 0. The last goes to core 1, that before it to core 2 …; each core begins with the first that it has.
    let (all, result, _) = ends(&eight("{ threshold = \"3 s\" }", "0 s"));
    assert_eq!(all, [10.0, 20.0, 13.0, 13.0, 13.0, 23.0, 23.0, 23.0]);
    assert_eq!(value(&result, Metric::Migrations), 6.0);
    // Loads as of 3, tasks as of 4.
    let (all, ..) = ends(&eight("{ threshold = \"3 s\" }", "1 s"));
    assert_eq!(all, [10.0, 20.0, 14.0, 14.0, 14.0, 24.0, 24.0, 24.0]);
    // The greatest may be four times the mean.
    let (all, ..) = ends(&eight("{ threshold = { every = \"3 s\", threshold = 3 } }", "0 s"));
    assert_eq!(all.last(), Some(&80.0));
    // By work the same, since all have the same.
    let (all, ..) =
        ends(&eight("{ threshold = { every = \"3 s\", threshold = 0, measure = \"work\" } }", "0 s"));
    assert_eq!(all, [10.0, 20.0, 13.0, 13.0, 13.0, 23.0, 23.0, 23.0]);
}

#[test]
fn load_flows_between_neighbours_round_by_round() {
    // At 3 a third of 8, 3 tasks to the nearest, goes to either side: 7, 6, 5 to core 1, 4, 3, 2 to core 3. At 6 each of
    // these gives a third of its 3 to core 2: 7 and 4.
    let (all, result, log) = ends(&eight("{ diffusion = \"3 s\" }", "0 s"));
    assert_eq!(all, [10.0, 20.0, 13.0, 23.0, 16.0, 13.0, 23.0, 26.0]);
    assert_eq!(value(&result, Metric::Migrations), 8.0);
    let rows: Vec<_> =
        log.steals.iter().map(|row| (row.victim.index(), row.thief.index(), row.tasks)).collect();
    assert_eq!(rows, [(0, 1, 3), (0, 3, 3), (1, 2, 1), (3, 2, 1)]);
    // Never by more than all of it.
    let (all, ..) = ends(&eight("{ diffusion = { every = \"3 s\", threshold = \"100 %\" } }", "0 s"));
    assert_eq!(all.last(), Some(&80.0));
}

/// The parts of the servers that have at least 1, 2, 3 … tasks, where tasks come at `arrive(i)` to a server that has i and leave it
/// at `serve(i)`.
fn parts(arrive: impl Fn(usize) -> f64, serve: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut weights = vec![1.0];
    for i in 0..2000 {
        weights.push(weights[i] * arrive(i) / serve(i + 1));
    }
    let all: f64 = weights.iter().sum();
    (1..weights.len()).map(|from| weights[from..].iter().sum::<f64>() / all).collect()
}

/// The mean number of tasks of a server under sender-initiated sharing, for many servers (Eager, Lazowska & Zahorjan 1986):
/// what comes to a server of at least T tasks goes to one of fewer if any of L has.
fn senders(rate: f64, threshold: usize, probes: i32) -> f64 {
    let field = |full: f64| {
        let sent = full * (1.0 - full.powi(probes)) / (1.0 - full);
        let arrive = |i: usize| if i < threshold { rate * (1.0 + sent) } else { rate * full.powi(probes) };
        parts(arrive, |_| 1.0)
    };
    let full = fixed_point(|full| field(full)[threshold - 1]);
    field(full).iter().sum()
}

/// The same under receiver-initiated sharing: who is left with fewer than T tasks gets one of who has more than T, if one of L has.
fn receivers(rate: f64, threshold: usize, probes: i32) -> f64 {
    let field = |rich: f64, poor_ends: f64| {
        let found = 1.0 - (1.0 - rich).powi(probes);
        let serve = |i: usize| if i <= threshold { 1.0 - found } else { 1.0 + poor_ends * found / rich };
        parts(|_| rate, serve)
    };
    // Ends at servers of 1 to T tasks: the busy ones without the rich. All that comes is done, so that `rate` are busy.
    let of = |rich: f64| field(rich, rate - rich)[threshold];
    let rich = fixed_point(of);
    field(rich, rate - rich).iter().sum()
}

/// Where a falling function on (0, 1) equals its argument.
fn fixed_point(of: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (1e-9, 1.0 - 1e-9);
    for _ in 0..200 {
        let middle = (low + high) / 2.0;
        if of(middle) > middle { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

/// Asserts that 300 servers have so many tasks each in the mean as the mean field of many says.
fn follows(rate: f64, rebalance: &str, expected: f64) {
    let text = format!(
        "machine.cores = 300\nrun = {{ horizon = \"400 s\", warmup = \"100 s\", tick = \"1 us\" }}\n\
         workload.tasks = {{ work = {{ exponential = \"1 s\" }}, arrivals = {{ poisson = \"{} /s\" }} }}\n\
         schedule = {{ policy = \"random\", rebalance = {rebalance} }}",
        300.0 * rate
    );
    agrees(&text, 8, 0.03, [(Metric::Queue, 300.0 * expected)]);
}

#[test]
fn the_mean_fields_agree_with_what_is_known_in_closed_form() {
    // With T = 1 the part of servers with i tasks is r^(1 + (i − 1)(L + 1)) for senders.
    for (rate, probes) in [(0.5_f64, 1), (0.8, 1), (0.8, 3)] {
        let closed = rate / (1.0 - rate.powi(probes + 1));
        assert!((senders(rate, 1, probes) / closed - 1.0).abs() < 1e-6);
    }
    // For receivers with T = L = 1 Mitzenmacher's (1998) stealing queues.
    for rate in [0.5_f64, 0.8, 0.9] {
        let s2 = (1.0 + rate - ((1.0 + rate).powi(2) - 4.0 * rate * rate).sqrt()) / 2.0;
        let closed = rate + s2 / (1.0 - rate / (1.0 + rate - s2));
        assert!((receivers(rate, 1, 1) / closed - 1.0).abs() < 1e-6, "{} {closed}", receivers(rate, 1, 1));
    }
}

#[test]
fn many_servers_follow_the_mean_field_of_senders() {
    for (rate, threshold, probes) in [(0.5, 1, 1), (0.8, 1, 3), (0.8, 2, 2)] {
        let way = format!("{{ sender-initiated = {{ threshold = {threshold}, probes = {probes} }} }}");
        follows(rate, &way, senders(rate, threshold, probes));
    }
}

#[test]
fn many_servers_follow_the_mean_field_of_receivers() {
    for (rate, threshold, probes) in [(0.5, 1, 1), (0.8, 1, 3), (0.8, 2, 2)] {
        let way = format!("{{ receiver-initiated = {{ threshold = {threshold}, probes = {probes} }} }}");
        follows(rate, &way, receivers(rate, threshold, probes));
    }
}

#[test]
fn free_probes_of_all_make_one_queue_of_many() {
    // What comes goes to an idle core if there is one, and a core that falls idle finds what waits: M/M/4.
    let (servers, load) = (4_i32, 3.2_f64);
    let terms: Vec<f64> = (0..=servers)
        .scan(1.0, |term, n| {
            let now = *term;
            *term *= load / f64::from(n + 1);
            Some(now)
        })
        .collect();
    let last = terms[servers as usize] / (1.0 - load / f64::from(servers));
    let waits = last / (terms[..servers as usize].iter().sum::<f64>() + last);
    let queue = load + waits * load / (f64::from(servers) - load);
    let text = "machine.cores = 4\nrun = { horizon = \"30000 s\", warmup = \"500 s\", tick = \"1 us\" }\n\
                workload.tasks = { work = { exponential = \"1 s\" }, arrivals = { poisson = \"3.2 /s\" } }\n\
                schedule = { policy = \"jsq\", rebalance.receiver-initiated.probes = 3 }";
    agrees(text, 10, 0.04, [(Metric::Queue, queue)]);
}

/// What each of `cores` in a ring has when `rounds` rounds are over, of which core 0 had `all` at first: a third of each
/// difference flows, to the nearest whole task; the task that each has in service stays.
fn ring(cores: usize, all: i64, rounds: usize) -> Vec<i64> {
    let mut has = vec![0; cores];
    has[0] = all;
    for _ in 0..rounds {
        let before = has.clone();
        let mut waiting: Vec<i64> = before.iter().map(|has| (has - 1).max(0)).collect();
        let mut edges: Vec<(usize, usize)> =
            (0..cores).map(|at| (at.min((at + 1) % cores), at.max((at + 1) % cores))).collect();
        edges.sort_unstable();
        for (one, other) in edges {
            let (from, to) = if before[one] > before[other] { (one, other) } else { (other, one) };
            // Never the half: a third of a whole number.
            let flow = ((before[from] - before[to]) as f64 / 3.0).round() as i64;
            let flow = flow.min(waiting[from]);
            waiting[from] -= flow;
            has[from] -= flow;
            has[to] += flow;
        }
    }
    has
}

#[test]
fn diffusion_on_a_ring_smooths_as_its_second_eigenvalue_says() {
    let (cores, all) = (12, 24_000);
    // Without rounding: w ← w − α L w. The slowest part falls by 1 − α(2 − 2 cos 2π/n) a round (Cybenko 1989).
    let mut smooth = vec![0.0; cores];
    smooth[0] = f64::from(all);
    let mean = f64::from(all) / cores as f64;
    let far = |smooth: &[f64]| smooth.iter().map(|has| (has - mean).powi(2)).sum::<f64>().sqrt();
    let second = 1.0 - (2.0 - 2.0 * libm::cos(std::f64::consts::TAU / cores as f64)) / 3.0;
    let (mut before, mut ratio) = (far(&smooth), 1.0);
    for rounds in 1..=60 {
        let old = smooth.clone();
        for at in 0..cores {
            let (left, right) = (old[(at + cores - 1) % cores], old[(at + 1) % cores]);
            smooth[at] = old[at] + ((left - old[at]) + (right - old[at])) / 3.0;
        }
        let now = far(&smooth);
        (ratio, before) = (now / before, now);
        if [1, 2, 5, 12, 30, 60].contains(&rounds) {
            // Nothing ends meanwhile.
            let text = format!(
                "machine.cores = {cores}\nrun.horizon = \"{rounds}.5 s\"\nrun.tick = \"1 us\"\n{HOT}\
                 schedule.rebalance.diffusion = {{ every = \"1 s\", threshold = 0 }}\n\
                 workload.tasks = {{ count = {all}, work = \"1000 s\" }}"
            );
            let (_, log) = recorded(&text);
            let mut has = vec![0_i64; cores];
            has[0] = i64::from(all);
            for row in &log.steals {
                has[row.victim.index()] -= i64::from(row.tasks);
                has[row.thief.index()] += i64::from(row.tasks);
            }
            assert_eq!(has, ring(cores, i64::from(all), rounds), "after {rounds} rounds");
            let furthest =
                has.iter().zip(&smooth).map(|(has, smooth)| (*has as f64 - smooth).abs()).fold(0.0, f64::max);
            assert!(furthest < 4.0, "after {rounds} rounds {has:?} against {smooth:?}");
        }
    }
    assert!((ratio / second - 1.0).abs() < 1e-6, "{ratio} against {second}");
}

#[test]
fn only_what_waits_and_may_run_there_moves() {
    // The first task may run on core 0 only, and so may the third; the second goes.
    let text = format!(
        "machine.cores = 2\n{HOT}schedule.rebalance.threshold = {{ every = \"1 s\", threshold = 0 }}\n\
         workload.tasks.list = [{{ work = \"10 s\", pin = \"core 0\" }}, {{ work = \"10 s\" }}, {{ work = \"10 s\", pin = \"core 0\" }}]"
    );
    let (all, ..) = ends(&text);
    assert_eq!(all, [10.0, 11.0, 20.0]);
    // What has begun stays: under turns of 1 s both have when the first round comes.
    let text = format!(
        "machine.cores = 2\n{HOT}schedule.queue.round-robin-quantum = \"1 s\"\n\
         schedule.rebalance.threshold = {{ every = \"2.5 s\", threshold = 0 }}\nworkload.tasks = {{ count = 2, work = \"4 s\" }}"
    );
    let (_, result, _) = ends(&text);
    assert_eq!(value(&result, Metric::Migrations), 0.0);
}

#[test]
fn an_order_that_is_not_first_come_gives_what_would_be_served_last() {
    let text = |queue: &str| {
        format!(
            "machine.cores = 2\n{HOT}schedule.queue = \"{queue}\"\nschedule.rebalance.threshold = {{ every = \"6 s\", threshold = 0 }}\n\
             workload.tasks.list = [{{ work = \"10 s\" }}, {{ work = \"3 s\", release = \"0.5 s\" }}, {{ work = \"7 s\", release = \"0.5 s\" }}]"
        )
    };
    assert_eq!(ends(&text("spt")).0, [10.0, 13.0, 13.0]);
    assert_eq!(ends(&text("lpt")).0, [10.0, 9.0, 17.0]);
}

#[test]
fn work_is_measured_as_the_time_that_a_core_needs_for_it() {
    // 8 and 6 s of work wait behind 2 s at speed 1; the other core has speed 4. By tasks 2 may go there, by work 6 too.
    let text = |measure: &str| {
        format!(
            "machine.cores = 2\nmachine.speed = [1, 4]\n{HOT}\
             schedule.rebalance.threshold = {{ every = \"1 s\", threshold = 0, measure = \"{measure}\" }}\n\
             workload.tasks.list = [{{ work = \"2 s\" }}, {{ work = \"8 s\" }}, {{ work = \"6 s\" }}]"
        )
    };
    // By tasks (3, 0) become (2, 1): 6 s at speed 4 from 1 on. At 2 core 0 has 8 s in service, and nothing waits.
    assert_eq!(ends(&text("tasks")).0, [2.0, 10.0, 2.5]);
    // By work 15 s and 0 s: 6 go there, then 9 s against 1.5 s: 8 go too, behind which 3.5 s lie; first come first served.
    assert_eq!(ends(&text("work")).0, [2.0, 3.0, 4.5]);
}

#[test]
fn what_is_on_its_way_to_a_node_that_fails_is_decided_anew() {
    // It sets out at 4 with 20 bytes, would be there at 16, and its node fails at 8.
    let text = format!(
        "{APART}{HOT}schedule.rebalance = \"sender-initiated\"\n\
         workload.tasks = {{ count = 2, work = \"10 s\", data = {{ size = \"20 B\", home = \"node 0\" }} }}\n\
         faults = {{ recover = \"retry\", inject.a = {{ target = \"node 1\", fault = \"crash\", at = \"8 s\" }} }}"
    );
    let (all, result, log) = ends(&text);
    assert_eq!(all, [10.0, 20.0]);
    assert!(log.tasks.iter().all(|row| row.fate == Fate::Done && row.attempts == 1));
    assert_eq!(value(&result, Metric::MigratedBytes), 20.0);
    // Where that is noticed at 12, the first core has nothing to do from 10 on.
    let late = text.replace("recover = ", "detect.delay = \"4 s\", recover = ");
    assert_eq!(ends(&late).0, [10.0, 22.0]);
}

#[test]
fn replicas_of_one_core_are_rebalanced_and_parts_of_requests_keep_apart() {
    // Two parts of which one is enough, and copies of what takes long: parts are cancelled where they wait, run, or are on
    // their way, and never two of a request wait on one core.
    let text = "machine = { nodes = 5, cores = 1 }\nrun = { horizon = \"4000 s\", tick = \"1 us\" }\n\
                network = { bandwidth = \"100 B/s\", latency = \"0.2 s\" }\n\
                workload.service = { count = 2000, work = { exponential = \"1 s\" }, arrivals = { poisson = \"2 /s\" }, capacity = 6, \
                data = { size = \"20 B\", home = \"node 0\" }";
    for more in ["", ", fan_out = { parts = 2, wait = 1 }", ", hedge.after = \"2 s\""] {
        for way in [
            "\"sender-initiated\"",
            "{ receiver-initiated.again = \"0.5 s\" }",
            "{ diffusion = \"0.5 s\" }",
            "{ threshold = \"0.5 s\" }",
        ] {
            let text = format!("{text}{more} }}\nschedule = {{ policy = \"random\", rebalance = {way} }}");
            let (result, log) = recorded(&text);
            assert!(value(&result, Metric::Migrations) > 50.0, "{text}");
            assert_eq!(result.fates.done + result.fates.dropped, 2000, "{text}");
            assert!(log.tasks.iter().all(|row| row.fate != Fate::Unfinished), "{text}");
        }
    }
}

#[test]
fn rounds_end_with_the_work() {
    // Two tasks that only core 0 may run, the second behind a fault for good: rounds don't go on for ever.
    let text = format!(
        "machine.cores = 2\n{HOT}schedule.rebalance.diffusion = \"1 ms\"\nrun.limits.events = 100_000\n\
         workload.tasks.list = [{{ work = \"1 s\", pin = \"core 0\" }}, {{ work = \"1 s\", pin = \"core 0\" }}]\n\
         faults.inject.a = {{ target = \"core 0\", fault = \"crash\", at = \"0.5 s\" }}"
    );
    let failure = crate::common::attempt(&scenario(&text), 0).expect_err("nobody can run the second");
    assert!(matches!(failure, makespan::sim::Failure::Stuck { .. }), "{failure:?}");
}

#[test]
fn what_has_come_to_a_free_core_begins_and_is_not_sent_on() {
    // All the difference flows, and is as long on its way as it is from round to round: at 2 core 0 begins with the second
    // and gives the third, which comes to core 1 at 4, where another round finds a difference.
    let text = format!(
        "{APART}{HOT}schedule.rebalance.diffusion = {{ every = \"2 s\", alpha = 1 }}\nrun.limits.events = 1000\n\
         workload.tasks = {{ count = 3, work = \"2 s\" }}"
    );
    let (all, result, _) = ends(&text);
    assert_eq!((all, value(&result, Metric::Migrations)), (vec![2.0, 4.0, 6.0], 1.0));
}

#[test]
fn transfers_beside_have_no_queues_to_be_rebalanced() {
    // Under the same schedule, on all nodes, while the tasks have one core: it asks again and again, and finds nobody.
    let text = format!(
        "machine = {{ nodes = 3, cores = 1 }}\nnetwork = {{ bandwidth = \"1 B/s\", latency = \"0 s\" }}\n{HOT}\
         schedule.rebalance.receiver-initiated.again = \"1 s\"\n\
         workload.a = {{ kind = \"tasks\", on = \"node 1\", count = 3, work = \"2 s\", arrivals.every = \"5 s\" }}\n\
         workload.b = {{ kind = \"transfers\", list = [{{ from = \"node 0\", to = \"node 2\", bytes = \"9 B\" }}] }}"
    );
    let (_, result, log) = ends(&text);
    assert_eq!((result.fates.done, log.steals.len()), (4, 0));
}
