//! Experiments: every case of a study simulated in replicates, and what they come to together.
//!
//! Replicates are the unit of parallelism. Their outcomes are collected in the order of their indices and reduced one
//! after another, so that results don't depend on threads.

mod comparison;
mod execute;
mod expectation;
mod finding;
mod gather;
mod notes;
mod reduce;
mod results;
mod run;
mod summary;
#[cfg(feature = "native")]
mod threads;
mod usual;
mod verdict;

pub use comparison::Comparison;
pub use execute::{Attempt, Execute, NoProgress, Progress, Sequential};
pub use expectation::Judgement;
pub use results::{CaseResult, MeanBound, Precision, Replicate, Results};
pub use run::{Failed, run};
pub use summary::Summary;
#[cfg(feature = "native")]
pub use threads::Threads;
