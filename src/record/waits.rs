//! Who waited: the tasks done by how long they computed, with how long they were there besides.

use std::collections::BTreeMap;

use super::{Fate, Interval, Recorder, State, TaskRow};

/// Most tasks that are kept.
const MOST: usize = 1_000_000;

/// Who waited how long.
#[derive(Debug, Default)]
pub struct Waits {
    /// The tasks done, as far as there is room.
    tasks: Vec<Done>,
    /// How long tasks under way have computed so far, in ticks over all their cores.
    computed: BTreeMap<(u32, u64), u64>,
    /// Where those are that are done and whose last intervals are yet to be told, which may be later.
    ending: BTreeMap<(u32, u64), usize>,
    /// Whether tasks shared cores, so that it isn't known how long each computed.
    shared: bool,
}

/// A task done.
#[derive(Clone, Copy, Debug)]
struct Done {
    /// Ticks that it computed, over all its cores.
    computed: u64,
    /// Ticks from its release to its end.
    there: u64,
    cores: u32,
}

impl Done {
    /// Ticks that it computed and that it was there besides.
    fn told(&self) -> (u64, u64) {
        let computed = self.computed / u64::from(self.cores.max(1));
        (computed, self.there.saturating_sub(computed))
    }
}

/// How long some of the tasks waited, in ticks.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Group {
    /// How many they are.
    pub count: u64,
    /// How long the shortest and the longest of them computed.
    pub sizes: (u64, u64),
    /// How long they computed, on average.
    pub size: f64,
    /// How long they were there besides, likewise.
    pub wait: f64,
}

impl Waits {
    /// The shorter half of the tasks done, and the longest tenth of them; none where they are fewer than twenty, all
    /// alike, or shared cores with one another.
    pub fn short_and_long(&self) -> Option<(Group, Group)> {
        let mut tasks: Vec<(u64, u64)> = self.tasks.iter().map(Done::told).collect();
        tasks.sort_unstable();
        let (first, last) = (tasks.first()?, tasks.last()?);
        if tasks.len() < 20 || first.0 == last.0 || self.shared {
            return None;
        }
        let (half, tenth) = (tasks.len() / 2, tasks.len() - tasks.len() / 10);
        Some((group(&tasks[..half])?, group(&tasks[tenth..])?))
    }
}

fn group(tasks: &[(u64, u64)]) -> Option<Group> {
    let (mut size, mut wait) = (0_u128, 0_u128);
    for task in tasks {
        size += u128::from(task.0);
        wait += u128::from(task.1);
    }
    let count = tasks.len() as f64;
    Some(Group {
        count: tasks.len() as u64,
        sizes: (tasks.first()?.0, tasks.last()?.0),
        size: size as f64 / count,
        wait: wait as f64 / count,
    })
}

impl Recorder for Waits {
    fn interval(&mut self, interval: &Interval) {
        self.shared |= interval.state == State::Compute && interval.task.is_none();
        let (Some(task), State::Compute | State::Lost) = (interval.task, interval.state) else { return };
        let ticks = (interval.to - interval.from).ticks();
        match self.ending.get(&task) {
            None => *self.computed.entry(task).or_default() += ticks,
            Some(at) => {
                let done = &mut self.tasks[*at];
                done.computed += ticks;
                if interval.last && done.cores == 1 {
                    self.ending.remove(&task);
                }
            }
        }
    }

    fn task(&mut self, row: &TaskRow) {
        let task = (row.job, row.number);
        let computed = self.computed.remove(&task).unwrap_or(0);
        let (Some(release), Fate::Done) = (row.release, row.fate) else { return };
        if self.tasks.len() < MOST {
            self.ending.insert(task, self.tasks.len());
            self.tasks.push(Done { computed, there: (row.end - release).ticks(), cores: row.cores });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Idle;
    use super::*;
    use crate::ids::CoreId;
    use crate::time::{Span, Time};

    fn interval(number: u64, from: u64, to: u64, last: bool) -> Interval {
        Interval {
            core: CoreId::new(0),
            from: Time::from_ticks(from),
            to: Time::from_ticks(to),
            state: State::Compute,
            idle: Idle::NoWork,
            task: Some((0, number)),
            sharers: 1,
            memory: Span::ZERO,
            first: false,
            last,
        }
    }

    #[test]
    fn the_short_half_and_the_long_tenth_are_told_apart_whenever_intervals_are_told() {
        let mut waits = Waits::default();
        for number in 0..20 {
            // Task n is there from 0 to 100, and computes n + 1 ticks in two intervals.
            let size = number + 1;
            let row = TaskRow {
                job: 0,
                number,
                release: Some(Time::ZERO),
                start: None,
                end: Time::from_ticks(100),
                core: Some(CoreId::new(0)),
                cores: 1,
                attempts: 1,
                fate: Fate::Done,
            };
            waits.interval(&interval(number, 0, size / 2, false));
            if number % 2 == 0 {
                waits.task(&row);
            }
            waits.interval(&interval(number, size / 2, size, true));
            if number % 2 == 1 {
                waits.task(&row);
            }
        }
        let (short, long) = waits.short_and_long().unwrap();
        assert_eq!((short.count, short.sizes, short.size, short.wait), (10, (1, 10), 5.5, 94.5));
        assert_eq!((long.count, long.sizes, long.size, long.wait), (2, (19, 20), 19.5, 80.5));
        assert!(Waits::default().short_and_long().is_none());
    }
}
