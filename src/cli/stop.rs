//! Why a command stops early, and the exit code of each reason.

use std::io;
use std::process::ExitCode;
use std::sync::Once;

use super::terminal::Choice;

/// The exit code of what the user gave and can put right.
const WRONG: u8 = 1;
/// The exit code of wrong usage and of our own faults.
pub(super) const FAULT: u8 = 2;

/// Why a command stops early.
pub(super) enum Stop {
    /// The scenario is wrong, a run failed, a file can't be written: a sentence without a full stop.
    Wrong(String),
    /// The same, already told.
    Told,
    /// The system doesn't give what the program needs.
    Fault(String),
    /// Whoever read the output has seen enough.
    Enough,
}

impl Stop {
    /// Tells the reason on standard error; the exit code.
    pub fn tell(self, colour: Choice) -> ExitCode {
        match self {
            Stop::Wrong(what) => {
                eprintln!("{}: {what}", colour.error());
                ExitCode::from(WRONG)
            }
            Stop::Told => ExitCode::from(WRONG),
            Stop::Fault(what) => {
                eprintln!("{}: {what}", colour.error());
                ExitCode::from(FAULT)
            }
            Stop::Enough => ExitCode::SUCCESS,
        }
    }

    /// Writing to `name` failed.
    pub fn unwritten(name: &str, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Stop::Enough,
            _ => Stop::Wrong(format!("can't write to {name}: {error}")),
        }
    }
}

/// From now on a panic says that it is our bug, once, however many threads meet it.
pub(super) fn tell_of_bugs() {
    static ONCE: Once = Once::new();
    std::panic::set_hook(Box::new(|panic| {
        ONCE.call_once(|| {
            let words = panic.payload();
            let what = words.downcast_ref::<&str>().copied();
            let what =
                what.or(words.downcast_ref::<String>().map(String::as_str)).unwrap_or("no more is known");
            let place =
                panic.location().map_or(String::new(), |at| format!(" ({}:{})", at.file(), at.line()));
            eprintln!("this is a bug in makespan: {what}{place}");
            eprintln!("Please report it with the scenario that shows it.");
        });
    }));
}
