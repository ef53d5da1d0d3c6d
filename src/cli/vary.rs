//! `makespan sensitivity` and `makespan whatif`: which keys matter, and which resource would buy the most.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::disk::Disk;
use super::request::Scenario;
use super::run::Effort;
use super::stop::Stop;
use super::terminal::{Choice, print};
use crate::experiment::{
    Effect, Probe, Reaction, Sensitivity, Threads, Unprobed, WhatIf, WhatIfs, sensitivity, what_if,
};
use crate::metrics::{Metric, Unit};
use crate::output::folder::replace;
use crate::plot::theme::Theme;
use crate::report::{Figure, tornado};
use crate::scenario::Request;
use crate::stats::Ratio;
use crate::units::{number, percent, with_margin};

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
    let text = sensitivity_told(&found, path, arguments.by);
    print(|out| out.write_all(text.as_bytes()))
}

/// Runs `makespan whatif`.
///
/// # Errors
/// Where the scenario is wrong or a replicate fails.
pub(super) fn run_what_if(arguments: &Buying, colour: Choice) -> Result<(), Stop> {
    let found = probe(&arguments.study, colour, |probe| what_if(probe, arguments.study.metric, LEVEL))?;
    let text = what_if_told(&found, &arguments.study.scenario.path);
    print(|out| out.write_all(text.as_bytes()))
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
    let request = Request { path: &study.scenario.path, sets: &sets, sweeps, plots: &plots };
    let probe = Probe { files: &disk, request: &request, execute: &threads };
    vary(&probe).map_err(|error| match error {
        Unprobed::Refused(what) => Stop::Wrong(what),
        Unprobed::Failed(failed) => Stop::Wrong(failed.to_string()),
    })
}

fn sensitivity_told(found: &Sensitivity, path: &str, step: f64) -> String {
    let name = found.metric.describe().name;
    let stem = Path::new(path).display();
    let mut text = format!(
        "How the {name} of {stem} reacts to its keys, each {} less and more; {} on the same random numbers each.\n\n",
        percent(step),
        replicates(found.replicates)
    );
    let matters = |reaction: &&Reaction| match &reaction.effect {
        Effect::Elasticity(ratio) => ratio.low > 0.0 || ratio.high < 0.0,
        _ => false,
    };
    let rows: Vec<[String; 3]> = found
        .reactions
        .iter()
        .filter(matters)
        .filter_map(|reaction| {
            let Effect::Elasticity(ratio) = &reaction.effect else { return None };
            Some([
                reaction.key.clone(),
                interval(ratio),
                format!("{} → {}", reaction.value, reaction.tried.join(", ")),
            ])
        })
        .collect();
    if !rows.is_empty() {
        let header = ["key", "elasticity", "value → tried"].map(str::to_owned);
        text += &columns(std::iter::once(&header).chain(&rows));
        text += &format!(
            "\nAn elasticity of 1: where the key is 1 % larger, so is the {name}. Intervals hold together with {}.\n",
            percent(LEVEL)
        );
    }
    let named = |wanted: &dyn Fn(&Reaction) -> Option<String>| -> String {
        found.reactions.iter().filter_map(wanted).collect::<Vec<_>>().join(", ")
    };
    let unclear = named(&|reaction| {
        let unclear = match &reaction.effect {
            Effect::Elasticity(_) => !matters(&reaction),
            effect => matches!(effect, Effect::Unknown),
        };
        unclear.then(|| reaction.key.clone())
    });
    let nothing = named(&|reaction| (reaction.effect == Effect::Nothing).then(|| reaction.key.clone()));
    let fixed = named(&|reaction| match &reaction.effect {
        Effect::Fixed(why) => Some(format!("{} ({why})", reaction.key)),
        _ => None,
    });
    for (what, keys) in [
        ("No effect that could be told from chance", unclear),
        ("These keys had no effect: every event stayed the same", nothing),
        ("Not varied", fixed),
    ] {
        if !keys.is_empty() {
            text += &format!("{what}: {keys}.\n");
        }
    }
    text
}

fn what_if_told(found: &WhatIfs, path: &str) -> String {
    let name = found.metric.describe().name;
    let mut text = format!(
        "What would change the {name} of {} the most; {} on the same random numbers each.\n\n",
        Path::new(path).display(),
        replicates(found.replicates)
    );
    let row = |what: &WhatIf| -> [String; 3] {
        let change = match (&what.refused, what.ratio) {
            (Some(why), _) => format!("not possible: {why}"),
            _ if what.same => "no effect: every event stayed the same".to_owned(),
            (None, None) => "can't be told".to_owned(),
            (None, Some(ratio)) if ratio.low <= 1.0 && 1.0 <= ratio.high && ratio.low < ratio.high => {
                format!("not distinguishable ({} to {})", signed(ratio.low), signed(ratio.high))
            }
            (None, Some(ratio)) => changed(found.metric, &ratio),
        };
        let (from, to) = &what.values;
        [what.words.to_owned(), change, format!("{}: {from} → {to}", what.key)]
    };
    let rows: Vec<[String; 3]> = found.all.iter().map(row).collect();
    if rows.is_empty() {
        return text + "The scenario has no resource that could be doubled.\n";
    }
    text += &columns(rows.iter());
    text += &format!("\nIntervals hold together with {}.\n", percent(LEVEL));
    text
}

/// `shorter by 31.2 % ± 0.4 %`.
fn changed(metric: Metric, ratio: &Ratio) -> String {
    let less = ratio.estimate < 1.0;
    let way = match (metric.describe().unit, less) {
        (Unit::Seconds, true) => "shorter",
        (Unit::Seconds, false) => "longer",
        (_, true) => "lower",
        (_, false) => "higher",
    };
    let half = 50.0 * (ratio.high - ratio.low);
    format!("{way} by {} %", with_margin(100.0 * (ratio.estimate - 1.0).abs(), half).replace(" ± ", " % ± "))
}

fn signed(ratio: f64) -> String {
    let sign = if ratio < 1.0 { "−" } else { "+" };
    format!("{sign}{}", percent((ratio - 1.0).abs()))
}

fn interval(ratio: &Ratio) -> String {
    if ratio.low == ratio.high {
        return number(ratio.estimate);
    }
    with_margin(ratio.estimate, 0.5 * (ratio.high - ratio.low))
}

fn replicates(count: usize) -> String {
    if count == 1 { "1 replicate".to_owned() } else { format!("{count} replicates") }
}

/// Rows with their cells in columns.
fn columns<'a>(rows: impl Iterator<Item = &'a [String; 3]> + Clone) -> String {
    let width = |at: usize| rows.clone().map(|row| row[at].chars().count()).max().unwrap_or(0);
    let widths = [width(0), width(1)];
    let padded = |cell: &str, width: usize| format!("{cell}{}", " ".repeat(width - cell.chars().count()));
    rows.clone()
        .map(|row| format!("{}  {}  {}\n", padded(&row[0], widths[0]), padded(&row[1], widths[1]), row[2]))
        .collect()
}
