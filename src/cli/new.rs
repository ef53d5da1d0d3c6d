//! `makespan new`: a scenario to begin with.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::stop::Stop;
use super::terminal::print;

/// Print a commented scenario to begin with
#[derive(Args)]
pub(super) struct Arguments {
    /// What it is about
    #[arg(default_value = "tasks", value_parser = PossibleValuesParser::new(STARTERS.iter().map(|starter| starter.name)))]
    kind: String,
    /// Write it into a new file instead
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// A scenario to begin with.
struct Starter {
    name: &'static str,
    text: &'static str,
}

static STARTERS: &[Starter] = &[
    Starter { name: "tasks", text: include_str!("starters/tasks.toml") },
    Starter { name: "loop", text: include_str!("starters/loop.toml") },
    Starter { name: "queue", text: include_str!("starters/queue.toml") },
    Starter { name: "dag", text: include_str!("starters/dag.toml") },
    Starter { name: "cluster", text: include_str!("starters/cluster.toml") },
    Starter { name: "faults", text: include_str!("starters/faults.toml") },
];

/// Runs the command.
///
/// # Errors
/// Where the file exists or can't be written.
pub(super) fn run(arguments: &Arguments) -> Result<(), Stop> {
    let Some(starter) = STARTERS.iter().find(|starter| starter.name == arguments.kind) else {
        return Err(Stop::Fault("no such starter".into()));
    };
    let Some(path) = &arguments.output else {
        return print(|out| out.write_all(starter.text.as_bytes()));
    };
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    file.and_then(|mut file| file.write_all(starter.text.as_bytes())).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Stop::Wrong(format!("`{}` exists already", path.display())),
        _ => Stop::unwritten(&format!("`{}`", path.display()), &error),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Request, check};
    use crate::source::{InMemory, render};

    #[test]
    fn every_starter_is_right_and_says_what_to_change() {
        for starter in STARTERS {
            let files = InMemory::new([("new.toml", starter.text)]);
            if let Err(refused) = check(&files, &Request { path: "new.toml", ..Request::default() }) {
                panic!("{}:\n{}", starter.name, render(&refused.map, &refused.problems, false));
            }
            assert!(starter.text.starts_with('#') && starter.text.contains("Try"), "{}", starter.name);
        }
    }
}
