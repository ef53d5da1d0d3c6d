//! The kinds of facts that enter a digest. The numbers are part of every digest that was ever published.

/// A task became ready.
pub(super) const READY: u8 = 1;
/// A task started on a core.
pub(super) const START: u8 = 2;
/// A task ended done.
pub(super) const DONE: u8 = 3;
/// A task ended failed.
pub(super) const FAILED: u8 = 4;
/// A task ended dropped.
pub(super) const DROPPED: u8 = 5;
/// What a task did was lost.
pub(super) const LOST: u8 = 6;
/// A message left a node for another.
pub(super) const SENT: u8 = 7;
/// A message arrived.
pub(super) const ARRIVED: u8 = 8;
/// A message was lost.
pub(super) const DIED: u8 = 9;
/// A target failed.
pub(super) const FAULT: u8 = 10;
/// A target was repaired.
pub(super) const REPAIR: u8 = 11;
/// A job took a checkpoint.
pub(super) const CHECKPOINT: u8 = 12;
/// A job went back.
pub(super) const ROLLBACK: u8 = 13;
/// A core got a chunk of a loop.
pub(super) const CHUNK: u8 = 14;
/// A task lost its core to another.
pub(super) const PREEMPTED: u8 = 15;
/// A core took tasks from another's deque.
pub(super) const STOLEN: u8 = 16;
/// A copy or a part of a request was cancelled.
pub(super) const CANCELLED: u8 = 17;
/// A task that waited went over to the queue of another core.
pub(super) const MOVED: u8 = 18;
