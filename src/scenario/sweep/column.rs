//! Values from CSV files: a column for a key, or a row for a point.

use crate::error::{Problem, nearest};
use crate::place::Place;
use crate::source::{AnyField, Context, Field, Fields, Read, Shape, Value};
use crate::workload::{csv, file};

/// A column of a file.
pub(super) struct Column {
    /// Its name: the heading without its unit.
    pub name: String,
    /// Where the heading stands.
    pub place: Place,
    /// What stands below it.
    pub values: Vec<Value>,
}

/// The columns of the CSV file that `value` names: the first line has the headings, with the unit of plain numbers in
/// brackets as in `work (ms)`; lines that are empty or begin with `#` are skipped.
pub(super) fn columns(value: &Value, cx: &Context<'_>) -> Option<Vec<Column>> {
    let (text, start) = file::text(value, cx)?;
    let mut lines = csv::lines(&text, start);
    let headings: Vec<(String, Place)> =
        lines.next().map(|line| csv::cells(line).collect()).unwrap_or_default();
    let split: Vec<(&str, Option<String>)> =
        headings.iter().map(|(heading, _)| csv::heading(heading)).collect();
    let mut columns: Vec<Column> = split
        .iter()
        .zip(&headings)
        .map(|((name, _), (_, place))| Column { name: (*name).to_owned(), place: *place, values: Vec::new() })
        .collect();
    for line in lines {
        let cells: Vec<(String, Place)> = csv::cells(line).collect();
        if cells.len() != columns.len() {
            let what =
                format!("a row of {} cells, where the file has {} columns", cells.len(), columns.len());
            let place = Place::new(line.1, line.1 + line.0.len() as u32);
            cx.problem(Problem::new(what).at(place, "this row").help("quote a cell that holds a comma"));
            return None;
        }
        for ((column, (_, unit)), (cell, place)) in columns.iter_mut().zip(&split).zip(cells) {
            column.values.push(Value::new(csv::plain(cell, unit.as_deref()), place));
        }
    }
    if columns.iter().all(|column| column.values.is_empty()) {
        cx.fault(value, "the file has no row of values", "named here", "the first line names the columns");
        return None;
    }
    Some(columns)
}

/// The values of a key, from a column of a file.
pub(super) struct FromFile {
    file: Value,
    column: Option<Value>,
}

const FILE: Field<Given> = Field::new("file", "a CSV file");
const COLUMN: Field<Given> =
    Field::new("column", "the heading of the column; may be left out where the file has only one").optional();

const FIELDS: &[&dyn AnyField] = &[&FILE, &COLUMN];

impl Read for FromFile {
    fn shape() -> Shape {
        Shape::Table(FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, FIELDS, cx)?;
        let (file, column) = (fields.take(&FILE), fields.maybe(&COLUMN));
        Some(FromFile { file: file?.0, column: column?.map(|Given(column)| column) })
    }
}

impl FromFile {
    /// The values of the column.
    pub fn values(&self, cx: &Context<'_>) -> Option<Vec<Value>> {
        let mut columns = columns(&self.file, cx)?;
        let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        match &self.column {
            None if columns.len() == 1 => columns.pop().map(|column| column.values),
            None => {
                let help = format!("say which with `column`, one of: {}", names.join(", "));
                cx.fault(&self.file, "the file has several columns", "which of them?", help);
                None
            }
            Some(wanted) => {
                let name = wanted.text().unwrap_or_default();
                let found = columns.into_iter().find(|column| column.name == name);
                if found.is_none() {
                    let near = nearest(name, names.iter().copied());
                    let help = near.map_or(format!("columns are: {}", names.join(", ")), |near| {
                        format!("did you mean `{near}`?")
                    });
                    cx.fault(wanted, format!("the file has no column `{name}`"), "no such heading", help);
                }
                found.map(|column| column.values)
            }
        }
    }
}

/// A text with its place.
struct Given(Value);

impl Read for Given {
    fn shape() -> Shape {
        Shape::Text("text")
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        String::read(value, cx).map(|_| Given(value.clone()))
    }
}
