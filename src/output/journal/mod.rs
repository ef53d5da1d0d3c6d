//! The journal: the records of a study's replicates in a file that only grows, so that nothing that ends a program takes
//! away what it had done.
//!
//! A run keeps one in its folder until it is complete; a part of a run is one. It begins with a line of text, and then
//! comes frame after frame: the length of its content and a checksum (CRC-32), four bytes each with the least first, and
//! the content. The first frame holds a [`Head`] in JSON, each further one a unit and its record
//! ([postcard](https://postcard.jamesmunns.com)). Records stand in the order in which they were made, which means
//! nothing. Whatever follows the last whole frame is no part of it.

mod append;
mod frame;
mod head;
mod kept;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

pub use append::Journal;
pub use head::{Difference, Head};
pub use kept::Kept;

/// The name of the journal in a run's folder.
pub const NAME: &str = "journal";

/// The line with which a journal begins, which names the version of its format.
const MAGIC: &[u8] = b"makespan journal 1\n";

/// Whether there is a journal at `path`, or the beginnings of one.
pub fn is_one(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAGIC.len() as u64).read_to_end(&mut start));
    read.is_ok() && MAGIC.starts_with(&start)
}

/// Why a journal can't be used.
#[derive(Debug)]
pub enum Unusable {
    /// It can't be read or written.
    Io(io::Error),
    /// It isn't one.
    Foreign,
    /// It ends before it says what it is of: nothing is kept in it.
    Empty,
}

impl From<io::Error> for Unusable {
    fn from(error: io::Error) -> Self {
        Unusable::Io(error)
    }
}

impl std::fmt::Display for Unusable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unusable::Io(error) => write!(f, "{error}"),
            Unusable::Foreign => f.write_str("it is no journal of this version of makespan"),
            Unusable::Empty => f.write_str("it holds no replicate"),
        }
    }
}

impl std::error::Error for Unusable {}

#[cfg(test)]
mod tests;
