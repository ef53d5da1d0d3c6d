//! Brings a journal to the disk while the run goes on.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use crate::output::journal::Journal;

/// How long a record may wait until it is safe from a power cut too.
const PERIOD: Duration = Duration::from_secs(1);

/// A thread that makes safe what was added to a journal, so that nobody who simulates waits for the disk. It ends when this is
/// dropped.
pub(super) struct Syncer {
    /// Nothing is ever sent: that it is gone says that it is time to end.
    told: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Syncer {
    /// Begins to look after `journal`. Where the disk refuses, nothing can be added to it any more.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn new(journal: Arc<Journal>) -> io::Result<Self> {
        let (told, tells) = channel();
        let look_after = move || {
            while tells.recv_timeout(PERIOD) == Err(RecvTimeoutError::Timeout) {
                if let Err(error) = journal.sync() {
                    journal.close(&error.to_string());
                }
            }
        };
        let thread = Builder::new().name("journal".into()).spawn(look_after)?;
        Ok(Syncer { told: Some(told), thread: Some(thread) })
    }
}

impl Drop for Syncer {
    fn drop(&mut self) {
        self.told.take();
        if let Some(thread) = self.thread.take() {
            // It doesn't panic, and if it did the run would be none the worse.
            let _ = thread.join();
        }
    }
}
