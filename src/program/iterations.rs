//! The iterations of a loop, of which chunks are cut as cores ask for them.

/// A loop in one replicate: what its iterations cost, time step by time step.
pub trait Iterations {
    /// How many iterations each time step has, at least 1.
    fn count(&self) -> u64;

    /// How many time steps there are, at least 1.
    fn steps(&self) -> u64;

    /// Goes over to time step `step`. Steps begin in order, each once, from 0.
    fn begin(&mut self, step: u64);

    /// The work of the `size` iterations from `first` on in the present step, in ticks at speed 1.
    fn work(&self, first: u64, size: u64) -> f64;

    /// The sum of the squares of the work of each of them, in square ticks.
    fn squares(&self, first: u64, size: u64) -> f64;

    /// The work of the longest iteration of the present step, in ticks at speed 1.
    fn longest(&self) -> f64;

    /// Bytes that each iteration asks of memory.
    fn traffic(&self) -> f64;
}
