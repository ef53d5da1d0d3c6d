//! TOML text to a value tree with places. Syntax errors are collected like all others.

use toml::de::{DeTable, DeValue};

use super::syntax::syntax_problems;
use super::{Key, Kind, Table, Value};
use crate::error::Problem;
use crate::place::Place;

/// Parses the TOML document `text`, which starts at offset `start` of the source map. What could be read is returned
/// even where there are problems.
pub fn parse(text: &str, start: u32, problems: &mut Vec<Problem>) -> Value {
    let (table, errors) = DeTable::parse_recoverable(text);
    let place = Place::new(start, start + text.len() as u32);
    let syntax = syntax_problems(text, start, &errors);
    problems.extend(syntax.problems);
    let read = if syntax.lost { Table::default() } else { self::table(table.get_ref(), start, problems) };
    Value::new(Kind::Table(read), place)
}

/// Parses the bytes of a file, which must be UTF-8.
///
/// # Errors
/// A problem naming the first byte that is not.
pub fn decode(bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        format!("it is not text in UTF-8: line {line} holds a byte that is no part of a character")
    })
}

/// Parses `text` of the form `key.path=value` as `--set` takes it; a value that is no TOML is taken as a text, so that
/// `schedule.policy=lpt` needs no quotes.
pub fn parse_assignment(text: &str, start: u32, problems: &mut Vec<Problem>) -> Option<Value> {
    let whole = Place::new(start, start + text.len() as u32);
    let Some((path, value)) = text.split_once('=') else {
        problems.push(
            Problem::new(format!("`{text}` sets nothing"))
                .at(whole, "no `=` here")
                .help("write `key.path=value`"),
        );
        return None;
    };
    let mut inner = Vec::new();
    let parsed = parse(text, start, &mut inner);
    let single = |value: &Value| value.table().is_some_and(|table| table.entries.len() == 1);
    if inner.is_empty() && single(&parsed) {
        return Some(parsed);
    }
    // The quotes that a shell or a user left out: parse the path alone, then hang the text there.
    let mut keys = Vec::new();
    let document = parse(&format!("{path}=0"), start, &mut keys);
    if !keys.is_empty() || !single(&document) || text.contains('\n') {
        problems.push(
            Problem::new(format!("`{path}` is not a path of keys"))
                .at(Place::new(start, start + path.len() as u32), "not a key")
                .help("write names with dots between them, such as `schedule.policy`"),
        );
        return None;
    }
    let from = start + (path.len() + 1) as u32;
    let place = Place::new(from, from + value.len() as u32);
    Some(hang(document, Value::new(Kind::Text(value.trim().to_owned()), place)))
}

/// The keys of a dotted path, as `remove` and `[sweep]` spell it; keys with dots in them are quoted.
pub fn path_keys(text: &str) -> Option<Vec<String>> {
    let mut problems = Vec::new();
    let document = parse(&format!("{text}=0"), 0, &mut problems);
    let mut keys = Vec::new();
    let mut at = &document;
    while let Kind::Table(table) = &at.kind {
        let (key, value) = table.only()?;
        keys.push(key.name.clone());
        at = value;
    }
    (problems.is_empty() && matches!(at.kind, Kind::Integer(0))).then_some(keys)
}

fn hang(mut tree: Value, leaf: Value) -> Value {
    if let Kind::Table(table) = &mut tree.kind
        && let Some((key, value)) = table.entries.pop()
    {
        table.entries.push((key, hang(value, leaf)));
        return tree;
    }
    leaf
}

fn table(source: &DeTable<'_>, start: u32, problems: &mut Vec<Problem>) -> Table {
    let mut table = Table::default();
    for (key, value) in source {
        let key_at = place(key.span(), start);
        let value = self::value(value.get_ref(), place(value.span(), start), start, problems);
        table.entries.push((Key { name: key.get_ref().to_string(), place: key_at }, value));
    }
    table
}

fn value(source: &DeValue<'_>, at: Place, start: u32, problems: &mut Vec<Problem>) -> Value {
    let kind = match source {
        DeValue::String(text) => Kind::Text(text.to_string()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Kind::Integer(number),
            Err(_) => {
                let problem = Problem::new("this whole number is too large");
                problems.push(problem.at(at, "at most 9223372036854775807"));
                Kind::Integer(0)
            }
        },
        DeValue::Float(number) => Kind::Float(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(truth) => Kind::Boolean(*truth),
        DeValue::Datetime(_) => Kind::Datetime,
        DeValue::Array(items) => {
            let item = |item: &toml::Spanned<DeValue<'_>>| {
                value(item.get_ref(), place(item.span(), start), start, problems)
            };
            Kind::List(items.iter().map(item).collect())
        }
        DeValue::Table(inner) => Kind::Table(table(inner, start, problems)),
    };
    Value::new(kind, at)
}

fn place(range: std::ops::Range<usize>, start: u32) -> Place {
    Place::new(start + range.start as u32, start + range.end as u32)
}
