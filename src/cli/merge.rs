//! `makespan merge`: the parts of a study joined into what a single run would have left.

use std::path::PathBuf;
use std::time::{Instant, SystemTime};

use clap::Args;

use super::fill::{Run, fill};
use super::log;
use super::parts::Parts;
use super::request::{Ready, stem};
use super::session::kept;
use super::show::Show;
use super::stop::Stop;
use super::terminal::Choice;
use crate::experiment::{self, Sequential, Share, missing};
use crate::output::folder::{Claim, Unwritable};
use crate::output::journal::Head;

/// Join parts made with run --shard into exactly what a single run leaves
#[derive(Args)]
pub(super) struct Arguments {
    /// The folders of the parts, in any order
    #[arg(value_name = "PART", required = true)]
    parts: Vec<PathBuf>,
    /// The folder of the run
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    show: Show,
}

/// Runs the command.
///
/// # Errors
/// Where parts can't be read, can't go together or leave something out, and where something can't be written.
pub(super) fn run(arguments: &Arguments, colour: Choice) -> Result<(), Stop> {
    let (began, at) = (Instant::now(), SystemTime::now());
    let parts = Parts::open(&arguments.parts)?;
    if let Some(part) = parts.at(&arguments.out) {
        return Err(Stop::Wrong(format!(
            "`{}` is one of the parts, which stay as they are: name another folder with --out",
            part.path.display()
        )));
    }
    let Ready { study, provenance } = parts.study(colour)?;
    let failed = |failed: experiment::Failed| Stop::Wrong(failed.to_string());
    let lacking = missing(&study, Share::WHOLE, &parts).map_err(failed)?;
    if !lacking.is_empty() {
        let list = parts.lacking(&study, &lacking);
        return Err(Stop::Wrong(format!("the parts leave something out:\n{}", list.join("\n"))));
    }
    let wrong = |error: Unwritable| Stop::Wrong(error.to_string());
    let claim = Claim::new(&arguments.out).map_err(wrong)?;
    // What a run that was ended keeps there isn't ours to remove, unless it is part of this.
    kept(&claim, &Head::new(&provenance, None), "remove that folder")?;
    let results = experiment::run(&study, &Sequential, &parts).map_err(failed)?;
    let folder = claim.begin().map_err(wrong)?;
    let run =
        Run { name: stem(&provenance.scenario), study: &study, results: &results, provenance: &provenance };
    let log = || log::merged(at, began, arguments.parts.len());
    let notices = fill(&folder, &run, arguments.show.tables(), &log)?;
    folder.finish(true).map_err(wrong)?;
    arguments.show.print(&results, &provenance, colour)?;
    if !arguments.show.quiet {
        notices.iter().for_each(|notice| eprintln!("{notice}"));
        eprintln!("{} · {:.2} s", arguments.out.display(), began.elapsed().as_secs_f64());
    }
    Ok(())
}
