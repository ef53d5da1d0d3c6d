//! Which scenario, and what of it is changed on the command line.

use clap::Args;

use super::disk::{Disk, STANDARD_INPUT};
use super::stop::Stop;
use super::terminal::Choice;
use crate::output::provenance::Provenance;
use crate::plot::charts_of_runs;
use crate::scenario::{Checked, Request, Study, check};
use crate::source::render;

/// Which scenario, and what of it is changed.
#[derive(Args)]
pub(super) struct Scenario {
    /// The scenario: a TOML file, or - for standard input
    #[arg(value_name = "SCENARIO")]
    pub path: String,
    /// Set a key, such as schedule.policy=lpt, over the file and its variants
    #[arg(long, value_name = "KEY=VALUE", value_parser = assignment)]
    set: Vec<String>,
    /// Sweep a key, such as machine.cores=1,2,4
    #[arg(long, value_name = "KEY=A,B,…", value_parser = assignment)]
    sweep: Vec<String>,
    /// The seed of all random numbers
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// How many replicates of each case
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    replicates: Option<u32>,
}

fn assignment(text: &str) -> Result<String, String> {
    match text.split_once('=') {
        Some((key, _)) if !key.trim().is_empty() => Ok(text.to_owned()),
        _ => Err("a key and its value with = between them".into()),
    }
}

/// A scenario with nothing wrong in it, and where it comes from.
pub(super) struct Ready {
    /// What is to be simulated.
    pub study: Study,
    /// Where it comes from.
    pub provenance: Provenance,
}

impl Scenario {
    /// A scenario of which only the seed and the number of replicates may be changed.
    pub fn plain(path: String, seed: Option<u64>, replicates: Option<u32>) -> Self {
        Scenario { path, set: Vec::new(), sweep: Vec::new(), seed, replicates }
    }

    /// Reads and checks the scenario.
    ///
    /// # Errors
    /// Where something is wrong with it, told already.
    pub fn check(&self, colour: Choice) -> Result<Ready, Stop> {
        let (sets, sweeps) = self.changes();
        examine(&Disk::default(), &self.path, &sets, sweeps, colour)
    }

    /// The keys that are set and those that are swept.
    pub fn changes(&self) -> (Vec<String>, &[String]) {
        let mut sets = self.set.clone();
        sets.extend(self.seed.map(|seed| format!("run.seed={seed}")));
        sets.extend(self.replicates.map(|number| format!("run.replicates={number}")));
        (sets, &self.sweep)
    }

    /// The name of the scenario's file without folder and ending; `stdin` for standard input.
    pub fn stem(&self) -> &str {
        stem(&self.path)
    }
}

/// Reads and checks the scenario at `path` with what is set and swept on the command line.
///
/// # Errors
/// Where something is wrong with it, told already.
pub(super) fn examine(
    disk: &Disk,
    path: &str,
    sets: &[String],
    sweeps: &[String],
    colour: Choice,
) -> Result<Ready, Stop> {
    let plots = charts_of_runs();
    match check(disk, &Request { path, sets, sweeps, plots: &plots, alone: false }) {
        Ok(Checked { study, resolution }) => {
            let provenance = Provenance {
                scenario: path.to_owned(),
                sets: sets.to_owned(),
                sweeps: sweeps.to_owned(),
                resolved: resolution.text(),
                files: disk.inputs(),
            };
            Ok(Ready { study, provenance })
        }
        Err(refused) => {
            eprintln!("{}", render(&refused.map, &refused.problems, colour.on_error()));
            let count = refused.problems.len();
            if count > 1 {
                eprintln!("\n{count} problems");
            }
            Err(Stop::Told)
        }
    }
}

/// The name of the scenario at `path` without folder and ending; `stdin` for standard input.
pub(super) fn stem(path: &str) -> &str {
    match std::path::Path::new(path).file_stem().and_then(|stem| stem.to_str()) {
        Some(stem) if path != STANDARD_INPUT => stem,
        _ => "stdin",
    }
}
