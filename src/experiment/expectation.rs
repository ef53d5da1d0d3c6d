//! The expectations of a scenario, checked.

use crate::scenario::Expect;

/// What became of an expectation in one case.
#[derive(Clone, PartialEq, Debug)]
pub struct Judgement {
    /// What was expected.
    pub expect: Expect,
    /// Of which variant.
    pub label: String,
    /// At which point of the sweep.
    pub point: usize,
    /// Whether it holds.
    pub met: bool,
    /// The numbers, in a sentence.
    pub because: String,
}
