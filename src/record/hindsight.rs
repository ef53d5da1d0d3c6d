//! What was lost in the end, known before it is told.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{
    Choice, ChunkRow, CoreRow, Interval, Levels, Marker, MessageRow, Recorder, State, StealRow, StepRow,
    TaskRow,
};
use crate::ids::CoreId;
use crate::program::graph::Graph;
use crate::time::{Span, Time};

/// Holds intervals back for a while, so that those whose work is thrown away later are told as lost. Everything else is
/// passed on at once; intervals stay in order among themselves.
pub struct Hindsight<R> {
    to: R,
    /// The intervals held back, each with the number of the one before it on its core.
    held: VecDeque<(Interval, u64)>,
    /// The number of the first of them; numbers count all intervals from 1.
    first: u64,
    /// The number of the last interval of each core; 0 before it.
    latest: Vec<u64>,
    most: usize,
}

impl<R: Recorder> Hindsight<R> {
    /// Tells `to` what happens on `cores` cores, holding back at most `most` intervals: what was computed longer ago can't
    /// be told as lost.
    pub fn new(cores: usize, most: usize, to: R) -> Self {
        Hindsight { to, held: VecDeque::new(), first: 1, latest: vec![0; cores], most }
    }

    /// The recorder that was told.
    pub fn into_inner(mut self) -> R {
        self.pass_on(0);
        self.to
    }

    fn pass_on(&mut self, rest: usize) {
        while self.held.len() > rest
            && let Some((interval, _)) = self.held.pop_front()
        {
            self.first += 1;
            self.to.interval(&interval);
        }
    }
}

impl<R: Recorder> Recorder for Hindsight<R> {
    const ACTIVE: bool = R::ACTIVE;

    fn interval(&mut self, interval: &Interval) {
        let number = self.first + self.held.len() as u64;
        let before = std::mem::replace(&mut self.latest[interval.core.index()], number);
        self.held.push_back((*interval, before));
        self.pass_on(self.most);
    }

    fn lost(&mut self, core: CoreId, task: (u32, u64), span: Span) {
        let mut left = span.ticks();
        let mut number = self.latest[core.index()];
        while left > 0 && number >= self.first {
            let (interval, before) = &mut self.held[(number - self.first) as usize];
            if interval.state == State::Compute && interval.task == Some(task) {
                left = left.saturating_sub((interval.to - interval.from).ticks());
                (interval.state, interval.memory) = (State::Lost, Span::ZERO);
            }
            number = *before;
        }
    }

    fn core(&mut self, row: &CoreRow) {
        self.pass_on(0);
        self.to.core(row);
    }

    fn steal(&mut self, row: &StealRow) {
        self.to.steal(row);
    }

    fn graph(&mut self, job: u32, graph: &Arc<Graph>) {
        self.to.graph(job, graph);
    }

    fn chunk(&mut self, row: &ChunkRow) {
        self.to.chunk(row);
    }

    fn step(&mut self, row: &StepRow<'_>) {
        self.to.step(row);
    }

    fn choice(&mut self, at: Time, choice: &Choice) {
        self.to.choice(at, choice);
    }

    fn task(&mut self, row: &TaskRow) {
        self.to.task(row);
    }

    fn message(&mut self, row: &MessageRow) {
        self.to.message(row);
    }

    fn mark(&mut self, at: Time, marker: Marker) {
        self.to.mark(at, marker);
    }

    fn levels(&mut self, at: Time, levels: Levels) {
        self.to.levels(at, levels);
    }
}

#[cfg(test)]
mod tests {
    use super::super::Idle;
    use super::*;

    #[derive(Default)]
    struct Told(Vec<(usize, u64, State)>);

    impl Recorder for Told {
        fn interval(&mut self, interval: &Interval) {
            self.0.push((interval.core.index(), interval.from.ticks(), interval.state));
        }
    }

    fn computing(core: usize, from: u64, to: u64, number: u64) -> Interval {
        Interval {
            core: CoreId::new(core),
            from: Time::from_ticks(from),
            to: Time::from_ticks(to),
            state: State::Compute,
            idle: Idle::NoWork,
            task: Some((0, number)),
            sharers: 1,
            memory: Span::ZERO,
            first: false,
            last: false,
        }
    }

    fn told(most: usize) -> Vec<(usize, u64, State)> {
        let mut hindsight = Hindsight::new(2, most, Told::default());
        for interval in
            [computing(0, 0, 4, 7), computing(1, 0, 5, 8), computing(0, 4, 6, 7), computing(0, 6, 9, 9)]
        {
            hindsight.interval(&interval);
        }
        hindsight.lost(CoreId::new(0), (0, 7), Span::from_ticks(2));
        hindsight.into_inner().0
    }

    #[test]
    fn only_as_much_is_lost_as_is_counted_back_from_the_last_interval_of_the_task() {
        let (done, lost) = (State::Compute, State::Lost);
        assert_eq!(told(10), [(0, 0, done), (1, 0, done), (0, 4, lost), (0, 6, done)]);
    }

    #[test]
    fn what_was_passed_on_already_stays_what_it_was() {
        assert!(told(1).iter().all(|(_, _, state)| *state == State::Compute));
        assert_eq!(told(1).len(), 4);
    }
}
