//! Experiments: every case of a study simulated in replicates, and what they come to together.
//!
//! Replicates are the unit of parallelism and of what is kept. Results follow from their records, which are taken in in
//! the order of replicates and cases, so that they don't depend on threads, on interruptions, or on how the work was
//! split.

mod assumptions;
mod comparison;
mod execute;
mod expectation;
mod failed;
mod finding;
mod gather;
mod measured;
mod notes;
mod probe;
mod record;
mod reduce;
mod results;
mod rounds;
mod run;
mod selection;
mod sensitivity;
mod share;
mod summary;
#[cfg(feature = "native")]
mod threads;
mod usual;
mod verdict;
mod watch;
mod whatif;
mod within;

pub use comparison::Comparison;
pub use execute::{Execute, Sequential};
pub use expectation::Judgement;
pub use failed::Failed;
pub use measured::{Gate, Measured, MeasuredCase, MeasuredMetric, Versus, workload_of};
pub use probe::{Probe, Probed, Unprobed, scaled};
pub use record::{Record, Unit};
pub use results::{CaseResult, MeanBound, Precision, Replicate, Results};
pub use run::run;
pub use selection::Selection;
pub use sensitivity::{Effect, Reaction, Sensitivity, sensitivity};
pub use share::{Missing, OnlyKnown, Share, missing, run_share};
pub use summary::Summary;
#[cfg(feature = "native")]
pub use threads::Threads;
pub use verdict::relative;
pub use watch::{Unwatched, Watch};
pub use whatif::{WhatIf, WhatIfs, what_if};
