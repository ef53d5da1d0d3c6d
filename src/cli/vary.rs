//! `makespan sensitivity` and `makespan whatif`: which keys matter, and which resource would buy the most.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::disk::Disk;
use super::request::Scenario;
use super::run::Effort;
use super::show::Printed;
use super::stop::Stop;
use super::terminal::Choice;
use crate::experiment::{Probe, Sensitivity, Threads, Unprobed, sensitivity, what_if};
use crate::metrics::Metric;
use crate::output::answer;
use crate::output::folder::replace;
use crate::plot::theme::Theme;
use crate::report::{Figure, tornado};
use crate::scenario::Request;

/// The level of all intervals of a table together.
const LEVEL: f64 = 0.95;

/// Which metric of which scenario.
#[derive(Args)]
pub(super) struct Study {
    #[command(flatten)]
    scenario: Scenario,
    /// The metric; the one that the scenario compares unless given
    #[arg(long, value_name = "NAME", value_parser = super::compare::metric)]
    metric: Option<Metric>,
    #[command(flatten)]
    effort: Effort,
    #[command(flatten)]
    printed: Printed,
}

/// Vary every numeric key a little and rank what matters
#[derive(Args)]
pub(super) struct Sensitive {
    #[command(flatten)]
    study: Study,
    /// By which part keys are varied, up and down
    #[arg(long, value_name = "PERCENT", default_value = "10%", value_parser = step)]
    by: f64,
    /// Draw the keys that matter into this folder, as SVG, PNG and for `makespan plot`
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Make each resource twice as good in turn: what would buy the most?
#[derive(Args)]
pub(super) struct Buying {
    #[command(flatten)]
    study: Study,
}

fn step(text: &str) -> Result<f64, String> {
    match super::compare::part(text)? {
        part if part > 0.0 && part <= 1.0 => Ok(part),
        _ => Err("a part above 0 % and up to 100 %".to_owned()),
    }
}

/// Runs `makespan sensitivity`.
///
/// # Errors
/// Where the scenario is wrong or a replicate fails.
pub(super) fn run_sensitivity(arguments: &Sensitive, colour: Choice) -> Result<(), Stop> {
    let found = probe(&arguments.study, colour, |probe| {
        sensitivity(probe, arguments.study.metric, arguments.by, LEVEL)
    })?;
    let path = &arguments.study.scenario.path;
    if let Some(folder) = &arguments.out {
        draw(folder, path, &found, arguments.by)?;
    }
    let answer = answer::sensitivity(&found, path, arguments.by, LEVEL);
    arguments.study.printed.answer(&answer, colour)
}

/// Runs `makespan whatif`.
///
/// # Errors
/// Where the scenario is wrong or a replicate fails.
pub(super) fn run_what_if(arguments: &Buying, colour: Choice) -> Result<(), Stop> {
    let found = probe(&arguments.study, colour, |probe| what_if(probe, arguments.study.metric, LEVEL))?;
    let answer = answer::what_if(&found, &arguments.study.scenario.path, LEVEL);
    arguments.study.printed.answer(&answer, colour)
}

/// Draws the tornado chart into `folder`.
fn draw(folder: &Path, scenario: &str, found: &Sensitivity, step: f64) -> Result<(), Stop> {
    let name = Path::new(scenario).file_stem().map_or(scenario.into(), |stem| stem.to_string_lossy());
    let picture = Box::new(tornado(&name, found, step, LEVEL));
    let figure = Figure { name: "tornado".to_owned(), chart: "tornado", picture };
    let plots = folder.join("plots");
    fs::create_dir_all(&plots).map_err(|error| Stop::unwritten(&format!("`{}`", plots.display()), &error))?;
    let mut files = super::fill::rendered(&figure, Theme::USUAL, false)?;
    let kept = figure.keep().map_err(|error| Stop::Fault(error.to_string()))?;
    files.push(("json", kept.into_bytes()));
    for (ending, bytes) in files {
        let path = plots.join(format!("tornado.{ending}"));
        replace(&path, &bytes).map_err(|error| Stop::Wrong(error.to_string()))?;
    }
    Ok(())
}

/// Calls `vary` with the scenario, once nothing is wrong with it.
fn probe<T>(
    study: &Study,
    colour: Choice,
    vary: impl FnOnce(&Probe<'_>) -> Result<T, Unprobed>,
) -> Result<T, Stop> {
    // What is wrong with the scenario as it is is told with its places.
    study.scenario.check(colour)?;
    let disk = Disk::default();
    let threads = Threads::new(study.effort.jobs()).map_err(Stop::Fault)?;
    let (sets, sweeps) = study.scenario.changes();
    let plots = crate::plot::charts_of_runs();
    let request = Request { path: &study.scenario.path, sets: &sets, sweeps, plots: &plots, alone: true };
    let probe = Probe { files: &disk, request: &request, execute: &threads };
    vary(&probe).map_err(|error| match error {
        Unprobed::Refused(what) => Stop::Wrong(what),
        Unprobed::Failed(failed) => Stop::Wrong(failed.to_string()),
    })
}
