//! Rebalancing: tasks that wait in the queue of one core move to that of another (`schedule.rebalance`).

mod diffusion;
mod measure;
mod neighbours;
mod probing;
mod receiver_initiated;
mod sender_initiated;
mod threshold;

pub use measure::Measure;
pub use probing::{Probing, Side, draw};

use std::fmt::Debug;

use super::{Reason, Setup};
use crate::registry::{Registered, Registry};
use crate::time::Span;

/// A way of rebalancing as the scenario chooses it.
pub trait RebalanceSpec: Debug + Send + Sync {
    /// What it takes for the load of a core.
    fn measure(&self) -> Measure;

    /// Who begins, and what follows.
    fn way(&self) -> Way<'_>;

    /// Why its tasks move.
    fn reason(&self) -> Reason;

    /// Whether it draws at random.
    fn is_random(&self) -> bool {
        matches!(self.way(), Way::Probes(_))
    }
}

/// Who begins to rebalance, and what follows.
pub enum Way<'a> {
    /// A core that has too much or too little asks others, one by one.
    Probes(Probing),
    /// All exchange their loads every so often.
    Rounds(&'a dyn RoundsSpec),
}

/// Rounds as the scenario chooses them.
pub trait RoundsSpec {
    /// How often there is one.
    fn every(&self) -> Span;

    /// Fresh state for one replicate.
    fn start(&self, setup: &Setup<'_>) -> Box<dyn Rounds>;

    /// Whether it means nothing without a network.
    fn needs_network(&self) -> bool {
        false
    }
}

/// Rounds of rebalancing in one replicate. Cores are numbered from 0 among those that take part.
pub trait Rounds {
    /// How many loads are asked for in a round.
    fn asked(&self) -> u64;

    /// Moves tasks. `loads` are those that were exchanged, none of a core that is believed to be down.
    fn round(&mut self, loads: &[Option<f64>], queues: &mut dyn Queued);
}

/// What waits in the queues of the cores that take part in a round.
pub trait Queued {
    /// The size of the task that waits at `from` and would be served last of those that may go to `to`; none if there
    /// is none.
    fn offer(&mut self, from: usize, to: usize) -> Option<Size>;

    /// Moves the task that [`Queued::offer`] has just told.
    fn give(&mut self, from: usize, to: usize);
}

/// How much a task adds to the load of a core.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Size {
    /// Where it is.
    pub here: f64,
    /// Where it would go.
    pub there: f64,
}

/// The ways of rebalancing.
pub static REBALANCERS: Registry<dyn RebalanceSpec> = Registry {
    noun: "way of rebalancing",
    entries: &[&sender_initiated::ENTRY, &receiver_initiated::ENTRY, &threshold::ENTRY, &diffusion::ENTRY],
};

impl Registered for dyn RebalanceSpec {
    fn registry() -> &'static Registry<Self> {
        &REBALANCERS
    }

    fn elsewhere(name: &str) -> Option<&'static str> {
        let known = super::POLICIES.entries.iter().any(|entry| entry.name == name);
        known.then_some("that is a policy, which says where work goes at first: give it as `schedule.policy`")
    }
}

#[cfg(test)]
pub(super) mod testing {
    //! Queues of tasks that are nothing but sizes.

    use super::{Queued, Size};

    /// The sizes of the tasks that wait at each core, that served last at the end, and the speeds of the cores.
    pub struct Queues {
        pub waiting: Vec<Vec<f64>>,
        pub speeds: Vec<f64>,
        pub moves: Vec<(usize, usize)>,
    }

    impl Queues {
        /// Each core has so many tasks of size 1 that wait.
        pub fn of(counts: &[usize]) -> Self {
            Queues {
                waiting: counts.iter().map(|count| vec![1.0; *count]).collect(),
                speeds: vec![1.0; counts.len()],
                moves: Vec::new(),
            }
        }

        /// Each core's load: what waits there, and what is in service.
        pub fn loads(&self, in_service: &[f64]) -> Vec<Option<f64>> {
            let load = |((waiting, speed), served): ((&Vec<f64>, &f64), &f64)| {
                Some(waiting.iter().sum::<f64>() / speed + served)
            };
            self.waiting.iter().zip(&self.speeds).zip(in_service).map(load).collect()
        }
    }

    impl Queued for Queues {
        fn offer(&mut self, from: usize, to: usize) -> Option<Size> {
            let size = *self.waiting[from].last()?;
            Some(Size { here: size / self.speeds[from], there: size / self.speeds[to] })
        }

        fn give(&mut self, from: usize, to: usize) {
            let task = self.waiting[from].pop().expect("it was offered");
            self.waiting[to].push(task);
            self.moves.push((from, to));
        }
    }
}
