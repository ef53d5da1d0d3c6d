//! The digests of some shipped scenarios: they change only where what is simulated changes.
#![allow(clippy::disallowed_methods, reason = "reads the scenarios of this repository")]

use makespan::experiment::{Execute, Results, Sequential, Threads, Unwatched, run};
use makespan::scenario::{Request, check};
use makespan::source::{Files, render};

/// The golden file: a line a scenario, its path and its digest.
const GOLDEN: &str = include_str!("digests.txt");

/// Replicates of each case, whatever the scenario says: the first ones are the same.
const FEW: &str = "run.replicates=2";

struct Disk;

impl Files for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        std::fs::read(path).map_err(|error| error.to_string())
    }
}

fn results(path: &str, sets: &[&str], execute: &dyn Execute) -> Results {
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    let full = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    match check(&Disk, &Request { path: &full, sets: &sets, ..Request::default() }) {
        Ok(checked) => run(&checked.study, execute, &Unwatched).unwrap_or_else(|failed| panic!("{failed}")),
        Err(refused) => panic!("{}", render(&refused.map, &refused.problems, false)),
    }
}

fn paths() -> impl Iterator<Item = &'static str> {
    GOLDEN.lines().filter_map(|line| line.split_whitespace().next())
}

#[test]
fn scenarios_have_the_digests_that_they_had() {
    let now: String =
        paths().map(|path| format!("{path} {}\n", results(path, &[FEW], &Sequential).digest)).collect();
    assert!(
        now == GOLDEN,
        "what is simulated has changed; if that is meant, say so in the change log and put this into \
         tests/suite/digests.txt:\n{now}"
    );
}

#[test]
fn scenarios_have_the_same_digests_on_any_number_of_threads() {
    for jobs in [1, 2, 7] {
        let threads = Threads::new(Some(jobs)).unwrap();
        for line in GOLDEN.lines() {
            let path = line.split_whitespace().next().unwrap();
            assert_eq!(line, format!("{path} {}", results(path, &[FEW], &threads).digest), "{jobs} threads");
        }
    }
}

#[test]
fn more_replicates_leave_the_first_ones_as_they_were() {
    for path in paths() {
        let (one, two) =
            (results(path, &["run.replicates=1"], &Sequential), results(path, &[FEW], &Sequential));
        for (one, two) in one.cases.iter().zip(&two.cases) {
            assert_eq!(one.replicates[0], two.replicates[0], "{path}");
        }
    }
}
