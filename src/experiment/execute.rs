//! Who runs replicates, and who is told how far they are.

use crate::record::Outcome;
use crate::sim::Failure;

/// What running one replicate came to; `None` where it wasn't run, because one before it had failed.
pub type Attempt = Option<Result<Outcome, Failure>>;

/// Runs replicates, in any order and on any number of threads.
pub trait Execute {
    /// Calls `one` with every number below `count`; the results in the order of the numbers.
    fn all(&self, count: usize, one: &(dyn Fn(usize) -> Attempt + Sync)) -> Vec<Attempt>;
}

/// Runs one replicate after another.
pub struct Sequential;

impl Execute for Sequential {
    fn all(&self, count: usize, one: &(dyn Fn(usize) -> Attempt + Sync)) -> Vec<Attempt> {
        (0..count).map(one).collect()
    }
}

/// Is told how far the replicates are, from any thread.
pub trait Progress: Sync {
    /// So many more replicates are to be run.
    fn expect(&self, replicates: u64);
    /// One more is done.
    fn done(&self);
}

/// Tells nobody.
pub struct NoProgress;

impl Progress for NoProgress {
    fn expect(&self, _replicates: u64) {}
    fn done(&self) {}
}
