//! `makespan check`: is a scenario right, what did its keys come to, and does it keep its expectations?

use clap::Args;

use super::request::{Ready, Scenario};
use super::run::{Effort, simulate};
use super::stop::Stop;
use super::terminal::{Choice, print};
use crate::output::remarks::expectations;
use crate::scenario::{Replicates, Study};
use crate::units::percent;

/// Check a scenario without simulating it, or whether it keeps its expectations
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    scenario: Scenario,
    /// Print the scenario with every key said, defaults marked
    #[arg(long)]
    resolved: bool,
    /// Simulate it and judge everything that it expects
    #[arg(long)]
    expect: bool,
    #[command(flatten)]
    effort: Effort,
}

/// Runs the command.
///
/// # Errors
/// Where the scenario is wrong, or misses an expectation.
pub(super) fn run(arguments: &Arguments, colour: Choice) -> Result<(), Stop> {
    let Ready { study, provenance } = arguments.scenario.check(colour)?;
    if arguments.resolved {
        print(|out| out.write_all(provenance.resolved.as_bytes()))?;
    }
    if arguments.expect {
        return judge(&study, arguments);
    }
    if arguments.resolved {
        return Ok(());
    }
    print(|out| writeln!(out, "{} is right: {}", arguments.scenario.path, size(&study)))
}

/// Simulates `study` and tells what became of its expectations.
fn judge(study: &Study, arguments: &Arguments) -> Result<(), Stop> {
    let path = &arguments.scenario.path;
    if study.expect.is_empty() {
        return Err(Stop::Wrong(format!("{path} expects nothing: it has no [expect]")));
    }
    let results = simulate(study, &arguments.effort, false)?;
    let lines = expectations(&results);
    print(|out| lines.iter().try_for_each(|(_, line)| writeln!(out, "{line}")))?;
    match lines.iter().filter(|(met, _)| !met).count() {
        0 => Ok(()),
        missed => Err(Stop::Wrong(format!("{path} misses {missed} of {} expectations", lines.len()))),
    }
}

/// How much there is to simulate.
fn size(study: &Study) -> String {
    let points = study.cases.last().map_or(0, |case| case.point + 1);
    let variants = study.cases.len() / points.max(1);
    let plural = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    let mut text = plural(variants, "variant");
    if points > 1 {
        text += &format!(" at {points} points");
    }
    match study.run.replicates {
        Replicates::Fixed(count) => text + &format!(", {} each", plural(count as usize, "replicate")),
        Replicates::Best { metric, max } => {
            let name = metric.describe().name;
            text + &format!(", replicates until the best {name} is known, {max} at most")
        }
        Replicates::Precision { relative, metric, max } => {
            let name = metric.describe().name;
            text + &format!(", replicates until {name} is known to {}, {max} at most", percent(relative))
        }
    }
}
