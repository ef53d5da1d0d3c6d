//! Variants: what each changes, and what it is called.

use super::keys::OF_STUDY;
use crate::error::Problem;
use crate::place::Place;
use crate::source::{Context, Key, Kind, Resolved, Table, Value};

/// An entry of `[[variant]]`.
pub(super) struct Variant {
    /// Where it stands.
    pub place: Place,
    /// What it is called, if it says so.
    pub name: Option<(String, Place)>,
    /// The keys that it takes away.
    pub removals: Option<Value>,
    /// The keys that it sets.
    pub overlay: Value,
}

impl Variant {
    /// The paths of the keys that it sets.
    pub fn paths(&self) -> Vec<Vec<String>> {
        let mut paths = Vec::new();
        leaves(&self.overlay, &mut Vec::new(), &mut |path, _| paths.push(path.to_vec()));
        paths
    }
}

/// Calls `visit` with the path (keys as TOML spells them) and value of everything below `value` that is no table, or
/// an empty one.
pub(super) fn leaves(value: &Value, path: &mut Vec<String>, visit: &mut impl FnMut(&[String], &Value)) {
    match &value.kind {
        Kind::Table(table) if !table.entries.is_empty() => {
            for (key, value) in &table.entries {
                path.push(key.spelt());
                leaves(value, path, visit);
                path.pop();
            }
        }
        _ => visit(path, value),
    }
}

/// The variants under `value`; problems go to `cx`.
pub(super) fn read(value: &Value, cx: &Context<'_>) -> Vec<Variant> {
    let Kind::List(items) = &value.kind else {
        let help = "write `[[variant]]`, with two brackets on each side, or `variant = [{ … }]`";
        cx.fault(value, "`variant` must be a list of tables", format!("this is {}", value.noun()), help);
        return Vec::new();
    };
    let variants: Vec<Variant> = items.iter().filter_map(|item| one(item, cx)).collect();
    for (at, variant) in variants.iter().enumerate() {
        let Some((name, place)) = &variant.name else { continue };
        let same =
            variants[..at].iter().find_map(|other| other.name.as_ref().filter(|(other, _)| other == name));
        if let Some((_, first)) = same {
            cx.problem(
                Problem::new(format!("two variants are called `{name}`"))
                    .at(*place, "the second")
                    .also(*first, "the first"),
            );
        }
    }
    variants
}

fn one(value: &Value, cx: &Context<'_>) -> Option<Variant> {
    let Kind::Table(table) = &value.kind else {
        let help = "write `{ name = \"…\", key = value }`";
        cx.fault(value, "a variant must be a table", format!("this is {}", value.noun()), help);
        return None;
    };
    let mut table = table.clone();
    let removals = table.remove("remove").map(|(_, removals)| removals);
    let name = match table.remove("name") {
        Some((_, name)) => match name.text().map(str::trim) {
            Some(text) if !text.is_empty() => Some((text.to_owned(), name.place)),
            _ => {
                cx.fault(&name, "`variant.name` must be a text", "no name", "");
                None
            }
        },
        None => None,
    };
    refuse_study_keys(&table, "a variant", cx);
    if table.entries.is_empty() && removals.is_none() {
        let help = "give the keys in which it differs, such as `schedule.policy = \"lpt\"`";
        cx.fault(value, "this variant changes nothing", "no key but its name", help);
        return None;
    }
    let overlay = Value::new(Kind::Table(table), value.place);
    Some(Variant { place: value.place, name, removals, overlay })
}

/// Reports the keys of an overlay that hold for the whole study.
pub(super) fn refuse_study_keys(overlay: &Table, what: &str, cx: &Context<'_>) {
    let report = |key: &Key, path: &str| {
        cx.problem(
            Problem::new(format!("{what} can't set `{path}`: it is one for the whole study"))
                .at(key.place, "not here")
                .help(format!("give `{path}` once, at the top level")),
        );
    };
    for (key, value) in &overlay.entries {
        if OF_STUDY.contains(&&*key.name) {
            report(key, &key.name);
        }
        let run = value.table().filter(|_| key.name == "run");
        for (key, _) in run.iter().flat_map(|run| &run.entries) {
            if matches!(&*key.name, "seed" | "replicates" | "goal") {
                report(key, &format!("run.{}", key.name));
            }
        }
    }
}

/// Labels longer than this say less than none.
const LONGEST: usize = 48;

/// A label made of what the keys at `paths` came to, as `resolved` tells; none where that says nothing.
pub(super) fn label(paths: &[Vec<String>], resolved: &[Resolved]) -> Option<String> {
    let mut values: Vec<String> = Vec::new();
    for value in paths.iter().filter_map(|path| value_at(path, resolved)) {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    let label = values.join(", ");
    (!label.is_empty() && label.chars().count() <= LONGEST).then_some(label)
}

/// What the key at `path` came to: itself, the same parameter below the name of its distribution, or else the choice
/// that stands where `path` leads through another.
fn value_at(path: &[String], resolved: &[Resolved]) -> Option<String> {
    let (last, parent) = path.split_last()?;
    let exact = resolved.iter().find(|entry| entry.path == path);
    let stepped = || {
        resolved.iter().find(|entry| {
            entry.path.len() == path.len() + 1
                && entry.path.starts_with(parent)
                && entry.path.ends_with(std::slice::from_ref(last))
        })
    };
    let chosen = || {
        let above = resolved.iter().filter(|entry| path.starts_with(&entry.path));
        above.max_by_key(|entry| entry.path.len())
    };
    exact.or_else(stepped).or_else(chosen).map(|entry| plain(&entry.value))
}

/// A value without the quotes of TOML.
pub(super) fn plain(value: &str) -> String {
    let quoted = value.strip_prefix(['"', '\'']).and_then(|rest| rest.strip_suffix(['"', '\'']));
    quoted.unwrap_or(value).to_owned()
}
