//! Tasks listed one by one, in the scenario or in a file.

use crate::error::Problem;
use crate::source::{AnyField, Context, Field, Fields, Read, Shape, Value};
use crate::time::Time;
use crate::workload::csv;
use crate::workload::task::{
    CLASS, CORES, DATA, DEADLINE, DEVICE, ESTIMATE, FOOTPRINT, Given, LOCK, MEMORY, NAME, PIN, PRIORITY,
    READS, SPEEDUP, WEIGHT, WORK, WRITES,
};

const RELEASE: Field<Time> = Field::new("release", "when it is there; at time 0 if absent").optional();
const FIELDS: &[&dyn AnyField] = &[
    &NAME, &RELEASE, &WORK, &CLASS, &ESTIMATE, &PIN, &CORES, &SPEEDUP, &MEMORY, &DATA, &PRIORITY, &DEADLINE,
    &WEIGHT, &LOCK, &DEVICE, &FOOTPRINT, &READS, &WRITES,
];

/// How many wrong rows of a file are reported: a million of them would show no more.
const MOST: usize = 10;

/// A task of its own.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) given: Given,
    pub(super) release: Option<Time>,
    place: crate::place::Place,
}

impl Read for Row {
    fn shape() -> Shape {
        Shape::Table(FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, FIELDS, cx)?;
        let place = fields.given(&RELEASE).map_or(fields.place, |value| value.place);
        let (given, release) = (Given::take(&fields), fields.maybe(&RELEASE));
        Some(Row { given: given?, release: release?, place })
    }
}

/// The rows of a CSV file.
pub(super) struct Rows(pub(super) Vec<Row>);

impl Read for Rows {
    fn shape() -> Shape {
        Shape::Text("a path")
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let values = csv::rows(value, FIELDS, cx)?;
        let mut rows = Vec::with_capacity(values.len());
        let mut wrong = 0;
        for value in values {
            match cx.unremembered(|| Row::read(&value, cx)) {
                Some(row) => rows.push(row),
                None => wrong += 1,
            }
            if wrong == MOST {
                break;
            }
        }
        (wrong == 0).then_some(Rows(rows))
    }
}

/// The rows in the order of their release, which numbers them; as they stand where none says when. `arriving` tells
/// whether a process of arrivals says so.
pub(super) fn in_order(mut rows: Vec<Row>, arriving: bool, cx: &Context<'_>) -> Option<Vec<Row>> {
    let Some(first) = rows.iter().find(|row| row.release.is_some()) else { return Some(rows) };
    if arriving {
        let problem = Problem::new("`release` and `arrivals`: each says when tasks are there");
        cx.problem(problem.at(first.place, "given here").help("keep one of them"));
        return None;
    }
    rows.iter_mut().for_each(|row| row.release = row.release.or(Some(Time::ZERO)));
    rows.sort_by_key(|row| row.release);
    Some(rows)
}
