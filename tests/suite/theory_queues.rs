//! Queues against their theory: every formula from the scenario's text to the interval of the mean.

use crate::common::{agrees, intervals, outcome, recorded, value};
use makespan::metrics::Metric;

/// So many tasks arriving at one queue.
fn queue(cores: u32, arrivals: &str, work: &str, policy: &str) -> String {
    format!(
        "machine.cores = {cores}\nschedule.policy = \"{policy}\"\nrun.warmup = \"0.5 s\"\n\
         [workload.tasks]\ncount = 12_000\narrivals = {arrivals}\nwork = {work}"
    )
}

/// What is measured of a queue in its steady state.
fn all(wait: f64, service: f64, rate: f64, cores: f64) -> [(Metric, f64); 5] {
    [
        (Metric::Wait, wait),
        (Metric::Response, wait + service),
        // Little 1961.
        (Metric::Waiting, rate * wait),
        (Metric::Queue, rate * (wait + service)),
        (Metric::Utilisation, rate * service / cores),
    ]
}

#[test]
fn m_m_1_has_the_means_and_quantiles_of_its_exponential_response() {
    // Kleinrock 1975, section 3.2: the response is exponential with mean 1/(μ − λ).
    let text = queue(1, "{ poisson = \"700 /s\" }", "{ exponential = \"1 ms\" }", "fifo");
    let response = 1.0 / (1000.0 - 700.0);
    agrees(&text, 30, 0.1, all(response - 1e-3, 1e-3, 700.0, 1.0));
    let quantiles = [
        (Metric::ResponseP50, response * libm::log(2.0)),
        (Metric::ResponseP90, response * libm::log(10.0)),
        (Metric::ResponseP99, response * libm::log(100.0)),
    ];
    agrees(&text, 30, 0.1, quantiles);
}

/// The probability of waiting in M/M/c (Erlang 1917).
fn erlang_c(cores: u32, offered: f64) -> f64 {
    // Erlang B by its recursion, which loses no digits; C follows from it.
    let blocked = (1..=cores).fold(1.0, |b, c| offered * b / (f64::from(c) + offered * b));
    let idle = 1.0 - offered / f64::from(cores);
    blocked / (idle + (1.0 - idle) * blocked)
}

#[test]
fn m_m_c_waits_as_erlang_says() {
    for (cores, rate) in [(2, 1500.0), (5, 4000.0), (8, 6400.0)] {
        let text = queue(
            cores,
            &format!("{{ poisson = \"{rate} /s\" }}"),
            "{ exponential = \"1 ms\" }",
            "central-queue",
        );
        // Erlang 1917: Wq = C(c, a) / (cμ − λ).
        let wait = erlang_c(cores, rate / 1000.0) / (f64::from(cores) * 1000.0 - rate);
        agrees(&text, 30, 0.15, all(wait, 1e-3, rate, f64::from(cores)));
    }
}

#[test]
fn m_g_1_waits_as_pollaczek_and_khinchine_say() {
    // Pollaczek 1930, Khinchine 1932: Wq = λ E[S²] / (2 (1 − ρ)) = ρ (1 + cv²) E[S] / (2 (1 − ρ)).
    let laws = [
        ("\"1 ms\"", 0.0),
        ("{ erlang = { mean = \"1 ms\", k = 4 } }", 0.25),
        ("{ uniform = [\"0.5 ms\", \"1.5 ms\"] }", 1.0 / 12.0),
        ("{ hyperexponential = { mean = \"1 ms\", cv = 2 } }", 4.0),
        ("{ lognormal = { mean = \"1 ms\", cv = 1.5 } }", 2.25),
    ];
    for (law, squared_cv) in laws {
        let text = queue(1, "{ poisson = \"600 /s\" }", law, "fifo");
        let wait = 0.6 * (1.0 + squared_cv) * 1e-3 / (2.0 * 0.4);
        agrees(&text, 40, 0.15, all(wait, 1e-3, 600.0, 1.0));
    }
}

/// The root in (0, 1) of σ = A*(μ (1 − σ)) for the transform of the gaps.
fn sigma(transform: impl Fn(f64) -> f64, service_rate: f64) -> f64 {
    (0..10_000).fold(0.5, |sigma, _| transform(service_rate * (1.0 - sigma)))
}

#[test]
fn g_m_1_waits_by_the_root_of_its_transform() {
    // Kendall 1953; Kleinrock 1975, section 6.4: Wq = σ / (μ (1 − σ)).
    let gap = 1.0 / 800.0;
    let text = queue(1, "{ every = \"1.25 ms\" }", "{ exponential = \"1 ms\" }", "fifo");
    let root = sigma(|s| libm::exp(-s * gap), 1000.0);
    agrees(&text, 30, 0.15, all(root / (1000.0 * (1.0 - root)), 1e-3, 800.0, 1.0));
    // Turn by turn to c cores, each sees a gap of c stages: Erlang arrivals.
    let text = queue(3, "{ poisson = \"2100 /s\" }", "{ exponential = \"1 ms\" }", "round-robin");
    let root = sigma(|s| (2100.0 / (2100.0 + s)).powi(3), 1000.0);
    agrees(&text, 30, 0.15, all(root / (1000.0 * (1.0 - root)), 1e-3, 2100.0, 3.0));
}

#[test]
fn splitting_at_random_makes_independent_queues_of_a_poisson_stream() {
    // Kingman 1993, section 5.1: a marked Poisson process falls apart into independent ones; so M/M/1 with λ/c.
    let text = queue(4, "{ poisson = \"2400 /s\" }", "{ exponential = \"1 ms\" }", "random");
    let response = 1.0 / (1000.0 - 600.0);
    agrees(&text, 30, 0.1, all(response - 1e-3, 1e-3, 2400.0, 4.0));
}

#[test]
fn the_least_loaded_core_is_better_than_a_random_one_and_worse_than_one_queue() {
    let [shared, least, random] = ["central-queue", "least-loaded", "random"].map(|policy| {
        let text = queue(4, "{ poisson = \"3200 /s\" }", "{ exponential = \"1 ms\" }", policy);
        intervals(&text, 20, 0.99, [Metric::Wait])[0]
    });
    assert!(shared.high() < least.low() && least.high() < random.low(), "{shared:?} {least:?} {random:?}");
    // Who sees what is really left of every task (a plain time is its own mean) is as good as one queue: both start
    // a task where work runs out first (Kiefer & Wolfowitz 1955).
    let [shared, least] = ["central-queue", "least-loaded"].map(|policy| {
        let text = queue(4, "{ poisson = \"3600 /s\" }", "\"1 ms\"", policy);
        value(&outcome(&text), Metric::Wait)
    });
    assert!((shared / least - 1.0).abs() < 1e-9, "{shared} {least}");
}

#[test]
fn bursts_wait_for_those_that_came_with_them() {
    // Gross & Harris 1998, section 3.1: M[b]/M/1 has L = ρ (1 + b) / (2 (1 − ρ)) for bursts of b.
    let arrivals = "{ bursts = { every = { exponential = \"10 ms\" }, size = 6 } }";
    let text = queue(1, arrivals, "{ exponential = \"1 ms\" }", "fifo");
    let length = 0.6 * 7.0 / (2.0 * 0.4);
    agrees(&text, 30, 0.15, all(length / 600.0 - 1e-3, 1e-3, 600.0, 1.0));
}

#[test]
fn the_order_of_a_queue_that_does_not_look_at_work_changes_no_mean() {
    // Kleinrock 1975, section 3.4: a conservation law; it changes the spread alone.
    let text = queue(1, "{ poisson = \"700 /s\" }", "{ exponential = \"1 ms\" }", "central-queue");
    let text =
        format!("{text}\n[schedule]\nqueue = \"lifo\"").replace("schedule.policy = \"central-queue\"\n", "");
    let response = 1.0 / 300.0;
    agrees(&text, 30, 0.1, all(response - 1e-3, 1e-3, 700.0, 1.0));
}

#[test]
fn the_shortest_first_waits_as_phipps_says() {
    // Phipps 1956: Wq = ∫ W₀ / (1 − λ ∫₀ˣ t dF(t))² dF(x), W₀ = λ E[S²] / 2; here F is exponential with mean 1.
    let rate = 0.7;
    let step = 1e-3;
    let mut wait = 0.0;
    for at in 0..40_000 {
        let x = (f64::from(at) + 0.5) * step;
        let shorter = 1.0 - libm::exp(-x) * (1.0 + x);
        wait += step * libm::exp(-x) * rate / (1.0 - rate * shorter).powi(2);
    }
    let text = queue(1, "{ poisson = \"700 /s\" }", "{ exponential = \"1 ms\" }", "spt");
    agrees(&text, 30, 0.1, all(wait * 1e-3, 1e-3, 700.0, 1.0));
}

#[test]
fn d_d_1_is_known_to_the_tick() {
    let text = |gap: &str, work: &str| {
        format!(
            "machine.cores = 1\n[workload.tasks]\ncount = 100\narrivals = {{ every = \"{gap}\" }}\nwork = \"{work}\""
        )
    };
    let calm = outcome(&text("2 ms", "1 ms"));
    assert_eq!(value(&calm, Metric::Wait), 0.0);
    assert_eq!(value(&calm, Metric::Response), 1e-3);
    // The first comes after one gap, the last ends 1 ms after it came.
    assert_eq!(calm.end.ticks(), 201_000_000_000);
    assert_eq!(value(&calm, Metric::Utilisation), 100.0 / 201.0);
    // Twice too much: task n waits n ms.
    let (busy, log) = recorded(&text("1 ms", "2 ms"));
    for number in 0..100 {
        let row = log.task(number);
        let start = row.start.expect("every task starts");
        let release = row.release.expect("every task is released");
        assert_eq!((start - release).ticks(), number * 1_000_000_000);
    }
    assert_eq!(value(&busy, Metric::Wait), 49.5e-3);
    assert_eq!(value(&busy, Metric::WaitMax), 99e-3);
    assert_eq!(busy.end.ticks(), 201_000_000_000);
}

#[test]
fn littles_law_holds_in_every_run_by_itself() {
    // Little 1961, for a finite run that ends empty an identity: ∫ N dt = Σ responses.
    for policy in ["fifo", "random", "least-loaded", "spt"] {
        let text = format!(
            "machine.cores = 3\nschedule.policy = \"{policy}\"\n[workload.tasks]\ncount = 500\n\
             arrivals = {{ poisson = \"2500 /s\" }}\nwork = {{ lognormal = {{ mean = \"1 ms\", cv = 2 }} }}"
        );
        let outcome = outcome(&text);
        let duration = value(&outcome, Metric::Duration);
        let (queue, response) = (value(&outcome, Metric::Queue), value(&outcome, Metric::Response));
        assert!((queue * duration / (500.0 * response) - 1.0).abs() < 1e-9, "{policy}");
        let (waiting, wait) = (value(&outcome, Metric::Waiting), value(&outcome, Metric::Wait));
        assert!((waiting * duration / (500.0 * wait) - 1.0).abs() < 1e-9, "{policy}");
    }
}
