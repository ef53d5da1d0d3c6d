//! What every key of a scenario came to, as a scenario: `check --resolved`.

use std::fmt::Write as _;

use super::keys::{ALL, is_of_study};
use super::sweep::Axis;
use super::variant::{Variant, leaves};
use crate::source::{Origin, Resolved, Shape, Value, merge};

/// What every key came to.
#[derive(Debug)]
pub struct Resolution {
    keys: Vec<Resolved>,
    /// Whether a key holds for some cases only, as the queue does that one policy leaves to be chosen.
    partial: Vec<bool>,
    variants: Vec<Overlay>,
    sweep: Vec<(String, String)>,
}

#[derive(Debug)]
struct Overlay {
    name: String,
    remove: Option<String>,
    keys: Vec<(Vec<String>, String)>,
}

/// The column of the comments.
const COMMENTS: usize = 48;

impl Resolution {
    pub(super) fn new(
        keys: Vec<(Resolved, bool)>,
        variants: &[Variant],
        labels: &[String],
        axes: &[Axis],
        sets: &[Value],
    ) -> Self {
        let overlay = |variant: &Variant, label: &String| {
            // What is set from outside goes over the variants too.
            let mut over = variant.overlay.clone();
            sets.iter().for_each(|set| merge(&mut over, set.clone(), &Shape::Table(ALL)));
            let mut keys = Vec::new();
            leaves(&over, &mut Vec::new(), &mut |path, value| keys.push((path.to_vec(), value.inline())));
            // A variant that only takes something away has no key of its own, and an empty table no path.
            keys.retain(|(path, _)| !path.is_empty() && !is_of_study(path));
            let remove = variant.removals.as_ref().map(Value::inline);
            Overlay { name: label.clone(), remove, keys }
        };
        let variants: Vec<Overlay> = variants
            .iter()
            .zip(labels.iter().skip(1))
            .map(|(variant, label)| overlay(variant, label))
            .collect();
        let sweep = axes.iter().map(Axis::spelt).collect();
        let (mut keys, mut partial): (Vec<Resolved>, Vec<bool>) = keys.into_iter().unzip();
        let says_baseline = keys.iter().any(|key| key.path == ["baseline"]);
        if let Some(baseline) = labels.first().filter(|_| !variants.is_empty() && !says_baseline) {
            let path = vec!["baseline".to_owned()];
            partial.push(false);
            keys.push(Resolved { path, value: text(baseline), origin: Origin::Default, note: None });
        }
        Resolution { keys, partial, variants, sweep }
    }

    /// What every key came to, in the order in which they were read.
    pub fn keys(&self) -> &[Resolved] {
        &self.keys
    }

    /// A scenario that says every key and reads back to the same study: defaults are marked, and other spellings of a
    /// quantity noted. A default that holds for some cases only stands in a comment.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let shown: Vec<(&Resolved, bool)> = (0..self.keys.len())
            .filter(|at| !self.has_parameters(*at))
            .map(|at| (&self.keys[at], self.partial[at]))
            .collect();
        let (single, tables): (Vec<_>, Vec<_>) = shown.into_iter().partition(|(key, _)| key.path.len() == 1);
        for (key, partial) in single {
            line(&mut out, &key.path.join("."), key, partial);
        }
        let mut headers: Vec<&[String]> = Vec::new();
        for (key, _) in &tables {
            if !headers.contains(&header(key)) {
                headers.push(header(key));
            }
        }
        headers.sort_by_key(|header| ALL.iter().position(|field| field.name() == header[0]));
        for head in headers {
            let _ = writeln!(out, "{}[{}]", separator(&out), head.join("."));
            for (key, partial) in tables.iter().filter(|(key, _)| header(key) == head) {
                line(&mut out, &key.path[head.len()..].join("."), key, *partial);
            }
        }
        for variant in &self.variants {
            let _ = writeln!(out, "{}[[variant]]\nname = {}", separator(&out), text(&variant.name));
            if let Some(remove) = &variant.remove {
                let _ = writeln!(out, "remove = {remove}");
            }
            for (path, value) in &variant.keys {
                let _ = writeln!(out, "{} = {value}", path.join("."));
            }
        }
        if !self.sweep.is_empty() {
            let _ = writeln!(out, "{}[sweep]", separator(&out));
            for (path, values) in &self.sweep {
                let _ = writeln!(out, "{path} = {values}");
            }
        }
        out
    }

    /// Whether key number `at` is a choice whose parameters, which name it, follow as keys of their own.
    fn has_parameters(&self, at: usize) -> bool {
        let path = &self.keys[at].path;
        self.keys.get(at + 1).is_some_and(|next| next.path.len() > path.len() && next.path.starts_with(path))
    }
}

fn separator(out: &str) -> &'static str {
    if out.is_empty() { "" } else { "\n" }
}

/// A text as TOML spells it.
fn text(value: &str) -> String {
    toml::Value::from(value).to_string()
}

/// The table under whose header a key is written.
fn header(key: &Resolved) -> &[String] {
    let named = matches!(key.path[0].as_str(), "workload" | "expect") && key.path.len() > 2;
    &key.path[..if named { 2 } else { 1 }]
}

fn line(out: &mut String, path: &str, key: &Resolved, partial: bool) {
    let hash = if partial && key.origin == Origin::Default { "# " } else { "" };
    let text = format!("{hash}{path} = {}", key.value);
    let origin = (key.origin == Origin::Default).then(|| "default".to_owned());
    let note = key.note.as_ref().map(|note| format!("= {note}"));
    let comment = [origin, note].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let _ = match &*comment {
        "" => writeln!(out, "{text}"),
        comment => writeln!(out, "{text:<COMMENTS$}# {comment}"),
    };
}
