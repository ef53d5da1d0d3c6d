//! CSV files of rows: the first line names the columns, each other line is a table of the language.

use super::file;
use crate::error::{Problem, nearest};
use crate::place::Place;
use crate::source::{AnyField, Context, Key, Kind, Shape, Table, Value};

/// A column and what its cells mean.
struct Column {
    /// The key that it fills; several where it lies in tables, as `speedup.amdahl.serial` does.
    keys: Vec<Key>,
    /// The unit of its plain numbers, from a heading such as `work (ms)`.
    unit: Option<String>,
    /// Whether its cells are texts even where they look like numbers.
    text: bool,
}

/// The rows of the CSV file that `value` names, as tables whose keys are `known`. Cells are as in RFC 4180; an empty one
/// leaves its key out; lines that are empty or begin with `#` are skipped.
pub(super) fn rows(
    value: &Value,
    known: &'static [&'static dyn AnyField],
    cx: &Context<'_>,
) -> Option<Vec<Value>> {
    let (text, start) = file::text(value, cx)?;
    let mut lines = lines(&text, start);
    let Some(heading) = lines.next() else {
        cx.fault(value, "the file has no line that names its columns", "named here", "");
        return None;
    };
    let columns: Vec<Option<Column>> = cells(heading).map(|cell| column(cell, known, cx)).collect();
    let columns: Vec<Column> = columns.into_iter().collect::<Option<_>>()?;
    lines.map(|line| row(line, &columns, cx)).collect()
}

/// The lines that say something, each with its offset in the source map.
pub(crate) fn lines(text: &str, start: u32) -> impl Iterator<Item = (&str, u32)> {
    let place = move |line: &str| start + (line.as_ptr() as usize - text.as_ptr() as usize) as u32;
    text.lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .map(move |line| (line, place(line)))
}

/// The cells of a line: what each says, without quotes and blanks around it, and where it stands.
pub(crate) fn cells((line, start): (&str, u32)) -> impl Iterator<Item = (String, Place)> {
    let mut rest = Some(0);
    std::iter::from_fn(move || {
        let from = rest?;
        let mut quoted = false;
        let end = line[from..].find(|c: char| {
            quoted ^= c == '"';
            c == ',' && !quoted
        });
        let to = end.map_or(line.len(), |end| from + end);
        rest = end.map(|_| to + 1);
        let cell = line[from..to].trim();
        let at = start + (line[from..].len() - line[from..].trim_start().len() + from) as u32;
        let place = Place::new(at, at + cell.len() as u32);
        let inner = cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"'));
        Some((inner.map_or_else(|| cell.to_owned(), |inner| inner.replace("\"\"", "\"")), place))
    })
}

fn column(
    (heading, place): (String, Place),
    known: &'static [&'static dyn AnyField],
    cx: &Context<'_>,
) -> Option<Column> {
    let (name, unit) = self::heading(&heading);
    let keys: Vec<Key> = name.split('.').map(|key| Key { name: key.to_owned(), place }).collect();
    let names = || known.iter().filter(|field| field.built()).map(|field| field.name());
    let first = keys.first().map_or("", |key| &key.name);
    let Some(field) = known.iter().find(|field| field.name() == first) else {
        let problem =
            Problem::new(format!("`{}` has no column `{name}`", cx.path())).at(place, "unknown column");
        cx.problem(match nearest(first, names()) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help(format!("columns are: {}", names().collect::<Vec<_>>().join(", "))),
        });
        return None;
    };
    if !field.built() {
        cx.not_built(&format!("the column `{first}`"), place, field.about());
        return None;
    }
    Some(Column { text: matches!(field.shape(), Shape::Text(_)), keys, unit })
}

fn row(line: (&str, u32), columns: &[Column], cx: &Context<'_>) -> Option<Value> {
    let place = Place::new(line.1, line.1 + line.0.len() as u32);
    let mut table = Table::default();
    let mut count = 0;
    for (at, (cell, place)) in cells(line).enumerate() {
        count += 1;
        if let Some(column) = columns.get(at).filter(|_| !cell.is_empty()) {
            insert(&mut table, &column.keys, Value::new(meaning(cell, column), place));
        }
    }
    if count != columns.len() {
        let what = format!("a row of {count} cells, where the file has {} columns", columns.len());
        cx.problem(Problem::new(what).at(place, "this row").help("quote a cell that holds a comma"));
        return None;
    }
    Some(Value::new(Kind::Table(table), place))
}

/// A heading such as `work (ms)`: what it names, and the unit of plain numbers below it.
pub(crate) fn heading(heading: &str) -> (&str, Option<String>) {
    match heading.strip_suffix(')').and_then(|heading| heading.split_once('(')) {
        Some((name, unit)) => (name.trim(), Some(unit.trim().to_owned())),
        None => (heading, None),
    }
}

fn meaning(cell: String, column: &Column) -> Kind {
    if column.text { Kind::Text(cell) } else { plain(cell, column.unit.as_deref()) }
}

/// What a cell says below a heading with `unit`: a number with it, a plain number, or a text.
pub(crate) fn plain(cell: String, unit: Option<&str>) -> Kind {
    match (unit, cell.parse::<i64>(), cell.parse::<f64>()) {
        (Some(unit), _, Ok(_)) => Kind::Text(format!("{cell} {unit}")),
        (None, Ok(whole), _) => Kind::Integer(whole),
        (None, _, Ok(number)) => Kind::Float(number),
        _ => Kind::Text(cell),
    }
}

/// Puts `value` under `keys`, through the tables that all but the last of them name.
fn insert(table: &mut Table, keys: &[Key], value: Value) {
    let Some((key, rest)) = keys.split_first() else { return };
    if rest.is_empty() {
        table.entries.push((key.clone(), value));
        return;
    }
    if table.get(&key.name).is_none() {
        let inner = Value::new(Kind::Table(Table::default()), value.place);
        table.entries.push((key.clone(), inner));
    }
    if let Some(Kind::Table(inner)) = table.get_mut(&key.name).map(|inner| &mut inner.kind) {
        insert(inner, rest, value);
    }
}
