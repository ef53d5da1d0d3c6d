//! The typed table reader: takes key by key, collects every problem, and remembers what each key came to.

use std::cell::{Cell, RefCell};

use super::{AnyField, Field, Files, Kind, Later, Shape, SourceMap, Table, Value};
use crate::error::{Problem, nearest};
use crate::place::Place;
use crate::units::{Dimension, Scale};

/// A type that a value of the scenario reads as.
pub trait Read: Sized {
    /// What may stand there.
    fn shape() -> Shape;

    /// Reads `value`. Where it can't, the problem is in the context and the result is `None`: the caller goes on, so
    /// that one pass finds all problems.
    fn read(value: &Value, cx: &Context<'_>) -> Option<Self>;
}

/// Whether a key was given or left to its default.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// In the file, an overlay, a preset or `--set`.
    Given,
    /// Nowhere: the default holds.
    Default,
}

/// What one key came to, for `check --resolved`.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The dotted path of the key.
    pub path: String,
    /// The value in TOML.
    pub value: String,
    /// Where it comes from.
    pub origin: Origin,
    /// The same in another spelling, where that helps: *12.5 GB/s*.
    pub note: Option<String>,
}

/// What reading shares: sources, problems, units, and the record of what each key came to.
pub struct Context<'f> {
    /// Gives the bytes of files that the scenario names.
    pub files: &'f dyn Files,
    /// All texts read so far.
    pub map: RefCell<SourceMap>,
    problems: RefCell<Vec<Problem>>,
    scale: Cell<Scale>,
    dimension: Cell<Dimension>,
    path: RefCell<Vec<String>>,
    resolved: RefCell<Vec<Resolved>>,
    note: RefCell<Option<String>>,
}

impl<'f> Context<'f> {
    /// A context without texts and problems.
    pub fn new(files: &'f dyn Files) -> Self {
        Context {
            files,
            map: RefCell::default(),
            problems: RefCell::default(),
            scale: Cell::new(Scale::default()),
            dimension: Cell::new(Dimension::Number),
            path: RefCell::default(),
            resolved: RefCell::default(),
            note: RefCell::default(),
        }
    }

    /// Adds a problem, unless the same one is there already (variants read the base's keys again).
    pub fn problem(&self, problem: Problem) {
        let mut problems = self.problems.borrow_mut();
        if !problems.iter().any(|known| known.what == problem.what && known.at == problem.at) {
            problems.push(problem);
        }
    }

    /// Adds several problems.
    pub fn problems(&self, problems: impl IntoIterator<Item = Problem>) {
        problems.into_iter().for_each(|problem| self.problem(problem));
    }

    /// Whether no problem was found so far.
    pub fn is_clean(&self) -> bool {
        self.problems.borrow().is_empty()
    }

    /// The problems found so far, taken out.
    pub fn take_problems(&self) -> Vec<Problem> {
        self.problems.take()
    }

    /// The units in force.
    pub fn scale(&self) -> Scale {
        self.scale.get()
    }

    /// Sets the units for what is read from now on.
    pub fn set_scale(&self, scale: Scale) {
        self.scale.set(scale);
    }

    /// The dimension in which the parameters of a distribution are read.
    pub fn dimension(&self) -> Dimension {
        self.dimension.get()
    }

    /// Reads something whose parameters are of `dimension`.
    pub fn with_dimension<T>(&self, dimension: Dimension, read: impl FnOnce() -> T) -> T {
        let before = self.dimension.replace(dimension);
        let result = read();
        self.dimension.set(before);
        result
    }

    /// Reads something below the key `name`.
    pub fn below<T>(&self, name: &str, read: impl FnOnce() -> T) -> T {
        self.path.borrow_mut().push(super::Key { name: name.to_owned(), place: Place::new(0, 0) }.spelt());
        let result = read();
        self.path.borrow_mut().pop();
        result
    }

    /// The dotted path of the key being read.
    pub fn path(&self) -> String {
        self.path.borrow().join(".")
    }

    /// Notes another spelling of the value being read.
    pub fn note(&self, note: String) {
        *self.note.borrow_mut() = Some(note);
    }

    /// What each key came to since the last call, in reading order.
    pub fn take_resolved(&self) -> Vec<Resolved> {
        self.resolved.take()
    }

    /// Remembers that the choice being read came to `name`.
    pub(crate) fn echo_choice(&self, name: &str) {
        let value = toml::Value::from(name).to_string();
        self.echo(self.path(), value, Origin::Given);
    }

    fn echo(&self, path: String, value: String, origin: Origin) {
        let note = self.note.take();
        let mut resolved = self.resolved.borrow_mut();
        resolved.push(Resolved { path, value, origin, note });
    }

    /// A problem with `value` at its place; where an overlay put it there, the line it replaced is shown too.
    pub fn fault(
        &self,
        value: &Value,
        what: impl Into<String>,
        label: impl Into<String>,
        help: impl Into<String>,
    ) {
        let (help, label) = (help.into(), label.into());
        let mut problem = Problem::new(what).at(value.place, label);
        if let Some(base) = value.replaced {
            problem = problem.also(base, "in place of this");
        }
        self.problem(if help.is_empty() { problem } else { problem.help(help) });
    }

    /// The problem that `value` is not what is wanted.
    pub fn wrong_kind(&self, value: &Value, wanted: &str) {
        self.fault(
            value,
            format!("`{}` must be {wanted}", self.path()),
            format!("this is {}", value.noun()),
            "",
        );
    }
}

/// A table that is being read.
pub struct Fields<'a> {
    /// Everything that reading shares.
    pub cx: &'a Context<'a>,
    /// Where the table stands.
    pub place: Place,
    table: &'a Table,
    replaced: Option<Place>,
    known: &'static [&'static dyn AnyField],
    entered: bool,
}

impl Drop for Fields<'_> {
    fn drop(&mut self) {
        if self.entered {
            self.cx.path.borrow_mut().pop();
        }
    }
}

impl<'a> Fields<'a> {
    /// Opens `value`, which must be a table with none but the keys `known`; others are reported.
    pub fn open(
        value: &'a Value,
        known: &'static [&'static dyn AnyField],
        cx: &'a Context<'a>,
    ) -> Option<Self> {
        let Kind::Table(table) = &value.kind else {
            cx.wrong_kind(value, "a table");
            return None;
        };
        let fields =
            Fields { cx, place: value.place, table, replaced: value.replaced, known, entered: false };
        let mut readable = true;
        for (key, value) in &table.entries {
            match known.iter().find(|field| field.name() == key.name) {
                Some(field) if field.built() => continue,
                Some(_) => drop(cx.below(&key.name, || Later::read(value, cx))),
                None => fields.unknown(key, value),
            }
            readable = false;
        }
        readable.then_some(fields)
    }

    /// Opens the parameters of the registry entry `name`.
    pub fn open_entry(
        value: &'a Value,
        name: &str,
        known: &'static [&'static dyn AnyField],
        cx: &'a Context<'a>,
    ) -> Option<Self> {
        cx.path.borrow_mut().push(name.to_owned());
        let opened = Self::open(value, known, cx);
        if opened.is_none() {
            cx.path.borrow_mut().pop();
        }
        opened.map(|mut fields| {
            fields.entered = true;
            fields
        })
    }

    fn unknown(&self, key: &super::Key, value: &Value) {
        let path = self.cx.path();
        let owner = if path.is_empty() { "the top level".to_owned() } else { format!("`{path}`") };
        let mut problem =
            Problem::new(format!("{owner} has no key `{}`", key.name)).at(key.place, "unknown key");
        if let Some(base) = value.replaced {
            problem = problem.also(base, "in place of this");
        }
        let top_level = ["variant", "extends", "title", "question", "sweep", "baseline"];
        let help = if !path.is_empty() && top_level.contains(&key.name.as_str()) {
            format!(
                "`{0}` belongs to the top level, but below a header such as `[{path}]` it becomes a key of that table: \
                 move it above the first header{1}",
                key.name,
                if key.name == "variant" { ", or write `[[variant]]`" } else { "" }
            )
        } else {
            let names = || self.known.iter().filter(|field| field.built()).map(|field| field.name());
            match nearest(&key.name, names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if self.known.is_empty() => "it takes no parameters".into(),
                None => format!("it takes: {}", names().collect::<Vec<_>>().join(", ")),
            }
        };
        problem = problem.help(help);
        self.cx.problem(problem);
    }

    /// The value given for `field`, if any, as it stands.
    pub fn given<T: Read>(&self, field: &Field<T>) -> Option<&'a Value> {
        debug_assert!(
            self.known.iter().any(|known| known.name() == AnyField::name(field)),
            "{} is not declared here",
            AnyField::name(field)
        );
        self.table.get(AnyField::name(field))
    }

    /// The value of a key that must be given, or has a default.
    pub fn take<T: Read>(&self, field: &Field<T>) -> Option<T> {
        match (self.given(field), AnyField::default(field)) {
            (Some(value), _) => self.read(field, value, Origin::Given),
            (None, Some(text)) => {
                let value = default_value(text);
                let result = self.read(field, &value, Origin::Default);
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

    /// Reports that the key `name` is missing.
    pub fn missing(&self, name: &str, about: &str) {
        let path = self.cx.path();
        let owner = if path.is_empty() { "the scenario".to_owned() } else { format!("`{path}`") };
        let mut problem = Problem::new(format!("{owner} needs `{name}`"))
            .at(self.place, format!("`{name}` is missing"))
            .help(format!("`{name}`: {about}"));
        if let Some(base) = self.replaced {
            problem = problem.also(base, "in place of this");
        }
        self.cx.problem(problem);
    }

    /// Reports a problem with the key `name` at its value, or at the table where the value has no place of its own.
    pub fn fault(&self, name: &str, what: impl Into<String>) {
        let place = self.table.get(name).map_or(self.place, |value| value.place);
        self.cx.problem(Problem::new(what).at(place, "here"));
    }

    fn read<T: Read>(&self, field: &Field<T>, value: &Value, origin: Origin) -> Option<T> {
        self.cx.below(AnyField::name(field), || {
            let leaf = value.table().is_none();
            let first = self.cx.resolved.borrow().len();
            self.cx.note.take();
            let result = T::read(value, self.cx)?;
            if self.cx.resolved.borrow().len() == first && leaf {
                self.cx.echo(self.cx.path(), value.inline(), origin);
            }
            if origin == Origin::Default {
                self.cx.resolved.borrow_mut()[first..]
                    .iter_mut()
                    .for_each(|entry| entry.origin = Origin::Default);
            }
            if let Some(fault) = field.fault(&result) {
                self.cx.fault(value, format!("`{}` is out of range", self.cx.path()), fault, "");
                return None;
            }
            Some(result)
        })
    }
}

/// The value that a default's text spells: TOML, or a text whose quotes were left out.
fn default_value(text: &str) -> Value {
    let mut problems = Vec::new();
    let document = super::parse(&format!("value = {text}"), 0, &mut problems);
    match document.table().and_then(|table| table.get("value")) {
        Some(value) if problems.is_empty() => value.clone(),
        _ => Value::new(Kind::Text(text.to_owned()), Place::new(0, 0)),
    }
}
