//! Recorded workflows under every bound that theory knows.
#![allow(clippy::disallowed_methods, reason = "reads recorded workflows, where they are")]

use std::collections::BTreeMap;
use std::path::Path;

use crate::common::{Log, value};
use makespan::metrics::Metric;
use makespan::record::{Fate, Outcome};
use makespan::scenario::{Request, check};
use makespan::sim::simulate;
use makespan::source::{InMemory, render};
use serde_json::Value;

/// A recorded workflow, read as bare JSON.
struct Workflow {
    name: String,
    text: String,
    /// What each task takes, in ticks of 1 ps.
    runtimes: Vec<u64>,
    preds: Vec<Vec<usize>>,
}

impl Workflow {
    fn read(name: String, text: String) -> Self {
        let json: Value = serde_json::from_str(&text).expect("JSON");
        let list = |at: &str| json.pointer(at).and_then(Value::as_array).expect(at).clone();
        let id = |task: &Value| task["id"].as_str().expect("an id").to_owned();
        let tasks = list("/workflow/specification/tasks");
        let numbers: BTreeMap<String, usize> =
            tasks.iter().enumerate().map(|(number, task)| (id(task), number)).collect();
        let seconds: BTreeMap<String, f64> = list("/workflow/execution/tasks")
            .iter()
            .map(|task| (id(task), task["runtimeInSeconds"].as_f64().expect("a runtime")))
            .collect();
        let preds = |task: &Value| -> Vec<usize> {
            let parents = task["parents"].as_array().into_iter().flatten();
            parents.map(|parent| numbers[parent.as_str().expect("a parent")]).collect()
        };
        Workflow {
            name,
            runtimes: tasks.iter().map(|task| (seconds[&id(task)] * 1e12).round() as u64).collect(),
            preds: tasks.iter().map(preds).collect(),
            text,
        }
    }

    fn sum(&self) -> u64 {
        self.runtimes.iter().sum()
    }

    fn critical_path(&self) -> u64 {
        let mut ends: Vec<Option<u64>> = vec![None; self.preds.len()];
        while let Some(task) = (0..ends.len())
            .find(|task| ends[*task].is_none() && self.preds[*task].iter().all(|pred| ends[*pred].is_some()))
        {
            let start = self.preds[task].iter().filter_map(|pred| ends[*pred]).max().unwrap_or(0);
            ends[task] = Some(start + self.runtimes[task]);
        }
        ends.into_iter().map(|end| end.expect("no cycle")).max().unwrap_or(0)
    }

    /// Runs it as the rest of a scenario says.
    fn run(&self, rest: &str) -> (Outcome, Log) {
        let mut files = InMemory::new([("workflow.json", self.text.as_str())]);
        let text = format!("workload.dag.file = \"workflow.json\"\n{rest}");
        files.insert("scenario.toml", text.clone().into_bytes());
        let request = Request { path: "scenario.toml", ..Request::default() };
        let checked = check(&files, &request).unwrap_or_else(|refused| {
            panic!("{}: {}\n{text}", self.name, render(&refused.map, &refused.problems, false))
        });
        let scenario = &checked.study.cases[0].scenario;
        let mut log = Log::default();
        let outcome = simulate(scenario, 0, &mut log)
            .unwrap_or_else(|failure| panic!("{}: {}\n{text}", self.name, failure.describe(scenario)));
        (outcome, log)
    }
}

/// Calls `test` with each recorded workflow, or says that there are none.
fn each_workflow(test: impl Fn(&Workflow)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/wfformat");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: there are no recorded workflows in {}", folder.display());
        return;
    };
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a folder that can be read").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    assert!(!paths.is_empty(), "no workflow in {}", folder.display());
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("a file that can be read");
        test(&Workflow::read(path.display().to_string(), text));
    }
}

const CLUSTER: &str =
    "machine = { nodes = 3, cores = 4 }\nnetwork = { bandwidth = \"1 GB/s\", latency = \"10 us\" }";

#[test]
fn every_task_is_done_after_those_it_waits_for_and_no_bound_is_beaten() {
    each_workflow(|workflow| {
        for machine in ["machine.from = \"workload\"", CLUSTER] {
            for policy in ["fifo", "heft"] {
                let (outcome, log) = workflow.run(&format!("{machine}\nschedule.policy = \"{policy}\""));
                let name = format!("{} {policy} {machine}", workflow.name);
                assert_eq!(outcome.fates.done, workflow.runtimes.len() as u64, "{name}");
                let makespan = value(&outcome, Metric::Makespan);
                assert!(outcome.bounds.len() >= 2, "{name}");
                for bound in &outcome.bounds {
                    assert!(
                        bound.seconds.is_some_and(|bound| bound <= makespan + 1e-9),
                        "{name}: {}",
                        bound.name
                    );
                }
                assert!(outcome.end.ticks() >= workflow.critical_path(), "{name}");
                for (task, preds) in workflow.preds.iter().enumerate() {
                    let row = log.task(task as u64);
                    assert_eq!(row.fate, Fate::Done);
                    let start = row.start.expect("it was done");
                    assert!(
                        (row.end - start).ticks() >= workflow.runtimes[task] / u64::from(row.cores),
                        "{name}"
                    );
                    for pred in preds {
                        assert!(log.task(*pred as u64).end <= start, "{name}: {task} before {pred}");
                    }
                }
                no_core_has_two(&log, &name);
            }
        }
    });
}

/// What ran on one core ran one after another.
fn no_core_has_two(log: &Log, name: &str) {
    let mut runs: Vec<_> = log.intervals.iter().filter(|interval| interval.task.is_some()).collect();
    runs.sort_by_key(|interval| (interval.core, interval.from));
    for pair in runs.windows(2) {
        assert!(pair[0].core != pair[1].core || pair[0].to <= pair[1].from, "{name}");
    }
    for row in &log.tasks {
        let others = log.tasks.iter().filter(|other| other.core == row.core && other.number > row.number);
        for other in others {
            assert!(row.end <= other.start.expect("done") || other.end <= row.start.expect("done"), "{name}");
        }
    }
}

#[test]
fn list_scheduling_keeps_grahams_bound_where_communication_is_free() {
    // Graham 1969: T ≤ ΣW / m + (1 − 1/m) CP for tasks of one core.
    each_workflow(|workflow| {
        for m in [2, 3, 8, 20] {
            for policy in ["fifo", "list", "lpt", "spt"] {
                let (outcome, log) =
                    workflow.run(&format!("machine.cores = {m}\nschedule.policy = \"{policy}\""));
                assert!(log.tasks.iter().all(|row| row.cores == 1), "{}", workflow.name);
                let bound = (workflow.sum() + (m - 1) * workflow.critical_path()) / m;
                assert!(outcome.end.ticks() <= bound, "{} {policy} {m}", workflow.name);
            }
        }
    });
}

#[test]
fn one_core_takes_the_sum_and_enough_cores_the_critical_path_exactly() {
    each_workflow(|workflow| {
        for policy in ["fifo", "heft"] {
            let (alone, _) = workflow.run(&format!("machine.cores = 1\nschedule.policy = \"{policy}\""));
            assert_eq!(alone.end.ticks(), workflow.sum(), "{} {policy}", workflow.name);
            let count = workflow.runtimes.len();
            let (enough, _) =
                workflow.run(&format!("machine.cores = {count}\nschedule.policy = \"{policy}\""));
            assert_eq!(enough.end.ticks(), workflow.critical_path(), "{} {policy}", workflow.name);
        }
    });
}
