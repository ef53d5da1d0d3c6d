//! The description of a key: its name, meaning, type and default, from which it is read, checked and documented.

use std::marker::PhantomData;

use super::{Read, Shape};

/// A key of a table whose value reads as `T`.
pub struct Field<T> {
    name: &'static str,
    about: &'static str,
    default: Option<&'static str>,
    optional: bool,
    group: Option<&'static str>,
    check: Option<fn(&T) -> Result<(), &'static str>>,
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
    /// Keys of one table with the same group replace one another.
    fn group(&self) -> Option<&'static str>;
    /// What may stand there.
    fn shape(&self) -> Shape;
}

impl<T> Field<T> {
    /// A required key.
    pub const fn new(name: &'static str, about: &'static str) -> Self {
        Field { name, about, default: None, optional: false, group: None, check: None, marker: PhantomData }
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
    pub const fn instead_of(mut self, group: &'static str) -> Self {
        self.group = Some(group);
        self.optional = true;
        self
    }

    /// Refuses values for which `check` says what would be right.
    pub const fn check(mut self, check: fn(&T) -> Result<(), &'static str>) -> Self {
        self.check = Some(check);
        self
    }

    /// What is wrong with `value`, if anything.
    pub(super) fn fault(&self, value: &T) -> Option<&'static str> {
        self.check.and_then(|check| check(value).err())
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

    fn group(&self) -> Option<&'static str> {
        self.group
    }

    fn shape(&self) -> Shape {
        T::shape()
    }
}
