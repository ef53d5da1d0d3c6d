//! The answer to a question about scenarios, such as which of their keys matter: for people a table with sentences around it,
//! for programs rows of values.

mod sensitivity;
mod versus;
mod what_if;
mod write;

use serde_json::Value;

pub use sensitivity::sensitivity;
pub use versus::{Compared, versus};
pub use what_if::what_if;
pub use write::{csv, json, markdown, table};

/// The answer to a question.
pub struct Answer {
    /// What was asked, by the name of its command.
    pub asked: &'static str,
    /// What holds for all of it, for programs.
    pub head: Vec<(&'static str, Value)>,
    /// The names of a record's values, with their units.
    pub columns: Vec<&'static str>,
    /// Its parts, one below the other.
    pub parts: Vec<Part>,
}

/// A part of an answer.
pub struct Part {
    /// The sentence before the table, without a full stop if it is a heading.
    pub above: String,
    /// The columns of the table.
    pub header: Vec<Heading>,
    /// The rows of the table, with as many cells as it has columns.
    pub rows: Vec<Vec<String>>,
    /// What follows, a sentence each.
    pub below: Vec<String>,
    /// All of it for programs, with as many values as the answer has columns.
    pub records: Vec<Vec<Value>>,
}

/// The head of a column.
pub struct Heading {
    /// Its name.
    pub name: &'static str,
    /// Whether what stands in it is aligned to the right.
    pub right: bool,
}

/// A column of texts.
fn text(name: &'static str) -> Heading {
    Heading { name, right: false }
}

/// A column of numbers.
fn figure(name: &'static str) -> Heading {
    Heading { name, right: true }
}

fn replicates(count: usize) -> String {
    if count == 1 { "1 replicate".to_owned() } else { format!("{count} replicates") }
}

/// At which point of a sweep, where there is one.
fn at(setting: &[(String, String)]) -> String {
    match setting {
        [] => String::new(),
        setting => {
            let keys: Vec<String> = setting.iter().map(|(key, value)| format!("{key} = {value}")).collect();
            format!(" at {}, the first point of its sweep,", keys.join(", "))
        }
    }
}
