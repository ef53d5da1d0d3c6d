//! Addresses: names and zero-based numbers that point at parts of a machine.

use crate::place::Place;

/// An address as the file spells it.
#[derive(Clone, Debug)]
pub struct Address {
    /// Its text.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}
