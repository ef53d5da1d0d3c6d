//! Flows between nodes, without tasks around them.

mod pattern;
mod row;
#[cfg(test)]
mod tests;

use std::num::{NonZeroU32, NonZeroU64};
use std::sync::Arc;

use super::tasks::only_one;
use super::{Described, Draws, Workload};
use crate::error::Problem;
use crate::machine::Machine;
use crate::place::Place;
use crate::program::{Body, Kind, Op, Program, Speedup, Standing, Stream, TaskSpec};
use crate::registry::Entry;
use crate::rng::{self, Distribution, Purpose};
use crate::source::{Context, Field, Fields, Value};
use crate::time::Time;
use pattern::{Pairs, Pattern};
use row::{BYTES, FROM, Given, Row, TO, Transfer, WEIGHT};

const LIST: Field<Vec<Row>> =
    Field::new("list", "the transfers one by one: the keys beside `list` are their defaults")
        .instead_of("transfers");
const PATTERN: Field<Box<Pattern>> = Field::new("pattern", "who sends to whom").instead_of("transfers");
const COUNT: Field<NonZeroU64> =
    Field::new("count", "how many transfers the pattern makes, round after round; one round if absent")
        .on_side("transfers", "pattern");
const AT_ONCE: Field<NonZeroU32> =
    Field::new("at_once", "how many are under way at once: the next starts when one ends; all if absent")
        .optional();

/// The workload `transfers`.
pub(super) static TRANSFERS: Entry<dyn Described> = Entry {
    name: "transfers",
    about: "flows alone: rows, or a pattern such as all-to-all",
    cite: "",
    fields: &[&LIST, &PATTERN, &COUNT, &AT_ONCE, &FROM, &TO, &BYTES, &WEIGHT],
    bare: None,
    read,
};

/// The table as read.
#[derive(Debug)]
struct Table {
    given: Given,
    /// Where the table stands.
    place: Place,
    what: What,
    at_once: Option<u32>,
}

#[derive(Debug)]
enum What {
    /// In order of their starts.
    Rows(Vec<Row>),
    Pattern {
        pattern: Pattern,
        place: Place,
        count: Option<u64>,
    },
}

fn read(fields: &Fields<'_>) -> Option<Box<dyn Described>> {
    let (list, pattern, count) = (fields.maybe(&LIST), fields.maybe(&PATTERN), fields.maybe(&COUNT));
    let (at_once, given) = (fields.maybe(&AT_ONCE), Given::take(fields));
    let at = |name, value: Option<&Value>| value.map(|value| (name, value.place));
    let sides = [at("list", fields.given(&LIST)), at("pattern", fields.given(&PATTERN))];
    only_one(sides.into_iter().flatten(), "says what transfers there are", fields.cx)?;
    let (list, pattern, count, at_once, given) = (list?, pattern?, count?, at_once?, given?);
    let (in_list, in_pattern) = (
        [at("count", fields.given(&COUNT)), None],
        [at("from", fields.given(&FROM)), at("to", fields.given(&TO))],
    );
    let what = match (list, pattern) {
        (Some(rows), _) => {
            idle(in_list, "list", fields.cx)?;
            What::Rows(row::in_order(rows, at_once.is_some(), fields.cx)?)
        }
        (None, Some(pattern)) => {
            idle(in_pattern, "pattern", fields.cx)?;
            let place = fields.given(&PATTERN).map_or(fields.place, |value| value.place);
            if matches!(*pattern, Pattern::Random) && count.is_none() {
                fields.missing("count", "how many transfers the pattern `random` makes");
                return None;
            }
            What::Pattern { pattern: *pattern, place, count: count.map(NonZeroU64::get) }
        }
        (None, None) => {
            fields.missing("list", "the transfers one by one; or give `pattern`");
            return None;
        }
    };
    let at_once = at_once.map(NonZeroU32::get);
    Some(Box::new(Table { given, place: fields.place, what, at_once }))
}

/// Reports keys that do nothing beside `side`.
fn idle(given: [Option<(&'static str, Place)>; 2], side: &str, cx: &Context<'_>) -> Option<()> {
    let mut none = Some(());
    for (name, place) in given.into_iter().flatten() {
        let what = format!("`{name}` does nothing beside `{side}`");
        cx.problem(Problem::new(what).at(place, "given here").help("leave it out"));
        none = None;
    }
    none
}

impl Described for Table {
    fn resolve(self: Box<Self>, machine: &Machine, cx: &Context<'_>) -> Option<Box<dyn Workload>> {
        let (route, count, names) = match self.what {
            What::Rows(rows) => {
                let names = rows.iter().map(|row| row.name.as_deref().map(Box::from)).collect();
                let resolve = |row: Row| row.resolve(&self.given, machine, cx);
                // All rows are looked at before the first that is wrong counts.
                let transfers: Vec<Option<Transfer>> = rows.into_iter().map(resolve).collect();
                let transfers: Arc<[Transfer]> = transfers.into_iter().collect::<Option<_>>()?;
                let count = transfers.len() as u64;
                (Route::Listed(transfers), count, names)
            }
            What::Pattern { pattern, place, count } => {
                let (bytes, pairs) = (self.given.bytes(self.place, cx), pattern.on(machine, place, cx));
                let (bytes, pairs) = (bytes?, pairs?);
                let count = count.or(pairs.round())?;
                (Route::Pattern { pairs, bytes, weight: self.given.weight() }, count, Vec::new())
            }
        };
        let kind =
            Kind { name: None, cores: 1, speedup: Speedup::Linear, pin: None, standing: Standing::default() };
        Some(Box::new(Transfers { route, count, names, at_once: self.at_once, kinds: [kind] }))
    }
}

/// Transfers on a machine.
#[derive(Debug)]
struct Transfers {
    route: Route,
    count: u64,
    names: Vec<Option<Box<str>>>,
    at_once: Option<u32>,
    kinds: [Kind; 1],
}

/// Where transfers go.
#[derive(Clone, Debug)]
enum Route {
    Listed(Arc<[Transfer]>),
    Pattern { pairs: Pairs, bytes: Distribution, weight: f64 },
}

impl Workload for Transfers {
    fn start(&self, draws: &Draws) -> Program {
        Program::Stream(Box::new(Source {
            route: self.route.clone(),
            structure: draws.stream(Purpose::Structure),
            sizes: draws.stream(Purpose::Size),
            next: 0,
            count: self.count,
        }))
    }

    fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    fn count(&self) -> Option<u64> {
        Some(self.count)
    }

    fn is_random(&self) -> bool {
        match &self.route {
            Route::Listed(transfers) => transfers.iter().any(|transfer| transfer.bytes.is_random()),
            Route::Pattern { pairs, bytes, .. } => pairs.is_random() || bytes.is_random(),
        }
    }

    fn uses_cores(&self) -> bool {
        false
    }

    fn arrives(&self) -> bool {
        matches!(&self.route, Route::Listed(transfers) if transfers.iter().any(|transfer| transfer.start > Time::ZERO))
    }

    fn task_name(&self, number: u64) -> String {
        match self.names.get(number as usize) {
            Some(Some(name)) => name.to_string(),
            _ => format!("transfer {number}"),
        }
    }

    fn at_once(&self) -> Option<u32> {
        self.at_once
    }
}

/// The transfers of one replicate, made one by one.
struct Source {
    route: Route,
    structure: rng::Stream,
    sizes: rng::Stream,
    next: u64,
    count: u64,
}

impl Stream for Source {
    fn next(&mut self) -> Option<TaskSpec> {
        if self.next == self.count {
            return None;
        }
        let number = self.next;
        self.next += 1;
        let (release, (from, to), law, weight) = match &mut self.route {
            Route::Listed(transfers) => {
                let Transfer { from, to, bytes, start, weight } = &transfers[number as usize];
                (*start, (*from, *to), bytes, *weight)
            }
            Route::Pattern { pairs, bytes, weight } => {
                (Time::ZERO, pairs.pair(number, &mut self.structure), &*bytes, *weight)
            }
        };
        let bytes = law.sample(&mut self.sizes, number);
        let body = Body::One(Op::Transfer { from, to, bytes, weight });
        Some(TaskSpec { release, body, kind: 0, home: None, expected: 0.0 })
    }
}
