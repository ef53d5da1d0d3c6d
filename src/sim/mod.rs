//! The simulation of one replicate: the world, the only place where components meet.
//!
//! What is simulated, exactly, is on the model page of the documentation; each file here holds one part of it.
//!
//! The state of a run is `world`, made of `core`, `tasks` (what every task needs), `progress` (what only those need that
//! have had cores), `job`, `central` queues and `message`s. A task's way is `job` (released, ready) → `assign`,
//! `dispatcher` and `central` (a policy decides, a queue gives it a core) → `delivery` (its inputs come) → `phase` (it
//! computes) → `finish` (its fate is counted). Beside it, `steal` and what belongs to it moves tasks between deques,
//! `probe` and `rounds` between queues (`balancer`, `migrate`). `breakdown`, `stalled`, `checkpoint` and `recovery` are
//! what faults do to it; `load` and `tally` keep the books on the way, and `outcome` closes them. Where nothing `rare` can
//! occur, a world is compiled without it.

mod alarm;
mod assign;
mod balancer;
mod breakdown;
mod central;
mod checkpoint;
mod choice;
mod chunks;
mod commons;
mod core;
mod delivery;
mod deque;
mod desk;
mod dispatcher;
mod fact;
mod finish;
mod gather;
mod graph;
mod idle;
mod intervals;
mod job;
mod kind;
mod lifeline;
mod load;
mod lost_nodes;
mod message;
mod migrate;
mod outcome;
mod phase;
mod planned;
mod preempt;
mod probe;
mod progress;
mod rare;
mod ready;
mod recovery;
mod release;
mod request;
mod rounds;
mod service;
mod stale;
mod stalled;
mod steal;
mod stranded;
mod tally;
mod targets;
mod tasks;
mod thief;
mod together;
mod tree;
mod turns;
mod world;

use crate::engine::{self, Limits};
use crate::record::{Outcome, Recorder};
use crate::scenario::Scenario;
use crate::time::Time;
use rare::Cast;
use world::World;

/// Why a replicate has no outcome.
#[derive(Clone, PartialEq, Debug)]
pub enum Failure {
    /// Nothing can happen any more although work remains.
    Stuck {
        /// When that was.
        at: Time,
        /// What the work waits for.
        why: String,
        /// One of the tasks.
        example: Option<String>,
    },
    /// It took more events than `run.limits.events`.
    TooManyEvents {
        /// When that was.
        at: Time,
        /// How many there were.
        events: u64,
    },
    /// Decisions of one instant caused others without end.
    TooManyRounds {
        /// When that was.
        at: Time,
        /// How many rounds there were.
        rounds: u32,
        /// The policies in force.
        policies: String,
    },
}

impl Failure {
    /// The failure in a sentence, with times in the units of `scenario`.
    pub fn describe(&self, scenario: &Scenario) -> String {
        let time = |at: Time| crate::units::seconds(scenario.scale.seconds(at.ticks() as f64));
        match self {
            Failure::Stuck { at, why, example } => {
                let example = example.as_ref().map_or(String::new(), |task| format!(", such as {task}"));
                format!("nothing can happen after {} although work remains{example}: {why}", time(*at))
            }
            Failure::TooManyEvents { at, events } => {
                format!(
                    "{events} events and only {} simulated: raise `run.limits.events` if that is meant",
                    time(*at)
                )
            }
            Failure::TooManyRounds { at, rounds, policies } => {
                format!(
                    "at {} {rounds} rounds of decisions followed one another without time going on, under {policies}",
                    time(*at)
                )
            }
        }
    }
}

/// Simulates replicate number `replicate` of `scenario`, telling `recorder` the facts. The result depends on nothing
/// else: not on threads, order, or other replicates.
///
/// # Errors
/// Where the run can't come to an end.
///
/// # Panics
/// If an identity doesn't hold at the end: a bug of ours.
pub fn simulate<R: Recorder>(
    scenario: &Scenario,
    replicate: u64,
    recorder: &mut R,
) -> Result<Outcome, Failure> {
    let cast = Cast::new(scenario, replicate);
    if !R::ACTIVE && !cast.has_rare(scenario) {
        run::<R, false>(scenario, replicate, cast, recorder)
    } else {
        run::<R, true>(scenario, replicate, cast, recorder)
    }
}

fn run<R: Recorder, const RARE: bool>(
    scenario: &Scenario,
    replicate: u64,
    cast: Cast<'_>,
    recorder: &mut R,
) -> Result<Outcome, Failure> {
    let mut queue = world::queue();
    let mut world = World::<R, RARE>::new(scenario, replicate, cast, recorder, &mut queue);
    let limits = Limits {
        events: scenario.run.limits.events,
        rounds: scenario.run.limits.rounds,
        horizon: scenario.run.horizon,
    };
    let ended = engine::run(&mut world, &mut queue, &limits);
    world.finish(&ended, &mut queue)
}
