//! The table on a terminal.

use std::io::{self, Write};

use super::format::Look;
use super::grid::{Grid, Row, VERDICTS, grid};
use super::provenance::Provenance;
use super::remarks;
use crate::experiment::Results;

const BOLD: &str = "1";
const DIM: &str = "2";
const RED: &str = "31";
const GREEN: &str = "32";

/// Two blanks part the columns.
const GAP: usize = 2;

/// Writes the table and what follows from it.
///
/// # Errors
/// When the writer fails.
pub fn write(results: &Results, _: &Provenance, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let paint = |text: &str, code: &str| paint(text, code, look.colour);
    if let Some(title) = &results.title {
        writeln!(out, "{}", paint(title, BOLD))?;
    }
    if let Some(question) = &results.question {
        writeln!(out, "{question}")?;
    }
    for line in std::iter::once(remarks::replicates(results)).chain(remarks::family(results)) {
        writeln!(out, "{}", paint(&line, DIM))?;
    }
    writeln!(out)?;
    let grid = grid(results);
    columns(&grid, look, out)?;
    writeln!(out)?;
    for line in remarks::findings(results) {
        writeln!(out, "{}", paint(&line, BOLD))?;
    }
    for line in remarks::bounds(results, &grid).into_iter().chain(remarks::recorded(results)) {
        writeln!(out, "{line}")?;
    }
    writeln!(out, "\nWhere core time went")?;
    let times = remarks::core_times(results);
    let width = times.iter().map(|(name, _)| length(name)).max().unwrap_or(0);
    for (name, text) in times {
        writeln!(out, "{}  {text}", padded(&name, width))?;
    }
    let expectations = remarks::expectations_in_short(results);
    if !expectations.is_empty() {
        writeln!(out, "\nExpectations")?;
    }
    for (met, line) in expectations {
        writeln!(out, "{}", paint(&line, if met { GREEN } else { RED }))?;
    }
    writeln!(out)?;
    for note in &results.notes {
        writeln!(out, "{note}")?;
    }
    writeln!(out, "{}", paint(&format!("Digest {}", results.digest), DIM))
}

/// The table in as many blocks, one below the other, as the width asks for.
fn columns(grid: &Grid, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let columns: Vec<Column> = (0..grid.header.len()).map(|at| Column::new(grid, at)).collect();
    let (names, values) = columns.split_at(grid.names);
    let room = look.width.saturating_sub(names.iter().map(|column| column.width + GAP).sum());
    let mut rest = values;
    let mut first = true;
    while !rest.is_empty() {
        let mut used = 0;
        let fits = rest.iter().take_while(|column| {
            used += column.width + GAP;
            used <= room + GAP
        });
        let count = fits.count().max(1);
        if !first {
            writeln!(out)?;
        }
        block(grid, names, &rest[..count], look, out)?;
        (rest, first) = (&rest[count..], false);
    }
    Ok(())
}

fn block(
    grid: &Grid,
    names: &[Column],
    values: &[Column],
    look: Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    let all = || names.iter().chain(values);
    let header: Vec<String> = all().map(|column| column.title(grid)).collect();
    writeln!(out, "{}", paint(header.join("  ").trim_end(), BOLD, look.colour))?;
    for row in &grid.rows {
        let cells: Vec<String> = all().map(|column| column.cell(row, look.colour)).collect();
        writeln!(out, "{}", cells.join("  ").trim_end())?;
    }
    Ok(())
}

/// A column: numbers stand to the right, with their margins below one another.
struct Column {
    at: usize,
    width: usize,
    /// The longest text before and after ` ± `.
    parts: (usize, usize),
    numbers: bool,
    verdicts: bool,
}

impl Column {
    fn new(grid: &Grid, at: usize) -> Self {
        let cells = || grid.rows.iter().map(|row| row.cells[at].as_str());
        let verdicts = at >= grid.names && grid.header[at] == VERDICTS;
        let numbers = !verdicts
            && cells().all(|cell| cell.starts_with(|c: char| c.is_ascii_digit() || "-–".contains(c)));
        let parts = cells().map(split).fold((0, 0), |(left, right), (before, after)| {
            (left.max(length(before)), right.max(after.map_or(0, length)))
        });
        let cell = if numbers { parts.0 + parts.1 } else { cells().map(length).max().unwrap_or(0) };
        Column { at, width: cell.max(length(&grid.header[at])), parts, numbers, verdicts }
    }

    fn title(&self, grid: &Grid) -> String {
        let title = &grid.header[self.at];
        if self.numbers { aligned(title, self.width) } else { padded(title, self.width) }
    }

    fn cell(&self, row: &Row, colour: bool) -> String {
        let cell = &row.cells[self.at];
        if self.numbers {
            let (before, after) = split(cell);
            let after = after.unwrap_or("");
            let text = format!("{}{}", aligned(before, self.parts.0), padded(after, self.parts.1));
            return aligned(&text, self.width);
        }
        let text = padded(cell, self.width);
        match row.better {
            Some(better) if self.verdicts => paint(&text, if better { GREEN } else { RED }, colour),
            None if self.verdicts => paint(&text, DIM, colour),
            _ => text,
        }
    }
}

/// A number and, with the sign before it, its margin.
fn split(cell: &str) -> (&str, Option<&str>) {
    match cell.find(" ± ") {
        Some(at) => (&cell[..at], Some(&cell[at..])),
        None => (cell, None),
    }
}

fn length(text: &str) -> usize {
    text.chars().count()
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(length(text))))
}

fn aligned(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(length(text))))
}

fn paint(text: &str, code: &str, colour: bool) -> String {
    if colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}
