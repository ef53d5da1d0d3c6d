//! What goes to the terminal: colours where they are wanted, and output that may end early.

use std::io::{self, IsTerminal, Write};

use clap::ValueEnum;

use super::stop::Stop;
use crate::output::format::Look;

/// When to use colours.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Choice {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Choice {
    /// Whether what goes to standard output is coloured.
    pub fn on_output(self) -> bool {
        self.on(io::stdout().is_terminal())
    }

    /// Whether what goes to standard error is coloured.
    pub fn on_error(self) -> bool {
        self.on(io::stderr().is_terminal())
    }

    fn on(self, terminal: bool) -> bool {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        match self {
            Choice::Auto => {
                terminal && set("NO_COLOR").is_none() && set("TERM").is_none_or(|term| term != "dumb")
            }
            Choice::Always => true,
            Choice::Never => false,
        }
    }

    /// The word before an error.
    pub fn error(self) -> &'static str {
        if self.on_error() { "\u{1b}[1;31merror\u{1b}[0m" } else { "error" }
    }

    /// How output is to look on standard output.
    pub fn look(self) -> Look {
        let said = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
        let measured = || console::Term::stdout().size_checked().map(|(_, columns)| columns.into());
        Look { colour: self.on_output(), width: said.or_else(measured).unwrap_or(Look::WIDTH) }
    }
}

/// Writes to standard output.
///
/// # Errors
/// Where that fails; a reader that has seen enough is no failure.
pub(super) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Stop> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let written = write(&mut out).and_then(|()| out.flush());
    written.map_err(|error| {
        // What is left in the buffer has no reader: dropping the buffer would try again.
        drop(out.into_parts());
        Stop::unwritten("standard output", &error)
    })
}
