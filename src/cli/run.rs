//! `makespan run`: a scenario simulated, printed, and written into a folder.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;

use super::bar::Bar;
use super::fill::{Records, Run, fill};
use super::request::{Ready, Scenario};
use super::stop::Stop;
use super::terminal::{Choice, print};
use crate::experiment::{self, Results, Threads};
use crate::output::folder::Folder;
use crate::output::format::{FORMATS, Format, Look, named};
use crate::output::provenance::Provenance;
use crate::scenario::Study;

/// Simulate a scenario: a table here, everything else in a folder
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    scenario: Scenario,
    #[command(flatten)]
    effort: Effort,
    /// What is printed
    #[arg(long, value_name = "FORMAT", default_value = "table",
          value_parser = clap::builder::PossibleValuesParser::new(FORMATS.iter().map(|format| format.name)))]
    format: String,
    /// Print into a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The folder of this run; output/ and the name of the scenario's file unless given
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Which replicates leave tables of tasks and cores and a trace
    #[arg(long, value_enum, default_value_t = Records::One)]
    records: Records,
    /// Say nothing but results and errors
    #[arg(short, long)]
    quiet: bool,
}

/// How replicates are run.
#[derive(Args)]
pub(super) struct Effort {
    /// How many replicates run at once; as many as there are processors unless given
    #[arg(short, long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=4096))]
    jobs: Option<u16>,
    /// Show no bar
    #[arg(long)]
    no_progress: bool,
}

impl Effort {
    /// How many replicates run at once, if that is said.
    pub fn jobs(&self) -> Option<usize> {
        self.jobs.map(usize::from)
    }
}

/// Runs the command.
///
/// # Errors
/// Where the scenario is wrong, a replicate fails or something can't be written.
pub(super) fn run(arguments: &Arguments, colour: Choice) -> Result<(), Stop> {
    let began = Instant::now();
    let Ready { study, provenance } = arguments.scenario.check(colour)?;
    let place = arguments.out.clone().unwrap_or_else(|| Path::new("output").join(arguments.scenario.stem()));
    let unwritable = |error: crate::output::folder::Unwritable| Stop::Wrong(error.to_string());
    Folder::probe(&place).map_err(unwritable)?;
    let results = simulate(&study, &arguments.effort, arguments.quiet)?;
    let folder = Folder::begin(&place).map_err(unwritable)?;
    let run =
        Run { name: arguments.scenario.stem(), study: &study, results: &results, provenance: &provenance };
    let notices = fill(&folder, &run, arguments.records)?;
    folder.finish().map_err(unwritable)?;
    let Some(format) = named(&arguments.format) else { return Err(Stop::Fault("no such format".into())) };
    match &arguments.output {
        Some(path) if path.as_os_str() != "-" => write_file(path, format, &results, &provenance)?,
        _ => print(|out| (format.write)(&results, &provenance, colour.look(), out))?,
    }
    if !arguments.quiet {
        notices.iter().for_each(|notice| eprintln!("{notice}"));
        eprintln!("{} · {:.2} s", place.display(), began.elapsed().as_secs_f64());
    }
    Ok(())
}

/// Simulates all replicates of `study`.
///
/// # Errors
/// Where a replicate fails.
pub(super) fn simulate(study: &Study, effort: &Effort, quiet: bool) -> Result<Results, Stop> {
    let threads = Threads::new(effort.jobs.map(usize::from)).map_err(Stop::Fault)?;
    let bar = Bar::new(!quiet && !effort.no_progress);
    let results = experiment::run(study, &threads, &bar);
    bar.clear();
    results.map_err(|failed| Stop::Wrong(failed.to_string()))
}

/// Writes results into a file, which is complete or not there; what is no plain file, such as a pipe, is written to.
fn write_file(path: &Path, format: &Format, results: &Results, provenance: &Provenance) -> Result<(), Stop> {
    let look = Look { colour: false, width: Look::WIDTH };
    let plain = fs::metadata(path).map_or(true, |metadata| metadata.is_file());
    let aside = match path.file_name() {
        Some(name) if plain => {
            path.with_file_name(format!(".{}.{}.partial", name.to_string_lossy(), std::process::id()))
        }
        _ => path.to_owned(),
    };
    let written = fs::File::create(&aside).and_then(|file| {
        let mut out = BufWriter::new(file);
        (format.write)(results, provenance, look, &mut out)?;
        out.flush()
    });
    let written = written.and_then(|()| if aside == path { Ok(()) } else { fs::rename(&aside, path) });
    written.map_err(|error: io::Error| {
        if aside != path {
            // The failure is told; that its beginnings may stay behind is not worth another.
            let _ = fs::remove_file(&aside);
        }
        Stop::unwritten(&format!("`{}`", path.display()), &error)
    })
}
