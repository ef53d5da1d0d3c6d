//! WfFormat 1.5, the JSON of recorded scientific workflows (WfCommons; Coleman et al. 2022).

mod document;
mod join;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::error::Category;

use crate::error::Problem;
use crate::program::graph::Graph;
use document::Document;

/// A workflow as it was recorded.
#[derive(Clone, Debug)]
pub struct Workflow {
    /// What the file calls it; empty if it doesn't say.
    pub name: String,
    /// Its tasks, named by their `id` and in the order of `specification.tasks`; see [`read`]. Work is the recorded
    /// runtime in **seconds**, wall time on the recorded number of cores. [`ticks`] converts it.
    pub graph: Graph,
    /// The machines that the file lists.
    pub machines: Vec<Machine>,
    /// How long the recorded run took in seconds, middleware included; `None` if the file doesn't say.
    pub makespan_seconds: Option<f64>,
}

/// A machine of the recorded run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// `nodeName`.
    pub name: String,
    /// `cpu.coreCount`, at least 1; `None` if the file doesn't say.
    pub cores: Option<u32>,
}

/// Recorded seconds as ticks, a whole number where it can be.
///
/// A recorded time is a decimal fraction that `f64` holds nearly. Rounding it at nine decimals first gives the decimal
/// back, exactly up to 10⁶ s, and then the exact number of ticks as long as that is below 2⁵³ (2.5 h in picoseconds).
///
/// ```
/// assert_eq!(makespan::import::wfformat::ticks(16.712, 1e12), 16_712_000_000_000.0);
/// assert_eq!(makespan::import::wfformat::ticks(0.25, 1e6), 250_000.0);
/// ```
pub fn ticks(seconds: f64, ticks_per_second: f64) -> f64 {
    let nanoseconds = (seconds * 1e9).round();
    // Of the two factors the one that is whole, so that only one operation rounds.
    if ticks_per_second >= 1e9 {
        nanoseconds * (ticks_per_second / 1e9)
    } else {
        nanoseconds / (1e9 / ticks_per_second)
    }
}

/// Reads a workflow from the text of a WfFormat 1.5 file.
///
/// * Work is the recorded `runtimeInSeconds`, cores the recorded `coreCount` (1 if absent).
/// * A file that a task makes is a datum; each other task that reads it waits for it, whether or not `parents` says so.
///   Files made by no task are everywhere and leave no trace, and so does a task's reading what it makes itself.
/// * A task in `parents` or `children` from which no file comes is pure ordering.
/// * Keys that this doesn't need are not looked at.
///
/// # Errors
///
/// Everything wrong with the content, each by its JSON path and the names of tasks and files; or the first place, by
/// line and column, where the text isn't JSON or a value isn't of its type.
pub fn read(text: &[u8]) -> Result<Workflow, Vec<Problem>> {
    check_version(text).map_err(|problem| vec![problem])?;
    let document: Document = serde_json::from_slice(text).map_err(|error| vec![malformed(&error)])?;
    join::join(document)
}

#[derive(Deserialize)]
struct Header {
    #[serde(rename = "schemaVersion")]
    schema_version: Option<serde_json::Value>,
    workflow: Option<IgnoredAny>,
}

/// Other versions have other shapes, so the version is looked at before anything else.
fn check_version(text: &[u8]) -> Result<(), Problem> {
    let header: Header = serde_json::from_slice(text).map_err(|error| malformed(&error))?;
    let version = match header.schema_version {
        Some(serde_json::Value::String(version)) => version,
        Some(other) => other.to_string(),
        None => {
            let lacks =
                if header.workflow.is_none() { "`schemaVersion` and `workflow`" } else { "`schemaVersion`" };
            return Err(Problem::new(format!("this JSON isn't WfFormat: it has no {lacks}"))
                .help("a WfFormat file says `\"schemaVersion\": \"1.5\"`"));
        }
    };
    match version.as_str() {
        "1.5" => Ok(()),
        "1.0" | "1.1" | "1.2" | "1.3" | "1.4" => Err(Problem::new(format!(
            "this is WfFormat {version}, which keeps files and runtimes inside `workflow.tasks`; only 1.5 is read"
        ))
        .help("WfCommons publishes its instances in 1.5, with `workflow.specification` and `workflow.execution`")),
        _ => Err(Problem::new(format!("`schemaVersion` is {version}; only WfFormat 1.5 is read"))),
    }
}

fn malformed(error: &serde_json::Error) -> Problem {
    // Its text ends with the line and the column.
    match error.classify() {
        Category::Data => Problem::new(format!("this JSON isn't WfFormat 1.5: {error}")),
        Category::Syntax | Category::Eof | Category::Io => Problem::new(format!("this isn't JSON: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TaskId;
    use crate::program::graph::{Edge, Work};

    /// A workflow of these tasks, files, records and machines.
    fn file(tasks: &str, files: &str, records: &str, machines: &str) -> String {
        format!(
            r#"{{"name": "w", "schemaVersion": "1.5", "author": {{"name": "a"}}, "workflow": {{
                "specification": {{"tasks": [{tasks}], "files": [{files}]}},
                "execution": {{"makespanInSeconds": 9.5, "tasks": [{records}], "machines": [{machines}]}}}}}}"#
        )
    }

    /// The first task makes `x` for the second, which also reads `raw`, which nobody makes; the third is its child.
    fn three_tasks() -> String {
        file(
            r#"{"id": "a", "name": "a", "outputFiles": ["x"], "parents": [], "children": []},
               {"id": "b", "inputFiles": ["x", "raw"], "children": ["c"]}, {"id": "c", "parents": ["b"]}"#,
            r#"{"id": "x", "sizeInBytes": 70}, {"id": "raw", "sizeInBytes": 1e9}"#,
            r#"{"id": "c", "runtimeInSeconds": 3, "coreCount": 2}, {"id": "a", "runtimeInSeconds": 16.712},
               {"id": "b", "runtimeInSeconds": 0.5, "machines": ["m"], "avgCPU": 99.0}"#,
            r#"{"nodeName": "m", "cpu": {"coreCount": 48, "vendor": "v"}}, {"nodeName": "n"}"#,
        )
    }

    fn problems(text: &str) -> Vec<String> {
        read(text.as_bytes()).unwrap_err().into_iter().map(|problem| problem.what).collect()
    }

    #[test]
    fn files_and_parents_make_edges_and_records_are_found_by_name() {
        let workflow = read(three_tasks().as_bytes()).unwrap();
        let graph = &workflow.graph;
        let [a, b, c] = [0, 1, 2].map(TaskId::new);
        assert_eq!(graph.work(a), Work::Uniform(16.712));
        assert_eq!((graph.cores(b), graph.cores(c)), (1, 2));
        assert_eq!(graph.edges_into(b).collect::<Vec<_>>(), [Edge { from: a, bytes: Some(70) }]);
        assert_eq!(graph.edges_into(c).collect::<Vec<_>>(), [Edge { from: b, bytes: None }]);
        assert_eq!((workflow.name.as_str(), workflow.makespan_seconds), ("w", Some(9.5)));
        let machine = |name: &str, cores| Machine { name: name.into(), cores };
        assert_eq!(workflow.machines, [machine("m", Some(48)), machine("n", None)]);
    }

    #[test]
    fn recorded_decimals_become_exact_picoseconds() {
        for millis in [1_u64, 89, 16_712, 921_240, 4_096_001, 8_999_999] {
            assert_eq!(ticks(millis as f64 / 1e3, 1e12), (millis * 1_000_000_000) as f64);
        }
        assert_eq!(ticks(0.054_023, 1e12), 54_023_000_000.0);
        assert_eq!(ticks(16.712, 1e6), 16_712_000.0);
    }

    #[test]
    fn a_task_may_read_what_it_makes() {
        let text = file(
            r#"{"id": "a", "inputFiles": ["x"], "outputFiles": ["x"]}"#,
            r#"{"id": "x", "sizeInBytes": 1}"#,
            r#"{"id": "a", "runtimeInSeconds": 1}"#,
            "",
        );
        assert_eq!(read(text.as_bytes()).unwrap().graph.edges_len(), 0);
    }

    #[test]
    fn all_that_is_wrong_with_the_content_is_told_with_its_path() {
        let text = file(
            r#"{"id": "a", "outputFiles": ["x", "y"], "parents": ["z"]},
               {"id": "b", "outputFiles": ["x"], "children": ["b", "q"]}, {"id": "c"}"#,
            r#"{"id": "x", "sizeInBytes": -1}"#,
            r#"{"id": "a", "runtimeInSeconds": -2.5}, {"id": "b", "runtimeInSeconds": 1, "coreCount": 0.5}"#,
            r#"{"nodeName": "m", "cpu": {"coreCount": 0}}"#,
        );
        assert_eq!(
            problems(&text),
            [
                "`workflow.specification.files[0].sizeInBytes`: the size of `x` is negative",
                "`workflow.execution.tasks[0].runtimeInSeconds`: task `a` ran for -2.5 s",
                "`workflow.execution.tasks[1].coreCount` of task `b` must be a whole number, at least 1",
                "`workflow.specification.tasks[2]`: task `c` has no record in `workflow.execution.tasks`",
                "`workflow.specification.tasks[0].outputFiles[1]`: `y` isn't listed in `workflow.specification.files`",
                "`workflow.specification.tasks[1].outputFiles[0]`: file `x` is made by task `b` and by `a`",
                "`workflow.specification.tasks[0].parents[0]`: the parent `z` of task `a` is no task",
                "`workflow.specification.tasks[1].children[1]`: the child `q` of task `b` is no task",
                "`workflow.execution.machines[0].cpu.coreCount` of `m` must be a whole number, at least 1",
                "`workflow.specification.tasks[1]`: task `b` waits for itself",
            ]
        );
    }

    #[test]
    fn names_must_tell_tasks_records_and_files_apart() {
        let text = file(
            r#"{"id": "a"}, {"id": "a"}"#,
            r#"{"id": "x", "sizeInBytes": 1}, {"id": "x", "sizeInBytes": 2}"#,
            r#"{"id": "a", "runtimeInSeconds": 1}, {"id": "a", "runtimeInSeconds": 1}"#,
            "",
        );
        assert_eq!(
            problems(&text),
            [
                "`workflow.specification.tasks[1]`: there is another task `a`",
                "`workflow.execution.tasks[1]`: there is another record of task `a`",
                "`workflow.specification.files[1].sizeInBytes`: `x` is listed with another size too",
            ]
        );
    }

    #[test]
    fn a_cycle_through_a_file_and_a_parent_is_named() {
        let text = file(
            r#"{"id": "a", "inputFiles": ["y"]}, {"id": "b", "outputFiles": ["y"], "parents": ["a"]}"#,
            r#"{"id": "y", "sizeInBytes": 1}"#,
            r#"{"id": "a", "runtimeInSeconds": 1}, {"id": "b", "runtimeInSeconds": 1}"#,
            "",
        );
        assert_eq!(
            problems(&text),
            ["`workflow.specification.tasks`: tasks wait for each other: `a` → `b` → `a`"]
        );
    }

    #[test]
    fn what_is_no_wfformat_or_another_version_is_told_apart_from_what_is_no_json() {
        assert_eq!(problems("{\n  oops"), ["this isn't JSON: key must be a string at line 2 column 3"]);
        assert_eq!(
            problems("{\"schemaVersion\""),
            ["this isn't JSON: EOF while parsing an object at line 1 column 16"]
        );
        assert_eq!(problems("{}"), ["this JSON isn't WfFormat: it has no `schemaVersion` and `workflow`"]);
        let old = problems(r#"{"schemaVersion": "1.4", "workflow": {"tasks": []}}"#);
        assert_eq!(
            old,
            [
                "this is WfFormat 1.4, which keeps files and runtimes inside `workflow.tasks`; only 1.5 is read"
            ]
        );
        let new = problems(r#"{"schemaVersion": "2.0", "workflow": {}}"#);
        assert_eq!(new, ["`schemaVersion` is 2.0; only WfFormat 1.5 is read"]);
        let planned = r#"{"schemaVersion": "1.5", "workflow": {"specification": {"tasks": []}}}"#;
        assert_eq!(problems(planned), ["there is no `workflow.execution`, so no task has a runtime"]);
        let typed = problems(&three_tasks().replace("16.712", "\"16.712\""));
        assert!(
            typed[0].starts_with("this JSON isn't WfFormat 1.5: invalid type: string \"16.712\""),
            "{typed:?}"
        );
        assert!(typed[0].contains("at line 4 column"), "{typed:?}");
    }
}
