//! What the columns of tables hold.

use crate::metrics::METRICS;
use crate::output::value::{column_name, unit_name};
use crate::record::STATES;

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// Text.
    Text,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Number,
    /// What a sweep sets: numbers if all are, else text.
    Swept,
}

/// A column.
pub(super) struct Column {
    pub name: String,
    pub kind: Kind,
    /// The unit of its numbers; empty for plain ones and text.
    pub unit: String,
    /// Whether all values seen so far are whole numbers, and whether they are numbers.
    seen: (bool, bool),
}

const TEXTS: [&str; 9] =
    ["variant", "workload", "task", "node", "fate", "decision", "reason", "link", "digest"];
const INTEGERS: [&str; 11] = [
    "point",
    "replicate",
    "number",
    "iterations",
    "core",
    "from",
    "cores",
    "attempts",
    "waiting",
    "messages",
    "events",
];
/// Numbers with their units.
const NUMBERS: [(&str, &str); 9] = [
    ("release", "s"),
    ("start", "s"),
    ("end", "s"),
    ("time", "s"),
    ("speed", "relative"),
    ("bytes", "B"),
    ("bandwidth_bytes_per_s", "B/s"),
    ("lower_bound_s", "s"),
    ("utilisation", ""),
];

impl Column {
    /// The column called `name` of the table `table`.
    pub fn of(table: &str, name: &str) -> Self {
        let (kind, unit) = kind(table, name);
        Column { name: name.to_owned(), kind, unit: unit.to_owned(), seen: (true, true) }
    }

    /// Takes note of a value.
    pub fn see(&mut self, value: &str) {
        if !value.is_empty() {
            self.seen.0 &= value.parse::<i64>().is_ok();
            self.seen.1 &= value.parse::<f64>().is_ok_and(f64::is_finite);
        }
    }

    /// Decides what it holds, once all values were seen.
    pub fn settle(&mut self) {
        if self.kind == Kind::Swept {
            self.kind = match self.seen {
                (true, _) => Kind::Integer,
                (_, true) => Kind::Number,
                _ => Kind::Text,
            };
        }
    }
}

fn kind(table: &str, name: &str) -> (Kind, &'static str) {
    // Some counts of other tables are means there, which have a part behind the point.
    let metric = METRICS.iter().find(|entry| table == "replicates" && column_name(entry.metric) == name);
    if let Some(entry) = metric {
        return (Kind::Number, unit_name(entry.unit));
    }
    if TEXTS.contains(&name) {
        return (Kind::Text, "");
    }
    if let Some((_, unit)) = NUMBERS.iter().find(|(number, _)| *number == name) {
        return (Kind::Number, unit);
    }
    if INTEGERS.contains(&name) {
        return (Kind::Integer, "");
    }
    if STATES.iter().any(|(_, state)| *state == name) || name.starts_with("idle_") {
        return (Kind::Number, "s");
    }
    (Kind::Swept, "")
}
