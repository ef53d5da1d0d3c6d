//! Schedules that cut every chunk from the front of what remains: they decide nothing but its size.

use super::{Chunk, LoopSchedule, Measured};

/// Decides how large chunks are.
pub(super) trait Sizes {
    /// A time step of `iterations` iterations begins.
    fn begin(&mut self, _iterations: u64) {}

    /// How many iterations `core` gets while `remaining`, at least 1, are left; less than 1 means 1, and more than remain
    /// all of them.
    fn size(&mut self, core: u32, remaining: u64) -> u64;

    /// A chunk has been done.
    fn measured(&mut self, _chunk: &Measured) {}

    /// Whether it looks at [`Measured::squares`].
    fn looks_at_squares(&self) -> bool {
        false
    }

    /// The time step is over.
    fn end(&mut self) {}

    /// What it has learned of the cores, as [`LoopSchedule::weights`] gives it.
    fn weights(&self) -> Option<Vec<f64>> {
        None
    }
}

/// The iterations of a loop, of which those before `next` have been handed out in this time step.
pub(super) struct Front<S> {
    sizes: S,
    count: u64,
    next: u64,
}

impl<S: Sizes> Front<S> {
    /// `count` iterations a time step, in chunks of these sizes.
    pub fn new(count: u64, sizes: S) -> Self {
        Front { sizes, count, next: count }
    }
}

impl<S: Sizes> LoopSchedule for Front<S> {
    fn begin(&mut self) {
        self.next = 0;
        self.sizes.begin(self.count);
    }

    fn take(&mut self, core: u32) -> Option<Chunk> {
        let remaining = self.count - self.next;
        if remaining == 0 {
            return None;
        }
        let size = self.sizes.size(core, remaining).clamp(1, remaining);
        let first = self.next;
        self.next += size;
        Some(Chunk { first, size })
    }

    fn measured(&mut self, chunk: &Measured) {
        self.sizes.measured(chunk);
    }

    fn looks_at_squares(&self) -> bool {
        self.sizes.looks_at_squares()
    }

    fn end(&mut self, _: u64) {
        self.sizes.end();
    }

    fn weights(&self) -> Option<Vec<f64>> {
        self.sizes.weights()
    }
}
