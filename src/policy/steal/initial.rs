//! Where work starts or arrives (`schedule.initial`).

use super::word;
use crate::ids::ServerId;
use crate::policy::dispatch::up::Up;
use crate::policy::{Ready, Reason, Setup};
use crate::rng::{Purpose, Stream};
use crate::source::{Context, Read, Shape, Value};

/// Where work starts or arrives.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Initial {
    /// All of it on the first core.
    FirstCore,
    /// On one core after the other.
    #[default]
    Spread,
    /// As many tasks in a row on each core, by their numbers.
    Block,
    /// On a core drawn at random.
    Random,
}

impl Read for Initial {
    fn shape() -> Shape {
        Shape::Word(&["first-core", "spread", "block", "random"])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let words = [
            ("first-core", Initial::FirstCore),
            ("spread", Initial::Spread),
            ("block", Initial::Block),
            ("random", Initial::Random),
        ];
        word(value, cx, &words)
    }
}

/// Places what comes from outside.
pub(in crate::policy) struct Starts {
    initial: Initial,
    /// The core whose turn it is.
    turn: usize,
    /// How many tasks there are, for blocks.
    count: u64,
    choices: Stream,
}

impl Starts {
    pub fn new(setup: &Setup<'_>) -> Self {
        Starts {
            initial: setup.initial,
            turn: setup.on.0 as usize,
            count: setup.count.unwrap_or(0),
            choices: setup.stream(Purpose::Placement),
        }
    }

    /// Where a task from outside goes, cores that are believed to be `down` left out.
    pub fn place(&mut self, ready: &Ready, down: &[ServerId]) -> (ServerId, Reason) {
        let up = Up::of(ready.allowed, down);
        match self.initial {
            Initial::FirstCore => (up.nth(0), Reason::ByNumber),
            Initial::Spread => {
                let server = up.from(self.turn);
                self.turn = server.index() + 1;
                (server, Reason::InTurn)
            }
            Initial::Block => {
                let rank = u128::from(ready.number) * up.len() as u128 / u128::from(self.count.max(1));
                (up.nth((rank as usize).min(up.len() - 1)), Reason::ByNumber)
            }
            Initial::Random => (up.nth(self.choices.below(up.len() as u64) as usize), Reason::Drawn),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::testing::{Bag, ready, setup};

    fn placed(initial: Initial, tasks: u64, down: &[usize]) -> Vec<usize> {
        let setup = Setup { initial, on: (2, 6), ..setup(&Bag::of(tasks)) };
        let down: Vec<ServerId> = down.iter().map(|core| ServerId::new(*core)).collect();
        let mut starts = Starts::new(&setup);
        let task = |number| Ready { allowed: (2, 6), ..ready(number, 1.0) };
        (0..tasks).map(|number| starts.place(&task(number), &down).0.index()).collect()
    }

    #[test]
    fn work_starts_where_it_is_said_to_and_not_on_cores_that_are_down() {
        assert_eq!(placed(Initial::FirstCore, 3, &[]), [2, 2, 2]);
        assert_eq!(placed(Initial::FirstCore, 2, &[2]), [3, 3]);
        assert_eq!(placed(Initial::Spread, 6, &[]), [2, 3, 4, 5, 2, 3]);
        assert_eq!(placed(Initial::Spread, 4, &[3]), [2, 4, 5, 2]);
        assert_eq!(placed(Initial::Block, 8, &[]), [2, 2, 3, 3, 4, 4, 5, 5]);
        let random = placed(Initial::Random, 400, &[4]);
        assert!([2, 3, 5].iter().all(|core| random.iter().filter(|at| *at == core).count() > 90));
        assert!(random.iter().all(|at| *at != 4));
    }
}
