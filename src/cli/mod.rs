//! The command line: one file a command.

mod bar;
mod check;
mod compare;
mod completions;
mod disk;
mod explain;
mod fill;
mod interrupt;
mod lacking;
mod list;
mod log;
mod man;
mod memory;
mod merge;
mod new;
mod overseer;
mod parts;
mod plan;
mod plot;
mod request;
mod run;
mod schema;
mod session;
mod shell;
mod show;
mod status;
mod stop;
mod submit;
mod syncer;
mod terminal;
mod vary;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use terminal::Choice;

/// What the exit codes mean, for help and the man page.
const EXIT_CODES: &str = "Exit codes: 0 done; 1 the scenario is wrong, a run failed, an expectation was missed, or a gate failed; 2 \
                          wrong usage or a fault of makespan's own; 130 interrupted.";

/// Simulates parallel systems: a scenario in, intervals, pictures and an account of where the time went out.
#[derive(Parser)]
#[command(name = "makespan", version, after_help = EXIT_CODES, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// When to use colours; `auto` is on a terminal, unless NO_COLOR is set
    #[arg(long, value_enum, default_value_t = Choice::Auto, global = true)]
    color: Choice,
}

#[derive(Subcommand)]
enum Command {
    Run(run::Arguments),
    Merge(merge::Arguments),
    Status(status::Arguments),
    Submit(submit::Arguments),
    Check(check::Arguments),
    Compare(compare::Arguments),
    Explain(explain::Arguments),
    Sensitivity(vary::Sensitive),
    Whatif(vary::Buying),
    Plot(plot::Arguments),
    List(list::Arguments),
    New(new::Arguments),
    Schema(schema::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

/// Does what the command line says; the exit code.
pub fn main() -> ExitCode {
    stop::tell_of_bugs();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and the version go to standard output and are no error. Where neither can be printed, nobody reads.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let colour = arguments.color;
    let done = std::panic::catch_unwind(|| match arguments.command {
        Command::Run(arguments) => run::run(&arguments, colour),
        Command::Merge(arguments) => merge::run(&arguments, colour),
        Command::Status(arguments) => status::run(&arguments, colour),
        Command::Submit(arguments) => submit::run(&arguments, colour),
        Command::Check(arguments) => check::run(&arguments, colour),
        Command::Compare(arguments) => compare::run(&arguments, colour),
        Command::Explain(arguments) => explain::run(&arguments, colour),
        Command::Sensitivity(arguments) => vary::run_sensitivity(&arguments, colour),
        Command::Whatif(arguments) => vary::run_what_if(&arguments, colour),
        Command::Plot(arguments) => plot::run(&arguments),
        Command::List(arguments) => list::run(&arguments),
        Command::New(arguments) => new::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
    });
    match done {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(stop)) => stop.tell(colour),
        Err(_) => ExitCode::from(stop::FAULT),
    }
}
