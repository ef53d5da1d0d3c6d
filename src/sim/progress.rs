//! How far tasks have got that have been given cores.

use crate::ids::CoreId;
use crate::sharing::FlowId;
use crate::time::{Span, Time};

/// How far a task has got. It keeps that while it stands still or waits to be tried again, until it has ended for good.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// The cores beside its lowest.
    pub more: Vec<CoreId>,
    /// The operation it is at.
    pub op: u32,
    /// The work left of it in ticks at speed 1, as of `segment`.
    pub left: f64,
    /// Bytes left of an operation without work, which alone say how far it has got, as of `segment`.
    pub unread: f64,
    /// Work per tick while nothing but the cores limits it.
    pub rate: f64,
    /// Since when the present segment runs at that rate.
    pub segment: Time,
    /// Its share of memory bandwidth, if the phase needs any.
    pub flow: Option<FlowId>,
    /// Ticks of computing and of waiting for memory on each of its cores that a fault would throw away.
    pub spent: (u64, u64),
    /// How many of them lie in the warm-up.
    pub cold: u64,
    /// Work whose time has been accounted for: equals its work in the end.
    pub credit: f64,
    /// By how much rounding to ticks may have falsified that.
    pub slack: f64,
    /// What the last checkpoint knows of it.
    pub saved: Option<Box<Saved>>,
    /// The core that it has lost to another task, if it goes on from there when it gets one again.
    pub resumes: Option<CoreId>,
    /// What `spent` was on cores that it had before, where a fault could throw it away.
    pub earlier: Vec<(CoreId, (u64, u64))>,
}

/// What a job's last checkpoint knows of a task that was running then.
#[derive(Clone, Debug)]
pub(super) struct Saved {
    /// The operation it was at.
    pub op: u32,
    /// The work of it on the cores it had.
    pub work: f64,
    /// What was left of it.
    pub left: f64,
    /// What was left of its traffic, where it has no work.
    pub unread: f64,
    /// The work whose time has been accounted for by then.
    pub credit: f64,
    /// Its cores, lowest first.
    pub cores: Vec<CoreId>,
}

impl Progress {
    /// How long it has been served since its last checkpoint, on whatever cores.
    pub fn served(&self) -> Span {
        let ticks = |(compute, memory): (u64, u64)| compute + memory;
        Span::from_ticks(ticks(self.spent) + self.earlier.iter().map(|(_, spent)| ticks(*spent)).sum::<u64>())
    }

    /// Back to nothing, for another task; the room for cores is kept.
    #[inline(always)]
    pub fn clear(&mut self) {
        self.more.clear();
        self.earlier.clear();
        (self.op, self.left, self.unread) = (0, 0.0, 0.0);
        (self.rate, self.segment) = (0.0, Time::ZERO);
        (self.spent, self.cold, self.credit, self.slack) = ((0, 0), 0, 0.0, 0.0);
        (self.flow, self.resumes) = (None, None);
        if self.saved.is_some() {
            self.saved = None;
        }
    }
}
