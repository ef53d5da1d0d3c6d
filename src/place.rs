//! Where a piece of text came from.

/// A range of bytes in the [source map](crate::source::SourceMap), in which all sources lie end to end: so a place
/// alone says both the source and where in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Place {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Place {
    /// The bytes from `start` up to `end`.
    pub const fn new(start: u32, end: u32) -> Self {
        Place { start, end }
    }

    /// A place of no width at the start of this one.
    pub const fn head(self) -> Place {
        Place { start: self.start, end: self.start }
    }
}
