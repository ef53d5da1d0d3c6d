//! Experiments: every case of a study simulated in replicates, and what they come to together.
//!
//! Replicates are the unit of parallelism. Their outcomes are collected in the order of their indices and reduced one
//! after another, so that results don't depend on threads.

mod comparison;
mod expectation;
mod results;
mod summary;

pub use comparison::Comparison;
pub use expectation::Judgement;
pub use results::{CaseResult, MeanBound, Precision, Replicate, Results};
pub use summary::Summary;
