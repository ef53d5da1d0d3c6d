//! An answer in each of the formats.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::{Answer, Part};
use crate::output::json::pretty;
use crate::output::markdown::escaped;
use crate::output::provenance::VERSION;
use crate::output::sheet::Sheet;

/// The version of the keys: it rises when one is renamed, removed or changes its meaning.
const SCHEMA: u32 = 1;

/// Writes the table and what is said around it.
///
/// # Errors
/// When the writer fails.
pub fn table(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    for (at, part) in answer.parts.iter().enumerate() {
        let gap = if at == 0 { "" } else { "\n" };
        writeln!(out, "{gap}{}\n", part.above)?;
        if !part.rows.is_empty() {
            columns(part, out)?;
            writeln!(out)?;
        }
        part.below.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    }
    Ok(())
}

/// Writes the rows under their headings, two blanks apart.
fn columns(part: &Part, out: &mut dyn Write) -> io::Result<()> {
    let length = |cell: &str| cell.chars().count();
    let width = |at: usize| {
        let cells = part.rows.iter().map(|row| length(&row[at]));
        cells.chain([length(part.header[at].name)]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..part.header.len()).map(width).collect();
    let line = |cells: Vec<&str>| {
        let padded = cells.iter().zip(&widths).zip(&part.header).map(|((cell, width), heading)| {
            let blanks = " ".repeat(width - length(cell));
            if heading.right { format!("{blanks}{cell}") } else { format!("{cell}{blanks}") }
        });
        padded.collect::<Vec<_>>().join("  ")
    };
    writeln!(out, "{}", line(part.header.iter().map(|heading| heading.name).collect()).trim_end())?;
    part.rows
        .iter()
        .try_for_each(|row| writeln!(out, "{}", line(row.iter().map(String::as_str).collect()).trim_end()))
}

/// Writes it in Markdown.
///
/// # Errors
/// When the writer fails.
pub fn markdown(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    let row = |cells: Vec<String>, out: &mut dyn Write| writeln!(out, "| {} |", cells.join(" | "));
    for (at, part) in answer.parts.iter().enumerate() {
        let gap = if at == 0 { "" } else { "\n" };
        writeln!(out, "{gap}{}", escaped(&part.above))?;
        if !part.rows.is_empty() {
            writeln!(out)?;
            row(part.header.iter().map(|heading| escaped(heading.name)).collect(), out)?;
            let rule: Vec<&str> =
                part.header.iter().map(|heading| if heading.right { "--:" } else { "---" }).collect();
            writeln!(out, "|{}|", rule.join("|"))?;
            part.rows
                .iter()
                .try_for_each(|cells| row(cells.iter().map(|cell| escaped(cell)).collect(), out))?;
        }
        part.below.iter().try_for_each(|line| writeln!(out, "\n{}", escaped(line)))?;
    }
    Ok(())
}

/// Writes a line of column names and a row a record.
///
/// # Errors
/// When the writer fails.
pub fn csv(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    let mut sheet = Sheet::new(out, answer.columns.iter().copied());
    for record in answer.parts.iter().flat_map(|part| &part.records) {
        sheet.row(record.iter().map(|value| match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            value => value.to_string(),
        }));
    }
    sheet.finish().map(drop)
}

/// Writes it in JSON: what was asked, every record by the names of its values, and what is said.
///
/// # Errors
/// When the writer fails.
pub fn json(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    let mut whole = Map::new();
    whole.insert("schema".into(), json!(SCHEMA));
    whole.insert("program".into(), json!({ "name": "makespan", "version": VERSION }));
    whole.insert("asked".into(), json!(answer.asked));
    whole.extend(answer.head.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
    let record = |record: &Vec<Value>| -> Value {
        let named = answer.columns.iter().zip(record).map(|(key, value)| ((*key).to_owned(), value.clone()));
        Value::Object(named.collect())
    };
    whole.insert("rows".into(), answer.parts.iter().flat_map(|part| &part.records).map(record).collect());
    whole.insert(
        "notes".into(),
        answer.parts.iter().flat_map(|part| &part.below).map(|line| json!(line)).collect(),
    );
    out.write_all(pretty(&Value::Object(whole)).as_bytes())
}
