//! Records: the facts of a run, the accounting of core time, and what a replicate comes to.

mod account;
mod both;
mod bound;
mod digest;
mod hindsight;
mod log;
mod loops;
mod messages;
mod observe;
mod outcome;
mod profile;
mod queues;
mod recorder;
mod story;
mod timeline;
mod waits;

pub use account::{Account, Closed, CoreTimes, IDLE, Idle, STATES, State};
pub use bound::{Bound, BoundKind};
pub use digest::Digest;
pub use hindsight::Hindsight;
pub use log::{Log, Step};
pub use loops::{ChunkSizes, LoopStory, Loops};
pub use messages::Messages;
pub use observe::{Observations, Observed};
pub use outcome::{Fates, Outcome, Tail};
pub use profile::Profile;
pub use queues::{Held, Lengths, Means, Queues, Sent};
pub use recorder::{
    Choice, ChunkRow, CoreRow, Fate, Interval, Levels, Marker, MessageRow, NoRecord, Recorder, StealRow,
    StepRow, TaskRow, Why,
};
pub use story::Story;
pub use timeline::Timeline;
pub use waits::{Group, Waits};
