//! How the tasks of a graph stand against others.

use crate::program::{Kind, Standing};
use crate::source::Fields;
use crate::time::Span;
use crate::workload::task::{DEADLINE, PRIORITY, WEIGHT};

/// What the keys of a task, or of all tasks, say of it; each absent where it isn't given.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Given {
    priority: Option<u32>,
    deadline: Option<Span>,
    weight: Option<f64>,
}

impl Given {
    /// Takes the keys out of a table that is being read.
    pub(super) fn take(fields: &Fields<'_>) -> Option<Self> {
        let (priority, deadline, weight) =
            (fields.maybe(&PRIORITY), fields.maybe(&DEADLINE), fields.maybe(&WEIGHT));
        Some(Given { priority: priority?, deadline: deadline?, weight: weight? })
    }

    /// These keys, those of `defaults` where they aren't given, and else the usual.
    pub(super) fn or(self, defaults: Given) -> Standing {
        let usual = Standing::default();
        Standing {
            priority: self.priority.or(defaults.priority).unwrap_or(usual.priority),
            deadline: self.deadline.or(defaults.deadline),
            weight: self.weight.or(defaults.weight).unwrap_or(usual.weight),
        }
    }
}

/// The kinds of a graph's tasks, which differ in how they stand, and of each task its kind.
#[derive(Debug)]
pub(super) struct Kinds {
    pub(super) all: Vec<Kind>,
    /// Empty where there is one.
    of: Vec<u32>,
}

impl Kinds {
    /// One for all.
    pub(super) fn one(kind: Kind) -> Self {
        Kinds { all: vec![kind], of: Vec::new() }
    }

    /// One for each way in which tasks stand, otherwise like `kind`.
    pub(super) fn of(kind: &Kind, standings: &[Standing]) -> Self {
        let mut kinds = Kinds { all: Vec::new(), of: Vec::new() };
        for standing in standings {
            let known = kinds.all.iter().position(|kind| kind.standing == *standing);
            kinds.of.push(known.unwrap_or(kinds.all.len()) as u32);
            if known.is_none() {
                kinds.all.push(Kind { standing: *standing, ..kind.clone() });
            }
        }
        if kinds.all.len() <= 1 {
            kinds.of.clear();
        }
        if kinds.all.is_empty() { Kinds::one(kind.clone()) } else { kinds }
    }

    /// The kind of task `number`.
    pub(super) fn number(&self, number: u64) -> u32 {
        self.of.get(number as usize).copied().unwrap_or(0)
    }
}
