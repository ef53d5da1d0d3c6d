//! `makespan submit`: a run in parts on a cluster, and their merging when they are done.

mod hyperqueue;
mod slurm;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::{ArgGroup, Args};

use super::request::{Ready, Scenario};
use super::stop::Stop;
use super::terminal::{Choice, print};

/// Do a run in parts on a cluster, and merge them when they are done
#[derive(Args)]
#[command(group = ArgGroup::new("engine").required(true))]
pub(super) struct Arguments {
    #[command(flatten)]
    scenario: Scenario,
    /// Submit to Slurm: an array of jobs, and one that depends on them
    #[arg(long, group = "engine")]
    slurm: bool,
    /// Submit to HyperQueue: a job of tasks, and one that depends on them
    #[arg(long, group = "engine")]
    hyperqueue: bool,
    /// How many parts
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    shards: u32,
    /// How many processors a part uses
    #[arg(short, long, value_name = "NUMBER", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=4096))]
    jobs: u16,
    /// The folder of the run; output/ and the name of the scenario's file unless given. The parts go beside it
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// An option for the engine's own command, such as --option=--partition=short; may be given again
    #[arg(long = "option", value_name = "OPTION", allow_hyphen_values = true)]
    options: Vec<String>,
    /// Write what would be submitted, and submit nothing
    #[arg(long)]
    dry_run: bool,
}

/// A run in parts, as any engine needs to know it.
struct Batch {
    /// What it is called.
    name: String,
    /// The program and the folder that it is to run in.
    program: PathBuf,
    folder: PathBuf,
    /// What follows `makespan run`.
    scenario: Vec<String>,
    shards: u32,
    jobs: u16,
    /// Where the parts go.
    parts: PathBuf,
    /// Where their merging goes.
    out: PathBuf,
    options: Vec<String>,
}

/// A file that an engine reads.
struct Script {
    name: &'static str,
    text: String,
}

/// Where parts are run.
trait Engine {
    /// What it reads.
    fn scripts(&self, batch: &Batch) -> Vec<Script>;
    /// Hands it the scripts, which stand in the folder of the parts; what to say then.
    fn submit(&self, batch: &Batch) -> Result<String, Stop>;
}

/// Runs the command.
///
/// # Errors
/// Where the scenario is wrong, a script can't be written, or the engine takes nothing.
pub(super) fn run(arguments: &Arguments, colour: Choice) -> Result<(), Stop> {
    let engine: &dyn Engine = if arguments.slurm { &slurm::Slurm } else { &hyperqueue::HyperQueue };
    if arguments.scenario.path == "-" {
        return Err(Stop::Wrong(
            "what is read from standard input can't be read again by each part: name a file".into(),
        ));
    }
    // What is wrong with the scenario is told here and now, and not by every part.
    let Ready { provenance, .. } = arguments.scenario.check(colour)?;
    let name = arguments.scenario.stem().to_owned();
    let out = arguments.out.clone().unwrap_or_else(|| Path::new("output").join(&name));
    let Some(own) = out.file_name() else {
        return Err(Stop::Wrong(format!("`{}` has no name of its own", out.display())));
    };
    let parts = out.with_file_name(format!("{}.parts", own.to_string_lossy()));
    let fault = |error: io::Error| Stop::Fault(error.to_string());
    let mut scenario = vec![provenance.scenario.clone()];
    let option = |name: &str, values: &[String]| -> Vec<String> {
        values.iter().flat_map(|value| [name.to_owned(), value.clone()]).collect()
    };
    scenario.extend(option("--set", &provenance.sets));
    scenario.extend(option("--sweep", &provenance.sweeps));
    let batch = Batch {
        name,
        program: std::env::current_exe().map_err(fault)?,
        folder: std::env::current_dir().map_err(fault)?,
        scenario,
        shards: arguments.shards,
        jobs: arguments.jobs,
        parts,
        out,
        options: arguments.options.clone(),
    };
    fs::create_dir_all(&batch.parts).map_err(|error| Stop::unwritten(&shown(&batch.parts), &error))?;
    for script in engine.scripts(&batch) {
        let path = batch.parts.join(script.name);
        fs::write(&path, script.text).map_err(|error| Stop::unwritten(&shown(&path), &error))?;
    }
    let said = match arguments.dry_run {
        true => format!("nothing is submitted; the scripts are in {}", batch.parts.display()),
        false => engine.submit(&batch)?,
    };
    print(|out| writeln!(out, "{said}"))
}

impl Batch {
    /// The command that does a part, whose number is `index` or what an engine puts in its place.
    fn part(&self, index: &str) -> Vec<String> {
        let mut words = vec![self.program.display().to_string(), "run".into()];
        words.extend(self.scenario.iter().cloned());
        let jobs = self.jobs.to_string();
        let share = format!("{index}/{}", self.shards);
        let out = self.folder_of(index);
        words.extend(["--shard", &share, "--out", &out, "--jobs", &jobs, "--no-progress"].map(str::to_owned));
        words
    }

    /// The command that merges all parts.
    fn merge(&self) -> Vec<String> {
        let mut words = vec![self.program.display().to_string(), "merge".into()];
        words.extend((1..=self.shards).map(|index| self.folder_of(&index.to_string())));
        words.extend(["--out".into(), self.out.display().to_string()]);
        words
    }

    /// Where a part goes.
    fn folder_of(&self, index: &str) -> String {
        self.parts.join(index).display().to_string()
    }

    /// Runs the engine's own command; what it printed.
    fn call(&self, words: &[&str]) -> Result<String, Stop> {
        let (program, arguments) = (words[0], &words[1..]);
        let called = Command::new(program).args(arguments).output();
        let output = called.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Stop::Wrong(format!(
                "`{program}` isn't here to submit to; the scripts are in {}",
                self.parts.display()
            )),
            _ => Stop::Wrong(format!("`{program}` can't be run: {error}")),
        })?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            return Err(Stop::Wrong(format!("`{program}` refuses: {said}")));
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}

fn shown(path: &Path) -> String {
    format!("`{}`", path.display())
}
