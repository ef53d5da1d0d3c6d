//! Records: the facts of a run, the accounting of core time, and what a replicate comes to.

mod account;
mod digest;
mod observe;
mod outcome;
mod recorder;

pub use account::{Account, Closed, CoreTimes, IDLE, Idle, STATES, State};
pub use digest::Digest;
pub use observe::{Observations, Observed};
pub use outcome::{Bound, Fates, Outcome, Tail};
pub use recorder::{Fate, Interval, Marker, MessageRow, NoRecord, Recorder, TaskRow};
