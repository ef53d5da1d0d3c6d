//! Who watches over the work: what is known already, what is kept, and when to stop.

use super::{Record, Unit};

/// Watches over the work, from any thread where it isn't said otherwise.
pub trait Watch: Sync {
    /// Whether the record of `unit` is there already, so that it needn't be made.
    fn has(&self, _unit: Unit) -> bool {
        false
    }

    /// The record of a unit that is there already; asked for in the order of units, by one thread.
    ///
    /// # Errors
    /// Where it can't be read after all, or there is none.
    fn recall(&self, unit: Unit) -> Result<Record, String> {
        Err(format!("nothing is kept of replicate {}", unit.replicate))
    }

    /// So many more replicates are to be simulated.
    fn expect(&self, _replicates: u64) {}

    /// Whether `unit` may be simulated now; waits until there is room for it. After the first that may not, none is
    /// begun any more.
    fn begin(&self, _unit: Unit) -> bool {
        true
    }

    /// `unit` came to `record`.
    ///
    /// # Errors
    /// Where that was to be kept and can't be.
    fn keep(&self, _unit: Unit, _record: &Record) -> Result<(), String> {
        Ok(())
    }

    /// `unit`, which had begun, has ended in one way or another.
    fn end(&self, _unit: Unit) {}
}

/// Watches over nothing: all is simulated, and nothing kept.
pub struct Unwatched;

impl Watch for Unwatched {}
