//! How the core reads files without touching a file system: bytes come through a trait.

use std::collections::BTreeMap;

/// Gives the bytes of files. The command line reads the disk; a page in a browser what it was handed.
pub trait Files {
    /// The bytes of the file at `path`.
    ///
    /// # Errors
    /// A few words saying why it can't be read, such as *no such file*.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;
}

/// No file exists: for scenarios that need none.
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _path: &str) -> Result<Vec<u8>, String> {
        Err("no files can be read here".into())
    }
}

/// Files held in memory, by path: for tests, and for pages in a browser.
#[derive(Clone, Default, Debug)]
pub struct InMemory(BTreeMap<String, Vec<u8>>);

impl InMemory {
    /// These texts under these paths.
    pub fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let file = |(path, text): (&str, &str)| (path.to_owned(), text.as_bytes().to_vec());
        InMemory(files.into_iter().map(file).collect())
    }

    /// Adds a file.
    pub fn insert(&mut self, path: impl Into<String>, bytes: Vec<u8>) {
        self.0.insert(path.into(), bytes);
    }
}

impl Files for InMemory {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.0.get(path).cloned().ok_or_else(|| "no such file".into())
    }
}

/// The path that `path` means when the file `from` says it: relative paths start at the folder of the file that
/// names them.
///
/// ```
/// use makespan::source::beside;
/// assert_eq!(beside("scenarios/a/b.toml", "c.json"), "scenarios/a/c.json");
/// assert_eq!(beside("b.toml", "/data/c.json"), "/data/c.json");
/// ```
pub fn beside(from: &str, path: &str) -> String {
    let folder = from.rfind('/').map_or("", |slash| &from[..=slash]);
    if path.starts_with('/') { path.to_owned() } else { format!("{folder}{path}") }
}
