//! A distribution with the stream that it is drawn from.

use super::{Distribution, Stream};

/// Draws from one distribution in order: task 0's value first, then task 1's…
#[derive(Clone, Debug)]
pub struct Sampler {
    distribution: Distribution,
    stream: Stream,
    turn: u64,
}

impl Sampler {
    /// Draws from `distribution` with the numbers of `stream`.
    pub fn new(distribution: Distribution, stream: Stream) -> Self {
        Sampler { distribution, stream, turn: 0 }
    }

    /// The next value, in the distribution's unit.
    #[inline(always)]
    pub fn sample(&mut self) -> f64 {
        let value = self.distribution.sample(&mut self.stream, self.turn);
        self.turn += 1;
        value
    }
}
