//! What reading shares: sources, problems, units, and the record of what each key came to.

use std::cell::{Cell, RefCell};

use super::{AnyField, Files, Key, Kind, Origin, Resolved, SourceMap, Value};
use crate::error::{Problem, nearest};
use crate::place::Place;
use crate::units::{Dimension, Scale};

/// Most problems that are kept: nobody reads on, and a long list may be wrong in every row.
const MOST: usize = 500;

/// What reading shares.
pub struct Context<'f> {
    /// Gives the bytes of files that the scenario names.
    pub files: &'f dyn Files,
    /// All texts read so far.
    pub map: RefCell<SourceMap>,
    top: &'static [&'static dyn AnyField],
    problems: RefCell<Vec<Problem>>,
    scale: Cell<Scale>,
    dimension: Cell<Dimension>,
    unknown: Cell<usize>,
    path: RefCell<Vec<String>>,
    resolved: RefCell<Vec<Resolved>>,
    note: RefCell<Option<String>>,
    incomplete: Cell<bool>,
}

impl<'f> Context<'f> {
    /// A context without texts and problems.
    pub fn new(files: &'f dyn Files) -> Self {
        Context {
            files,
            map: RefCell::default(),
            top: &[],
            problems: RefCell::default(),
            scale: Cell::new(Scale::default()),
            dimension: Cell::new(Dimension::Number),
            unknown: Cell::new(0),
            path: RefCell::default(),
            resolved: RefCell::default(),
            note: RefCell::default(),
            incomplete: Cell::new(false),
        }
    }

    /// The same, knowing the keys of the top level: an unknown key of a table that is one of them was written below
    /// a header by mistake.
    pub fn with_top_level(self, top: &'static [&'static dyn AnyField]) -> Self {
        Context { top, ..self }
    }

    /// Adds a problem, unless the same one is there already (variants read the base's keys again).
    pub fn problem(&self, problem: Problem) {
        let mut problems = self.problems.borrow_mut();
        if problems.len() < MOST
            && !problems.iter().any(|known| known.what == problem.what && known.at == problem.at)
        {
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

    /// Says that some text could not be parsed: what seems to be missing may stand there.
    pub fn set_incomplete(&self) {
        self.incomplete.set(true);
    }

    /// Adds the problem that something is missing.
    pub(super) fn missing(&self, problem: Problem) {
        if !self.incomplete.get() {
            self.problem(problem);
        }
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
        self.enter(name);
        let result = read();
        self.leave();
        result
    }

    pub(super) fn enter(&self, name: &str) {
        self.path.borrow_mut().push(Key { name: name.to_owned(), place: Place::new(0, 0) }.spelt());
    }

    pub(super) fn leave(&self) {
        self.path.borrow_mut().pop();
    }

    /// The dotted path of the key being read.
    pub fn path(&self) -> String {
        self.path.borrow().join(".")
    }

    /// The table being read, for messages: `` `machine.memory` ``, or *the scenario* at the top.
    pub fn owner(&self) -> String {
        let path = self.path();
        if path.is_empty() { "the scenario".to_owned() } else { format!("`{path}`") }
    }

    /// Reads the value of the key `name` and remembers what it came to.
    pub fn entry<T>(
        &self,
        name: &str,
        value: &Value,
        origin: Origin,
        read: impl FnOnce() -> Option<T>,
    ) -> Option<T> {
        self.below(name, || {
            let first = self.resolved.borrow().len();
            self.note.take();
            let result = read()?;
            if matches!(value.kind, Kind::List(_)) {
                // Rows are remembered as they stand: a path can't lead into them.
                self.resolved.borrow_mut().truncate(first);
                self.note.take();
            }
            if self.resolved.borrow().len() == first {
                self.echo(value.inline(), origin);
            }
            if origin == Origin::Default {
                self.resolved.borrow_mut()[first..]
                    .iter_mut()
                    .for_each(|entry| entry.origin = Origin::Default);
            }
            Some(result)
        })
    }

    /// Reads something of which nothing is remembered: the rows of a file, say, which are as many as it likes.
    pub fn unremembered<T>(&self, read: impl FnOnce() -> T) -> T {
        let first = self.resolved.borrow().len();
        let result = read();
        self.resolved.borrow_mut().truncate(first);
        self.note.take();
        result
    }

    /// Remembers what the key being read came to, where its value alone doesn't say so.
    pub fn echo(&self, value: String, origin: Origin) {
        let note = self.note.take();
        let path = self.path.borrow().clone();
        self.resolved.borrow_mut().push(Resolved { path, value, origin, note });
    }

    /// Notes another spelling of the value being read.
    pub fn note(&self, note: String) {
        *self.note.borrow_mut() = Some(note);
    }

    /// What each key came to since the last call, in reading order.
    pub fn take_resolved(&self) -> Vec<Resolved> {
        self.resolved.take()
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
        let problem = Problem::new(what).at(value.place, label).over(value.base);
        self.problem(if help.is_empty() { problem } else { problem.help(help) });
    }

    /// The problem that `value` is not what is wanted.
    pub fn wrong_kind(&self, value: &Value, wanted: &str) {
        let label = format!("this is {}", value.noun());
        self.fault(value, format!("`{}` must be {wanted}", self.path()), label, "");
    }

    /// The problem that `key` stands where only tables with names of the user's do.
    pub fn nameless(&self, key: &Key, value: &Value) {
        if self.is_misplaced(key) {
            return self.unknown_key(key, value, &[]);
        }
        let path = self.path();
        self.problem(
            Problem::new(format!("`{path}` holds named tables, and `{}` stands in none of them", key.name))
                .at(key.place, "under which name?")
                .over(value.base)
                .help(format!("choose a name and write `[{path}.NAME]`")),
        );
    }

    /// How many unknown keys were met so far: one of them may be what seems to be missing.
    pub fn unknown_keys(&self) -> usize {
        self.unknown.get()
    }

    /// The problem that the table being read takes `names` and not `key`.
    pub fn unknown_key(&self, key: &Key, value: &Value, names: &[&str]) {
        self.unknown.set(self.unknown.get() + 1);
        let problem =
            Problem::new(format!("{} has no key `{}`", self.owner(), key.name)).at(key.place, "unknown key");
        let help = match nearest(&key.name, names.iter().copied()) {
            _ if self.is_misplaced(key) => self.misplaced(key),
            Some(near) => format!("did you mean `{near}`?"),
            None if names.is_empty() => "it takes no keys".into(),
            None => format!("it takes: {}", names.join(", ")),
        };
        self.problem(problem.over(value.base).help(help));
    }

    /// The problem that no `noun` is called `name`, which `at` says, but `names` are.
    pub fn no_such(&self, noun: &str, name: &str, at: &Value, names: &[&str]) {
        let help = match nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("one of: {}", names.join(", ")),
        };
        let problem = Problem::new(format!("there is no {noun} `{name}`"));
        self.problem(problem.at(at.place, format!("not a {noun}")).over(at.base).help(help));
    }

    /// The problem that the language has `what` and this version doesn't.
    pub fn not_built(&self, what: &str, place: Place, about: &str) {
        let about = if about.is_empty() { String::new() } else { format!("{about}; ") };
        self.problem(
            Problem::new(format!("{what} isn't built yet"))
                .at(place, "planned")
                .help(format!("{about}the language has a place for it, but this version can't simulate it")),
        );
    }

    /// Runs `read` and forgets its problems.
    pub fn apart<T>(&self, read: impl FnOnce() -> T) -> T {
        let before = self.take_problems();
        let result = read();
        *self.problems.borrow_mut() = before;
        result
    }

    /// Whether `key`, which the table being read doesn't know, is one of the top level.
    fn is_misplaced(&self, key: &Key) -> bool {
        !self.path.borrow().is_empty() && self.top.iter().any(|field| field.name() == key.name)
    }

    fn misplaced(&self, key: &Key) -> String {
        let array = if key.name == "variant" { ", or write `[[variant]]`" } else { "" };
        format!(
            "`{}` belongs to the top level, but everything below a header such as `[{}]` is a key of that table: \
             move it above the first header{array}",
            key.name,
            self.path()
        )
    }
}
