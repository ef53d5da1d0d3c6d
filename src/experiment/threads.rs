//! Replicates on the threads of this machine.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::execute::Execute;

/// Runs replicates on a pool of threads.
pub struct Threads(rayon::ThreadPool);

impl Threads {
    /// A pool of `jobs` threads; as many as the machine has cores where it isn't said.
    ///
    /// # Errors
    /// Where the system gives no threads.
    pub fn new(jobs: Option<usize>) -> Result<Self, String> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs.unwrap_or(0)).build();
        pool.map(Threads).map_err(|error| format!("no threads: {error}"))
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.current_num_threads()
    }
}

impl Execute for Threads {
    fn each(&self, count: usize, one: &(dyn Fn(usize) + Sync)) {
        // Each thread takes the next number when it is done with its last: what is done at any time is all but the last
        // few from the start on.
        let next = AtomicUsize::new(0);
        self.0.broadcast(|_| {
            let take = || Some(next.fetch_add(1, Ordering::Relaxed)).filter(|at| *at < count);
            std::iter::from_fn(take).for_each(one);
        });
    }
}
