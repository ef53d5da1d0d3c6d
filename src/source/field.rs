//! The description of a key: its name, meaning, type and default, from which it is read, checked and documented.

use std::marker::PhantomData;

use super::{Later, Read, Shape};

/// Says of a value out of range what would be right.
type Check<T> = fn(&T) -> Result<(), &'static str>;

/// A key of a table whose value reads as `T`.
pub struct Field<T> {
    name: &'static str,
    about: &'static str,
    default: Option<&'static str>,
    optional: bool,
    group: Option<(&'static str, &'static str)>,
    built: bool,
    check: Option<Check<T>>,
    marker: PhantomData<fn() -> T>,
}

/// A [`Field`] without its type.
pub trait AnyField: Sync {
    /// The key.
    fn name(&self) -> &'static str;
    /// One line saying what it means.
    fn about(&self) -> &'static str;
    /// What it is when absent, as the scenario would spell it.
    fn default(&self) -> Option<&'static str>;
    /// Whether the key must be given.
    fn required(&self) -> bool;
    /// The alternatives among which it is one, and on which side it stands: in an overlay a key replaces its siblings
    /// of the same group on other sides.
    fn group(&self) -> Option<(&'static str, &'static str)>;
    /// Whether it does anything yet.
    fn built(&self) -> bool;
    /// What may stand there.
    fn shape(&self) -> Shape;
}

impl<T> Field<T> {
    /// A required key.
    pub const fn new(name: &'static str, about: &'static str) -> Self {
        Field {
            name,
            about,
            default: None,
            optional: false,
            group: None,
            built: true,
            check: None,
            marker: PhantomData,
        }
    }

    /// Absent means `text`, written as the scenario would write it (quotes of a text may be left out).
    pub const fn default(mut self, text: &'static str) -> Self {
        self.default = Some(text);
        self
    }

    /// May be absent; the reader says what that means.
    pub const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// One of several alternatives: in an overlay it replaces its siblings of the same group.
    pub const fn instead_of(self, group: &'static str) -> Self {
        let side = self.name;
        self.on_side(group, side)
    }

    /// One of several keys that make one alternative: in an overlay it replaces its siblings of the same group on
    /// other sides.
    pub const fn on_side(mut self, group: &'static str, side: &'static str) -> Self {
        self.group = Some((group, side));
        self.optional = true;
        self
    }

    /// Refuses values for which `check` says what would be right.
    pub const fn check(mut self, check: Check<T>) -> Self {
        self.check = Some(check);
        self
    }

    /// What is wrong with `value`, if anything.
    pub(super) fn fault(&self, value: &T) -> Option<&'static str> {
        self.check.and_then(|check| check(value).err())
    }
}

impl Field<Later> {
    /// A key that the language has and that does nothing yet: giving it is an error that says so.
    pub const fn later(name: &'static str, about: &'static str) -> Self {
        let mut field = Field::new(name, about).optional();
        field.built = false;
        field
    }
}

impl<T: Read> AnyField for Field<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn about(&self) -> &'static str {
        self.about
    }

    fn default(&self) -> Option<&'static str> {
        self.default
    }

    fn required(&self) -> bool {
        self.default.is_none() && !self.optional
    }

    fn group(&self) -> Option<(&'static str, &'static str)> {
        self.group
    }

    fn built(&self) -> bool {
        self.built
    }

    fn shape(&self) -> Shape {
        T::shape()
    }
}
