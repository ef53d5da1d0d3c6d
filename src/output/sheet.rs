//! A CSV file while it is being written.

use std::io::{self, Write};

/// A CSV file that streams into `W`. Its first failure is kept, and nothing is written after it: who writes rows as facts
/// come in need not ask each time.
pub(super) struct Sheet<W: Write> {
    writer: csv::Writer<W>,
    failed: Option<io::Error>,
}

impl<W: Write> Sheet<W> {
    /// A sheet with a line of column names.
    pub fn new<'a>(writer: W, columns: impl IntoIterator<Item = &'a str>) -> Self {
        let mut sheet = Sheet { writer: csv::Writer::from_writer(writer), failed: None };
        sheet.row(columns);
        sheet
    }

    /// Adds a row.
    pub fn row<T: AsRef<[u8]>>(&mut self, fields: impl IntoIterator<Item = T>) {
        if self.failed.is_none() {
            self.failed = self.writer.write_record(fields).err().map(io::Error::from);
        }
    }

    /// Flushes the writer and gives it back.
    ///
    /// # Errors
    /// The first failure of all.
    pub fn finish(self) -> io::Result<W> {
        match self.failed {
            Some(error) => Err(error),
            None => self.writer.into_inner().map_err(csv::IntoInnerError::into_error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_failure_is_kept_and_told_at_the_end() {
        let mut room = [0u8; 4];
        let mut sheet = Sheet::new(room.as_mut_slice(), ["a", "b"]);
        (0..100_000).for_each(|_| sheet.row(["much", "too long"]));
        assert!(sheet.finish().is_err());
    }

    #[test]
    fn texts_with_commas_are_quoted() {
        let mut sheet = Sheet::new(Vec::new(), ["name"]);
        sheet.row(["a, b"]);
        assert_eq!(sheet.finish().unwrap(), b"name\n\"a, b\"\n");
    }
}
