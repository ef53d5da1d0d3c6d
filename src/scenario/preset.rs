//! Machines that ship with the program, as TOML fragments to be laid under what a scenario says.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::keys::ALL;
use super::load::add_source;
use crate::source::{Context, Kind, Shape, Table, Value, merge, parse};

/// A machine that ships with the program.
pub struct Preset {
    /// The name by which `machine.preset` asks for it.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Where its figures come from.
    pub source: &'static str,
    /// The fragment, ready to paste: a `[machine]` and perhaps a `[network]`.
    pub text: &'static str,
}

/// The presets.
pub static PRESETS: &[Preset] = &[
    Preset {
        name: "teaching",
        about: "four cores of speed 1, small enough to follow by hand",
        source: "made up",
        text: include_str!("presets/teaching.toml"),
    },
    Preset {
        name: "epyc-2x64",
        about: "a server of two sockets with 64 cores and eight channels of DDR4-3200 each",
        source: "AMD EPYC 7763: base clock 2.45 GHz, 204.8 GB/s per socket (AMD product specifications)",
        text: include_str!("presets/epyc-2x64.toml"),
    },
    Preset {
        name: "cluster-16",
        about: "sixteen nodes of 16 cores on one switch with 10 Gb/s Ethernet",
        source: "made up in the usual proportions",
        text: include_str!("presets/cluster-16.toml"),
    },
];

/// The presets that a scenario has named so far, parsed once each.
#[derive(Default)]
pub(super) struct Presets(RefCell<BTreeMap<&'static str, Table>>);

impl Presets {
    /// Lays what `tree` says over the preset that its machine names; problems go to `cx`.
    pub fn expand(&self, tree: &mut Value, cx: &Context<'_>) {
        let Kind::Table(table) = &mut tree.kind else { return };
        let Some(Value { kind: Kind::Table(machine), .. }) = table.get_mut("machine") else { return };
        let Some((_, name)) = machine.remove("preset") else { return };
        let Some(fragment) = self.named(&name, cx) else { return };
        for (key, mut value) in fragment.entries {
            let field = ALL.iter().find(|field| field.name() == key.name);
            let shape = field.map_or(Shape::Any, |field| field.shape());
            match table.get_mut(&key.name) {
                Some(given) => {
                    let place = given.place;
                    merge(&mut value, given.clone(), &shape);
                    *given = Value { place, ..value };
                }
                None => table.entries.push((key, value)),
            }
        }
    }

    /// The fragment that `name` names.
    fn named(&self, name: &Value, cx: &Context<'_>) -> Option<Table> {
        let Some(text) = name.text() else {
            cx.below("machine", || cx.below("preset", || cx.wrong_kind(name, "the name of a preset")));
            return None;
        };
        let Some(preset) = PRESETS.iter().find(|preset| preset.name == text) else {
            let names: Vec<_> = PRESETS.iter().map(|preset| preset.name).collect();
            cx.no_such("preset", text, name, &names);
            return None;
        };
        let mut parsed = self.0.borrow_mut();
        if let Some(fragment) = parsed.get(preset.name) {
            return Some(fragment.clone());
        }
        let start = add_source(&format!("preset {}", preset.name), preset.text, cx)?;
        let mut problems = Vec::new();
        let fragment = parse(preset.text, start, &mut problems);
        debug_assert!(problems.is_empty(), "the preset {} is no TOML", preset.name);
        let Kind::Table(fragment) = fragment.kind else { return None };
        parsed.insert(preset.name, fragment.clone());
        Some(fragment)
    }
}
