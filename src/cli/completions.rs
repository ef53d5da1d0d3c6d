//! `makespan completions`: what a shell needs to complete the command line.

use clap::{Args, CommandFactory};

use super::stop::Stop;
use super::terminal::print;

/// Print a script with which a shell completes the command line
#[derive(Args)]
pub(super) struct Arguments {
    /// The shell
    shell: clap_complete::Shell,
}

/// Runs the command.
///
/// # Errors
/// Where standard output can't be written.
pub(super) fn run(arguments: &Arguments) -> Result<(), Stop> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::Arguments::command(), "makespan", &mut script);
    print(|out| out.write_all(&script))
}
