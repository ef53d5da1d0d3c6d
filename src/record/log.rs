//! What was decided and what happened, kept in order to be told step by step.

use super::{Choice, Fate, Marker, Recorder, TaskRow};
use crate::ids::CoreId;
use crate::time::Time;

/// Something that can be told in a sentence.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Step {
    /// Something was decided about a task.
    Choice(Choice),
    /// A task ended: its job and number, its lowest core if it ran, and what became of it.
    End(u32, u64, Option<CoreId>, Fate),
    /// Something happened to the machine or a job.
    Mark(Marker),
}

/// The steps of a run, as far as there is room.
#[derive(Debug)]
pub struct Log {
    /// In the order in which they happened.
    pub steps: Vec<(Time, Step)>,
    /// How many there was no room for.
    pub left_out: u64,
    most: usize,
}

impl Log {
    /// Room for `most` steps.
    pub fn new(most: usize) -> Self {
        Log { steps: Vec::new(), left_out: 0, most }
    }

    fn add(&mut self, at: Time, step: Step) {
        if self.steps.len() < self.most {
            self.steps.push((at, step));
        } else {
            self.left_out += 1;
        }
    }
}

impl Recorder for Log {
    fn choice(&mut self, at: Time, choice: &Choice) {
        self.add(at, Step::Choice(*choice));
    }

    fn task(&mut self, row: &TaskRow) {
        self.add(row.end, Step::End(row.job, row.number, row.core, row.fate));
    }

    fn mark(&mut self, at: Time, marker: Marker) {
        self.add(at, Step::Mark(marker));
    }
}
