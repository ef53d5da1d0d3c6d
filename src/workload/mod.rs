//! Workloads: from parameters or a file to a program.

pub mod generate;

use std::fmt::Debug;

use crate::machine::Machine;
use crate::program::{Kind, Program};
use crate::registry::{Registered, Registry};
use crate::rng::Purpose;
use crate::source::Context;

/// A workload as the scenario describes it.
pub trait Workload: Debug + Send + Sync {
    /// The program of one replicate. `draws` gives its streams of random numbers.
    fn start(&self, draws: &Draws) -> Program;

    /// The kinds of tasks it makes, by their number.
    fn kinds(&self) -> &[Kind];

    /// How many tasks it makes, where that is known beforehand.
    fn count(&self) -> Option<u64>;

    /// Whether work arrives over time.
    fn arrives(&self) -> bool {
        false
    }

    /// Whether anything of it is drawn at random.
    fn is_random(&self) -> bool;

    /// Whether its tasks occupy cores, as all but pure transfers do.
    fn uses_cores(&self) -> bool {
        true
    }

    /// The name of task `number`: what the file calls it, else `task 17`.
    fn task_name(&self, number: u64) -> String {
        format!("task {number}")
    }

    /// The time that the real system took in seconds, where the workload is a record of one.
    fn recorded(&self) -> Option<f64> {
        None
    }
}

/// Gives a workload its streams of random numbers.
#[derive(Clone, Copy, Debug)]
pub struct Draws {
    /// The scenario's seed.
    pub seed: u64,
    /// The index of the replicate.
    pub replicate: u64,
    /// The workload's number as a source of draws.
    pub source: u64,
}

impl Draws {
    /// The stream for `purpose`.
    pub fn stream(&self, purpose: Purpose) -> crate::rng::Stream {
        crate::rng::Stream::new(crate::rng::Key {
            seed: self.seed,
            replicate: self.replicate,
            source: self.source,
            purpose,
        })
    }
}

/// A workload as the scenario says it, before its addresses are looked up.
pub trait Described: Debug {
    /// The workload on `machine`; problems, such as an address of no node, go to `cx`.
    fn resolve(self: Box<Self>, machine: &Machine, cx: &Context<'_>) -> Option<Box<dyn Workload>>;

    /// The machines that a recorded workload names: for `machine.from = "workload"`.
    fn machine(&self) -> Option<Machine> {
        None
    }
}

/// The kinds of workloads.
pub static WORKLOADS: Registry<dyn Described> = Registry { noun: "workload", entries: &[] };

impl Registered for dyn Described {
    fn registry() -> &'static Registry<Self> {
        &WORKLOADS
    }
}
