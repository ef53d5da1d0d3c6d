//! A folder in which a test runs the program, and scenarios to be run there.
#![allow(clippy::disallowed_methods, reason = "a test may look outside")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// Cases with a given number of replicates.
pub const SWEPT: &str = r#"
machine.cores = 4
workload.tasks = { count = 100, work = { exponential = "10 ms" } }
run.replicates = 120
sweep."machine.cores" = [2, 3, 4]
variant = [{ name = "longest first", schedule.policy = "lpt" }]
"#;

/// As many replicates as a precision takes.
pub const PRECISE: &str = r#"
workload.tasks = { count = 200, work = { exponential = "1 ms" }, arrivals = { poisson = "1200 /s" } }
run.replicates = { precision = "6 %", metric = "response", max = 300 }
machine.cores = 2
sweep."machine.cores" = [2, 3, 4, 5]
"#;

/// As many replicates as it takes to tell the best of several variants.
pub const BEST: &str = r#"
machine.cores = 4
workload.tasks = { count = 60, work = { exponential = "10 ms" } }
run = { goal = "best of makespan", replicates = 120 }
sweep."machine.cores" = [2, 3, 4, 5]
variant = [
    { name = "longest first", schedule.policy = "lpt" },
    { name = "at random", schedule.policy = "random" },
    { name = "in blocks", schedule.policy = "static-block" },
]
"#;

/// A folder of its own for a test, removed at the end.
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new(name: &str) -> Self {
        Scratch::below(&std::env::temp_dir(), name)
    }

    /// A folder below `parent`.
    pub fn below(parent: &Path, name: &str) -> Self {
        let path = parent.join(format!("makespan-ended-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("swept.toml"), SWEPT).unwrap();
        fs::write(path.join("precise.toml"), PRECISE).unwrap();
        fs::write(path.join("best.toml"), BEST).unwrap();
        Scratch(path)
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_makespan"));
        command.args(arguments).current_dir(&self.0).stdin(Stdio::null());
        command
    }

    pub fn makespan(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    #[track_caller]
    pub fn must(&self, arguments: &[&str]) -> String {
        let output = self.makespan(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", err(&output));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    #[track_caller]
    pub fn refused(&self, arguments: &[&str], code: i32, said: &str) {
        let output = self.makespan(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", err(&output));
        assert!(err(&output).contains(said), "{said:?} is not in: {}", err(&output));
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Every file of a run's folder with its bytes, but the one that says when and where it ran.
    pub fn run(&self, name: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(&self.path(name), Path::new(""), &mut files);
        assert!(files.remove(Path::new("run.log")).is_some(), "a run leaves a log");
        assert!(files.len() > 5, "a run leaves {} files", files.len());
        files
    }

    /// Names of what stands here, but for the scenarios.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
        names.retain(|name| !name.ends_with(".toml"));
        names.sort();
        names
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn collect(root: &Path, below: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(root.join(below)).unwrap() {
        let entry = entry.unwrap();
        let path = below.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            collect(root, &path, files);
        } else {
            files.insert(path, fs::read(entry.path()).unwrap());
        }
    }
}

/// What it said on standard error.
pub fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Sends a signal, such as `KILL`.
pub fn signal(child: &Child, name: &str) {
    // It may have ended by itself.
    // The shell's own: a bare Debian has no program of this name.
    let _ = Command::new("sh").args(["-c", &format!("kill -{name} {}", child.id())]).output();
}
