//! What every core did, kept for a picture.

use super::{Interval, Marker, Recorder, StealRow};
use crate::time::Time;

/// The intervals of all cores and what happened to them, as far as there is room.
#[derive(Debug)]
pub struct Timeline {
    /// The intervals of each core are in order.
    pub intervals: Vec<Interval>,
    /// What happened when, in order.
    pub marks: Vec<(Time, Marker)>,
    /// Who took tasks from whom, in order.
    pub steals: Vec<StealRow>,
    /// The instant up to which this goes, where there was no room for all.
    pub until: Option<Time>,
    most: usize,
}

impl Timeline {
    /// Room for about `most` intervals.
    pub fn new(most: usize) -> Self {
        Timeline { intervals: Vec::new(), marks: Vec::new(), steals: Vec::new(), until: None, most }
    }
}

impl Recorder for Timeline {
    fn interval(&mut self, interval: &Interval) {
        if self.until.is_none() && self.intervals.len() >= self.most {
            // Intervals are stated in the order of their ends: each core still has one that reaches up to here.
            self.until = Some(interval.to);
        }
        match self.until {
            None => self.intervals.push(*interval),
            Some(until) if interval.from < until => {
                self.intervals.push(Interval { to: until.min(interval.to), ..*interval });
            }
            Some(_) => {}
        }
    }

    fn steal(&mut self, row: &StealRow) {
        if self.until.is_none() && self.steals.len() < self.most {
            self.steals.push(*row);
        }
    }

    fn mark(&mut self, at: Time, marker: Marker) {
        if self.until.is_none() && self.marks.len() < self.most {
            self.marks.push((at, marker));
        }
    }
}
