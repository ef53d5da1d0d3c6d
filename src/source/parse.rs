//! TOML text to a value tree with places. Syntax errors are collected like all others.

use toml::de::{DeTable, DeValue};

use super::{Key, Kind, Table, Value};
use crate::error::Problem;
use crate::place::Place;

/// Parses the TOML document `text`, which starts at offset `start` of the source map. What could be read is returned
/// even where there are problems.
pub fn parse(text: &str, start: u32, problems: &mut Vec<Problem>) -> Value {
    let (table, errors) = DeTable::parse_recoverable(text);
    problems.extend(errors.iter().map(|error| syntax(text, start, error)));
    let place = Place::new(start, start + text.len() as u32);
    Value::new(Kind::Table(self::table(table.get_ref(), start, problems)), place)
}

/// Parses `text` of the form `key.path=value` as `--set` takes it; a value that is no TOML is taken as a text, so that
/// `schedule.policy=lpt` needs no quotes.
pub fn parse_assignment(text: &str, start: u32, problems: &mut Vec<Problem>) -> Option<Value> {
    let Some((path, value)) = text.split_once('=') else {
        let place = Place::new(start, start + text.len() as u32);
        problems
            .push(Problem::new("this sets nothing").at(place, "no `=` here").help("write `key.path=value`"));
        return None;
    };
    let mut inner = Vec::new();
    let parsed = parse(text, start, &mut inner);
    if inner.is_empty() {
        return Some(parsed);
    }
    // The quotes that a shell or a user left out: parse the path alone, then hang the text there.
    let mut keys = Vec::new();
    let document = parse(&format!("{path}=0"), start, &mut keys);
    if !keys.is_empty() {
        problems.append(&mut keys);
        return None;
    }
    let from = start + (path.len() + 1) as u32;
    let place = Place::new(from, from + value.len() as u32);
    Some(hang(document, Value::new(Kind::Text(value.trim().to_owned()), place)))
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
    let entries = source
        .iter()
        .map(|(key, value)| {
            let name = key.get_ref().to_string();
            (
                Key { name, place: place(key.span(), start) },
                self::value(value.get_ref(), place(value.span(), start), start, problems),
            )
        })
        .collect();
    Table { entries }
}

fn value(source: &DeValue<'_>, at: Place, start: u32, problems: &mut Vec<Problem>) -> Value {
    let kind = match source {
        DeValue::String(text) => Kind::Text(text.to_string()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Kind::Integer(number),
            Err(_) => {
                problems.push(
                    Problem::new("this whole number is too large").at(at, "at most 9223372036854775807"),
                );
                Kind::Integer(0)
            }
        },
        DeValue::Float(number) => Kind::Float(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(truth) => Kind::Boolean(*truth),
        DeValue::Datetime(_) => Kind::Datetime,
        DeValue::Array(items) => Kind::List(
            items
                .iter()
                .map(|item| value(item.get_ref(), place(item.span(), start), start, problems))
                .collect(),
        ),
        DeValue::Table(inner) => Kind::Table(table(inner, start, problems)),
    };
    Value::new(kind, at)
}

fn place(range: std::ops::Range<usize>, start: u32) -> Place {
    Place::new(start + range.start as u32, start + range.end as u32)
}

/// A syntax error of the parser, with words of our own for TOML's traps.
fn syntax(text: &str, start: u32, error: &toml::de::Error) -> Problem {
    let span = error.span().unwrap_or(0..0);
    let at = place(span.clone(), start);
    let line_start = text[..span.start.min(text.len())].rfind('\n').map_or(0, |newline| newline + 1);
    let on_header = text[line_start..].trim_start().starts_with('[');
    let word = text.get(span.clone()).unwrap_or("");
    if error.message().contains("duplicate key") {
        let problem = Problem::new(format!("`{word}` is given twice")).at(at, "a second time");
        return if on_header {
            problem.help(format!(
                "a table that dotted keys such as `{word}.key = …` have opened cannot be opened again by a header: \
                 move those keys below `[{word}]`, or write all of it with dots"
            ))
        } else {
            problem.help("keep one of them")
        };
    }
    Problem::new(format!("this is not valid TOML: {}", error.message())).at(at, "here")
}
