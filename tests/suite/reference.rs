//! The tables of the language reference are those of the code. `UPDATE_EXPECT=1 cargo test --test suite reference` writes them.
#![allow(clippy::disallowed_methods, reason = "reads and writes a page of the documentation")]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use makespan::metrics::{Better, METRICS, Unit};
use makespan::plot::{CHARTS, Chart};
use makespan::scenario::{PRESETS, THEORIES, keys};
use makespan::source::{AnyField, AnyRegistry, Listing, Shape};
use makespan::units::Dimension;

/// What stands before and after a generated part.
const BEGIN: &str = "<!-- generated: ";
const END: &str = "<!-- end of generated -->";

#[test]
fn the_tables_of_the_reference_are_those_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/language.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let generated = regenerate(&text);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &generated).unwrap();
    }
    let stale: Vec<&str> = generated.lines().filter(|line| !text.lines().any(|old| old == *line)).collect();
    let updated = std::env::var_os("UPDATE_EXPECT").is_some();
    assert!(
        updated || text == generated,
        "docs/language.md is stale: run `UPDATE_EXPECT=1 cargo test --test suite reference`\n{}",
        stale.join("\n")
    );
}

#[test]
fn everything_that_can_be_chosen_is_in_the_reference() {
    let text = include_str!("../../docs/language.md");
    for registry in registries() {
        assert!(
            text.contains(&format!("{BEGIN}registry {} -->", registry.noun())),
            "no list of the registry {}",
            registry.noun()
        );
    }
    for field in keys().iter().filter(|field| matches!(field.shape(), Shape::Table(_))) {
        assert!(
            text.contains(&format!("{BEGIN}table {} -->", field.name())),
            "no table of [{}]",
            field.name()
        );
    }
}

/// `text` with its generated parts made anew.
fn regenerate(text: &str) -> String {
    let mut parts = text.split(BEGIN);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once(" -->").expect("a marker ends with -->");
        let (_, rest) = rest.split_once(END).unwrap_or_else(|| panic!("`{name}` has no end"));
        let _ = write!(out, "{BEGIN}{name} -->\n\n{}\n{END}{rest}", make(name));
    }
    out
}

/// The part called `name`.
fn make(name: &str) -> String {
    match name.split_once(' ') {
        Some(("table", key)) => {
            let field =
                keys().iter().find(|field| field.name() == key).unwrap_or_else(|| panic!("no [{key}]"));
            table(&field.shape())
        }
        Some(("registry", noun)) => {
            let found = registries().into_iter().find(|registry| registry.noun() == noun);
            entries(found.unwrap_or_else(|| panic!("no registry of {noun}")))
        }
        _ => match name {
            "top" => table(&Shape::Table(keys())),
            "metrics" => metrics(),
            "theories" => {
                let line = |theory: &&makespan::scenario::Theory| {
                    format!("* `{}`: {} *{}*\n", theory.name, theory.about, theory.cite)
                };
                THEORIES.iter().map(line).collect()
            }
            "charts" => {
                let line = |chart: &Chart| format!("* `{}`: {}\n", chart.name, chart.about);
                CHARTS.iter().map(line).collect()
            }
            "presets" => {
                let line = |preset: &makespan::scenario::Preset| {
                    format!("* `{}`: {}. *{}*\n", preset.name, preset.about, preset.source)
                };
                PRESETS.iter().map(line).collect()
            }
            _ => panic!("nothing is called `{name}`"),
        },
    }
}

/// The table of the keys of a shape and of the tables below it.
fn table(shape: &Shape) -> String {
    let mut out = String::from("| key | value | default | meaning |\n|---|---|---|---|\n");
    let own = match shape {
        Shape::Table(fields) => fields.iter().map(|field| (field.name(), field.about())).collect(),
        _ => BTreeSet::new(),
    };
    rows("", shape, &own, &mut out);
    out
}

/// Rows of the keys of `shape`, which stands below `prefix`; keys that `own`, the uppermost ones, have too are only named.
fn rows(prefix: &str, shape: &Shape, own: &BTreeSet<(&str, &str)>, out: &mut String) {
    match shape {
        Shape::Table(fields) => {
            let mut alike = Vec::new();
            for field in fields.iter().filter(|field| field.built()) {
                if !prefix.is_empty() && own.contains(&(field.name(), field.about())) {
                    alike.push(format!("`{}`", field.name()));
                    continue;
                }
                let path = format!("{prefix}{}", field.name());
                row(&path, *field, out);
                let is_top = std::ptr::eq(fields.as_ptr(), keys().as_ptr());
                if !is_top && page_of(&field.shape()).is_none() {
                    rows(&format!("{path}."), &field.shape(), own, out);
                }
            }
            if !alike.is_empty() {
                let _ = writeln!(out, "| `{prefix}…` | | | {} as in the table itself |", alike.join(", "));
            }
        }
        Shape::Named(inner) => rows(&format!("{prefix}NAME."), inner, own, out),
        Shape::List(inner) => rows(&format!("{}[].", prefix.trim_end_matches('.')), inner, own, out),
        Shape::Kinds { common, .. } => rows(&format!("{prefix}NAME."), &Shape::Table(common), own, out),
        Shape::OneOf(shapes) => shapes.iter().for_each(|shape| rows(prefix, shape, own, out)),
        _ => {}
    }
}

/// The key of the top level whose table `shape` is, if it is one.
fn page_of(shape: &Shape) -> Option<&'static str> {
    let Shape::Table(fields) = shape else { return None };
    let same = |top: &&&dyn AnyField| matches!(top.shape(), Shape::Table(own) if std::ptr::eq(own.as_ptr(), fields.as_ptr()));
    keys().iter().find(same).map(|top| top.name())
}

fn row(path: &str, field: &dyn AnyField, out: &mut String) {
    let default = match field.default() {
        Some("{}") => String::new(),
        Some(text) => format!("`{text}`"),
        None if field.required() => "required".to_owned(),
        None => String::new(),
    };
    let about = field.about().replace('|', "\\|");
    let _ = writeln!(out, "| `{path}` | {} | {default} | {about} |", value(&field.shape()));
}

/// What may stand at a key, in words.
fn value(shape: &Shape) -> String {
    match shape {
        Shape::Boolean => "`true` or `false`".into(),
        Shape::Integer(0, _) => "whole number".into(),
        Shape::Integer(least, most) if *most > 1 << 31 => format!("whole number from {least}"),
        Shape::Integer(least, most) => format!("whole number from {least} to {most}"),
        Shape::Number => "number".into(),
        Shape::Text(word) => (*word).into(),
        Shape::Word(words) if words.len() == METRICS.len() => "a [metric](#metrics)".into(),
        Shape::Word(words) => words.iter().map(|word| format!("`\"{word}\"`")).collect::<Vec<_>>().join(", "),
        Shape::Quantity(dimension) => quantity(*dimension).into(),
        Shape::Distribution { dimension, .. } => {
            format!("{} or [distribution](#distribution)", quantity(*dimension))
        }
        Shape::List(inner) => format!("list of ({})", value(inner)),
        Shape::Table(_) => {
            page_of(shape).map_or("table".into(), |name| format!("a table as [`[{name}]`](#{name})"))
        }
        Shape::Named(inner) => format!("by name: {}", value(inner)),
        Shape::Kinds { registry, .. } => {
            format!("by name: a [{}]({})", registry.noun(), anchor(registry.noun()))
        }
        Shape::Choice(registry) => format!("a [{}]({})", registry.noun(), anchor(registry.noun())),
        Shape::OneOf(shapes) => {
            let mut each: Vec<String> = Vec::new();
            for text in shapes.iter().map(value) {
                if !each.contains(&text) {
                    each.push(text);
                }
            }
            each.join("; or ")
        }
        Shape::Any => "value".into(),
    }
}

fn anchor(noun: &str) -> String {
    format!("#{}", noun.replace(' ', "-"))
}

fn quantity(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Time => "time",
        Dimension::Work => "work",
        Dimension::Bytes => "size",
        Dimension::Bandwidth => "bandwidth",
        Dimension::Frequency => "rate",
        Dimension::Speed => "speed",
        Dimension::Fraction => "fraction",
        Dimension::Number => "number",
    }
}

/// The entries of a registry with their parameters.
fn entries(registry: &dyn AnyRegistry) -> String {
    let mut out = String::new();
    for Listing { name, about, cite, fields, bare } in registry.listings() {
        let _ = write!(out, "* **`{name}`**: {about}.");
        if !cite.is_empty() {
            let _ = write!(out, " *{cite}.*");
        }
        out.push('\n');
        for field in fields.iter().filter(|field| field.built()) {
            let default = match field.default() {
                Some(text) => format!(", `{text}` by default"),
                None if field.required() => String::new(),
                None => ", may be absent".into(),
            };
            let short = if bare == Some(field.name()) { "; may be given alone" } else { "" };
            let _ = writeln!(
                out,
                "  * `{}` ({}{default}{short}): {}",
                field.name(),
                value(&field.shape()),
                field.about()
            );
            nested(field.name(), &field.shape(), &mut out);
        }
    }
    let later = registry.later();
    if !later.is_empty() {
        let names: Vec<String> = later.iter().map(|name| format!("`{name}`")).collect();
        let _ = writeln!(out, "\nNot built yet: {}.", names.join(", "));
    }
    out
}

/// The keys of tables below a parameter.
fn nested(path: &str, shape: &Shape, out: &mut String) {
    match shape {
        Shape::Table(fields) => {
            for field in fields.iter().filter(|field| field.built()) {
                let path = format!("{path}.{}", field.name());
                let _ = writeln!(out, "    * `{path}` ({}): {}", value(&field.shape()), field.about());
                nested(&path, &field.shape(), out);
            }
        }
        Shape::Named(inner) => nested(&format!("{path}.NAME"), inner, out),
        Shape::List(inner) => nested(&format!("{path}[]"), inner, out),
        Shape::OneOf(shapes) => shapes.iter().for_each(|shape| nested(path, shape, out)),
        _ => {}
    }
}

fn metrics() -> String {
    let mut out = String::from("| metric | unit | better | definition |\n|---|---|---|---|\n");
    for metric in METRICS {
        let unit = match metric.unit {
            Unit::Seconds => "time",
            Unit::PerSecond => "rate",
            Unit::Fraction => "fraction",
            Unit::Ratio => "ratio",
            Unit::Count => "number",
            Unit::Bytes => "size",
        };
        let better = match metric.better {
            Better::Lower => "lower",
            Better::Higher => "higher",
            Better::Neither => "",
        };
        let _ = writeln!(out, "| `{}` | {unit} | {better} | {} |", metric.name, metric.about);
    }
    out
}

/// Every registry that a key leads to, in the order in which the keys come.
fn registries() -> Vec<&'static dyn AnyRegistry> {
    let mut found: Vec<&'static dyn AnyRegistry> = Vec::new();
    let mut seen = BTreeSet::new();
    collect(&Shape::Table(keys()), &mut found, &mut seen);
    found
}

fn collect(shape: &Shape, found: &mut Vec<&'static dyn AnyRegistry>, seen: &mut BTreeSet<&'static str>) {
    let mut choice = |registry: &'static dyn AnyRegistry| {
        if seen.insert(registry.noun()) {
            found.push(registry);
            return registry.listings();
        }
        Vec::new()
    };
    let below: Vec<Shape> = match shape {
        Shape::Table(fields) => fields.iter().map(|field| field.shape()).collect(),
        Shape::Choice(registry) | Shape::Distribution { families: registry, .. } => {
            choice(*registry).iter().flat_map(|entry| entry.fields).map(|field| field.shape()).collect()
        }
        Shape::Kinds { registry, common } => {
            let entries = choice(*registry);
            common
                .iter()
                .chain(entries.iter().flat_map(|entry| entry.fields))
                .map(|field| field.shape())
                .collect()
        }
        Shape::List(inner) | Shape::Named(inner) => return collect(inner, found, seen),
        Shape::OneOf(shapes) => {
            shapes.iter().for_each(|shape| collect(shape, found, seen));
            return;
        }
        _ => return,
    };
    below.iter().for_each(|shape| collect(shape, found, seen));
}
