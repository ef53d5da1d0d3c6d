//! Who runs replicates.

/// Does pieces of work, on any number of threads.
pub trait Execute: Sync {
    /// Calls `one` with every number below `count`, beginning them in this order.
    fn each(&self, count: usize, one: &(dyn Fn(usize) + Sync));
}

/// Does one piece after another.
pub struct Sequential;

impl Execute for Sequential {
    fn each(&self, count: usize, one: &(dyn Fn(usize) + Sync)) {
        (0..count).for_each(one);
    }
}
