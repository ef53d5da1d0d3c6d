//! Replicates on the threads of this machine.

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

use super::execute::{Attempt, Execute};

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
}

impl Execute for Threads {
    fn all(&self, count: usize, one: &(dyn Fn(usize) -> Attempt + Sync)) -> Vec<Attempt> {
        self.0.install(|| (0..count).into_par_iter().with_max_len(1).map(one).collect())
    }
}
