//! The journal while it grows.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Head, MAGIC, frame};
use crate::experiment::{Record, Unit};

/// A journal that records are added to, from any thread. A record that is added is the system's: the program may end in
/// any way. To be safe from the end of the system too takes [`Journal::sync`].
pub struct Journal {
    end: Mutex<End>,
    file: Arc<File>,
}

/// The end of the file.
struct End {
    /// Where the last whole frame ends.
    at: u64,
    /// Up to where it would outlast a power cut.
    safe: u64,
    /// Why nothing can be added any more.
    broken: Option<String>,
}

impl Journal {
    /// Begins a journal at `path`, in place of whatever stands there.
    ///
    /// # Errors
    /// Where it can't be written.
    pub fn create(path: &Path, head: &Head) -> io::Result<Self> {
        let first = frame::of(|mut frame| serde_json::to_writer(&mut frame, head).map(|()| frame))?;
        let start = [MAGIC, &first].concat();
        let file = OpenOptions::new().create(true).write(true).truncate(true).open(path)?;
        (&file).write_all(&start)?;
        Journal::at(path, start.len() as u64)
    }

    /// Goes on with the journal at `path`, whose last whole frame ends at `end`; what follows is dropped.
    ///
    /// # Errors
    /// Where it can't be written.
    pub fn at(path: &Path, end: u64) -> io::Result<Self> {
        let file = OpenOptions::new().append(true).open(path)?;
        file.set_len(end)?;
        let end = End { at: end, safe: 0, broken: None };
        Ok(Journal { end: Mutex::new(end), file: Arc::new(file) })
    }

    /// Adds a record. Where that fails, it is as if it had not been tried, and nothing can be added any more.
    ///
    /// # Errors
    /// Where it can't be written, now or before; in a few words.
    pub fn append(&self, unit: Unit, record: &Record) -> Result<(), String> {
        let frame = frame::of(|frame| postcard::to_extend(&(unit, record), frame));
        let frame = frame.map_err(|error| error.to_string())?;
        // Nothing between here and the end of the function panics.
        let mut end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(why) = &end.broken {
            return Err(why.clone());
        }
        let written = (&*self.file).write_all(&frame);
        if let Err(error) = written {
            // Half a frame would hide what is added behind it. Should it stay, whoever reads it next drops it.
            let _ = self.file.set_len(end.at);
            end.broken = Some(error.to_string());
            return Err(error.to_string());
        }
        end.at += frame.len() as u64;
        Ok(())
    }

    /// Waits until all that was added would outlast a power cut. Records can be added meanwhile.
    ///
    /// # Errors
    /// Where the system can't promise that.
    pub fn sync(&self) -> io::Result<()> {
        let (at, safe) = {
            let end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
            (end.at, end.safe)
        };
        if safe < at {
            self.file.sync_data()?;
            self.end.lock().unwrap_or_else(PoisonError::into_inner).safe = at;
        }
        Ok(())
    }

    /// Lets nothing be added any more because of `why`, and waits for what is being added.
    pub fn close(&self, why: &str) {
        let mut end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
        end.broken.get_or_insert_with(|| why.to_owned());
    }
}
