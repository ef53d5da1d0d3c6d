//! The command line as its users meet it: exit codes, messages, folders, and the same bytes every time.
#![allow(clippy::disallowed_methods, reason = "a test may look outside")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const UNEVEN: &str = r#"
title = "Uneven tasks"
machine.cores = 4
workload.tasks = { count = 40, work = { exponential = "10 ms" } }
run.replicates = 8
variant = [{ name = "longest first", schedule.policy = "lpt" }]
[expect.quick]
at_most = "10 s"
"#;

/// A folder of its own for a test, removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("makespan-cli-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Scratch(path)
    }

    fn file(&self, name: &str, text: &str) -> String {
        fs::write(self.0.join(name), text).unwrap();
        name.to_owned()
    }

    /// Runs makespan here.
    fn makespan(&self, arguments: &[&str]) -> Output {
        self.makespan_reading("", arguments)
    }

    fn makespan_reading(&self, input: &str, arguments: &[&str]) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_makespan"))
            .args(arguments)
            .current_dir(&self.0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    fn read(&self, path: impl AsRef<Path>) -> Vec<u8> {
        fs::read(self.0.join(path)).unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[track_caller]
fn assert_exit(output: &Output, code: i32, said: &str) {
    let error = err(output);
    assert_eq!(output.status.code(), Some(code), "{error}");
    assert!(error.contains(said), "{said:?} is not in: {error}");
}

#[test]
fn a_run_prints_a_table_and_leaves_a_folder() {
    let scratch = Scratch::new("run");
    let path = scratch.file("uneven.toml", UNEVEN);
    let output = scratch.makespan(&["run", &path]);
    assert_exit(&output, 0, "output/uneven");
    let table = out(&output);
    for part in [
        "Uneven tasks",
        "longest first",
        "against the baseline",
        "Where core time went",
        "quick met",
        "Digest",
    ] {
        assert!(table.contains(part), "{part:?} is not in: {table}");
    }
    for name in ["summary.json", "replicates.csv", "manifest.json", "tasks.csv", "cores.csv", "trace.pftrace"]
    {
        assert!(scratch.0.join("output/uneven").join(name).is_file(), "{name}");
    }
    assert_eq!(fs::read_dir(scratch.0.join("output")).unwrap().count(), 1, "nothing else is left");
}

#[test]
fn machine_output_is_the_same_for_any_number_of_threads() {
    let scratch = Scratch::new("bytes");
    let path = scratch.file("uneven.toml", UNEVEN);
    let run = |jobs: &str, dir: &str| {
        let output = scratch.makespan(&["run", &path, "-j", jobs, "--out", dir, "--format", "json"]);
        assert_exit(&output, 0, "");
        let files = ["summary.json", "replicates.csv", "manifest.json", "tasks.csv", "trace.pftrace"];
        (out(&output), files.map(|name| scratch.read(Path::new(dir).join(name))))
    };
    let one = run("1", "one");
    assert_eq!(one, run("2", "two"));
    assert_eq!(one, run("7", "seven"));
    assert_eq!(one.0.as_bytes(), one.1[0]);
}

#[test]
fn the_summary_has_the_documented_keys() {
    let scratch = Scratch::new("json");
    let output =
        scratch.makespan_reading(UNEVEN, &["run", "-", "--format", "json", "--records", "none", "-q"]);
    assert_exit(&output, 0, "");
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summary["schema"], 1);
    assert_eq!(summary["program"]["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(summary["seed"], 1);
    assert!(summary["scenario_hash"].as_str().unwrap().starts_with("sha256:"));
    assert_eq!(summary["metrics"]["makespan"]["unit"], "s");
    assert_eq!(summary["expectations"][0]["met"], true);
    let case = &summary["cases"][1];
    assert_eq!(case["variant"], "longest first");
    assert_eq!(case["replicates"], 8);
    let makespan = &case["metrics"]["makespan"];
    assert!(makespan["low"].as_f64() < makespan["mean"].as_f64());
    assert!(makespan["mean"].as_f64() < makespan["high"].as_f64());
    assert!(
        case["difference_to_baseline"]["makespan"]["verdict"].as_str().unwrap().starts_with("shorter by")
    );
    assert_eq!(case["bounds"][0]["name"], "area");
    let states = case["core_time"]["states"].as_object().unwrap();
    let sum: f64 = states.values().map(|part| part.as_f64().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-12);
    assert_eq!(case["tasks"]["done"], 8 * 40);
    assert_eq!(case["digest"].as_str().unwrap().len(), 16);
    assert!(scratch.0.join("output/stdin/manifest.json").is_file());
}

#[test]
fn a_manifest_holds_what_was_run() {
    let scratch = Scratch::new("manifest");
    let path = scratch.file("uneven.toml", UNEVEN);
    assert_exit(&scratch.makespan(&["run", &path, "--set", "machine.cores=3", "--seed", "7", "-q"]), 0, "");
    let manifest: Value = serde_json::from_slice(&scratch.read("output/uneven/manifest.json")).unwrap();
    assert_eq!(manifest["files"][0]["text"], UNEVEN);
    assert_eq!(manifest["set"], serde_json::json!(["machine.cores=3", "run.seed=7"]));
    // What was resolved is a scenario that runs to the same digest.
    scratch.file("again.toml", manifest["resolved"].as_str().unwrap());
    let again = scratch.makespan(&["run", "again.toml", "--format", "json", "-q"]);
    let again: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!(again["digest"], manifest["digest"]);
    assert_eq!(again["seed"], 7);
}

#[test]
fn every_format_goes_to_a_file_too() {
    let scratch = Scratch::new("formats");
    let path = scratch.file("uneven.toml", UNEVEN);
    for (format, start) in
        [("table", "Uneven"), ("json", "{"), ("csv", "variant,point,"), ("markdown", "## Uneven")]
    {
        let output =
            scratch.makespan(&["run", &path, "--format", format, "-o", "result", "--records", "none"]);
        assert_exit(&output, 0, "");
        assert!(output.stdout.is_empty());
        let text = String::from_utf8(scratch.read("result")).unwrap();
        assert!(text.starts_with(start), "{text}");
        assert_eq!(text.lines().count(), text.trim_end().lines().count());
    }
    let rows = scratch.makespan(&["run", &path, "--format", "csv", "--records", "none"]);
    assert_eq!(out(&rows).lines().count(), 1 + 2 * 8);
}

#[test]
fn wrong_usage_exits_with_2() {
    let scratch = Scratch::new("usage");
    assert_exit(&scratch.makespan(&[]), 2, "Usage: makespan");
    assert_exit(&scratch.makespan(&["rum"]), 2, "unrecognized subcommand");
    assert_exit(&scratch.makespan(&["run"]), 2, "<SCENARIO>");
    assert_exit(&scratch.makespan(&["run", "a.toml", "--set", "machine.cores"]), 2, "with = between them");
    assert_exit(&scratch.makespan(&["run", "a.toml", "-j", "0"]), 2, "0");
    assert_exit(&scratch.makespan(&["list", "polices"]), 2, "policies");
}

#[test]
fn wrong_scenarios_exit_with_1_and_show_where() {
    let scratch = Scratch::new("wrong");
    let path = scratch
        .file("wrong.toml", "machine.cores = 4\nschedule.polcy = \"fifo\"\nworkload.tasks = { count = 4 }\n");
    let output = scratch.makespan(&["run", &path]);
    assert_exit(&output, 1, "did you mean `policy`?");
    assert!(
        err(&output).contains("wrong.toml:2:10") && err(&output).contains("2 problems"),
        "{}",
        err(&output)
    );
    assert!(!scratch.0.join("output").exists());
    assert_exit(&scratch.makespan(&["check", "absent.toml"]), 1, "`absent.toml` can't be read: no such file");
    assert_exit(&scratch.makespan(&["check", "."]), 1, "it is a folder");
    let stuck = UNEVEN.replace("run.replicates = 8", "run.limits.events = 9");
    assert_exit(&scratch.makespan_reading(&stuck, &["run", "-"]), 1, "replicate 0 of “central-queue” failed");
}

#[test]
fn a_folder_that_is_not_a_run_is_left_alone() {
    let scratch = Scratch::new("others");
    let path = scratch.file("uneven.toml", UNEVEN);
    let output = scratch.makespan(&["run", &path, "--out", "."]);
    assert_exit(&output, 1, "");
    let output = scratch.makespan(&["run", &path, "--out", "uneven.toml"]);
    assert_exit(&output, 1, "uneven.toml");
    fs::create_dir(scratch.0.join("mine")).unwrap();
    scratch.file("mine/thesis.tex", "years");
    let output = scratch.makespan(&["run", &path, "--out", "mine"]);
    assert_exit(&output, 1, "no run has written");
    assert!(output.stdout.is_empty());
    assert_eq!(scratch.read("mine/thesis.tex"), b"years");
    assert_exit(&scratch.makespan(&["run", &path, "-o", "absent/result"]), 1, "absent/result");
}

#[test]
fn check_tells_what_keys_came_to_and_judges_expectations() {
    let scratch = Scratch::new("check");
    let path = scratch.file("uneven.toml", UNEVEN);
    let output = scratch.makespan(&["check", &path]);
    assert_eq!(out(&output), "uneven.toml is right: 2 variants, 8 replicates each\n");
    let resolved = out(&scratch.makespan(&["check", &path, "--resolved"]));
    assert!(resolved.contains("policy = \"central-queue\"") && resolved.contains("# default"), "{resolved}");
    let met = scratch.makespan(&["check", &path, "--expect"]);
    assert_exit(&met, 0, "");
    assert!(out(&met).starts_with("quick met"), "{}", out(&met));
    let missed = scratch.makespan(&["check", &path, "--expect", "--set", "expect.quick.at_most=\"1 ms\""]);
    assert_exit(&missed, 1, "misses 1 of 1 expectations");
    let nothing = scratch.makespan_reading(
        "machine.cores = 1\nworkload.tasks = { count = 1, work = \"1 s\" }",
        &["check", "-", "--expect"],
    );
    assert_exit(&nothing, 1, "expects nothing");
}

#[test]
fn lists_starters_schema_completions_and_manual_are_there() {
    let scratch = Scratch::new("rest");
    for (arguments, part) in [
        (vec!["list"], "policies"),
        (vec!["list", "policies"], "heft"),
        (vec!["list", "policies"], "schedule.loop: "),
        (vec!["list", "loops"], "trapezoid"),
        (vec!["list", "victims"], "nearest"),
        (vec!["list", "trees"], "binomial"),
        (vec!["list", "presets", "--show", "epyc-2x64"], "[machine]"),
        (vec!["list", "distributions", "--show", "lognormal"], "cv"),
        (vec!["list", "metrics"], "makespan"),
        (vec!["schema"], "\"$schema\""),
        (vec!["completions", "bash"], "complete"),
        (vec!["man"], "Exit codes"),
        (vec!["--version"], env!("CARGO_PKG_VERSION")),
    ] {
        let output = scratch.makespan(&arguments);
        assert_exit(&output, 0, "");
        assert!(out(&output).contains(part), "{arguments:?}: {}", out(&output));
    }
    assert_exit(&scratch.makespan(&["list", "policies", "--show", "hefd"]), 1, "did you mean `heft`?");
    assert_exit(&scratch.makespan(&["new", "dag", "-o", "dag.toml"]), 0, "");
    assert_exit(&scratch.makespan(&["new", "dag", "-o", "dag.toml"]), 1, "exists already");
    assert_exit(&scratch.makespan(&["run", "dag.toml", "-q", "--records", "none"]), 0, "");
}

#[test]
fn a_table_that_is_too_wide_is_broken_into_blocks() {
    let scratch = Scratch::new("width");
    let path = scratch.file("uneven.toml", UNEVEN);
    let output = Command::new(env!("CARGO_BIN_EXE_makespan"))
        .args(["run", &path, "--records", "none", "-q"])
        .current_dir(&scratch.0)
        .env("COLUMNS", "70")
        .output()
        .unwrap();
    let text = out(&output);
    let table: Vec<&str> = text.lines().take_while(|line| !line.contains("is best")).collect();
    assert!(table.iter().all(|line| line.chars().count() <= 70), "{text}");
    assert!(table.iter().filter(|line| line.starts_with("variant")).count() > 1, "{text}");
    assert!(table.iter().any(|line| line.contains("imbalance")), "{text}");
}

#[test]
fn colours_come_when_asked_for_only() {
    let scratch = Scratch::new("colour");
    let path = scratch.file("uneven.toml", UNEVEN);
    let coloured = |choice: &str| {
        let output = scratch.makespan(&["run", &path, "--color", choice, "--records", "none"]);
        out(&output).contains('\u{1b}')
    };
    assert!(coloured("always") && !coloured("never") && !coloured("auto"));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let scratch = Scratch::new("pipe");
    let mut child = Command::new(env!("CARGO_BIN_EXE_makespan"))
        .args(["schema"])
        .current_dir(&scratch.0)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_exit(&output, 0, "");
    assert!(output.stderr.is_empty(), "{}", err(&output));
}
