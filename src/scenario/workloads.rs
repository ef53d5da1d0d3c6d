//! The `[workload]` table: one workload named for its kind, or several that say their `kind`.

use super::Job;
use crate::error::{Problem, nearest};
use crate::machine::{Address, Machine};
use crate::place::Place;
use crate::policy::Schedule;
use crate::source::{
    AnyField, AnyRegistry, Context, Field, Fields, Key, Kind, Later, Origin, Read, Shape, Value,
};
use crate::time::Time;
use crate::workload::{self, WORKLOADS};

/// The workloads in file order.
pub(super) struct Workloads(pub Vec<Described>);

/// A workload before its addresses are looked up.
pub(super) struct Described {
    name: String,
    places: Places,
    start: Time,
    on: Option<Address>,
    background: bool,
    schedule: Option<Schedule>,
    what: Box<dyn workload::Described>,
}

/// Where a workload says what may not fit the machine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Places {
    /// The `cores` of its tasks, or the whole table.
    pub cores: Place,
    /// Its `pin`, or the whole table.
    pub pin: Place,
    /// When its tasks arrive, or the whole table.
    pub arrivals: Place,
    /// The whole table.
    pub whole: Place,
}

const KIND: Field<String> =
    Field::new("kind", "what it is, where the name of the table doesn't say so").optional();
const START: Field<Time> = Field::new("start", "when it begins").default("0 s");
const ON: Field<Address> =
    Field::new("on", "the part of the machine that it may use; all of it where absent").optional();
const BACKGROUND: Field<bool> =
    Field::new("background", "whether the makespan and the end of the run don't wait for it")
        .default("false");
const SCHEDULE: Field<Schedule> =
    Field::new("schedule", "a schedule of its own, in place of `[schedule]`").optional();
const AFTER: Field<Later> = Field::later("after", "the workload that must end before it begins");

const COMMON: &[&dyn AnyField] = &[&KIND, &START, &ON, &BACKGROUND, &SCHEDULE, &AFTER];

impl Read for Workloads {
    fn shape() -> Shape {
        Shape::Kinds { registry: &WORKLOADS, common: COMMON }
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let Kind::Table(table) = &value.kind else {
            cx.wrong_kind(value, "a table that holds workloads, such as `[workload.tasks]`");
            return None;
        };
        if table.entries.is_empty() {
            let what = format!("{} holds no workload", cx.owner());
            cx.fault(value, what, "empty", "give one, such as `[workload.tasks]`");
        }
        let each: Vec<Option<Described>> = table
            .entries
            .iter()
            .map(|(key, value)| {
                if value.table().is_none() {
                    no_workload(key, value, cx);
                    return None;
                }
                cx.entry(&key.name, value, Origin::Given, || one(key, value, cx))
            })
            .collect();
        each.into_iter().collect::<Option<_>>().map(Workloads)
    }
}

/// Reports a key of the table that holds no workload.
fn no_workload(key: &Key, value: &Value, cx: &Context<'_>) {
    let owner =
        WORKLOADS.entries.iter().find(|entry| entry.fields.iter().any(|field| field.name() == key.name));
    let Some(owner) = owner else {
        let kinds: Vec<_> = WORKLOADS.entries.iter().map(|entry| entry.name).collect();
        return cx.unknown_key(key, value, &kinds);
    };
    cx.problem(
        Problem::new(format!("`{}` is a key of a workload, not of `workload` itself", key.name))
            .at(key.place, "whose?")
            .over(value.base)
            .help(format!("write `workload.{}.{}`", owner.name, key.name)),
    );
}

/// Reads the workload under `key`.
fn one(key: &Key, value: &Value, cx: &Context<'_>) -> Option<Described> {
    let table = value.table()?;
    let entry = match table.get("kind") {
        Some(kind) => match kind.text() {
            Some(name) => WORKLOADS.find(name, kind, cx)?,
            None => {
                cx.below("kind", || cx.wrong_kind(kind, "the kind of a workload, such as \"tasks\""));
                return None;
            }
        },
        None => by_name(key, value, cx)?,
    };
    let unknown = cx.unknown_keys();
    let fields = Fields::open_both(value, COMMON, entry.fields, cx)?;
    let kind = fields.maybe(&KIND);
    let (start, on, background) = (fields.take(&START), fields.maybe(&ON), fields.take(&BACKGROUND));
    let schedule = fields.maybe(&SCHEDULE);
    let what = (entry.read)(&fields);
    kind?;
    let place = |name| table.get(name).map_or(value.place, |value| value.place);
    Some(Described {
        name: key.name.clone(),
        places: Places {
            cores: place("cores"),
            pin: place("pin"),
            arrivals: place("arrivals"),
            whole: value.place,
        },
        start: start?,
        on: on?,
        background: background?,
        schedule: schedule?,
        // What an unknown key was meant to say would be missed when the rest is looked up.
        what: what.filter(|_| cx.unknown_keys() == unknown)?,
    })
}

/// The kind for which a table is named.
fn by_name(
    key: &Key,
    value: &Value,
    cx: &Context<'_>,
) -> Option<&'static crate::registry::Entry<dyn workload::Described>> {
    let kinds: Vec<_> = WORKLOADS.entries.iter().map(|entry| entry.name).collect();
    let known = kinds.contains(&&*key.name) || AnyRegistry::later(&WORKLOADS).contains(&&*key.name);
    if known || nearest(&key.name, kinds.iter().copied()).is_some() {
        let at = Value { kind: Kind::Boolean(true), place: key.place, base: value.base };
        return WORKLOADS.find(&key.name, &at, cx);
    }
    cx.problem(
        Problem::new(format!("what kind of workload is `{}`?", key.name))
            .at(key.place, "its `kind` is missing")
            .help(format!("name the table for its kind or give `kind`, one of: {}", kinds.join(", "))),
    );
    None
}

impl Workloads {
    /// The machines that one of the workloads names.
    pub fn machine(&self) -> Option<Machine> {
        self.0.iter().find_map(|described| described.what.machine())
    }

    /// The jobs on `machine`, each with the places that its problems may lie at.
    pub fn resolve(self, machine: &Machine, cx: &Context<'_>) -> Option<Vec<(Job, Places)>> {
        let each: Vec<_> = self.0.into_iter().map(|described| described.resolve(machine, cx)).collect();
        each.into_iter().collect()
    }
}

impl Described {
    fn resolve(self, machine: &Machine, cx: &Context<'_>) -> Option<(Job, Places)> {
        let Described { name, places, start, background, schedule, .. } = self;
        let on = match &self.on {
            Some(address) => {
                address.cores(machine, cx).map(|(from, to)| (from.index() as u32, to.index() as u32))
            }
            None => Some((0, machine.len() as u32)),
        };
        let workload = cx.below("workload", || cx.below(&name, || self.what.resolve(machine, cx)));
        Some((Job { name, workload: workload?, start, on: on?, background, schedule }, places))
    }
}
