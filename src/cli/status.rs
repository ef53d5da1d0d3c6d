//! `makespan status`: what parts of a study hold, and what is missing.

use std::path::{Path, PathBuf};

use clap::Args;

use super::parts::{Part, Parts};
use super::request::Ready;
use super::stop::Stop;
use super::terminal::{Choice, print};
use crate::experiment::{Failed, Missing, Share, Watch, missing};
use crate::output::finished;
use crate::output::journal::NAME;
use crate::scenario::Study;

/// Say what is done of a run that was split or ended, and what is missing
#[derive(Args)]
pub(super) struct Arguments {
    /// The folders of its parts, in any order
    #[arg(value_name = "PART", required = true)]
    parts: Vec<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// Where parts can't be read or can't go together.
pub(super) fn run(arguments: &Arguments, colour: Choice) -> Result<(), Stop> {
    let mut lines = Vec::new();
    let mut begun = Vec::new();
    for path in &arguments.parts {
        match completed(path) {
            Some(line) => lines.push(line),
            None => begun.push(path.clone()),
        }
    }
    if !begun.is_empty() {
        lines.extend(told(&begun, colour)?);
    }
    print(|out| lines.iter().try_for_each(|line| writeln!(out, "{line}")))
}

/// What is to be said of a folder in which a run was completed and no other begun since; none of any other.
fn completed(path: &Path) -> Option<String> {
    if path.join(NAME).exists() {
        return None;
    }
    let replicates = finished::replicates(path)?;
    let (least, most) = (replicates.iter().min()?, replicates.iter().max()?);
    let plural = |number: u64| if number == 1 { "" } else { "s" };
    let each = if replicates.len() == 1 { "" } else { " each" };
    let number = match least == most {
        true => format!("{least} replicate{}{each}", plural(*least)),
        false => format!("{least} to {most} replicates{each}"),
    };
    let cases = replicates.len();
    Some(format!("complete: {cases} case{}, {number}, {}", plural(cases as u64), path.display()))
}

/// What is to be said of the parts at `paths`, a line each.
fn told(paths: &[PathBuf], colour: Choice) -> Result<Vec<String>, Stop> {
    let parts = Parts::open(paths)?;
    let Ready { study, .. } = parts.study(colour)?;
    let mut lines = Vec::new();
    for part in parts.iter() {
        lines.push(format!(
            "part {}: {}, {}",
            part.share(),
            how_far(&study, part, &parts)?,
            part.path.display()
        ));
    }
    let lacking = missing(&study, Share::WHOLE, &parts).map_err(wrong)?;
    let done = parts.len();
    if lacking.is_empty() {
        lines.push(format!("complete: {done} replicates, to be joined with makespan merge"));
    } else {
        lines.push(match &lacking {
            Missing::Units(units, all) => format!("missing are {} of {all} replicates:", units.len()),
            Missing::Points(points, all) => format!("missing are {} of {all} points:", points.len()),
        });
        lines.extend(parts.lacking(&study, &lacking));
    }
    Ok(lines)
}

/// How much a part has of what is its own; what other parts have counts for it too.
fn how_far(study: &Study, part: &Part, watch: &dyn Watch) -> Result<String, Stop> {
    let lacking = missing(study, part.share(), watch).map_err(wrong)?;
    let own = part.kept.len();
    Ok(match lacking {
        lacking if lacking.is_empty() => format!("complete with {own} replicates"),
        Missing::Units(units, all) => format!("{} of {all} replicates", all - units.len() as u64),
        Missing::Points(points, all) => format!("{} of {all} points, {own} replicates", all - points.len()),
    })
}

fn wrong(failed: Failed) -> Stop {
    Stop::Wrong(failed.to_string())
}
