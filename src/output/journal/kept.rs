//! The records that a journal holds, read one at a time.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::{Head, MAGIC, Unusable, frame};
use crate::experiment::{Record, Unit};

/// The records that a journal holds. Only where they stand is kept in memory.
pub struct Kept {
    head: Head,
    places: BTreeMap<Unit, u64>,
    reader: Mutex<BufReader<File>>,
    end: u64,
    dropped: u64,
}

impl Kept {
    /// Looks through the journal at `path`.
    ///
    /// # Errors
    /// Where it can't be read, is no journal, or ends before its first frame does.
    pub fn open(path: &Path) -> Result<Self, Unusable> {
        let file = File::open(path)?;
        let size = file.metadata()?.len();
        let mut reader = BufReader::with_capacity(1 << 16, file);
        let mut magic = Vec::new();
        reader.by_ref().take(MAGIC.len() as u64).read_to_end(&mut magic)?;
        if magic != MAGIC {
            return Err(if MAGIC.starts_with(&magic) { Unusable::Empty } else { Unusable::Foreign });
        }
        let mut content = Vec::new();
        if !frame::take(&mut reader, &mut content)? {
            return Err(Unusable::Empty);
        }
        let head: Head = serde_json::from_slice(&content).map_err(|_| Unusable::Foreign)?;
        let mut end = (MAGIC.len() + frame::BEFORE + content.len()) as u64;
        let mut places = BTreeMap::new();
        while frame::take(&mut reader, &mut content)? {
            let Ok((unit, _)) = postcard::take_from_bytes::<Unit>(&content) else { break };
            places.entry(unit).or_insert(end);
            end += (frame::BEFORE + content.len()) as u64;
        }
        // A journal that is still being written may have grown since it was opened.
        let dropped = size.saturating_sub(end);
        Ok(Kept { head, places, reader: Mutex::new(reader), end, dropped })
    }

    /// What it is of.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Whether the record of `unit` is there.
    pub fn has(&self, unit: Unit) -> bool {
        self.places.contains_key(&unit)
    }

    /// All units that are there, in their order.
    pub fn units(&self) -> impl Iterator<Item = Unit> {
        self.places.keys().copied()
    }

    /// Where its last whole frame ends.
    pub fn end(&self) -> u64 {
        self.end
    }

    /// How many bytes stand behind its last whole frame, such as half a record.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// The record of `unit`. To go through them in the order of units is quick.
    ///
    /// # Errors
    /// Where it can't be read, or isn't there.
    pub fn recall(&self, unit: Unit) -> Result<Record, String> {
        let content = self.content(unit).map_err(|error| error.to_string())?;
        let read = postcard::from_bytes::<(Unit, Record)>(&content);
        read.map(|(_, record)| record).map_err(|_| format!("the record of {unit:?} makes no sense"))
    }

    /// The bytes that are kept of `unit`.
    ///
    /// # Errors
    /// Where they can't be read, or aren't there.
    pub fn content(&self, unit: Unit) -> io::Result<Vec<u8>> {
        let gone = || io::Error::new(io::ErrorKind::NotFound, "a record that was there is gone");
        let place = *self.places.get(&unit).ok_or_else(gone)?;
        // A reader that a panic left behind is moved to its place anyway.
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let now = reader.stream_position()?;
        match i64::try_from(place as i128 - now as i128) {
            Ok(offset) => reader.seek_relative(offset)?,
            Err(_) => reader.seek(SeekFrom::Start(place)).map(drop)?,
        }
        let mut content = Vec::new();
        if frame::take(&mut *reader, &mut content)? { Ok(content) } else { Err(gone()) }
    }
}
