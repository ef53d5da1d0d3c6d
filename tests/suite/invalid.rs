//! Wrong scenarios and what is said of them: each `tests/invalid/NAME.toml` has the exact message in `NAME.txt`.
//!
//! A first line such as `# set: key=value` or `# sweep: key=1,2` stands for what the command line adds. Setting
//! `UPDATE_EXPECT=1` writes the messages anew, to be reread as a novice would.
#![allow(clippy::disallowed_methods, reason = "reads and writes the expected messages")]

use std::fs;
use std::path::{Path, PathBuf};

use makespan::scenario::{Request, check};
use makespan::source::{Files, render};

/// The files of the folder, named without it.
struct Folder(PathBuf);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        fs::read(self.0.join(path)).map_err(|_| "no such file".to_owned())
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invalid")
}

fn names() -> Vec<String> {
    let entries = fs::read_dir(folder()).expect("the folder of wrong scenarios");
    let paths = entries.map(|entry| entry.expect("an entry of the folder").path());
    let mut names: Vec<String> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
        .filter(|name| !name.starts_with('_'))
        .collect();
    names.sort();
    names
}

/// What the comments at the start of the file say the command line adds.
fn arguments(text: &str, option: &str) -> Vec<String> {
    let start = format!("# {option}: ");
    text.lines().filter_map(|line| line.strip_prefix(&*start)).map(str::to_owned).collect()
}

fn message(name: &str) -> Result<String, String> {
    let path = format!("{name}.toml");
    let bytes = fs::read(folder().join(&path)).expect("a wrong scenario");
    let text = String::from_utf8_lossy(&bytes);
    let (sets, sweeps) = (arguments(&text, "set"), arguments(&text, "sweep"));
    let plots = ["comparison", "gantt", "breakdown", "distribution"];
    let request = Request { path: &path, sets: &sets, sweeps: &sweeps, plots: &plots, alone: false };
    match check(&Folder(folder()), &request) {
        Ok(_) => Err(format!("{name} is not refused")),
        Err(refused) => Ok(render(&refused.map, &refused.problems, false) + "\n"),
    }
}

#[test]
fn every_wrong_scenario_is_refused_with_its_message() {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut wrong = Vec::new();
    for name in names() {
        let path = folder().join(format!("{name}.txt"));
        let expected = fs::read_to_string(&path).unwrap_or_default();
        match message(&name) {
            Ok(message) if message == expected => {}
            Ok(message) if update => fs::write(&path, message).expect("a message that can be written"),
            Ok(message) => wrong.push(format!("{name} says\n{message}instead of\n{expected}")),
            Err(why) => wrong.push(why),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn there_are_at_least_sixty_wrong_scenarios_and_no_stray_message() {
    let names = names();
    assert!(names.len() >= 60, "{} only", names.len());
    for entry in fs::read_dir(folder()).expect("the folder of wrong scenarios") {
        let path = entry.expect("an entry of the folder").path();
        let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
        assert!(stem.starts_with('_') || names.contains(&stem), "{} belongs to no scenario", path.display());
    }
}
