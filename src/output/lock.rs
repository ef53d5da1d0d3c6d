//! One process at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file that one process at a time holds; the system lets go of it when that process ends, in whatever way. While it is
/// held it says by whom.
pub struct Lock {
    path: PathBuf,
    /// None where the file system knows no locks.
    file: Option<File>,
}

/// Why a lock isn't had.
pub enum Locked {
    /// Another process holds it, whose number is this where it is known.
    By(Option<u32>),
    /// It can't be made.
    Not(io::Error),
}

impl Lock {
    /// Takes the lock at `path`.
    ///
    /// # Errors
    /// Where another process has it, or the file can't be made.
    pub fn take(path: PathBuf) -> Result<Self, Locked> {
        let own = std::process::id().to_string();
        loop {
            let mut options = OpenOptions::new();
            let opened = options.create(true).truncate(false).read(true).write(true).open(&path);
            let mut file = opened.map_err(Locked::Not)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(Locked::By(holder(&path))),
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                    return Ok(Lock { path, file: None });
                }
                Err(TryLockError::Error(error)) => return Err(Locked::Not(error)),
            }
            let said = file.set_len(0).and_then(|()| file.write_all(own.as_bytes()));
            said.map_err(Locked::Not)?;
            // Whoever held it before may have removed the file between our opening and our locking it: then what we
            // hold is no longer what stands at the path.
            if holder(&path).is_some_and(|holder| holder == std::process::id()) {
                return Ok(Lock { path, file: Some(file) });
            }
        }
    }
}

impl Lock {
    /// Removes the file while it is held, so that it is nobody else's.
    pub fn remove(&self) {
        if self.file.is_some() {
            // A file that stays is taken over by the next.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.remove();
    }
}

fn holder(path: &Path) -> Option<u32> {
    std::fs::read_to_string(path).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_held_by_one_and_leaves_nothing_behind() {
        let path = std::env::temp_dir().join(format!("makespan-lock-{}", std::process::id()));
        let lock = Lock::take(path.clone()).unwrap_or_else(|_| panic!("nobody has it"));
        // Another handle of the same process stands for another process: the system treats them alike.
        let by = std::process::id();
        assert!(matches!(Lock::take(path.clone()), Err(Locked::By(Some(holder))) if holder == by));
        drop(lock);
        assert!(!path.exists());
        std::fs::write(&path, "left behind").unwrap();
        drop(Lock::take(path.clone()).unwrap_or_else(|_| panic!("nobody has it")));
        assert!(!path.exists());
    }

    #[test]
    fn many_that_come_and_go_never_hold_it_together() {
        use std::sync::atomic::{AtomicU32, Ordering};
        let path = std::env::temp_dir().join(format!("makespan-locks-{}", std::process::id()));
        let (holders, turns) = (AtomicU32::new(0), AtomicU32::new(0));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    while turns.load(Ordering::SeqCst) < 200 {
                        let Ok(lock) = Lock::take(path.clone()) else { continue };
                        assert_eq!(holders.fetch_add(1, Ordering::SeqCst), 0, "held by two");
                        turns.fetch_add(1, Ordering::SeqCst);
                        holders.fetch_sub(1, Ordering::SeqCst);
                        drop(lock);
                    }
                });
            }
        });
        assert!(!path.exists());
    }
}
