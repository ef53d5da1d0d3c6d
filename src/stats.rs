//! Statistics: plain mathematics, slices and streams of numbers in, numbers out.
//!
//! Order is fixed everywhere: the same values in the same order give the same bits. Nothing here knows what a number
//! measures; durations are counted in ticks.

mod batch;
mod beta;
mod binomial;
mod elimination;
mod family;
mod interval;
mod moments;
mod order;
mod paired;
mod precision;
mod quantile;
mod running;
mod shape;
mod student;
mod superiority;
mod tally;
mod warmup;
mod welch;

pub use batch::BatchMeans;
pub use binomial::clopper_pearson;
pub use elimination::Elimination;
pub use family::{bonferroni, holm};
pub use interval::Interval;
pub use moments::Moments;
pub use order::OrderQuantile;
pub use paired::{Paired, Ratio, Verdict};
pub use precision::{Decision, Plan};
pub use quantile::Quantiles;
pub use running::RunningQuantile;
pub use shape::{Departure, FEWEST, departure};
pub use superiority::Superiority;
pub use tally::Tally;
pub use warmup::{TooShort, Truncation, Warmup};
pub use welch::{Sample, Unpaired};
