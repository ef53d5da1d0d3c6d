//! Whole scenarios, from text to statistics, for comparison with bare loops that do the same work:
//! `scenarios mm1 CUSTOMERS`, `scenarios bag TASKS`, `scenarios loop ITERATIONS`, `scenarios power CUSTOMERS`,
//! `scenarios tree DEPTH`, `scenarios steal CORES DEPTH`, `scenarios flows IN_FLIGHT TOTAL`.
#![allow(clippy::disallowed_methods, reason = "a bench looks at the clock")]

use makespan::metrics::Metric;
use makespan::record::NoRecord;
use makespan::scenario::{Request, Scenario, check};
use makespan::sim::simulate;
use makespan::source::{InMemory, render};
use std::sync::Arc;
use std::time::Instant;

fn scenario(text: &str) -> Arc<Scenario> {
    let files = InMemory::new([("bench.toml", text)]);
    match check(&files, &Request { path: "bench.toml", ..Request::default() }) {
        Ok(checked) => checked.study.cases[0].scenario.clone(),
        Err(refused) => panic!("{}", render(&refused.map, &refused.problems, false)),
    }
}

fn text(arguments: &[String]) -> Option<(String, f64)> {
    let number = |at: usize| arguments.get(at).and_then(|text| text.parse::<u64>().ok());
    match arguments.first()?.as_str() {
        "mm1" => Some((
            format!(
                "machine.cores = 1\nschedule.policy = \"fifo\"\nrun.limits.events = 10_000_000_000\n\
                 workload.tasks = {{ count = {}, work = {{ exponential = \"1 ms\" }}, arrivals = {{ poisson = \"900 /s\" }} }}",
                number(1)?
            ),
            number(1)? as f64,
        )),
        "bag" => Some((
            format!(
                "machine.cores = 64\nschedule.policy = \"fifo\"\n\
                 workload.tasks = {{ count = {}, work = {{ exponential = \"1 ms\" }} }}",
                number(1)?
            ),
            number(1)? as f64,
        )),
        "loop" => Some((
            format!(
                "machine.cores = 64\nschedule.loop = \"self\"\n\
                 workload.loop = {{ iterations = {}, cost = {{ exponential = \"1 us\" }} }}",
                number(1)?
            ),
            number(1)? as f64,
        )),
        "power" => Some((
            format!(
                "machine.cores = 1000\nschedule.policy.power-of-d.d = 2\nrun.limits.events = 10_000_000_000\n\
                 workload.tasks = {{ count = {}, work = {{ exponential = \"1 ms\" }}, arrivals = {{ poisson = \"900_000 /s\" }} }}",
                number(1)?
            ),
            number(1)? as f64,
        )),
        "tree" => {
            let depth = number(1)?;
            Some((
                format!(
                    "machine.cores = 64\nworkload.tree = {{ shape.balanced = {depth}, work = \"10 us\" }}\n\
                     schedule = {{ policy = \"work-stealing\", cost.steal = \"1 us\" }}"
                ),
                ((2u64 << depth) - 1) as f64,
            ))
        }
        "steal" => {
            let (cores, depth) = (number(1)?, number(2)?);
            Some((
                format!(
                    "machine.cores = {cores}\nrun.limits.events = 10_000_000_000\n\
                     workload.tree = {{ shape.balanced = {{ depth = {depth}, branching = 10 }}, work = {{ exponential = \"10 us\" }} }}\n\
                     schedule = {{ policy = \"work-stealing\", cost.steal = \"2 us\" }}"
                ),
                ((0..=depth as u32).map(|level| 10u64.pow(level)).sum::<u64>()) as f64,
            ))
        }
        "flows" => Some((
            format!(
                "machine.nodes = 64\nnetwork = {{ topology = \"star\", bandwidth = \"1.25 GB/s\", latency = \"0 s\" }}\n\
                 [workload.transfers]\npattern = \"random\"\nat_once = {}\ncount = {}\n\
                 bytes = {{ uniform = [\"5 MB\", \"15 MB\"] }}",
                number(1)?,
                number(2)?
            ),
            number(2)? as f64,
        )),
        _ => None,
    }
}

fn main() {
    // Cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let Some((text, units)) = text(&arguments) else {
        println!(
            "scenarios mm1 CUSTOMERS | bag TASKS | loop ITERATIONS | power CUSTOMERS | tree DEPTH | steal CORES DEPTH | flows IN_FLIGHT TOTAL"
        );
        return;
    };
    let scenario = scenario(&text);
    let started = Instant::now();
    let outcome = simulate(&scenario, 0, &mut NoRecord).expect("the bench runs to its end");
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{} {:.1} ns/unit events={} response={:.6}",
        arguments.join(" "),
        seconds * 1e9 / units,
        outcome.events,
        outcome.values.get(Metric::Response).unwrap_or(f64::NAN)
    );
}
