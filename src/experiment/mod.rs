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
mod notes;
mod record;
mod reduce;
mod results;
mod rounds;
mod run;
mod summary;
#[cfg(feature = "native")]
mod threads;
mod usual;
mod verdict;
mod watch;

pub use comparison::Comparison;
pub use execute::{Execute, Sequential};
pub use expectation::Judgement;
pub use failed::Failed;
pub use record::{Record, Unit};
pub use results::{CaseResult, MeanBound, Precision, Replicate, Results};
pub use run::run;
pub use summary::Summary;
#[cfg(feature = "native")]
pub use threads::Threads;
pub use watch::{Unwatched, Watch};
