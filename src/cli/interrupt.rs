//! What becomes of a run when it is told to end: Ctrl-C, or a signal of the system.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The exit code of a run that was told to end.
const INTERRUPTED: i32 = 130;

/// What is done before the program ends; what to say then.
type Last = Box<dyn FnOnce() -> String + Send>;

/// What is done when the program is told to end. Nothing else waits for replicates that are under way.
#[derive(Clone)]
pub(super) struct Interrupt(Arc<Mutex<Option<Last>>>);

impl Interrupt {
    /// From now on `last` is done, and what it says printed, when the program is told to end.
    pub fn new(last: impl FnOnce() -> String + Send + 'static) -> Self {
        let interrupt = Interrupt(Arc::new(Mutex::new(Some(Box::new(last)))));
        let waiting = interrupt.clone();
        // A process has one handler; where it has one already, or can have none, it ends as the system ends it: what was
        // kept is kept.
        let _ = ctrlc::set_handler(move || {
            // Held to the end: what goes wrong elsewhere because all ends here is nothing to tell of.
            let mut held = waiting.lock();
            if let Some(last) = held.take() {
                let said = last();
                eprintln!("{said}");
            }
            std::process::exit(INTERRUPTED);
        });
        interrupt
    }

    /// Does what must not be ended in the midst of it.
    pub fn hold<T>(&self, what: impl FnOnce() -> T) -> T {
        let _held = self.lock();
        what()
    }

    /// From now on nothing is left to do when the program is told to end.
    pub fn done(&self) {
        self.lock().take();
    }

    fn lock(&self) -> MutexGuard<'_, Option<Last>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
