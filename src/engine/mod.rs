//! The engine: which alarm goes off next, and the loop that lets a model answer it.
//!
//! It knows no core, task or link. A model numbers the kinds of thing that can happen to its entities, sets an
//! [`Alarm`] in the [`Queue`] for the next one of each, and is [`run`] until it has finished.

mod alarm;
mod heap;
mod ladder;
mod queue;
mod run;

pub use alarm::Alarm;
pub use queue::Queue;
pub use run::{End, Ended, Limits, Model, run};
