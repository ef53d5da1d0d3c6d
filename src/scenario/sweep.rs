//! Sweeps: keys and the values that each takes, all crossed with one another but for those that go together.

mod column;
mod range;
mod shown;

use std::collections::BTreeMap;

use super::load::add_source;
use super::variant::{leaves, plain, refuse_study_keys};
use crate::error::Problem;
use crate::place::Place;
use crate::source::{Context, Key, Kind, Table, Value, parse, path_keys};
use column::FromFile;
use range::Range;

/// Keys that take their values together: at each step one from each.
pub(super) struct Axis {
    /// What it is called, where several keys go together.
    pub name: Option<String>,
    /// The keys: at least one, all with as many values.
    pub members: Vec<Member>,
}

/// A key and the values that it takes.
pub(super) struct Member {
    /// The keys that lead to it.
    pub path: Vec<String>,
    /// Where it is named.
    pub place: Place,
    /// Its values.
    pub values: Vec<Value>,
}

/// The table of `[sweep]` that holds axes of several keys, by name.
const TOGETHER: &str = "together";

/// The axes under `value`, the `[sweep]` table; problems go to `cx`.
pub(super) fn read(value: &Value, cx: &Context<'_>) -> Vec<Axis> {
    let mut axes = Vec::new();
    let Kind::Table(table) = &value.kind else {
        cx.below("sweep", || cx.wrong_kind(value, "a table of keys and their values"));
        return axes;
    };
    let mut table = table.clone();
    let together = table.remove(TOGETHER);
    let mut members = Vec::new();
    collect(&table, &[], &mut members, cx);
    axes.extend(members.into_iter().map(|member| Axis { name: None, members: vec![member] }));
    match together.as_ref().map(|(_, value)| (value, &value.kind)) {
        Some((_, Kind::Table(named))) => {
            let each = named.entries.iter();
            axes.extend(each.filter_map(|(name, value)| zipped(name, value, cx)));
        }
        Some((value, _)) => cx.below("sweep", || {
            cx.below(TOGETHER, || {
                cx.wrong_kind(value, "a table of axes by name, each a table of keys and their values")
            });
        }),
        None => {}
    }
    repeated(&axes, cx);
    axes
}

/// The axes that the command line gives, each text of the form `key.path=1,2,4`; `sets` are the overlays that it gives, too.
pub(super) fn read_options(texts: &[String], sets: &[Value], cx: &Context<'_>) -> Vec<Axis> {
    let each = texts.iter();
    let axes: Vec<Axis> = each
        .filter_map(|text| add_source("--sweep", text, cx).and_then(|start| parse_axis(text, start, cx)))
        .collect();
    repeated(&axes, cx);
    let members = || axes.iter().flat_map(|axis| &axis.members);
    for set in sets {
        leaves(set, &mut Vec::new(), &mut |path, value| {
            if let Some(member) = members().find(|member| touch(&member.path, path)) {
                let what = format!("`{}` is both swept and set", member.path.join("."));
                let problem = Problem::new(what).at(member.place, "swept here").also(value.place, "set here");
                cx.problem(problem.help("leave one of the two out"));
            }
        });
    }
    axes
}

/// An axis of the form `key.path=1,2,4`; `text` starts at offset `start`.
fn parse_axis(text: &str, start: u32, cx: &Context<'_>) -> Option<Axis> {
    let (name, values) = text.split_once('=').unwrap_or((text, ""));
    let place = Place::new(start, start + name.len() as u32);
    let path = path_keys(name);
    if values.trim().is_empty() || path.is_none() {
        let what = format!("`{text}` sweeps nothing");
        let help = "write a key and its values, such as machine.cores=1,2,4";
        cx.problem(Problem::new(what).at(place, "here").help(help));
        return None;
    }
    let mut at = start + name.len() as u32 + 1;
    let mut items = Vec::new();
    for item in values.split(',') {
        let place = Place::new(at, at + item.len() as u32);
        at = place.end + 1;
        // The two bytes before an item are the key that the parser needs.
        let mut problems = Vec::new();
        let document = parse(&format!("x={item}"), place.start - 2, &mut problems);
        let parsed = document.table().and_then(|table| table.get("x")).filter(|_| problems.is_empty());
        items.push(parsed.cloned().unwrap_or_else(|| Value::new(Kind::Text(item.trim().to_owned()), place)));
    }
    Some(Axis { name: None, members: vec![Member { path: path?, place, values: items }] })
}

/// The axis `name` of `[sweep.together]`: a table of keys, or the CSV file whose headings are keys.
fn zipped(name: &Key, value: &Value, cx: &Context<'_>) -> Option<Axis> {
    let mut members = Vec::new();
    match &value.kind {
        Kind::Text(_) => {
            for column in column::columns(value, cx)? {
                let Some(path) = path_keys(&column.name) else {
                    let what = format!("`{}` is not a path of keys", column.name);
                    cx.problem(Problem::new(what).at(column.place, "this heading"));
                    return None;
                };
                members.push(Member { path, place: column.place, values: column.values });
            }
        }
        Kind::Table(table) if table.entries.is_empty() => {
            let what = format!("the axis `{}` holds no keys", name.name);
            cx.fault(value, what, "empty", "give keys and their values, or leave the axis out");
            return None;
        }
        Kind::Table(table) => collect(table, &[], &mut members, cx),
        _ => {
            let help =
                "give a table of keys and their values, or the path of a CSV file whose headings are keys";
            let what = format!("the axis `{}` holds no keys", name.name);
            cx.fault(value, what, format!("this is {}", value.noun()), help);
            return None;
        }
    }
    let first = members.first()?;
    if let Some(other) = members.iter().find(|member| member.values.len() != first.values.len()) {
        let what = format!("keys of the axis `{}` take different numbers of values", name.name);
        let count = |member: &Member| format!("{} takes {}", member.path.join("."), member.values.len());
        cx.problem(Problem::new(what).at(other.place, count(other)).also(first.place, count(first)));
        return None;
    }
    Some(Axis { name: Some(name.name.clone()), members })
}

/// Reports keys on several axes.
fn repeated(axes: &[Axis], cx: &Context<'_>) {
    let members: Vec<&Member> = axes.iter().flat_map(|axis| &axis.members).collect();
    for (at, member) in members.iter().enumerate() {
        if let Some(first) = members[..at].iter().find(|other| touch(&other.path, &member.path)) {
            let what = format!("`{}` is swept twice", member.path.join("."));
            cx.problem(Problem::new(what).at(member.place, "again here").also(first.place, "first here"));
        }
    }
}

fn collect(table: &Table, above: &[String], members: &mut Vec<Member>, cx: &Context<'_>) {
    for (key, value) in &table.entries {
        let Some(own) = path_keys(&key.name) else {
            let what = format!("`{}` is not a path of keys", key.name);
            cx.problem(Problem::new(what).at(key.place, "no key of the language"));
            continue;
        };
        let path = [above, &own].concat();
        let holds = |table: &Table, names: &[&str]| names.iter().any(|name| table.get(name).is_some());
        let below =
            |read: &mut dyn FnMut() -> Option<Vec<Value>>| cx.below("sweep", || cx.below(&key.name, read));
        let values = match &value.kind {
            kind if empty(kind) => {
                let help = "give a list such as [1, 2, 4], or { from = 1, to = 8, steps = 8 }";
                cx.fault(value, format!("the sweep of `{}` has no values", path.join(".")), "empty", help);
                continue;
            }
            Kind::List(items) => Some(items.clone()),
            Kind::Table(table) if holds(table, &["from", "to", "steps"]) => below(&mut || {
                crate::source::Read::read(value, cx).map(|range: Range| range.values(value.place))
            }),
            Kind::Table(table) if holds(table, &["file", "column"]) => {
                below(&mut || crate::source::Read::read(value, cx).and_then(|file: FromFile| file.values(cx)))
            }
            Kind::Table(table) => {
                collect(table, &path, members, cx);
                continue;
            }
            _ => {
                let what = format!("the sweep of `{}` needs several values", path.join("."));
                let help = "give a list such as [1, 2, 4], or { from = 1, to = 8, steps = 8 }";
                cx.fault(value, what, format!("this is {}", value.noun()), help);
                continue;
            }
        };
        members.extend(values.map(|values| Member { path, place: key.place, values }));
    }
}

/// Whether a list or a table holds nothing.
fn empty(kind: &Kind) -> bool {
    match kind {
        Kind::List(items) => items.is_empty(),
        Kind::Table(table) => table.entries.is_empty(),
        _ => false,
    }
}

/// Whether one path leads to the other, or through it.
fn touch(one: &[String], other: &[String]) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

impl Axis {
    /// How many steps it has.
    pub fn len(&self) -> usize {
        self.members.first().map_or(0, |member| member.values.len())
    }

    /// Where it is named.
    pub fn place(&self) -> Option<Place> {
        self.members.first().map(|member| member.place)
    }

    /// Overlays that give the keys their values number `at`.
    pub fn overlays(&self, at: usize) -> impl Iterator<Item = Value> {
        self.members.iter().map(move |member| member.overlay(at))
    }

    /// The keys as they are shown, with their values number `at`.
    pub fn setting(&self, at: usize) -> impl Iterator<Item = (String, String)> {
        self.members.iter().map(move |member| (member.path.join("."), plain(&member.values[at].inline())))
    }

    /// For each of its keys the values as they are shown to people.
    pub fn shown(&self) -> Vec<Vec<String>> {
        let texts = |member: &Member| -> Vec<String> {
            member.values.iter().map(|value| plain(&value.inline())).collect()
        };
        self.members.iter().map(|member| shown::shown(&texts(member))).collect()
    }

    /// Its keys as they are shown, with their values.
    pub fn keys(&self) -> impl Iterator<Item = (String, &[Value])> {
        self.members.iter().map(|member| (member.path.join("."), member.values.as_slice()))
    }

    /// Whether another path leads to one of its keys, above or below it.
    pub fn touches(&self, path: &[String]) -> bool {
        self.members.iter().any(|member| touch(&member.path, path))
    }

    /// Sweeps what `path` leads to no more; whether there is still something to sweep.
    pub fn leave_out(&mut self, path: &[String]) -> bool {
        self.members.retain(|member| !touch(&member.path, path));
        !self.members.is_empty()
    }

    /// Reports keys that hold for the whole study, and points that are there twice.
    pub fn check(&self, cx: &Context<'_>) {
        let mut steps: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        for at in 0..self.len() {
            let values = self.members.iter().map(|member| member.values[at].inline()).collect();
            let Some(first) = steps.insert(values, at) else { continue };
            let (Some(member), Some(key)) = (self.members.first(), self.place()) else { continue };
            let place = |at: usize| member.values[at].place;
            let shown: Vec<String> =
                self.setting(at).map(|(key, value)| format!("{key} = {value}")).collect();
            let problem = Problem::new(format!("the sweep has {} twice", shown.join(", ")));
            let problem = match place(first) == place(at) {
                true => problem.at(key, "swept here"),
                false => problem.at(place(at), "again here").also(place(first), "first here"),
            };
            cx.problem(problem.help("give each value once"));
            break;
        }
        for overlay in self.overlays(0) {
            if let Kind::Table(table) = overlay.kind {
                refuse_study_keys(&table, "a sweep", cx);
            }
        }
    }

    /// How a scenario spells it: the key below `[sweep]` and what it holds.
    pub fn spelt(&self) -> (String, String) {
        let quoted = |text: &str| toml::Value::from(text).to_string();
        let list = |member: &Member| {
            let values: Vec<String> = member.values.iter().map(Value::inline).collect();
            format!("[{}]", values.join(", "))
        };
        let keys: Vec<(String, String)> =
            self.members.iter().map(|member| (quoted(&member.path.join(".")), list(member))).collect();
        match (&self.name, &keys[..]) {
            (None, [(key, values)]) => (key.clone(), values.clone()),
            (name, _) => {
                let entries: Vec<String> =
                    keys.iter().map(|(key, values)| format!("{key} = {values}")).collect();
                let name = quoted(name.as_deref().unwrap_or_default());
                (format!("{TOGETHER}.{name}"), format!("{{ {} }}", entries.join(", ")))
            }
        }
    }
}

impl Member {
    fn overlay(&self, at: usize) -> Value {
        self.path.iter().rev().fold(self.values[at].clone(), |inner, name| {
            let key = Key { name: name.clone(), place: self.place };
            Value::new(Kind::Table(Table { entries: vec![(key, inner)] }), self.place)
        })
    }
}
