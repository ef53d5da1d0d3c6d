//! A bag of independent tasks, all there at once or arriving.

mod row;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::num::NonZeroU64;
use std::sync::Arc;

use super::arriving::Arriving;
use super::task::{
    CLASS, CORES, DATA, DEADLINE, DEVICE, ESTIMATE, FOOTPRINT, Given, LOCK, MEMORY, NAME, PIN, PRIORITY,
    READS, SPEEDUP, Streams, Template, WEIGHT, WORK, WRITES,
};
use super::{Described, Draws, Workload};
use crate::error::Problem;
use crate::machine::Machine;
use crate::place::Place;
use crate::program::{Body, Kind, Program, Speedup, Standing, Stream, TaskSpec};
use crate::registry::Entry;
use crate::rng::{Arrivals, Distribution};
use crate::source::{Context, Field, Fields};
use crate::time::{Span, Time};
use row::{Row, Rows};

const COUNT: Field<NonZeroU64> =
    Field::new("count", "how many tasks; absent, they arrive until the run ends").instead_of("tasks");
const LIST: Field<Vec<Row>> =
    Field::new("list", "the tasks one by one: the keys beside `list` are their defaults").instead_of("tasks");
const FILE: Field<Rows> = Field::new(
    "file",
    "a CSV file of tasks: its columns are the keys of a row of `list`, with the unit of plain numbers as in `work (ms)`",
)
.instead_of("tasks");
const ARRIVALS: Field<Box<Arriving>> =
    Field::new("arrivals", "when they arrive; if absent, all are there at time 0").optional();

/// The workload `tasks`.
pub(super) static TASKS: Entry<dyn Described> = Entry {
    name: "tasks",
    about: "a bag of independent tasks, all at once or arriving",
    cite: "",
    fields: &[
        &COUNT, &LIST, &FILE, &ARRIVALS, &NAME, &CLASS, &WORK, &ESTIMATE, &PIN, &CORES, &SPEEDUP, &MEMORY,
        &DATA, &PRIORITY, &DEADLINE, &WEIGHT, &LOCK, &DEVICE, &FOOTPRINT, &READS, &WRITES,
    ],
    bare: None,
    read,
};

/// The table as read.
#[derive(Debug)]
struct Table {
    /// What one task is like, or what those of `rows` are like unless they say otherwise.
    given: Given,
    /// The tasks one by one, in order of their release.
    rows: Option<Vec<Row>>,
    count: Option<u64>,
    arriving: Option<Arriving>,
}

fn read(fields: &Fields<'_>) -> Option<Box<dyn Described>> {
    let (count, list, file) = (fields.maybe(&COUNT), fields.maybe(&LIST), fields.maybe(&FILE));
    let (arriving, given) = (fields.maybe(&ARRIVALS), Given::take(fields));
    let place = |value: Option<&crate::source::Value>| value.map_or(fields.place, |value| value.place);
    let (count, list, file) = (count?, list?, file?.map(|Rows(rows)| rows));
    let sides = [
        count.map(|_| ("count", place(fields.given(&COUNT)))),
        list.as_ref().map(|_| ("list", place(fields.given(&LIST)))),
        file.as_ref().map(|_| ("file", place(fields.given(&FILE)))),
    ];
    only_one(sides.into_iter().flatten(), "says what tasks there are", fields.cx)?;
    let (arriving, given) = (arriving?.map(|arriving| *arriving), given?);
    let count = count.map(NonZeroU64::get);
    let rows = match list.or(file) {
        Some(rows) => Some(row::in_order(rows, arriving.is_some(), fields.cx)?),
        None => None,
    };
    let wanted = rows.as_ref().map(|rows| rows.len() as u64).or(count);
    let arrived = arriving.as_ref().map(Arriving::count);
    let problem = match (wanted, arrived) {
        (None, None) => Problem::new(format!("`{}` doesn't say how many tasks there are", fields.cx.path()))
            .at(fields.place, "no `count`, `list` or `file`")
            .help("give one of them, or `arrivals` for tasks that come until the run ends"),
        (Some(wanted), Some(Some(arrived))) if wanted > arrived => {
            Problem::new(format!("{wanted} tasks, but only {arrived} arrivals"))
                .at(place(fields.given(&ARRIVALS)), "too few")
        }
        _ => {
            let count = wanted.or(arrived.flatten());
            return Some(Box::new(Table { given, rows, count, arriving }));
        }
    };
    fields.cx.problem(problem);
    None
}

/// Reports the second of several keys that each say the same in another way.
pub(super) fn only_one(
    given: impl Iterator<Item = (&'static str, Place)>,
    role: &str,
    cx: &Context<'_>,
) -> Option<()> {
    let given: Vec<_> = given.collect();
    let [(first, at), (second, there), ..] = given.as_slice() else { return Some(()) };
    let what = format!("`{first}` and `{second}`: each {role}");
    cx.problem(Problem::new(what).at(*there, "the second").also(*at, "the first").help("keep one of them"));
    None
}

impl Described for Table {
    fn resolve(self: Box<Self>, machine: &Machine, cx: &Context<'_>) -> Option<Box<dyn Workload>> {
        let mut kinds = Kinds::default();
        let prefix = self.given.name.clone();
        let Some(rows) = self.rows else {
            let template = self.given.resolve(machine, |kind| kinds.number(kind), cx)?;
            return Some(Box::new(Tasks {
                templates: [template].into(),
                alike: true,
                names: Vec::new(),
                prefix,
                kinds: kinds.all,
                arriving: self.arriving,
                count: self.count,
            }));
        };
        let releases: Option<Vec<Time>> = rows.iter().map(|row| row.release).collect();
        let names = rows.iter().map(|row| row.given.name.as_deref().map(Box::from)).collect();
        let read = |row: Row| row.given.or(&self.given).resolve(machine, |kind| kinds.number(kind), cx);
        // All rows are looked at before the first that is wrong counts.
        let templates: Vec<Option<Template>> = rows.into_iter().map(read).collect();
        Some(Box::new(Tasks {
            templates: templates.into_iter().collect::<Option<_>>()?,
            alike: false,
            names,
            prefix,
            kinds: kinds.all,
            arriving: self.arriving.or(releases.map(|releases| Arriving::Given(releases.into()))),
            count: self.count,
        }))
    }
}

/// The kinds met so far.
#[derive(Default)]
struct Kinds {
    all: Vec<Kind>,
    numbers: BTreeMap<KindKey, u32>,
}

/// What tells kinds apart: name, cores, the bits of the serial part if there is one, pin, and standing: its priority,
/// deadline and the bits of its weight.
type KindKey = (Option<String>, u32, Option<u64>, Option<(u32, u32)>, (u32, Option<Span>, u64));

impl Kinds {
    fn number(&mut self, kind: Kind) -> u32 {
        let serial =
            if let Speedup::Amdahl { serial } = kind.speedup { Some(serial.to_bits()) } else { None };
        let Standing { priority, deadline, weight } = kind.standing;
        let standing = (priority, deadline, weight.to_bits());
        *self.numbers.entry((kind.name.clone(), kind.cores, serial, kind.pin, standing)).or_insert_with(
            || {
                self.all.push(kind);
                (self.all.len() - 1) as u32
            },
        )
    }
}

/// Tasks on a machine.
#[derive(Debug)]
struct Tasks {
    /// One for each task, or one for all.
    templates: Arc<[Template]>,
    alike: bool,
    /// The names of tasks listed one by one.
    names: Vec<Option<Box<str>>>,
    /// What comes before the number of a task that has no name of its own.
    prefix: Option<String>,
    kinds: Vec<Kind>,
    arriving: Option<Arriving>,
    count: Option<u64>,
}

impl Tasks {
    fn template(&self, number: u64) -> &Template {
        &self.templates[if self.alike { 0 } else { number as usize }]
    }
}

impl Workload for Tasks {
    fn start(&self, draws: &Draws) -> Program {
        Program::Stream(Box::new(Source {
            templates: self.templates.clone(),
            alike: self.alike,
            arrivals: self.arriving.as_ref().map(|arriving| arriving.start(draws)),
            streams: Streams::new(draws),
            next: 0,
            count: self.count.unwrap_or(u64::MAX),
        }))
    }

    fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    fn kind_of(&self, number: u64) -> u32 {
        self.template(number).kind()
    }

    fn count(&self) -> Option<u64> {
        self.count
    }

    fn arrives(&self) -> bool {
        self.arriving.is_some()
    }

    fn sizes(&self) -> Vec<(f64, Distribution)> {
        self.templates.iter().map(|template| (1.0, template.work().clone())).collect()
    }

    fn poisson(&self) -> Option<f64> {
        self.arriving.as_ref().and_then(Arriving::poisson)
    }

    fn is_plain(&self) -> bool {
        self.templates.iter().all(Template::is_plain)
    }

    fn asks_for_memory(&self) -> bool {
        self.templates.iter().any(Template::asks_for_memory)
    }

    fn is_random(&self) -> bool {
        self.templates.iter().any(Template::is_random)
            || self.arriving.as_ref().is_some_and(Arriving::is_random)
    }

    fn task_name(&self, number: u64) -> String {
        match self.names.get(number as usize) {
            Some(Some(name)) => name.to_string(),
            _ => format!("{} {number}", self.prefix.as_deref().unwrap_or("task")),
        }
    }

    fn resample(&self, number: u64, _kind: u32, attempt: u32, draws: &Draws) -> Option<Body> {
        let template = self.template(number);
        template.is_random().then(|| template.redraw(number, draws.retry(number, attempt)))
    }
}

/// The tasks of one replicate, made one by one.
struct Source {
    templates: Arc<[Template]>,
    alike: bool,
    arrivals: Option<Arrivals>,
    streams: Streams,
    next: u64,
    count: u64,
}

impl Stream for Source {
    fn next(&mut self) -> Option<TaskSpec> {
        if self.next == self.count {
            return None;
        }
        let release = match &mut self.arrivals {
            Some(arrivals) => arrivals.next()?,
            None => Time::ZERO,
        };
        let number = self.next;
        self.next += 1;
        let template = &self.templates[if self.alike { 0 } else { number as usize }];
        Some(template.draw(number, release, &mut self.streams))
    }
}
