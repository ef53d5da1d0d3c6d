//! Files on disk and standard input, with a note of everything that was read.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::io::{self, Read};

use crate::output::provenance::{Input, content_hash};
use crate::source::Files;

/// The name of standard input.
pub(super) const STANDARD_INPUT: &str = "-";

/// Reads files and remembers what they held.
#[derive(Default)]
pub(super) struct Disk {
    standard_input: OnceCell<Result<Vec<u8>, String>>,
    read: RefCell<BTreeMap<String, Input>>,
    /// What files held when they were read before.
    held: BTreeMap<String, Input>,
}

impl Disk {
    /// Reads the files that were read before as they were then: texts from memory, and data from where they lie, which must
    /// be the same still.
    pub fn holding(inputs: &[Input]) -> Self {
        let held = inputs.iter().map(|input| (input.name.clone(), input.clone())).collect();
        Disk { held, ..Disk::default() }
    }

    /// Every file that was read, in the order of their names.
    pub fn inputs(&self) -> Vec<Input> {
        self.read.borrow().values().cloned().collect()
    }

    fn note(&self, path: &str, bytes: &[u8]) {
        let mut read = self.read.borrow_mut();
        if read.contains_key(path) {
            return;
        }
        // Scenarios are kept in words, so that a manifest alone can tell what was run; data by their hash.
        let scenario = path == STANDARD_INPUT || path.ends_with(".toml");
        let text = String::from_utf8(bytes.to_vec()).ok().filter(|_| scenario);
        read.insert(path.to_owned(), Input { name: path.to_owned(), hash: content_hash(bytes), text });
    }
}

impl Files for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let held = self.held.get(path);
        let bytes = if let Some(text) = held.and_then(|input| input.text.as_ref()) {
            text.clone().into_bytes()
        } else if path == STANDARD_INPUT {
            self.standard_input.get_or_init(read_standard_input).clone()?
        } else {
            std::fs::read(path).map_err(|error| why(&error))?
        };
        if held.is_some_and(|input| input.hash != content_hash(&bytes)) {
            return Err("it has changed since it was read before".into());
        }
        self.note(path, &bytes);
        Ok(bytes)
    }
}

fn read_standard_input() -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes).map_err(|error| why(&error))
}

/// A failure in a few words.
fn why(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::IsADirectory => "it is a folder".into(),
        _ => error.to_string(),
    }
}
