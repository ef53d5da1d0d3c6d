//! The folder of a run: written aside and put in its place when it is complete.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::manifest;

/// A folder while it is being written. Until [`Folder::finish`] whatever stands in its place stays as it is, and where
/// the run ends before, nothing of it is left.
pub struct Folder {
    place: PathBuf,
    aside: PathBuf,
    finished: bool,
}

/// Why a folder can't be written, in a sentence without a full stop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unwritable(String);

impl std::fmt::Display for Unwritable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unwritable {}

impl Folder {
    /// Begins the folder that is to stand at `place`, in place of the folder of an earlier run if there is one.
    ///
    /// # Errors
    /// Where something else stands there, which is never removed, or where its parent can't be written to.
    pub fn begin(place: &Path) -> Result<Self, Unwritable> {
        check(place)?;
        let (Some(name), parent) = (place.file_name(), place.parent().unwrap_or(Path::new(""))) else {
            return Err(Unwritable(format!(
                "`{}` has no name of its own to be replaced by",
                place.display()
            )));
        };
        let aside = parent.join(format!(".{}.{}.partial", name.to_string_lossy(), std::process::id()));
        fs::create_dir_all(&aside).map_err(|error| cannot("make", &aside, &error))?;
        Ok(Folder { place: place.to_owned(), aside, finished: false })
    }

    /// Says before a long run what [`Folder::begin`] would say after it.
    ///
    /// # Errors
    /// As those of [`Folder::begin`].
    pub fn probe(place: &Path) -> Result<(), Unwritable> {
        Folder::begin(place).map(drop)
    }

    /// Where it will stand.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// Opens a file in it, such as `plots/gantt.svg`.
    ///
    /// # Errors
    /// Where the file can't be made.
    pub fn open(&self, name: &str) -> io::Result<BufWriter<File>> {
        let path = self.aside.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        File::create(path).map(BufWriter::new)
    }

    /// Writes a file in it.
    ///
    /// # Errors
    /// Where the file can't be written; the sentence names it.
    pub fn write(
        &self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Unwritable> {
        let written = self.open(name).and_then(|mut file| {
            write(&mut file)?;
            file.flush()
        });
        written.map_err(|error| cannot("write", &self.place.join(name), &error))
    }

    /// Puts it in its place.
    ///
    /// # Errors
    /// Where that fails; then what stood there before stands there again.
    pub fn finish(mut self) -> Result<(), Unwritable> {
        let old = self.aside.with_extension("old");
        let replaces = self.place.exists();
        if replaces {
            check(&self.place)?;
            fs::rename(&self.place, &old).map_err(|error| cannot("replace", &self.place, &error))?;
        }
        if let Err(error) = fs::rename(&self.aside, &self.place) {
            if replaces {
                // The first failure is the one to tell of; the old folder is still there under its other name.
                let _ = fs::rename(&old, &self.place);
            }
            return Err(cannot("make", &self.place, &error));
        }
        self.finished = true;
        if replaces {
            fs::remove_dir_all(&old).map_err(|error| cannot("remove", &old, &error))?;
        }
        Ok(())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.finished {
            // Nothing can be said any more from here, and what is left is harmless.
            let _ = fs::remove_dir_all(&self.aside);
        }
    }
}

/// Writes a single file, which stands in its place complete or not at all.
///
/// # Errors
/// Where it can't be written; then what stood there before still does.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), Unwritable> {
    let name = path.file_name().map_or_else(Default::default, |name| name.to_string_lossy());
    let aside = path.with_file_name(format!(".{name}.{}.partial", std::process::id()));
    fs::write(&aside, bytes).and_then(|()| fs::rename(&aside, path)).map_err(|error| {
        // The failure is told; that its beginnings may stay behind is not worth another.
        let _ = fs::remove_file(&aside);
        cannot("write", path, &error)
    })
}

fn cannot(what: &str, path: &Path, error: &io::Error) -> Unwritable {
    Unwritable(format!("can't {what} `{}`: {error}", path.display()))
}

/// Whether a run may put its folder at `place`: nothing is there, an empty folder, or the folder of a run.
fn check(place: &Path) -> Result<(), Unwritable> {
    let entries = match fs::read_dir(place) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(cannot("write into", place, &error)),
    };
    if entries && !place.join(manifest::NAME).is_file() {
        return Err(Unwritable(format!(
            "`{}` holds files that no run has written: name another folder with --out",
            place.display()
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of its own for a test, removed at the end.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("makespan-{name}-{}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Scratch(path)
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn run(place: &Path, text: &str) {
        let folder = Folder::begin(place).unwrap();
        folder.write(manifest::NAME, |out| out.write_all(b"{}")).unwrap();
        folder.write("plots/a.svg", |out| out.write_all(text.as_bytes())).unwrap();
        folder.finish().unwrap();
    }

    #[test]
    fn a_run_replaces_the_one_before_it_whole() {
        let scratch = Scratch::new("replace");
        let place = scratch.0.join("deep/run");
        run(&place, "one");
        fs::write(place.join("left-over.csv"), "of the first run").unwrap();
        run(&place, "two");
        assert_eq!(fs::read_to_string(place.join("plots/a.svg")).unwrap(), "two");
        assert!(!place.join("left-over.csv").exists());
        assert_eq!(fs::read_dir(scratch.0.join("deep")).unwrap().count(), 1, "nothing else is left");
    }

    #[test]
    fn an_unfinished_run_leaves_the_one_before_it() {
        let scratch = Scratch::new("unfinished");
        let place = scratch.0.join("run");
        run(&place, "one");
        let folder = Folder::begin(&place).unwrap();
        folder.write("plots/a.svg", |out| out.write_all(b"half")).unwrap();
        drop(folder);
        assert_eq!(fs::read_to_string(place.join("plots/a.svg")).unwrap(), "one");
        assert_eq!(fs::read_dir(&scratch.0).unwrap().count(), 1, "nothing else is left");
    }

    #[test]
    fn files_of_others_are_never_removed() {
        let scratch = Scratch::new("others");
        fs::write(scratch.0.join("thesis.tex"), "years of work").unwrap();
        let refused = Folder::begin(&scratch.0).err().unwrap().to_string();
        assert!(refused.contains("no run has written"), "{refused}");
        assert!(scratch.0.join("thesis.tex").exists());
    }
}
