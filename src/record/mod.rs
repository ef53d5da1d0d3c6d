//! Records: the facts of a run, the accounting of core time, and what a replicate comes to.

mod account;
mod both;
mod bound;
mod digest;
mod hindsight;
mod log;
mod messages;
mod observe;
mod outcome;
mod profile;
mod recorder;
mod timeline;

pub use account::{Account, Closed, CoreTimes, IDLE, Idle, STATES, State};
pub use bound::{Bound, BoundKind};
pub use digest::Digest;
pub use hindsight::Hindsight;
pub use log::{Log, Step};
pub use messages::Messages;
pub use observe::{Observations, Observed};
pub use outcome::{Fates, Outcome, Tail};
pub use profile::Profile;
pub use recorder::{
    Choice, ChunkRow, CoreRow, Fate, Interval, Levels, Marker, MessageRow, NoRecord, Recorder, StealRow,
    TaskRow, Why,
};
pub use timeline::Timeline;
