//! What every key of a scenario came to, as a scenario: `check --resolved`.

use std::fmt::Write as _;

use super::keys::ALL;
use super::sweep::Axis;
use super::variant::{Variant, leaves};
use crate::source::{Origin, Resolved, Shape, Value, merge};

/// What every key came to.
#[derive(Debug)]
pub struct Resolution {
    keys: Vec<Resolved>,
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
        keys: Vec<Resolved>,
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
            let remove = variant.removals.as_ref().map(Value::inline);
            Overlay { name: label.clone(), remove, keys }
        };
        let variants: Vec<Overlay> = variants
            .iter()
            .zip(labels.iter().skip(1))
            .map(|(variant, label)| overlay(variant, label))
            .collect();
        let sweep = axes
            .iter()
            .map(|axis| {
                let values: Vec<String> = axis.values.iter().map(Value::inline).collect();
                (text(&axis.name()), format!("[{}]", values.join(", ")))
            })
            .collect();
        let mut keys = keys;
        let says_baseline = keys.iter().any(|key| key.path == ["baseline"]);
        if let Some(baseline) = labels.first().filter(|_| !variants.is_empty() && !says_baseline) {
            let path = vec!["baseline".to_owned()];
            keys.push(Resolved { path, value: text(baseline), origin: Origin::Default, note: None });
        }
        Resolution { keys, variants, sweep }
    }

    /// What every key came to, in the order in which they were read.
    pub fn keys(&self) -> &[Resolved] {
        &self.keys
    }

    /// A scenario that says every key and reads back to the same study: defaults are marked, and other spellings of a
    /// quantity noted.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let shown: Vec<&Resolved> = self.keys.iter().filter(|key| !self.has_parameters(key)).collect();
        for key in shown.iter().filter(|key| key.path.len() == 1) {
            line(&mut out, &key.path.join("."), key);
        }
        let mut headers: Vec<&[String]> = Vec::new();
        for key in shown.iter().filter(|key| key.path.len() > 1) {
            if !headers.contains(&header(key)) {
                headers.push(header(key));
            }
        }
        headers.sort_by_key(|header| ALL.iter().position(|field| field.name() == header[0]));
        for head in headers {
            let _ = writeln!(out, "{}[{}]", separator(&out), head.join("."));
            for key in shown.iter().filter(|key| key.path.len() > 1 && header(key) == head) {
                line(&mut out, &key.path[head.len()..].join("."), key);
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

    /// Whether `key` is a choice whose parameters are keys too: they name it.
    fn has_parameters(&self, key: &Resolved) -> bool {
        self.keys.iter().any(|other| other.path.len() > key.path.len() && other.path.starts_with(&key.path))
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

fn line(out: &mut String, path: &str, key: &Resolved) {
    let text = format!("{path} = {}", key.value);
    let comment = match (key.origin, &key.note) {
        (Origin::Given, None) => {
            let _ = writeln!(out, "{text}");
            return;
        }
        (Origin::Given, Some(note)) => format!("= {note}"),
        (Origin::Default, None) => "default".to_owned(),
        (Origin::Default, Some(note)) => format!("default, = {note}"),
    };
    let _ = writeln!(out, "{text:<COMMENTS$}# {comment}");
}
