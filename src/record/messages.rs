//! The messages of a run, kept for a picture.

use super::{MessageRow, Recorder};

/// The messages that went from one node to another, in the order of their ends, as far as there is room.
#[derive(Debug)]
pub struct Messages {
    /// Those that there was room for.
    pub rows: Vec<MessageRow>,
    /// How many there was no room for.
    pub left_out: u64,
    most: usize,
}

impl Messages {
    /// Room for `most` messages.
    pub fn new(most: usize) -> Self {
        Messages { rows: Vec::new(), left_out: 0, most }
    }
}

impl Recorder for Messages {
    fn message(&mut self, row: &MessageRow) {
        if row.from == row.to || !row.delivered {
            return;
        }
        if self.rows.len() < self.most {
            self.rows.push(*row);
        } else {
            self.left_out += 1;
        }
    }
}
