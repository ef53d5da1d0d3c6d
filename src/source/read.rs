//! What it takes to be read from a scenario, and what reading remembers.

use super::{Context, Shape, Value};

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
#[derive(Clone, PartialEq, Debug)]
pub struct Resolved {
    /// The keys that lead to it, each as TOML spells it.
    pub path: Vec<String>,
    /// The value in TOML.
    pub value: String,
    /// Where it comes from.
    pub origin: Origin,
    /// The same in another spelling, where that helps: *12.5 GB/s*.
    pub note: Option<String>,
}
