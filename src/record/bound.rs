//! Lower bounds on the makespan, as a replicate states them.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a lower bound on the makespan follows from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each is described beside its name")]
pub enum BoundKind {
    Area,
    CriticalPath,
    Dispatcher,
    Memory,
}

impl BoundKind {
    /// Its name, and what it assumes.
    fn describe(self) -> (&'static str, &'static str) {
        match self {
            BoundKind::Area => ("area", "all work spread evenly over all cores at their greatest speeds"),
            BoundKind::CriticalPath => {
                ("critical path", "the longest chain of tasks that wait for one another, on the fastest core")
            }
            BoundKind::Dispatcher => ("dispatcher", "every task passes the dispatcher of its queue"),
            BoundKind::Memory => ("memory", "all traffic at the full bandwidth of all sockets"),
        }
    }
}

/// A lower bound on the makespan under its assumptions.
#[derive(Clone, PartialEq, Debug)]
pub struct Bound {
    /// Its name, such as `area` or `critical path`.
    pub name: &'static str,
    /// In seconds; absent where an assumption doesn't hold.
    pub seconds: Option<f64>,
    /// What it assumes, or why it is absent.
    pub about: &'static str,
    kind: BoundKind,
}

impl Bound {
    /// A bound of so many seconds; of none where not every task was done.
    pub fn new(kind: BoundKind, seconds: Option<f64>) -> Self {
        let (name, about) = kind.describe();
        let about = if seconds.is_some() { about } else { "absent: not every task was done" };
        Bound { name, seconds, about, kind }
    }
}

// The words follow from the kind.
impl Serialize for Bound {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.kind, self.seconds).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Bound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Deserialize::deserialize(deserializer).map(|(kind, seconds)| Bound::new(kind, seconds))
    }
}
