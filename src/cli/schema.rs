//! `makespan schema`: the JSON Schema of scenarios, for editors.

use clap::Args;

use super::stop::Stop;
use super::terminal::print;
use crate::plot::charts_of_runs;
use crate::scenario::schema;

/// Print the JSON Schema of scenarios, with which editors complete and check them
#[derive(Args)]
pub(super) struct Arguments {}

/// Runs the command.
///
/// # Errors
/// Where standard output can't be written.
pub(super) fn run(_: &Arguments) -> Result<(), Stop> {
    let plots = charts_of_runs();
    print(|out| writeln!(out, "{:#}", schema(&plots)))
}
