//! What the language allows where: the description that overlays, the schema, the reference and error messages share.

use super::AnyField;
use crate::units::Dimension;

/// What may stand at a key.
pub enum Shape {
    /// `true` or `false`.
    Boolean,
    /// A whole number from `0` to `1`, both included.
    Integer(u64, u64),
    /// A number.
    Number,
    /// Free text, described by a word: *a path*, *an address*.
    Text(&'static str),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A quantity with its unit.
    Quantity(Dimension),
    /// A quantity or a distribution of it.
    Distribution {
        /// What it measures.
        dimension: Dimension,
        /// The families of distributions.
        families: &'static dyn AnyRegistry,
    },
    /// A list.
    List(Box<Shape>),
    /// A table with these keys.
    Table(&'static [&'static dyn AnyField]),
    /// A table whose keys are names of the user's.
    Named(Box<Shape>),
    /// A table whose keys are names of the user's, each holding a table of the kind that its key `kind` says, or else
    /// its name.
    Kinds {
        /// The kinds.
        registry: &'static dyn AnyRegistry,
        /// The keys that every kind has.
        common: &'static [&'static dyn AnyField],
    },
    /// A name of the registry, or a one-key table of the name with its parameters.
    Choice(&'static dyn AnyRegistry),
    /// Any one of these.
    OneOf(Vec<Shape>),
    /// Any value: overlays, which are checked by what they change.
    Any,
}

/// What a registry tells about its entries without their types.
pub trait AnyRegistry: Sync {
    /// What an entry is, in the singular: *policy*, *topology*.
    fn noun(&self) -> &'static str;
    /// The entries in the order in which they are shown.
    fn listings(&self) -> Vec<Listing>;
    /// The names that the language has and this version doesn't.
    fn later(&self) -> &'static [&'static str];
}

/// One entry of a registry without its type.
#[derive(Clone, Copy)]
pub struct Listing {
    /// The name by which scenarios choose it.
    pub name: &'static str,
    /// One line saying what it does.
    pub about: &'static str,
    /// Author, year and place of its source.
    pub cite: &'static str,
    /// Its parameters.
    pub fields: &'static [&'static dyn AnyField],
    /// The parameter that a bare value stands for: `exponential = "2 ms"` is `exponential.mean = "2 ms"`.
    pub bare: Option<&'static str>,
}
