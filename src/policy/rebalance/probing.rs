//! Probes: a core that has too much or too little asks others for their load, one by one.

use std::num::NonZeroU32;

use super::measure::{MEASURE, Measure};
use crate::rng::Stream;
use crate::source::{Context, Field, Fields, Read, Shape, Value, quantity};
use crate::time::Span;
use crate::units::Dimension;

/// Who probes, when, and how often.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Probing {
    /// Who begins.
    pub side: Side,
    /// What counts as the load.
    pub measure: Measure,
    /// Above it a core has too much, below it too little: a number of tasks, or ticks.
    pub threshold: f64,
    /// How many others are asked at most in one attempt, each once.
    pub probes: u32,
    /// How long after an attempt in vain a core begins another, if it still has too little.
    pub again: Option<Span>,
}

/// Who begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// A core that has too much, when a task comes.
    Sender,
    /// A core that has too little, when a task ends.
    Receiver,
}

impl Probing {
    /// Whether a core with this load begins.
    pub fn wants(&self, load: f64) -> bool {
        match self.side {
            Side::Sender => load > self.threshold,
            Side::Receiver => load < self.threshold,
        }
    }

    /// Whether a core with this load is what is looked for.
    pub fn suits(&self, load: f64) -> bool {
        match self.side {
            Side::Sender => load < self.threshold,
            Side::Receiver => load > self.threshold,
        }
    }
}

/// One of `count` numbers from 0 that isn't in `tried`, which is sorted, each as likely; it is put there. None if there is
/// no other.
pub fn draw(count: u32, tried: &mut Vec<u32>, choices: &mut Stream) -> Option<u32> {
    let left = count.checked_sub(tried.len() as u32).filter(|left| *left > 0)?;
    let mut drawn = choices.below(u64::from(left)) as u32;
    let mut at = 0;
    while tried.get(at).is_some_and(|other| *other <= drawn) {
        drawn += 1;
        at += 1;
    }
    tried.insert(at, drawn);
    Some(drawn)
}

/// A load as it is given: a number of tasks, or a time.
#[derive(Clone, Copy, Debug)]
pub(super) enum Level {
    Tasks(u32),
    Time(Span),
}

impl Read for Level {
    fn shape() -> Shape {
        Shape::OneOf(vec![Shape::Integer(1, u64::from(u32::MAX)), Shape::Quantity(Dimension::Time)])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        if value.text().is_none() {
            return NonZeroU32::read(value, cx).map(|tasks| Level::Tasks(tasks.get()));
        }
        Some(Level::Time(Span::round_up(quantity(value, Dimension::Time, cx)?)))
    }
}

pub(super) const THRESHOLD: Field<Level> = Field::new(
    "threshold",
    "the load that is enough, a core's task in service included: a number of tasks, or a time where `measure` says so",
)
.default("1");
pub(super) const PROBES: Field<NonZeroU32> =
    Field::new("probes", "how many others are asked in one attempt, drawn at random, each once").default("3");

/// Reads what both sides have in common.
pub(super) fn read(fields: &Fields<'_>, side: Side, again: Option<Span>) -> Option<Probing> {
    let (threshold, probes, measure) = (fields.take(&THRESHOLD), fields.take(&PROBES), fields.take(&MEASURE));
    let (threshold, probes, measure) = (threshold?, probes?, measure?);
    let threshold = match (threshold, measure) {
        (Level::Tasks(tasks), Measure::Tasks) => f64::from(tasks),
        (Level::Time(time), Measure::Expected | Measure::Work) => time.ticks() as f64,
        (Level::Tasks(_), _) => {
            fields.fault(
                THRESHOLD_NAME,
                "the load is measured as a time, so the threshold must be one, such as \"20 ms\"",
            );
            return None;
        }
        (Level::Time(_), Measure::Tasks) => {
            fields.fault(
                THRESHOLD_NAME,
                "the load is the number of tasks, so the threshold must be one: for a time give `measure` too, such as \"work\"",
            );
            return None;
        }
    };
    Some(Probing { side, measure, threshold, probes: probes.get(), again })
}

const THRESHOLD_NAME: &str = "threshold";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::testing::chi_square;
    use crate::rng::{Key, Purpose};

    #[test]
    fn all_others_are_drawn_each_once_and_each_as_likely() {
        let mut choices = Stream::new(Key { seed: 7, replicate: 0, source: 0, purpose: Purpose::Probe });
        let mut counts = [0_u64; 6];
        for _ in 0..6000 {
            let mut tried = vec![2];
            let first = draw(6, &mut tried, &mut choices).unwrap();
            counts[first as usize] += 1;
            let mut all = vec![2, first];
            while let Some(next) = draw(6, &mut tried, &mut choices) {
                all.push(next);
            }
            all.sort_unstable();
            assert_eq!((all, tried), (vec![0, 1, 2, 3, 4, 5], vec![0, 1, 2, 3, 4, 5]));
        }
        assert_eq!(counts[2], 0);
        // χ² with 4 degrees of freedom exceeds 23.5 once in 10,000.
        let others = [counts[0], counts[1], counts[3], counts[4], counts[5]];
        assert!(chi_square(&others) < 23.5, "{counts:?}");
        assert_eq!(draw(1, &mut vec![0], &mut choices), None);
    }

    #[test]
    fn neither_side_does_anything_at_the_threshold_itself() {
        let of = |side| Probing { side, measure: Measure::Tasks, threshold: 2.0, probes: 3, again: None };
        let (sender, receiver) = (of(Side::Sender), of(Side::Receiver));
        let at = |probing: &Probing| [1.0, 2.0, 3.0].map(|load| (probing.wants(load), probing.suits(load)));
        assert_eq!(at(&sender), [(false, true), (false, false), (true, false)]);
        assert_eq!(at(&receiver), [(true, false), (false, false), (false, true)]);
    }
}
