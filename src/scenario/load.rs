//! From files to one document: what `extends` names, then the file itself laid over it.

use super::keys::{ALL, OWN};
use crate::error::Problem;
use crate::source::{
    Context, Kind, Removal, Shape, Table, Value, beside, decode, merge, parse, path_keys, remove,
};

/// A file with all that it extends.
pub(super) struct Document {
    /// The keys that only the file itself gives: title, variants…
    pub own: Table,
    /// All others.
    pub body: Value,
}

/// Most files in a chain of `extends`.
const DEEPEST: usize = 16;

/// Loads the file at `path`; problems go to `cx`.
pub(super) fn load(path: &str, cx: &Context<'_>) -> Option<Document> {
    let bytes = match cx.files.read(path) {
        Ok(bytes) => bytes,
        Err(why) => {
            cx.problem(Problem::new(format!("`{path}` can't be read: {why}")));
            return None;
        }
    };
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(why) => {
            cx.problem(Problem::new(format!("`{path}` can't be read: {why}")));
            return None;
        }
    };
    document(path, text, &mut Vec::new(), cx)
}

fn document(path: &str, text: String, chain: &mut Vec<String>, cx: &Context<'_>) -> Option<Document> {
    let mut body = read_text(path, text, cx)?;
    let Kind::Table(table) = &mut body.kind else { return None };
    let (extends, removals) = (table.remove("extends"), table.remove("remove"));
    let mut own = Table::default();
    for name in OWN {
        own.entries.extend(table.remove(name));
    }
    chain.push(path.to_owned());
    let mut base = None;
    for named in extends.iter().flat_map(|(_, value)| names(value, "extends", cx)) {
        if let Some(below) = extended(path, named, chain, cx) {
            match &mut base {
                None => base = Some(below),
                Some(base) => merge(base, below, &Shape::Table(ALL)),
            }
        }
    }
    chain.pop();
    if let Some((key, value)) = removals {
        match &mut base {
            Some(base) => apply_removals(base, &value, cx),
            None if extends.is_none() => cx.problem(
                Problem::new("there is nothing to remove from: the file extends no other")
                    .at(key.place, "takes keys away from what `extends` names")
                    .help("leave out what isn't wanted, or put `remove` into a variant"),
            ),
            None => {}
        }
    }
    let body = match base {
        Some(mut base) => {
            // The tables of the extended file stay; errors about the top level should show the file itself.
            let place = body.place;
            merge(&mut base, body, &Shape::Table(ALL));
            base.place = place;
            base
        }
        None => body,
    };
    Some(Document { own, body })
}

/// The body of the file that `named` names in the file `path`.
fn extended(path: &str, named: &Value, chain: &mut Vec<String>, cx: &Context<'_>) -> Option<Value> {
    let other = beside(path, named.text()?);
    if chain.contains(&other) {
        let what = format!("`{other}` extends itself");
        let round = chain.iter().skip_while(|link| **link != other).chain([&other]);
        let round: Vec<_> = round.map(|link| format!("`{link}`")).collect();
        cx.problem(Problem::new(what).at(named.place, round.join(" extends ")));
        return None;
    }
    if chain.len() == DEEPEST {
        let what = format!("more than {DEEPEST} files extend one another");
        cx.problem(Problem::new(what).at(named.place, "one too many"));
        return None;
    }
    let text = cx.files.read(&other).and_then(decode);
    match text {
        Ok(text) => document(&other, text, chain, cx).map(|document| document.body),
        Err(why) => {
            cx.fault(named, format!("`{other}` can't be read: {why}"), "extended here", "");
            None
        }
    }
}

fn read_text(path: &str, text: String, cx: &Context<'_>) -> Option<Value> {
    let mut problems = Vec::new();
    let start = add_source(path, &text, cx)?;
    let body = parse(&text, start, &mut problems);
    if !problems.is_empty() {
        cx.set_incomplete();
    }
    cx.problems(problems);
    Some(body)
}

/// A text, or a list of texts, under `key`.
fn names<'a>(value: &'a Value, key: &str, cx: &Context<'_>) -> Vec<&'a Value> {
    let items = match &value.kind {
        Kind::List(items) => items.iter().collect(),
        _ => vec![value],
    };
    cx.below(key, || {
        let texts = items.into_iter().filter(|item| {
            if item.text().is_none() {
                cx.wrong_kind(item, "a text, or a list of texts");
            }
            item.text().is_some()
        });
        texts.collect()
    })
}

/// Takes away from `base` what a `remove` asks for; problems go to `cx`.
pub(super) fn apply_removals(base: &mut Value, removals: &Value, cx: &Context<'_>) {
    for item in names(removals, "remove", cx) {
        let text = item.text().unwrap_or("");
        let Some(path) = path_keys(text) else {
            let what = format!("`{text}` is not a path of keys");
            cx.fault(
                item,
                what,
                "not a key",
                "write names with dots between them, such as \"faults.inject\"",
            );
            continue;
        };
        if let Err(problem) = remove(base, &Removal { path, place: item.place }) {
            cx.problem(problem);
        }
    }
}

/// Adds a text to the sources; the offset at which it starts.
pub(super) fn add_source(name: &str, text: &str, cx: &Context<'_>) -> Option<u32> {
    let added = cx.map.borrow_mut().add(name, text);
    added.map_err(|why| cx.problem(Problem::new(why))).ok()
}
