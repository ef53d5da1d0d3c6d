//! The typed table reader: takes key by key and collects every problem.

use super::{AnyField, Context, Field, Kind, Origin, Read, Table, Value};
use crate::error::Problem;
use crate::place::Place;

/// A table that is being read.
pub struct Fields<'a> {
    /// Everything that reading shares.
    pub cx: &'a Context<'a>,
    /// Where the table stands.
    pub place: Place,
    table: &'a Table,
    base: Option<(Place, &'static str)>,
    known: [&'static [&'static dyn AnyField]; 2],
    entered: bool,
    /// Whether all keys are known: else a key that seems to be missing may be there, misspelt.
    sound: bool,
}

impl Drop for Fields<'_> {
    fn drop(&mut self) {
        if self.entered {
            self.cx.leave();
        }
    }
}

impl<'a> Fields<'a> {
    /// Opens `value`, which must be a table with none but the keys `known`. Others are reported, and the rest can be
    /// read all the same.
    pub fn open(
        value: &'a Value,
        known: &'static [&'static dyn AnyField],
        cx: &'a Context<'a>,
    ) -> Option<Self> {
        Self::open_both(value, known, &[], cx)
    }

    /// Opens a table whose keys are described in two places: those that all of its kind share, and its own.
    pub fn open_both(
        value: &'a Value,
        common: &'static [&'static dyn AnyField],
        own: &'static [&'static dyn AnyField],
        cx: &'a Context<'a>,
    ) -> Option<Self> {
        let Kind::Table(table) = &value.kind else {
            cx.wrong_kind(value, "a table");
            return None;
        };
        let known = [common, own];
        let mut fields =
            Fields { cx, place: value.place, table, base: value.base, known, entered: false, sound: true };
        fields.refuse_unknown();
        Some(fields)
    }

    /// Opens the parameters of the registry entry `name`.
    pub fn open_entry(
        value: &'a Value,
        name: &str,
        known: &'static [&'static dyn AnyField],
        cx: &'a Context<'a>,
    ) -> Option<Self> {
        cx.enter(name);
        let opened = Self::open(value, known, cx);
        if opened.is_none() {
            cx.leave();
        }
        opened.map(|mut fields| {
            fields.entered = true;
            fields
        })
    }

    fn known(&self) -> impl Iterator<Item = &'static dyn AnyField> + Clone + use<> {
        self.known.into_iter().flatten().copied()
    }

    fn refuse_unknown(&mut self) {
        let names: Vec<_> = self.known().filter(|field| field.built()).map(|field| field.name()).collect();
        for (key, value) in &self.table.entries {
            match self.known().find(|field| field.name() == key.name) {
                Some(field) if field.built() => continue,
                Some(field) => {
                    let path = self.cx.below(&key.name, || self.cx.path());
                    self.cx.not_built(&format!("`{path}`"), key.place, field.about());
                }
                None => self.cx.unknown_key(key, value, &names),
            }
            self.sound = false;
        }
    }

    /// The value given for `field`, if any, as it stands.
    pub fn given<T: Read>(&self, field: &Field<T>) -> Option<&'a Value> {
        let name = AnyField::name(field);
        debug_assert!(self.known().any(|known| known.name() == name), "{name} is not declared here");
        self.table.get(name)
    }

    /// The value given for the key `name`, if any, as it stands.
    pub fn value(&self, name: &str) -> Option<&'a Value> {
        self.table.get(name)
    }

    /// The value of a key that must be given, or has a default.
    pub fn take<T: Read>(&self, field: &Field<T>) -> Option<T> {
        match (self.given(field), AnyField::default(field)) {
            (Some(value), _) => self.read(field, value, Origin::Given),
            (None, Some(text)) => {
                let result = self.read(field, &default_value(text), Origin::Default);
                debug_assert!(result.is_some() || !self.cx.is_clean(), "the default {text} can't be read");
                result
            }
            (None, None) => {
                self.missing(AnyField::name(field), AnyField::about(field));
                None
            }
        }
    }

    /// The value of a key that may be absent; the outer `None` is a problem, the inner absence.
    pub fn maybe<T: Read>(&self, field: &Field<T>) -> Option<Option<T>> {
        match self.given(field) {
            Some(value) => self.read(field, value, Origin::Given).map(Some),
            None => Some(None),
        }
    }

    /// Reports that the key `name` is missing, unless a key that isn't known may be it.
    pub fn missing(&self, name: &str, about: &str) {
        if !self.sound {
            return;
        }
        let problem = Problem::new(format!("{} needs `{name}`", self.cx.owner()))
            .at(self.place, format!("`{name}` is missing"))
            .help(format!("`{name}`: {about}"));
        self.cx.missing(problem.over(self.base));
    }

    /// Reports a problem with the key `name` at its value, or at the table where the value has no place of its own.
    pub fn fault(&self, name: &str, what: impl Into<String>) {
        let (place, base) =
            self.table.get(name).map_or((self.place, self.base), |value| (value.place, value.base));
        self.cx.problem(Problem::new(what).at(place, "").over(base));
    }

    fn read<T: Read>(&self, field: &Field<T>, value: &Value, origin: Origin) -> Option<T> {
        self.cx.entry(AnyField::name(field), value, origin, || {
            let result = T::read(value, self.cx)?;
            if let Some(fault) = field.fault(&result) {
                self.cx.fault(value, format!("`{}` is out of range", self.cx.path()), fault, "");
                return None;
            }
            Some(result)
        })
    }
}

/// The value that a default's text spells: TOML, or a text whose quotes were left out.
pub fn default_value(text: &str) -> Value {
    let mut problems = Vec::new();
    let document = super::parse(&format!("value = {text}"), 0, &mut problems);
    match document.table().and_then(|table| table.get("value")) {
        Some(value) if problems.is_empty() => value.clone(),
        _ => Value::new(Kind::Text(text.to_owned()), Place::new(0, 0)),
    }
}
