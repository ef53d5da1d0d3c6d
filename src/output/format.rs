//! The formats in which results are printed.

use std::io::{self, Write};

use super::answer::{self, Answer};
use super::provenance::Provenance;
use super::{csv, json, markdown, table};
use crate::experiment::Results;

/// How results are to look, where a format leaves a choice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Look {
    /// Whether colours are wanted.
    pub colour: bool,
    /// How many characters a line may have.
    pub width: usize,
}

impl Look {
    /// Characters a line where nothing says how many there is room for.
    pub const WIDTH: usize = 120;
}

/// A format.
pub struct Format {
    /// The name by which it is asked for.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Writes results in it.
    pub write: Writer,
    /// Writes the answer to a question in it; fails when the writer does.
    pub answer: fn(&Answer, &mut dyn Write) -> io::Result<()>,
}

/// Writes results; fails when the writer does.
pub type Writer = fn(&Results, &Provenance, Look, &mut dyn Write) -> io::Result<()>;

/// The formats.
pub static FORMATS: &[Format] = &[
    Format {
        name: "table",
        about: "for people: variants by metrics, and what follows from them",
        write: table::write,
        answer: answer::table,
    },
    Format {
        name: "json",
        about: "for programs: everything, as in summary.json",
        write: |results, provenance, _, out| json::write(results, provenance, out),
        answer: answer::json,
    },
    Format {
        name: "csv",
        about: "for programs: a row a replicate, as in replicates.csv",
        write: |results, _, _, out| csv::write(results, out),
        answer: answer::csv,
    },
    Format {
        name: "markdown",
        about: "for documents: the table and what follows from it",
        write: |results, _, _, out| markdown::write(results, out),
        answer: answer::markdown,
    },
];

/// The format called `name`.
pub fn named(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}
