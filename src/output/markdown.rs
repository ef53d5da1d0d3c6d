//! The table in Markdown, to be pasted into a document.

use std::io::{self, Write};

use super::grid::grid;
use super::remarks;
use crate::experiment::Results;

/// Writes the table and what follows from it.
///
/// # Errors
/// When the writer fails.
pub fn write(results: &Results, out: &mut dyn Write) -> io::Result<()> {
    if let Some(title) = &results.title {
        writeln!(out, "## {}\n", escaped(title))?;
    }
    if let Some(question) = &results.question {
        writeln!(out, "{}\n", escaped(question))?;
    }
    body(results, out)
}

/// Writes the table and what follows from it, without title and question.
///
/// # Errors
/// When the writer fails.
pub fn body(results: &Results, out: &mut dyn Write) -> io::Result<()> {
    let grid = grid(results);
    row(&grid.header, out)?;
    let rule: Vec<&str> =
        (0..grid.header.len()).map(|at| if at < grid.names { "---" } else { "--:" }).collect();
    writeln!(out, "|{}|", rule.join("|"))?;
    for each in &grid.rows {
        row(&each.cells, out)?;
    }
    let below = std::iter::once(remarks::replicates(results))
        .chain(remarks::family(results))
        .chain(remarks::findings(results))
        .chain(remarks::bounds(results, &grid))
        .chain(remarks::recorded(results))
        .chain(results.notes.iter().cloned());
    for line in below {
        writeln!(out, "\n{}", escaped(&line))?;
    }
    writeln!(out, "\n| | where core time went |\n|---|---|")?;
    for (name, text) in remarks::core_times(results) {
        row(&[name, text], out)?;
    }
    for (at, (_, line)) in remarks::expectations_in_short(results).iter().enumerate() {
        let gap = if at == 0 { "\n" } else { "" };
        writeln!(out, "{gap}* {}", escaped(line))?;
    }
    writeln!(out, "\nDigest `{}`", results.digest)
}

fn row(cells: &[String], out: &mut dyn Write) -> io::Result<()> {
    let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
    writeln!(out, "| {} |", cells.join(" | "))
}

/// What Markdown would take for its own stands for itself.
pub fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        if matches!(character, '|' | '*' | '_' | '`' | '<' | '[' | ']' | '\\') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}
