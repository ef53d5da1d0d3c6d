//! Open sets of things that scenarios choose by name: policies, topologies, workloads, distributions…
//!
//! An entry is one line of a registry and owns the type of its parameters. Names, help, schema, documentation tables
//! and suggestions in errors all come from here.

use crate::error::{Problem, nearest};
use crate::source::{
    AnyField, AnyRegistry, Context, Fields, Key, Kind, Listing, Origin, Read, Shape, Table, Value,
};

/// One thing that a scenario can choose.
pub struct Entry<S: ?Sized + 'static> {
    /// The name by which it is chosen.
    pub name: &'static str,
    /// One line saying what it does.
    pub about: &'static str,
    /// Author, year and place of its source; empty where it is plain.
    pub cite: &'static str,
    /// Its parameters.
    pub fields: &'static [&'static dyn AnyField],
    /// The parameter that a bare value stands for, if any.
    pub bare: Option<&'static str>,
    /// Makes it from its parameters; problems go to the context.
    pub read: fn(&Fields<'_>) -> Option<Box<S>>,
}

/// A named set of entries.
pub struct Registry<S: ?Sized + 'static> {
    /// What an entry is, in the singular.
    pub noun: &'static str,
    /// The entries in the order in which they are shown.
    pub entries: &'static [&'static Entry<S>],
}

/// A type that scenarios choose from a registry.
pub trait Registered: 'static {
    /// Where its entries stand.
    fn registry() -> &'static Registry<Self>;

    /// The names that the language has and this version doesn't.
    fn later() -> &'static [&'static str] {
        &[]
    }

    /// Where else `name` is known, and so what to write instead.
    fn elsewhere(_name: &str) -> Option<&'static str> {
        None
    }
}

impl<S: ?Sized + Registered> AnyRegistry for Registry<S> {
    fn noun(&self) -> &'static str {
        self.noun
    }

    fn listings(&self) -> Vec<Listing> {
        let listing = |entry: &&Entry<S>| Listing {
            name: entry.name,
            about: entry.about,
            cite: entry.cite,
            fields: entry.fields,
            bare: entry.bare,
        };
        self.entries.iter().map(listing).collect()
    }

    fn later(&self) -> &'static [&'static str] {
        S::later()
    }
}

impl<S: ?Sized + Registered> Registry<S> {
    /// Reads a choice: a name, or a one-key table of the name and its parameters.
    pub fn read(&'static self, value: &Value, cx: &Context<'_>) -> Option<Box<S>> {
        match &value.kind {
            Kind::Text(name) => {
                let entry = self.find(name, value, cx)?;
                let empty = Value { kind: Kind::Table(Table::default()), ..value.clone() };
                cx.echo(value.inline(), Origin::Given);
                (entry.read)(&Fields::open_entry(&empty, entry.name, entry.fields, cx)?)
            }
            Kind::Table(table) => {
                let Some((key, parameters)) = table.only() else {
                    let names: Vec<_> =
                        table.entries.iter().map(|(key, _)| format!("`{}`", key.name)).collect();
                    let label = if names.is_empty() { "empty".to_owned() } else { names.join(" and ") };
                    let example = self.entries.first().map_or("", |entry| entry.name);
                    cx.problem(
                        Problem::new(format!("a {} is one name, with its parameters if any", self.noun))
                            .at(value.place, label)
                            .help(format!("write `\"{example}\"`, or `{{ {example} = {{ … }} }}`")),
                    );
                    return None;
                };
                let at = Value { kind: Kind::Boolean(true), place: key.place, base: value.base };
                let entry = self.find(&key.name, &at, cx)?;
                let parameters = wrap_bare(entry.bare, parameters);
                cx.echo(toml::Value::from(entry.name).to_string(), Origin::Given);
                (entry.read)(&Fields::open_entry(&parameters, entry.name, entry.fields, cx)?)
            }
            _ => {
                cx.wrong_kind(value, &format!("a {}: its name, or `{{ name = {{ … }} }}`", self.noun));
                None
            }
        }
    }

    /// The entry called `name`, which `at` says; where there is none, the problem goes to `cx`.
    pub fn find(&self, name: &str, at: &Value, cx: &Context<'_>) -> Option<&'static Entry<S>> {
        let found = self.entries.iter().find(|entry| entry.name == name).copied();
        if found.is_none() && S::later().contains(&name) {
            cx.not_built(&format!("the {} `{name}`", self.noun), at.place, "");
        } else if found.is_none() {
            let names: Vec<_> = self.entries.iter().map(|entry| entry.name).collect();
            let owns = |entry: &&&Entry<S>| entry.fields.iter().any(|field| field.name() == name);
            let near = nearest(name, names.iter().copied());
            if let Some(help) = S::elsewhere(name) {
                cx.fault(
                    at,
                    format!("there is no {} `{name}`", self.noun),
                    format!("not a {}", self.noun),
                    help,
                );
                return None;
            }
            match self.entries.iter().find(owns) {
                Some(owner) if near.is_none() => cx.fault(
                    at,
                    format!("`{name}` is a parameter, but no {} is chosen that has it", self.noun),
                    format!("not a {}", self.noun),
                    format!("name the {} too, such as `{}.{name}`", self.noun, owner.name),
                ),
                _ => cx.no_such(self.noun, name, at, &names),
            }
        }
        found
    }
}

/// `exponential = "2 ms"` as `exponential = { mean = "2 ms" }`.
fn wrap_bare(bare: Option<&'static str>, value: &Value) -> Value {
    match bare {
        Some(name) if value.table().is_none() => {
            let key = Key { name: name.to_owned(), place: value.place };
            Value { kind: Kind::Table(Table { entries: vec![(key, value.clone())] }), ..value.clone() }
        }
        _ => value.clone(),
    }
}

impl<S: ?Sized + Registered> Read for Box<S> {
    fn shape() -> Shape {
        Shape::Choice(S::registry())
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        S::registry().read(value, cx)
    }
}
