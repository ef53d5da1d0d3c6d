//! The folder of a run: claimed by one process, written aside, and put in its place when it is complete.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::lock::{Lock, Locked};
use super::{journal, manifest};

/// A place that this process alone writes to. Whatever a process left there that was ended in the midst of it is put in
/// order, and the place itself stays as it is until [`Folder::finish`].
pub struct Claim {
    place: PathBuf,
    lock: Lock,
}

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

impl Claim {
    /// Claims `place` for the folder of a run, in place of that of an earlier run if there is one.
    ///
    /// # Errors
    /// Where something else stands there, which is never removed; where another process has claimed it; or where its
    /// parent can't be written to.
    pub fn new(place: &Path) -> Result<Self, Unwritable> {
        check(place)?;
        let parent = beside(place, "lock")?.parent().map(Path::to_owned).unwrap_or_default();
        fs::create_dir_all(&parent).map_err(|error| cannot("make", &parent, &error))?;
        let lock = Lock::take(beside(place, "lock")?).map_err(|locked| match locked {
            Locked::By(holder) => {
                let by = holder.map_or(String::new(), |id| format!(" (number {id})"));
                let place = place.display();
                Unwritable(format!(
                    "another process{by} is writing `{place}`: wait for it, or name another folder with --out"
                ))
            }
            Locked::Not(error) => cannot("write into", &parent, &error),
        })?;
        let claim = Claim { place: place.to_owned(), lock };
        claim.put_in_order()?;
        Ok(claim)
    }

    /// Where the folder stands.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// Where its journal stands.
    pub fn journal(&self) -> PathBuf {
        self.place.join(journal::NAME)
    }

    /// Makes the folder itself, for the journal to stand in.
    ///
    /// # Errors
    /// Where that can't be done.
    pub fn make(&self) -> Result<(), Unwritable> {
        fs::create_dir_all(&self.place).map_err(|error| cannot("make", &self.place, &error))
    }

    /// Removes the journal, and the folder if nothing else was in it.
    pub fn forget(&self) {
        // What isn't there needn't go, and a folder with something in it stays.
        let _ = fs::remove_file(self.journal());
        let _ = fs::remove_dir(&self.place);
    }

    /// Leaves nothing behind but what stands at the place, before the program ends in the midst of it.
    pub fn abandon(&self) {
        if let Ok(partial) = beside(&self.place, "partial") {
            // Whoever comes next would remove it too.
            let _ = fs::remove_dir_all(partial);
        }
        self.lock.remove();
    }

    /// Begins the folder that is to stand there.
    ///
    /// # Errors
    /// Where it can't be made.
    pub fn begin(&self) -> Result<Folder, Unwritable> {
        let aside = beside(&self.place, "partial")?;
        fs::create_dir_all(&aside).map_err(|error| cannot("make", &aside, &error))?;
        Ok(Folder { place: self.place.clone(), aside, finished: false })
    }

    /// Puts back what a process that was ended had put aside, and removes what it had only begun.
    fn put_in_order(&self) -> Result<(), Unwritable> {
        let (old, partial) = (beside(&self.place, "old")?, beside(&self.place, "partial")?);
        if old.exists() && !self.place.exists() {
            fs::rename(&old, &self.place).map_err(|error| cannot("make", &self.place, &error))?;
        }
        for left in [old, partial] {
            match fs::remove_dir_all(&left) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(cannot("remove", &left, &error));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// The hidden neighbour of a run's folder that serves `purpose`.
fn beside(place: &Path, purpose: &str) -> Result<PathBuf, Unwritable> {
    let Some(name) = place.file_name() else {
        return Err(Unwritable(format!("`{}` has no name of its own to be replaced by", place.display())));
    };
    Ok(place.with_file_name(format!(".{}.makespan-{purpose}", name.to_string_lossy())))
}

impl Folder {
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

    /// Whether a file of it was written.
    #[cfg(feature = "parquet")]
    pub fn has(&self, name: &str) -> bool {
        self.aside.join(name).is_file()
    }

    /// Opens a file of it that was written, to be read.
    ///
    /// # Errors
    /// Where it can't be opened.
    #[cfg(feature = "parquet")]
    pub fn read(&self, name: &str) -> io::Result<File> {
        File::open(self.aside.join(name))
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

    /// Lets the journal of the place stay beside the results: there is more to do.
    ///
    /// # Errors
    /// Where that can't be done.
    pub fn keep_journal(&self) -> Result<(), Unwritable> {
        let (from, to) = (self.place.join(journal::NAME), self.aside.join(journal::NAME));
        // A second name for the same file, so that it is in one place or the other whatever happens; a copy where the
        // file system has no such thing.
        let linked = fs::hard_link(&from, &to).or_else(|_| fs::copy(&from, &to).map(drop));
        linked.map_err(|error| cannot("write", &to, &error))
    }

    /// Puts it in its place. The journal that stood there is gone then, unless it was kept. If it is to be `lasting`, it
    /// waits until all of it would outlast a power cut, which takes as long as the disk wants.
    ///
    /// # Errors
    /// Where that fails; then what stood there before stands there again.
    pub fn finish(mut self, lasting: bool) -> Result<(), Unwritable> {
        if lasting {
            sync(&self.aside).map_err(|error| cannot("write", &self.place, &error))?;
        }
        let old = beside(&self.place, "old")?;
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
        if let Some(parent) = self.place.parent().filter(|_| lasting) {
            let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
            sync_folder(parent).map_err(|error| cannot("write into", parent, &error))?;
        }
        if replaces {
            fs::remove_dir_all(&old).map_err(|error| cannot("remove", &old, &error))?;
        }
        Ok(())
    }
}

/// Waits until everything in `folder` would outlast a power cut.
fn sync(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync(&entry.path())?;
        } else {
            // Some systems sync only what is open for writing.
            fs::OpenOptions::new().append(true).open(entry.path())?.sync_all()?;
        }
    }
    sync_folder(folder)
}

/// Waits until the names in `folder` would outlast a power cut; where folders can't be opened, they need no such thing.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
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

/// Whether a run may put its folder at `place`: nothing is there, an empty folder, or the folder
/// of a run, complete or not.
fn check(place: &Path) -> Result<(), Unwritable> {
    let entries = match fs::read_dir(place) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(cannot("write into", place, &error)),
    };
    if entries && !place.join(manifest::NAME).is_file() && !journal::is_one(&place.join(journal::NAME)) {
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
        let folder = Claim::new(place).unwrap().begin().unwrap();
        folder.write(manifest::NAME, |out| out.write_all(b"{}")).unwrap();
        folder.write("plots/a.svg", |out| out.write_all(text.as_bytes())).unwrap();
        folder.finish(true).unwrap();
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
        let claim = Claim::new(&place).unwrap();
        let folder = claim.begin().unwrap();
        folder.write("plots/a.svg", |out| out.write_all(b"half")).unwrap();
        drop((folder, claim));
        assert_eq!(fs::read_to_string(place.join("plots/a.svg")).unwrap(), "one");
        assert_eq!(fs::read_dir(&scratch.0).unwrap().count(), 1, "nothing else is left");
    }

    #[test]
    fn what_an_ended_process_left_is_put_in_order() {
        let scratch = Scratch::new("order");
        let place = scratch.0.join("run");
        run(&place, "one");
        // Ended between the two renames, and in the midst of another folder.
        fs::rename(&place, scratch.0.join(".run.makespan-old")).unwrap();
        fs::create_dir(scratch.0.join(".run.makespan-partial")).unwrap();
        drop(Claim::new(&place).unwrap());
        assert_eq!(fs::read_to_string(place.join("plots/a.svg")).unwrap(), "one");
        assert_eq!(fs::read_dir(&scratch.0).unwrap().count(), 1, "nothing else is left");
    }

    #[test]
    fn a_place_is_claimed_once() {
        let scratch = Scratch::new("claim");
        let claim = Claim::new(&scratch.0.join("run")).unwrap();
        let refused = Claim::new(&scratch.0.join("run")).err().unwrap().to_string();
        assert!(refused.contains(&format!("number {}", std::process::id())), "{refused}");
        drop(claim);
        assert!(Claim::new(&scratch.0.join("run")).is_ok());
    }

    #[test]
    fn files_of_others_are_never_removed() {
        let scratch = Scratch::new("others");
        fs::write(scratch.0.join("thesis.tex"), "years of work").unwrap();
        let refused = Claim::new(&scratch.0).err().unwrap().to_string();
        assert!(refused.contains("no run has written"), "{refused}");
        assert!(scratch.0.join("thesis.tex").exists());
    }
}
