//! Orders that take cores back, and priorities, against their theory.

use crate::common::{Log, agrees, at, outcome, recorded, scenario, value};
use makespan::metrics::Metric;
use makespan::sim::simulate;
use makespan::stats::Interval;
use makespan::time::Time;

/// Tasks `(release, work)` in milliseconds on so many cores, in an order.
fn listed(cores: u32, schedule: &str, tasks: &[(f64, f64, &str)]) -> String {
    let rows: Vec<String> = tasks
        .iter()
        .map(|(release, work, more)| format!("{{ release = \"{release} ms\", work = \"{work} ms\"{more} }}"))
        .collect();
    format!("machine.cores = {cores}\nschedule = {schedule}\nworkload.tasks.list = [{}]", rows.join(", "))
}

/// When each task ends, in milliseconds.
fn ends(text: &str) -> Vec<f64> {
    recorded(text).1.ends().iter().map(|end| (end * 1e6).round() / 1e3).collect()
}

#[test]
fn what_has_less_left_takes_the_core_and_what_lost_it_goes_on_later() {
    let tasks = [(0.0, 10.0, ""), (2.0, 3.0, ""), (3.0, 1.0, "")];
    let text = listed(1, "{ queue = \"srpt\" }", &tasks);
    // By hand: 0 runs to 2, 1 to 3 with 2 left, 2 to 4, then 1 to 6 and 0 to 14.
    assert_eq!(ends(&text), [14.0, 6.0, 4.0]);
    let (outcome, log) = recorded(&text);
    assert_eq!(value(&outcome, Metric::Preemptions), 2.0);
    assert_eq!(value(&outcome, Metric::Attempts), 3.0);
    let ran: Vec<(u64, Time, Time)> = log
        .intervals
        .iter()
        .filter_map(|interval| Some((interval.task?.1, interval.from, interval.to)))
        .collect();
    let stretch = |task, from: f64, to: f64| (task, at(from * 1e-3), at(to * 1e-3));
    let expected = [(0, 0.0, 2.0), (1, 2.0, 3.0), (2, 3.0, 4.0), (1, 4.0, 6.0), (0, 6.0, 14.0)];
    assert_eq!(ran, expected.map(|(task, from, to)| stretch(task, from, to)));
    // The same to the end: nothing is taken back under `spt`.
    assert_eq!(ends(&listed(1, "{ queue = \"spt\" }", &tasks)), [10.0, 14.0, 11.0]);
}

#[test]
fn in_a_pool_the_one_with_most_left_loses_its_core_and_goes_on_on_any() {
    // Two cores: 0 and 1 run; at 1 comes 2 with 2: 0 has 9 left and loses core 0; at 3 both short ones have ended.
    let tasks = [(0.0, 10.0, ""), (0.0, 3.0, ""), (1.0, 2.0, "")];
    let text = listed(2, "{ queue = \"srpt\" }", &tasks);
    assert_eq!(ends(&text), [12.0, 3.0, 3.0]);
    assert_eq!(value(&outcome(&text), Metric::Preemptions), 1.0);
}

#[test]
fn switching_costs_time_unless_a_core_goes_on_with_what_it_had() {
    let tasks = [(0.0, 10.0, ""), (2.0, 3.0, "")];
    let text = listed(1, "{ queue = \"srpt\", cost.switch = \"500 us\" }", &tasks);
    // A switch to each of 0, 1 and 0 again: 0 runs from 0.5 to 2, 1 from 2.5 to 5.5, 0 from 6 for 8.5.
    assert_eq!(ends(&text), [14.5, 5.5]);
    let outcome = outcome(&text);
    assert_eq!(value(&outcome, Metric::Switches), 3.0);
    assert_eq!(outcome.times.get(makespan::record::State::Schedule), 1_500_000_000);
}

#[test]
fn deadlines_are_kept_earliest_first_and_counted() {
    let tasks = [
        (0.0, 4.0, ", deadline = \"20 ms\""),
        (1.0, 2.0, ", deadline = \"3 ms\""),
        (2.0, 1.0, ", deadline = \"9 ms\""),
        (2.0, 3.0, ""),
    ];
    let text = listed(1, "{ queue.edf.preemptive = true }", &tasks);
    assert_eq!(ends(&text), [7.0, 3.0, 4.0, 10.0]);
    let kept = outcome(&text);
    assert_eq!(value(&kept, Metric::Missed), 0.0);
    assert_eq!(value(&kept, Metric::LatenessMax), -1e-3);
    let late = outcome(&listed(1, "{ queue.edf.preemptive = false }", &tasks));
    // 0 runs to 4, 1 to 6: 2 ms late; 2 to 7, 4 ms early; 0 is 16 ms early. Three have a deadline.
    assert_eq!(value(&late, Metric::Missed), 1.0 / 3.0);
    assert_eq!(value(&late, Metric::LatenessMax), 2e-3);
    assert!((value(&late, Metric::Lateness) - (2.0 - 4.0 - 16.0) / 3.0 * 1e-3).abs() < 1e-12);
    assert!((value(&late, Metric::Tardiness) - 2.0 / 3.0 * 1e-3).abs() < 1e-12);
}

/// The laws of work, each with its mean 1 ms, its density's support in steps and its distribution function.
type Law = (&'static str, fn(f64) -> f64);
const LAWS: [Law; 3] = [
    ("{ exponential = \"1 ms\" }", |x| 1.0 - libm::exp(-x)),
    ("{ uniform = [\"0.5 ms\", \"1.5 ms\"] }", |x| (x - 0.5).clamp(0.0, 1.0)),
    // Two rates with balanced means for cv 2: p = (1 + √((c² − 1)/(c² + 1)))/2, rates 2p and 2(1 − p).
    ("{ hyperexponential = { mean = \"1 ms\", cv = 2 } }", |x| {
        let p = (1.0 + (3.0_f64 / 5.0).sqrt()) / 2.0;
        1.0 - p * libm::exp(-2.0 * p * x) - (1.0 - p) * libm::exp(-2.0 * (1.0 - p) * x)
    }),
];

/// The mean of what a task of size x takes over all sizes, by the midpoint rule.
fn over_sizes(law: fn(f64) -> f64, of: impl Fn(f64, f64, f64) -> (f64, f64)) -> f64 {
    let step = 1e-3;
    // Below x: the load's part ∫ t dF, and ∫ t² dF; and a running integral of what `of` says of each size.
    let (mut mean, mut first, mut second, mut residence) = (0.0, 0.0, 0.0, 0.0);
    for cell in 0..80_000 {
        let x = (f64::from(cell) + 0.5) * step;
        let part = law(x + step / 2.0) - law(x - step / 2.0);
        let (wait, pace) = of(x, first + x * part / 2.0, second + x * x * part / 2.0);
        mean += part * (wait + residence + pace * step / 2.0);
        residence += pace * step;
        (first, second) = (first + x * part, second + x * x * part);
    }
    mean
}

fn single(law: &str, schedule: &str, rate: f64) -> String {
    format!(
        "machine.cores = 1\nschedule = {schedule}\nrun.warmup = \"0.5 s\"\n[workload.tasks]\ncount = 12_000\n\
         arrivals = {{ poisson = \"{rate} /s\" }}\nwork = {law}"
    )
}

#[test]
fn srpt_responds_as_schrage_and_miller_say() {
    // Schrage & Miller 1966: E[T(x)] = λ (∫₀ˣ t² dF + x² (1 − F(x))) / (2 (1 − ρ(x))²) + ∫₀ˣ dt / (1 − ρ(t)).
    let rate = 0.7;
    for (law, distribution) in LAWS {
        let expected = over_sizes(distribution, |x, first, second| {
            let rest = 1.0 - rate * first;
            let wait = rate * (second + x * x * (1.0 - distribution(x))) / (2.0 * rest * rest);
            (wait, 1.0 / rest)
        });
        let text = single(law, "{ queue = \"srpt\" }", 1000.0 * rate);
        agrees(&text, 30, 0.1, [(Metric::Response, expected * 1e-3), (Metric::Queue, rate * expected)]);
    }
}

#[test]
fn preemptive_spt_responds_as_its_formula_says() {
    // Preemptive shortest job first; Conway, Maxwell & Miller 1967, section 8-6:
    // E[T(x)] = λ ∫₀ˣ t² dF / (2 (1 − ρ(x))²) + x / (1 − ρ(x)).
    let rate = 0.7;
    for (law, distribution) in LAWS {
        let expected = over_sizes(distribution, |x, first, second| {
            let rest = 1.0 - rate * first;
            (rate * second / (2.0 * rest * rest) + x / rest, 0.0)
        });
        let text = single(law, "{ queue.spt.preemptive = true }", 1000.0 * rate);
        agrees(&text, 30, 0.1, [(Metric::Response, expected * 1e-3)]);
    }
}

#[test]
fn preemptive_last_come_first_served_is_insensitive_to_the_law_of_work() {
    // Kelly 1979, section 3.3: the mean response of M/G/1 under it is E[S] / (1 − ρ), whatever the law.
    for (law, _) in LAWS {
        let text = single(law, "{ queue.lifo.preemptive = true }", 600.0);
        agrees(&text, 40, 0.1, [(Metric::Response, 1e-3 / 0.4), (Metric::Queue, 0.6 / 0.4)]);
    }
}

#[test]
fn to_the_end_the_last_first_waits_as_the_first_first_does() {
    // Kleinrock 1975, section 3.4: a conservation law for orders that don't look at work: Pollaczek–Khinchine.
    for (law, squared_cv) in [(LAWS[1].0, 1.0 / 12.0), (LAWS[2].0, 4.0)] {
        let wait = 0.6 * (1.0 + squared_cv) * 1e-3 / (2.0 * 0.4);
        agrees(&single(law, "{ queue = \"lifo\" }", 600.0), 40, 0.15, [(Metric::Wait, wait)]);
    }
}

/// An interval of each workload's mean response over replicates of the scenario of `text`.
fn by_workload<const N: usize>(text: &str, replicates: u64) -> [Interval; N] {
    let scenario = scenario(text);
    let mut means = vec![Vec::new(); N];
    for replicate in 0..replicates {
        let mut log = Log::default();
        simulate(&scenario, replicate, &mut log).unwrap();
        for (job, means) in means.iter_mut().enumerate() {
            let warm = at(0.5);
            let rows = log.tasks.iter().filter(|row| row.job as usize == job && row.release >= Some(warm));
            let responses: Vec<f64> =
                rows.filter_map(|row| Some((row.end - row.release?).ticks() as f64)).collect();
            means.push(responses.iter().sum::<f64>() / responses.len() as f64 * 1e-12);
        }
    }
    std::array::from_fn(|job| Interval::of_mean(&means[job], 0.99).unwrap())
}

/// Two Poisson streams of tasks of mean 1 ms, the second ones more urgent.
fn two_classes(preemptive: bool, laws: [&str; 2], rates: [f64; 2]) -> String {
    let class = |name: &str, law: &str, rate: f64, priority: u32| {
        format!(
            "[workload.{name}]\nkind = \"tasks\"\nwork = {law}\narrivals = {{ poisson = \"{rate} /s\" }}\n\
             priority = {priority}\n"
        )
    };
    format!(
        "machine.cores = 1\nschedule.queue.priority.preemptive = {preemptive}\nrun.horizon = \"16 s\"\n{}{}",
        class("low", laws[0], rates[0], 0),
        class("high", laws[1], rates[1], 3)
    )
}

#[test]
fn priorities_respond_as_cobham_says() {
    // Cobham 1954; Kleinrock 1976, Queueing Systems II, section 3.6. Class 1 is the urgent one; W₀ = Σ λ E[S²] / 2.
    for (laws, squared_cvs) in [([0, 0], [1.0, 1.0]), ([2, 1], [4.0, 1.0 / 12.0])] {
        let rates = [400.0, 300.0];
        let loads = rates.map(|rate| rate * 1e-3);
        let residual = |at: usize| loads[at] * (1.0 + squared_cvs[at]) * 1e-3 / 2.0;
        let names = laws.map(|law: usize| LAWS[law].0);
        let total = 1.0 - loads[0] - loads[1];
        let urgent = 1.0 - loads[1];
        // Nobody loses the core: all in service count.
        let all = residual(0) + residual(1);
        let expected = [all / (urgent * total) + 1e-3, all / urgent + 1e-3];
        holds(&two_classes(false, names, rates), expected);
        // The urgent see one another only; the others are interrupted as they run.
        let expected = [all / (urgent * total) + 1e-3 / urgent, residual(1) / urgent + 1e-3];
        holds(&two_classes(true, names, rates), expected);
    }
}

fn holds(text: &str, expected: [f64; 2]) {
    let measured: [Interval; 2] = by_workload(text, 40);
    for (interval, expected) in measured.iter().zip(expected) {
        let (mean, half) = (interval.mean, interval.half_width);
        assert!(interval.contains(expected), "{mean} ± {half} against {expected}\n{text}");
        assert!(half <= 0.15 * expected, "{mean} ± {half} is not tight\n{text}");
    }
}

#[test]
fn no_order_responds_sooner_than_srpt_on_the_same_tasks() {
    // Schrage 1968: on one core, on every sequence of tasks.
    let others = [
        "\"fifo\"",
        "\"lifo\"",
        "\"spt\"",
        "\"lpt\"",
        "{ lifo.preemptive = true }",
        "{ spt.preemptive = true }",
        "{ round-robin-quantum = \"200 us\" }",
        "{ fair-share = \"300 us\" }",
        "{ mlfq = [\"200 us\", \"1 ms\"] }",
    ];
    for (law, _) in LAWS {
        let response = |queue: &str, replicate| {
            let text = single(law, &format!("{{ queue = {queue} }}"), 800.0).replace("12_000", "400");
            let text = text.replace("run.warmup = \"0.5 s\"\n", "");
            value(&crate::common::run(&scenario(&text), replicate), Metric::Response)
        };
        for replicate in 0..5 {
            let best = response("\"srpt\"", replicate);
            for other in others {
                assert!(best <= response(other, replicate) + 1e-11, "{other}");
            }
        }
    }
}
