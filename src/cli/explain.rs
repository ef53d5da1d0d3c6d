//! `makespan explain`: bounds, the machine and where the time went, in sentences.

use clap::Args;

use super::request::{Ready, Scenario};
use super::run::{Effort, simulate};
use super::stop::Stop;
use super::terminal::{Choice, print};
use crate::output::records::stories;
use crate::record::Story;

/// Simulate a scenario and say in sentences what it is and where its time goes
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    scenario: Scenario,
    #[command(flatten)]
    effort: Effort,
}

/// Runs the command.
///
/// # Errors
/// Where the scenario is wrong or a replicate fails.
pub(super) fn run(arguments: &Arguments, colour: Choice) -> Result<(), Stop> {
    let Ready { study, .. } = arguments.scenario.check(colour)?;
    let results = simulate(&study, &arguments.effort, false)?;
    let told = stories(&study).map_err(|error| Stop::Wrong(error.to_string()))?;
    let stories: Vec<(usize, &Story)> = told.iter().map(|(case, story)| (*case, story)).collect();
    print(|out| out.write_all(crate::explain::explain(&study, &results, &stories).as_bytes()))
}
