//! Every scenario that ships says what it shows, and meets its own expectations.
#![allow(clippy::disallowed_methods, reason = "reads the scenarios of this repository, and times them")]

use std::path::{Path, PathBuf};
use std::time::Instant;

use makespan::experiment::{Threads, Unwatched, run};
use makespan::record::{NoRecord, Recorder};
use makespan::scenario::{Request, check};
use makespan::sim::simulate;
use makespan::source::{Files, render};

/// Files of this repository, by their paths within it.
struct Repository;

impl Files for Repository {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).map_err(|error| error.to_string())
    }
}

/// The scenarios under `scenarios/`, one folder a topic, by their paths within the repository.
fn scenarios() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = |folder: PathBuf| {
        let entries =
            std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        entries.map(|entry| entry.unwrap().path()).collect::<Vec<_>>()
    };
    let topics = list(root.join("scenarios")).into_iter().filter(|path| path.is_dir());
    let files = topics.flat_map(list).filter(|path| path.extension().is_some_and(|end| end == "toml"));
    let mut paths: Vec<String> =
        files.map(|path| path.strip_prefix(root).unwrap().to_str().unwrap().to_owned()).collect();
    paths.sort();
    paths
}

#[test]
fn every_scenario_opens_with_what_it_shows_its_source_and_what_to_change_next() {
    let paths = scenarios();
    assert!(paths.len() >= 12, "only {} scenarios", paths.len());
    for path in paths {
        let text = String::from_utf8(Repository.read(&path).unwrap()).unwrap();
        let comment: Vec<&str> = text.lines().take_while(|line| line.starts_with('#')).collect();
        for part in ["# Shows:  ", "# Source: ", "# Next:   "] {
            assert!(comment.iter().any(|line| line.starts_with(part)), "{path}: the comment lacks `{part}`");
        }
    }
}

#[test]
fn every_scenario_meets_its_expectations_which_all_have_a_source() {
    let threads = Threads::new(None).unwrap();
    let mut failures = Vec::new();
    for path in scenarios() {
        let request = Request { path: &path, ..Request::default() };
        let study = match check(&Repository, &request) {
            Ok(checked) => checked.study,
            Err(refused) => {
                failures.push(render(&refused.map, &refused.problems, false));
                continue;
            }
        };
        assert!(!study.expect.is_empty(), "{path} expects nothing");
        let clock = Instant::now();
        let results = match run(&study, &threads, &Unwatched) {
            Ok(results) => results,
            Err(failed) => {
                failures.push(format!("{path}: {failed}"));
                continue;
            }
        };
        println!("{path}: {} expectations, {:.1} s", results.judgements.len(), clock.elapsed().as_secs_f64());
        for judgement in &results.judgements {
            let name = &judgement.expect.name;
            if judgement.expect.source.is_none() {
                failures.push(format!("{path}: `expect.{name}` has no source"));
            }
            if !judgement.met {
                failures.push(format!("{path}: `expect.{name}`: {}", judgement.because));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Listens to everything and remembers nothing.
struct Ear;

impl Recorder for Ear {}

/// What is recorded runs in a world in which anything can occur; what isn't, in one that is compiled without what its
/// scenario lacks, where that is much.
#[test]
fn every_scenario_comes_to_the_same_in_a_world_that_is_compiled_without_what_it_lacks() {
    for path in scenarios() {
        let Ok(checked) = check(&Repository, &Request { path: &path, ..Request::default() }) else {
            panic!("{path} is wrong");
        };
        for case in checked.study.cases.iter().take(3) {
            let (without, with) =
                (simulate(&case.scenario, 0, &mut NoRecord), simulate(&case.scenario, 0, &mut Ear));
            let (without, with) = match (without, with) {
                (Ok(without), Ok(with)) => (without, with),
                (without, with) => {
                    assert_eq!(without.err(), with.err(), "{path}");
                    continue;
                }
            };
            assert_eq!(without.digest, with.digest, "{path}");
            assert_eq!(without.values, with.values, "{path}");
            assert_eq!(without.times, with.times, "{path}");
            assert_eq!(without.fates, with.fates, "{path}");
            assert_eq!(without.events, with.events, "{path}");
        }
    }
}
