//! What it costs that a sweep is kept and reduced: `sweep TASKS REPLICATES ROUNDS` does so many replicates in ten points of bags
//! of so many tasks, on one thread: bare, each replicate and nothing else; reduced, through statistics to results; and kept, with a
//! journal besides. The ways take turns; printed are the least processor times and their ratios to the bare loop.
#![allow(clippy::disallowed_methods, reason = "a bench looks at the clock and writes a file")]

use std::path::Path;

use makespan::experiment::{Record, Sequential, Unit, Unwatched, Watch, run};
use makespan::output::journal::{Head, Journal};
use makespan::output::provenance::Provenance;
use makespan::record::NoRecord;
use makespan::scenario::{Request, Study, check};
use makespan::sim::simulate;
use makespan::source::{InMemory, render};

struct Keep(Journal);

impl Watch for Keep {
    fn keep(&self, unit: Unit, record: &Record) -> Result<(), String> {
        self.0.append(unit, record)
    }
}

fn study(tasks: u64, replicates: u64) -> Study {
    let text = format!(
        "machine.cores = 8\nworkload.tasks = {{ count = {tasks}, work = {{ exponential = \"1 ms\" }} }}\n\
         run.replicates = {}\nsweep.\"machine.cores\" = [2, 3, 4, 5, 6, 7, 8, 9, 10, 12]",
        replicates / 10
    );
    let files = InMemory::new([("bench.toml", text.as_str())]);
    match check(&files, &Request { path: "bench.toml", ..Request::default() }) {
        Ok(checked) => checked.study,
        Err(refused) => panic!("{}", render(&refused.map, &refused.problems, false)),
    }
}

/// Seconds of processor time that this process has had, its own and the system's for it.
fn processor() -> f64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").expect("Linux tells");
    text.split_whitespace().next().and_then(|text| text.parse::<f64>().ok()).expect("nanoseconds") * 1e-9
}

fn bare(study: &Study, replicates: u64) {
    for replicate in 0..replicates / 10 {
        for case in &study.cases {
            let outcome = simulate(&case.scenario, replicate, &mut NoRecord);
            assert!(std::hint::black_box(outcome).is_ok());
        }
    }
}

fn kept(study: &Study, path: &Path) {
    let provenance = Provenance {
        scenario: "bench.toml".into(),
        sets: Vec::new(),
        sweeps: Vec::new(),
        resolved: String::new(),
        files: Vec::new(),
    };
    let journal = Journal::create(path, &Head::new(&provenance, None)).expect("a journal");
    let results = run(study, &Sequential, &Keep(journal));
    assert!(std::hint::black_box(results).is_ok());
}

fn main() {
    // Cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let number =
        |at: usize, usual: u64| arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (tasks, replicates, rounds) = (number(0, 100), number(1, 10_000), number(2, 9));
    let study = study(tasks, replicates);
    let path = std::env::temp_dir().join(format!("makespan-sweep-{}", std::process::id()));
    let mut least = [f64::INFINITY; 3];
    for _ in 0..rounds {
        let ways: [&dyn Fn(); 3] = [
            &|| bare(&study, replicates),
            &|| drop(std::hint::black_box(run(&study, &Sequential, &Unwatched))),
            &|| kept(&study, &path),
        ];
        for (least, way) in least.iter_mut().zip(ways) {
            let began = processor();
            way();
            *least = least.min(processor() - began);
        }
    }
    // It may never have been made.
    let _ = std::fs::remove_file(&path);
    let each = least.map(|seconds| 1e6 * seconds / replicates as f64);
    println!(
        "{replicates} replicates of {tasks} tasks: bare {:.2} us each, with statistics {:.2} ({:+.2} %), with a journal too {:.2} \
         ({:+.2} %)",
        each[0],
        each[1],
        100.0 * (each[1] / each[0] - 1.0),
        each[2],
        100.0 * (each[2] / each[0] - 1.0)
    );
}
