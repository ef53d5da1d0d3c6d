//! The cores of a run, and how fast they are.

use super::world::source;
use crate::ids::{NodeId, SocketId, TaskId};
use crate::machine::Speed;
use crate::rng::{Key, Purpose, Sampler, Stream};
use crate::scenario::Scenario;

/// A core during a run.
pub(super) struct Core {
    pub node: NodeId,
    pub socket: SocketId,
    /// Its speed in this replicate.
    pub own: f64,
    /// By what the machine's script multiplies it.
    pub script: f64,
    /// The greatest speed that the script ever gives it.
    pub greatest: f64,
    /// By what slowdowns multiply it, and how many are in force.
    pub slowed: f64,
    pub slowdowns: u32,
    /// How many crashes keep it down.
    pub down: u32,
    /// Whether the others believe it to be down.
    pub noticed: bool,
    /// Whether a job that stands still keeps it.
    pub held: bool,
    /// Whether an attempt to steal occupies it.
    pub thief: bool,
    /// The task it has.
    pub task: Option<TaskId>,
}

impl Core {
    /// Ticks of work that it does in a tick.
    pub fn speed(&self) -> f64 {
        self.own * self.script * self.slowed
    }
}

/// The cores with their speeds in this replicate.
pub(super) fn all(scenario: &Scenario, replicate: u64) -> Vec<Core> {
    let machine = &scenario.machine;
    let key = Key { seed: scenario.run.seed, replicate, source: source::MACHINE, purpose: Purpose::Speed };
    let mut drawn: Vec<Sampler> = (machine.drawn.iter().enumerate())
        .map(|(at, law)| Sampler::new(law.clone(), Stream::of_entity(key, at as u64)))
        .collect();
    let core = |core: &crate::machine::Core| Core {
        node: core.node,
        socket: core.socket,
        own: match core.speed {
            Speed::Given(speed) => speed,
            Speed::Drawn(law) => drawn[law].sample(),
        },
        script: 1.0,
        greatest: 0.0,
        slowed: 1.0,
        slowdowns: 0,
        down: 0,
        noticed: false,
        held: false,
        thief: false,
        task: None,
    };
    let mut cores: Vec<Core> = machine.cores.iter().map(core).collect();
    cores.iter_mut().for_each(|core| core.greatest = core.own);
    for change in &machine.script {
        for core in &change.cores {
            let core = &mut cores[core.index()];
            core.greatest = core.greatest.max(core.own * change.factor);
        }
    }
    cores
}
