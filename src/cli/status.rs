//! `makespan status`: what parts of a study hold, and what is missing.

use std::path::PathBuf;

use clap::Args;

use super::parts::{Part, Parts};
use super::request::Ready;
use super::stop::Stop;
use super::terminal::{Choice, print};
use crate::experiment::{Failed, Missing, Share, Watch, missing};
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
    let parts = Parts::open(&arguments.parts)?;
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
    print(|out| lines.iter().try_for_each(|line| writeln!(out, "{line}")))
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
