//! What schedules of the factoring family share: chunks of a batch are equal parts of it, and a batch is a part of what
//! remains.

/// A number of iterations rounded up, at least 1. What is more than a whole number by rounding only isn't more.
pub(super) fn rounded_up(iterations: f64) -> u64 {
    ((iterations * (1.0 - 1e-9)).ceil() as u64).max(1)
}

/// The batch that is being handed out.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Batch {
    /// How many iterations a core of weight 1 gets, before rounding.
    part: f64,
    /// How many of the batch are left.
    left: u64,
}

impl Batch {
    /// Whether the next chunk begins a batch.
    pub fn is_over(&self) -> bool {
        self.left == 0
    }

    /// A batch of `cores` chunks of ⌈`part`⌉ iterations each.
    pub fn start(&mut self, part: f64, cores: u64) {
        self.part = part;
        self.left = rounded_up(part).saturating_mul(cores);
    }

    /// A chunk of it for a core of this weight: its part, rounded up, as far as the batch and what remains go.
    pub fn take(&mut self, weight: f64, remaining: u64) -> u64 {
        let size = rounded_up(self.part * weight).min(self.left.min(remaining).max(1));
        self.left -= size.min(self.left);
        size
    }

    /// No batch is under way.
    pub fn clear(&mut self) {
        self.left = 0;
    }
}
