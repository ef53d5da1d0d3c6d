//! The `[schedule]` table.

use super::{OrderSpec, PolicySpec};
use crate::rng::Distribution;
use crate::time::Span;

/// How work is scheduled.
#[derive(Debug)]
pub struct Schedule {
    /// Which core or queue gets ready work.
    pub policy: Box<dyn PolicySpec>,
    /// The order within a queue.
    pub queue: Box<dyn OrderSpec>,
    /// What decisions cost.
    pub cost: Cost,
    /// The factor by which the work that a clairvoyant scheduler sees is wrong.
    pub estimate_error: Option<Distribution>,
    /// Whether ties go to the lowest index and not to one of the equals at random.
    pub lowest: bool,
}

/// What decisions cost.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Cost {
    /// What taking a task from a shared queue takes.
    pub dispatch: Span,
    /// Whether that happens under one lock.
    pub serial: bool,
}
