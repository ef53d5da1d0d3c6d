//! Recorded workflows, read by the importer and, independently, as bare JSON.
#![allow(clippy::disallowed_methods, reason = "reads recorded workflows")]

use std::collections::BTreeMap;
use std::path::Path;

use makespan::ids::CoreId;
use makespan::import::wfformat::{self, Workflow};
use serde_json::Value;

/// Checks each recorded workflow, or says that there are none.
fn for_each_recorded(check: impl Fn(&str, &Workflow, &Value)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/wfformat");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: there are no recorded workflows in {}", folder.display());
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let text = std::fs::read(&path).unwrap();
            let name = path.display().to_string();
            let workflow = wfformat::read(&text).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
            check(&name, &workflow, &serde_json::from_slice(&text).unwrap());
        }
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn every_recorded_task_has_its_runtime_and_its_parents() {
    for_each_recorded(|name, workflow, json| {
        let graph = &workflow.graph;
        let tasks: Vec<_> = list(&json["workflow"]["specification"]["tasks"]).collect();
        let runtime: BTreeMap<&str, f64> = list(&json["workflow"]["execution"]["tasks"])
            .map(|record| (text(&record["id"]), record["runtimeInSeconds"].as_f64().unwrap()))
            .collect();
        assert_eq!(graph.len(), tasks.len(), "{name}");
        for (task, json) in graph.tasks().zip(tasks) {
            assert_eq!(graph.name(task).to_string(), text(&json["id"]), "{name}");
            assert_eq!(graph.work(task).on(CoreId::new(0), 1.0), runtime[text(&json["id"])], "{name}");
            let mut parents: Vec<_> = list(&json["parents"]).map(text).collect();
            parents.sort_unstable();
            let mut preds: Vec<_> =
                graph.preds(task).iter().map(|&pred| graph.name(pred).to_string()).collect();
            preds.sort_unstable();
            assert_eq!(preds, parents, "{name}: {}", graph.name(task));
        }
    });
}

#[test]
fn the_data_a_recorded_task_waits_for_are_its_inputs_that_a_task_makes() {
    for_each_recorded(|name, workflow, json| {
        let specification = &json["workflow"]["specification"];
        let size: BTreeMap<&str, u64> = list(&specification["files"])
            .map(|f| (text(&f["id"]), f["sizeInBytes"].as_u64().unwrap()))
            .collect();
        let made: Vec<&str> =
            list(&specification["tasks"]).flat_map(|task| list(&task["outputFiles"]).map(text)).collect();
        for (task, json) in workflow.graph.tasks().zip(list(&specification["tasks"])) {
            let inputs = list(&json["inputFiles"]).map(text).filter(|file| made.contains(file));
            let expected: u64 = inputs.map(|file| size[file]).sum();
            let bytes: u64 = workflow.graph.inputs(task).map(|input| input.bytes).sum();
            assert_eq!(bytes, expected, "{name}: {}", workflow.graph.name(task));
        }
    });
}

#[test]
fn the_recorded_makespan_is_no_shorter_than_the_critical_path() {
    for_each_recorded(|name, workflow, json| {
        let graph = &workflow.graph;
        let path = graph.critical_path(|task| graph.work(task).on(CoreId::new(0), 1.0));
        let recorded = json["workflow"]["execution"]["makespanInSeconds"].as_f64();
        assert_eq!(workflow.makespan_seconds, recorded, "{name}");
        assert!(path > 0.0 && path <= recorded.unwrap(), "{name}: {path} s on the critical path");
        assert!(
            !workflow.machines.is_empty() && workflow.machines.iter().all(|m| m.cores.is_some()),
            "{name}"
        );
    });
}
