//! Dispatchers that take their time: what comes waits for them.

use std::collections::VecDeque;

use crate::ids::TaskId;
use crate::policy::Ready;
use crate::time::{Span, Time};

/// The desk of a dispatcher: tasks that it has yet to send to a server.
#[derive(Default)]
pub(super) struct Desk {
    /// First come, first served, with the instants at which they will have been; those that wait for others have none yet.
    /// What was withdrawn while it was served takes its time all the same.
    line: VecDeque<(Time, Option<Ready>)>,
    /// Ticks of service given, where tasks wait for one another.
    pub served: f64,
}

/// What a dispatcher takes for each task.
#[derive(Clone, Copy)]
pub(super) struct Service {
    pub takes: Span,
    /// Whether it has one in hand at a time.
    pub serial: bool,
}

impl Desk {
    /// A task comes; when the next one will have been served, if that is another instant than before.
    pub fn arrive(&mut self, ready: Ready, service: Service, now: Time) -> Option<Time> {
        let first = self.line.is_empty();
        let done = if first || !service.serial { now + service.takes } else { Time::NEVER };
        self.line.push_back((done, Some(ready)));
        first.then_some(done)
    }

    /// Tasks have been served: they go to `served`. Gives the instant at which the next one will have been, if any is there.
    pub fn serve(&mut self, service: Service, now: Time, served: &mut Vec<Ready>) -> Option<Time> {
        while self.line.front().is_some_and(|(done, _)| *done <= now)
            && let Some((_, ready)) = self.line.pop_front()
        {
            if service.serial {
                self.served += service.takes.ticks() as f64;
            }
            served.extend(ready);
        }
        let (done, _) = self.line.front_mut()?;
        if *done == Time::NEVER {
            *done = now + service.takes;
        }
        Some(*done)
    }

    /// A task is needed no more; false if it isn't here.
    pub fn withdraw(&mut self, task: TaskId) -> bool {
        let is = |entry: &(Time, Option<Ready>)| entry.1.is_some_and(|ready| ready.task == task);
        let Some(at) = self.line.iter().position(is) else { return false };
        if at == 0 {
            self.line[0].1 = None;
        } else {
            self.line.remove(at);
        }
        true
    }

    /// Takes all tasks away; how many.
    pub fn clear(&mut self) -> usize {
        let count = self.line.iter().filter(|(_, ready)| ready.is_some()).count();
        self.line.clear();
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready(number: usize) -> Ready {
        Ready {
            task: TaskId::new(number),
            number: number as u64,
            since: Time::ZERO,
            expected: 1.0,
            allowed: (0, 1),
            origin: None,
        }
    }

    /// When each task is served: those of `arrivals` come at their instants, and `withdrawn` at 5.
    fn served(serial: bool, arrivals: &[u64], withdrawn: Option<usize>) -> Vec<(u64, usize)> {
        let service = Service { takes: Span::from_ticks(4), serial };
        let (mut desk, mut alarm, mut done) = (Desk::default(), Time::NEVER, Vec::new());
        for now in (0..100).map(Time::from_ticks) {
            if now == alarm {
                let mut batch = Vec::new();
                alarm = desk.serve(service, now, &mut batch).unwrap_or(Time::NEVER);
                done.extend(batch.into_iter().map(|ready| (now.ticks(), ready.task.index())));
            }
            for (number, _) in arrivals.iter().enumerate().filter(|(_, at)| **at == now.ticks()) {
                alarm = desk.arrive(ready(number), service, now).unwrap_or(alarm);
            }
            if let Some(task) = withdrawn.filter(|_| now.ticks() == 5) {
                assert!(desk.withdraw(TaskId::new(task)));
                assert!(!desk.withdraw(TaskId::new(task)));
            }
        }
        assert_eq!(desk.clear(), 0);
        done
    }

    #[test]
    fn one_after_another_or_side_by_side() {
        assert_eq!(served(true, &[2, 3, 3, 20], None), [(6, 0), (10, 1), (14, 2), (24, 3)]);
        assert_eq!(served(false, &[2, 3, 3, 20], None), [(6, 0), (7, 1), (7, 2), (24, 3)]);
    }

    #[test]
    fn what_is_withdrawn_in_hand_takes_its_time_and_what_waits_takes_none() {
        assert_eq!(served(true, &[2, 3, 3], Some(0)), [(10, 1), (14, 2)]);
        assert_eq!(served(true, &[2, 3, 3], Some(1)), [(6, 0), (10, 2)]);
        assert_eq!(served(false, &[2, 3, 3], Some(1)), [(6, 0), (7, 2)]);
    }
}
