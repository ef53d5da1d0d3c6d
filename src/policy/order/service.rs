//! How cores serve the tasks of a queue.

/// How cores serve the tasks of a queue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Service {
    /// A task takes the core of one with a greater key at once.
    pub preempts: bool,
    /// A task gives its core up after a turn, if one waits that comes first then.
    pub turns: bool,
    /// All tasks are served at once, each at its share.
    pub shares: bool,
}

impl Service {
    /// A task that has its core keeps it until it ends or waits for something.
    pub const TO_THE_END: Service = Service { preempts: false, turns: false, shares: false };
    /// A task that comes first takes the core of one that comes later.
    pub const PREEMPTIVE: Service = Service { preempts: true, ..Service::TO_THE_END };
    /// Tasks take turns.
    pub const BY_TURNS: Service = Service { turns: true, ..Service::TO_THE_END };
    /// All at once.
    pub const SHARED: Service = Service { shares: true, ..Service::TO_THE_END };

    /// Preemptive or to the end.
    pub const fn preemptive(preemptive: bool) -> Service {
        if preemptive { Service::PREEMPTIVE } else { Service::TO_THE_END }
    }

    /// Whether a task may lose its core to another.
    pub const fn takes_back(self) -> bool {
        self.preempts || self.turns
    }
}
