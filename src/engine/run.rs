//! The run loop: instant by instant, and round by round within an instant.

use super::{Alarm, Queue};
use crate::time::Time;

/// What the engine runs.
///
/// Before the run the model sets its first alarms; one at time zero makes it start there.
pub trait Model {
    /// Answers `alarm`, which goes off `now`: acts, and sets what follows. What is set for now goes off in the same
    /// round.
    fn handle(&mut self, now: Time, alarm: Alarm, queue: &mut Queue);

    /// Decides, once all alarms of this instant have gone off. If decisions set alarms for the same instant,
    /// another round follows.
    fn settle(&mut self, now: Time, queue: &mut Queue);

    /// Whether the run is over. Asked at the start and after every instant.
    fn finished(&self) -> bool;
}

/// How far a run may go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// The most alarms that may go off.
    pub events: u64,
    /// The most rounds that one instant may take.
    pub rounds: u32,
    /// The last instant that is simulated.
    pub horizon: Time,
}

/// Why a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// The model has finished.
    Finished,
    /// No alarm is set: nothing can happen again, but the model has not finished.
    Drained,
    /// What comes next lies beyond the horizon.
    Horizon,
    /// More alarms than [`Limits::events`] would have gone off.
    TooManyEvents,
    /// An instant would have taken more rounds than [`Limits::rounds`].
    TooManyRounds,
}

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ended {
    /// Why it ended.
    pub end: End,
    /// When it ended: the last instant that was simulated, or the horizon if it got there.
    pub at: Time,
    /// Alarms that went off.
    pub events: u64,
    /// Instants at which any did.
    pub instants: u64,
}

/// Runs `model` from the alarms in `queue` to an end. A run that ended at the horizon can be run on with a later one.
pub fn run<M: Model>(model: &mut M, queue: &mut Queue, limits: &Limits) -> Ended {
    let (mut at, mut events, mut instants) = (queue.now(), 0, 0);
    let mut next = queue.next_time();
    let end = 'run: loop {
        if model.finished() {
            break End::Finished;
        }
        match next {
            None => break End::Drained,
            Some(next) if next > limits.horizon => {
                at = limits.horizon;
                break End::Horizon;
            }
            Some(next) => at = next,
        }
        instants += 1;
        let mut rounds = 0;
        while next == Some(at) {
            if rounds == limits.rounds {
                break 'run End::TooManyRounds;
            }
            rounds += 1;
            while next == Some(at) {
                if events == limits.events {
                    break 'run End::TooManyEvents;
                }
                events += 1;
                let alarm = queue.pop_first();
                model.handle(at, alarm, queue);
                next = queue.next_time();
            }
            model.settle(at, queue);
            next = queue.next_time();
        }
    };
    Ended { end, at, events, instants }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Span;

    const FREE: Limits = Limits { events: u64::MAX, rounds: u32::MAX, horizon: Time::NEVER };
    const SECOND: Span = Span::from_ticks(1_000);

    /// Writes down what happens and does what the test says.
    struct Script<F> {
        log: Vec<(u64, &'static str, u32)>,
        answer: F,
        finish_after: usize,
    }

    impl<F: FnMut(Time, Option<Alarm>, &mut Queue)> Model for Script<F> {
        fn handle(&mut self, now: Time, alarm: Alarm, queue: &mut Queue) {
            self.log.push((now.ticks(), "handle", alarm.entity()));
            (self.answer)(now, Some(alarm), queue);
        }

        fn settle(&mut self, now: Time, queue: &mut Queue) {
            self.log.push((now.ticks(), "settle", 0));
            (self.answer)(now, None, queue);
        }

        fn finished(&self) -> bool {
            self.log.len() >= self.finish_after
        }
    }

    fn script<F: FnMut(Time, Option<Alarm>, &mut Queue)>(answer: F) -> Script<F> {
        Script { log: Vec::new(), answer, finish_after: usize::MAX }
    }

    fn starting_with(alarms: &[(u64, u32)]) -> Queue {
        let mut queue = Queue::new(1);
        for &(at, entity) in alarms {
            queue.set(Alarm::new(0, entity), Time::from_ticks(at));
        }
        queue
    }

    #[test]
    fn all_alarms_of_an_instant_go_off_before_the_model_decides() {
        let mut model = script(|_, _, _| ());
        let ended = run(&mut model, &mut starting_with(&[(5, 2), (8, 0), (5, 1)]), &FREE);
        let expected =
            [(5, "handle", 1), (5, "handle", 2), (5, "settle", 0), (8, "handle", 0), (8, "settle", 0)];
        assert_eq!(model.log, expected);
        assert_eq!(ended, Ended { end: End::Drained, at: Time::from_ticks(8), events: 3, instants: 2 });
    }

    #[test]
    fn decisions_for_the_same_instant_make_another_round() {
        let mut model = script(|now, alarm, queue| {
            if alarm.is_none() && queue.is_empty() && now == Time::from_ticks(5) {
                queue.set(Alarm::new(0, 9), now);
                queue.set(Alarm::new(0, 3), now + SECOND);
            }
            if alarm == Some(Alarm::new(0, 9)) {
                queue.set(Alarm::new(0, 4), now);
            }
        });
        let ended = run(&mut model, &mut starting_with(&[(5, 1)]), &Limits { rounds: 2, ..FREE });
        let expected = [
            (5, "handle", 1),
            (5, "settle", 0),
            (5, "handle", 9),
            (5, "handle", 4),
            (5, "settle", 0),
            (1005, "handle", 3),
            (1005, "settle", 0),
        ];
        assert_eq!(model.log, expected);
        assert_eq!((ended.end, ended.events, ended.instants), (End::Drained, 4, 2));
    }

    #[test]
    fn a_model_that_never_settles_an_instant_is_stopped() {
        let mut model = script(|now, alarm, queue| {
            if alarm.is_none() {
                queue.set(Alarm::new(0, 0), now);
            }
        });
        let ended = run(&mut model, &mut starting_with(&[(5, 0)]), &Limits { rounds: 7, ..FREE });
        assert_eq!(ended, Ended { end: End::TooManyRounds, at: Time::from_ticks(5), events: 7, instants: 1 });
    }

    #[test]
    fn a_model_whose_round_never_ends_is_stopped() {
        let mut model = script(|now, _, queue| queue.set(Alarm::new(0, 0), now));
        let mut queue = starting_with(&[(5, 0)]);
        let ended = run(&mut model, &mut queue, &Limits { events: 7, ..FREE });
        assert_eq!(ended, Ended { end: End::TooManyEvents, at: Time::from_ticks(5), events: 7, instants: 1 });
        assert_eq!(queue.len(), 1);
    }

    #[test]
    fn a_finished_model_ends_after_the_instant_in_which_it_finished() {
        let mut model = script(|_, _, _| ());
        model.finish_after = 1;
        let ended = run(&mut model, &mut starting_with(&[(5, 0), (5, 1), (6, 2)]), &FREE);
        assert_eq!(ended, Ended { end: End::Finished, at: Time::from_ticks(5), events: 2, instants: 1 });
        assert_eq!(run(&mut model, &mut starting_with(&[(5, 0)]), &FREE).events, 0);
    }

    #[test]
    fn the_horizon_is_simulated_and_the_run_can_go_on_behind_it() {
        let mut model = script(|_, _, _| ());
        let mut queue = starting_with(&[(5, 0), (6, 1), (7, 2)]);
        let ended = run(&mut model, &mut queue, &Limits { horizon: Time::from_ticks(6), ..FREE });
        assert_eq!(ended, Ended { end: End::Horizon, at: Time::from_ticks(6), events: 2, instants: 2 });
        let ended = run(&mut model, &mut queue, &FREE);
        assert_eq!(ended, Ended { end: End::Drained, at: Time::from_ticks(7), events: 1, instants: 1 });
    }
}
