//! Task graphs from a few parameters.
//!
//! A generator knows shapes and proportions, nothing of units or chance: it hands weights to a [`Sampler`], in
//! order of index, and gets ticks and bytes back.

pub mod cholesky;
pub mod fft;
pub mod fork_join;
pub mod layered;

use crate::program::graph::{Graph, GraphBuilder, Work};

/// Turns the weights of a generator into costs; where they are drawn, once per call.
pub struct Sampler<'a> {
    /// From the weight of a task (> 0, in the generator's unit) to its work in ticks. Not asked for weight 0.
    pub work: &'a mut dyn FnMut(f64) -> f64,
    /// From the weight of a datum (> 0, in the generator's unit) to its size in bytes.
    pub bytes: &'a mut dyn FnMut(f64) -> u64,
}

impl Sampler<'_> {
    fn work(&mut self, weight: f64) -> Work<'static> {
        Work::Uniform(if weight > 0.0 { (self.work)(weight) } else { 0.0 })
    }
}

/// Joins the parts of a generated graph.
fn built(builder: GraphBuilder) -> Graph {
    builder.build().expect("a generator makes no cycle and a sampler no work that is negative or not finite")
}
