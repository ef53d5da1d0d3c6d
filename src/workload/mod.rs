//! Workloads: from parameters or a file to a program.

mod arriving;
pub(crate) mod csv;
mod dag;
pub(crate) mod file;
pub mod generate;
mod loops;
mod service;
mod speedup;
mod task;
mod tasks;
#[cfg(test)]
mod testing;
mod transfers;
mod tree;

pub use tree::SHAPES;

use std::fmt::Debug;

use crate::machine::Machine;
use crate::program::{Body, Kind, Program, Service};
use crate::registry::{Registered, Registry};
use crate::rng::{Distribution, Key, Purpose, Stream};
use crate::source::Context;
use crate::time::Span;

/// A workload as the scenario describes it.
pub trait Workload: Debug + Send + Sync {
    /// The program of one replicate. `draws` gives its streams of random numbers.
    fn start(&self, draws: &Draws) -> Program;

    /// The kinds of tasks it makes, by their number; those of the tasks of a graph, which
    /// knows itself what they need, differ only in how they stand against others.
    fn kinds(&self) -> &[Kind];

    /// The kind of task `number`, where all are known beforehand.
    fn kind_of(&self, _number: u64) -> u32 {
        0
    }

    /// How many tasks it makes, where that is known beforehand.
    fn count(&self) -> Option<u64>;

    /// Whether work arrives over time.
    fn arrives(&self) -> bool {
        false
    }

    /// How the work of its tasks is spread: distributions in ticks at speed 1, each with how often it comes. None
    /// where that isn't known beforehand.
    fn sizes(&self) -> Vec<(f64, Distribution)> {
        Vec::new()
    }

    /// The rate of its arrivals, a tick, if they are a Poisson process.
    fn poisson(&self) -> Option<f64> {
        None
    }

    /// Whether its tasks are known to do nothing but compute.
    fn is_plain(&self) -> bool {
        false
    }

    /// What a loop is like whose iterations cores take in chunks; none of any other workload.
    fn shape(&self) -> Option<LoopShape> {
        None
    }

    /// Whether its tasks make others while they run, so that nobody knows them beforehand.
    fn unfolds(&self) -> bool {
        false
    }

    /// Whether some of its tasks may not run on all cores that it may use.
    fn is_pinned(&self) -> bool {
        self.kinds().iter().any(|kind| kind.pin.is_some())
    }

    /// Whether single tasks of it are pinned that are not kinds of their own, as those of a graph are.
    fn pins_within(&self) -> bool {
        false
    }

    /// Whether its tasks ask for memory bandwidth while they compute.
    fn asks_for_memory(&self) -> bool {
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

    /// What task `number`, one of its kind `kind`, does when it is tried again after a failure, `attempt` times already: drawn
    /// anew. None where nothing of it is drawn, so that it does the same again.
    fn resample(&self, _number: u64, _kind: u32, _attempt: u32, _draws: &Draws) -> Option<Body> {
        None
    }

    /// How many of its tasks are under way at once: each further one is released when one ends. None where the
    /// release of each task says when it is there.
    fn at_once(&self) -> Option<u32> {
        None
    }

    /// How its tasks are served as requests, of a service.
    fn service(&self) -> Option<&Service> {
        None
    }

    /// The time that the real system took in seconds, where the workload is a record of one.
    fn recorded(&self) -> Option<f64> {
        None
    }
}

/// What is known of a loop before it runs.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct LoopShape {
    /// How many iterations each time step has.
    pub iterations: u64,
    /// How many time steps there are.
    pub steps: u64,
    /// What the barrier at the end of each takes.
    pub barrier: Span,
    /// The mean work of an iteration, in ticks at speed 1.
    pub mean: f64,
    /// Its standard deviation, infinite where its distribution has none.
    pub sd: f64,
}

impl LoopShape {
    /// The coefficient of variation of an iteration's work; 0 where there is no work.
    pub fn cv(&self) -> f64 {
        if self.mean > 0.0 { self.sd / self.mean } else { 0.0 }
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
    pub fn stream(&self, purpose: Purpose) -> Stream {
        Stream::new(self.key(purpose))
    }

    /// The key of the stream for `purpose`.
    pub fn key(&self, purpose: Purpose) -> Key {
        Key { seed: self.seed, replicate: self.replicate, source: self.source, purpose }
    }

    /// The stream for attempt number `attempt` at task `number`, whichever task fails first.
    pub fn retry(&self, number: u64, attempt: u32) -> Stream {
        // Numbers take the lower bits and attempts the upper, so that they meet in no run that could end.
        Stream::of_entity(self.key(Purpose::Retry), u64::from(attempt).rotate_right(24) ^ number)
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
pub static WORKLOADS: Registry<dyn Described> = Registry {
    noun: "workload",
    entries: &[&tasks::TASKS, &loops::LOOP, &dag::DAG, &tree::TREE, &service::SERVICE, &transfers::TRANSFERS],
};

impl Registered for dyn Described {
    fn registry() -> &'static Registry<Self> {
        &WORKLOADS
    }

    fn later() -> &'static [&'static str] {
        &["bsp", "mapreduce", "pipeline", "training", "transactions", "jobs", "program"]
    }
}
