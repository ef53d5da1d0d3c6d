//! What can fail: the targets of all injections, and in what state they are.

use super::alarm::Event;
use super::world::source;
use crate::engine::Queue;
use crate::faults::{FaultTarget, Inject, When};
use crate::ids::{CoreId, NodeId};
use crate::rng::{Key, Purpose, Sampler, Stream};
use crate::scenario::Scenario;
use crate::time::{Span, Time};

/// A target of an injection, and its part in it so far.
pub(super) struct Target<'a> {
    pub inject: &'a Inject,
    pub target: &'a FaultTarget,
    uptime: Option<Sampler>,
    pub repair: Option<Sampler>,
    /// How often it has failed.
    pub failed: usize,
    /// Whether it is in the state of having failed, and for good.
    pub broken: bool,
    pub gone: bool,
}

/// All targets of all injections.
pub(super) struct Targets<'a> {
    pub all: Vec<Target<'a>>,
    /// How many faults keep each node down, and whether one of them is for good.
    pub nodes: Vec<(u32, bool)>,
    /// How many nodes are down.
    pub nodes_down: u32,
    pub gone: Vec<bool>,
}

impl<'a> Targets<'a> {
    /// All targets up.
    pub fn new(scenario: &'a Scenario, replicate: u64) -> Self {
        let mut all = Vec::new();
        for (at, inject) in scenario.faults.inject.iter().enumerate() {
            let source = source::FAULT + at as u64;
            let key = Key { seed: scenario.run.seed, replicate, source, purpose: Purpose::Failure };
            for (number, target) in inject.targets.iter().enumerate() {
                let sampler = |law: &crate::rng::Distribution, purpose| {
                    Sampler::new(law.clone(), Stream::of_entity(Key { purpose, ..key }, number as u64))
                };
                let (uptime, repair) = match &inject.when {
                    When::Random { uptime, repair } => (
                        Some(sampler(uptime, Purpose::Failure)),
                        repair.as_ref().map(|law| sampler(law, Purpose::Repair)),
                    ),
                    When::Scripted { .. } => (None, None),
                };
                all.push(Target { inject, target, uptime, repair, failed: 0, broken: false, gone: false });
            }
        }
        let any = !all.is_empty();
        Targets {
            all,
            nodes: vec![(0, false); if any { scenario.machine.nodes.len() } else { 0 }],
            nodes_down: 0,
            gone: vec![false; if any { scenario.machine.len() } else { 0 }],
        }
    }

    /// Sets the first failure of every target.
    pub fn set_first(&mut self, queue: &mut Queue) {
        for at in 0..self.all.len() {
            self.set_next(at as u32, Time::ZERO, queue);
        }
    }

    /// Sets the next failure of a target.
    pub fn set_next(&mut self, at: u32, now: Time, queue: &mut Queue) {
        let target = &mut self.all[at as usize];
        let next = match (&target.inject.when, &mut target.uptime) {
            (When::Scripted { at, .. }, _) => at.get(target.failed).map_or(Time::NEVER, |at| (*at).max(now)),
            (_, Some(uptime)) => now + Span::round_up(uptime.sample()),
            _ => Time::NEVER,
        };
        queue.set(Event::Fault(at).into(), next);
    }

    /// Whether anything can fail.
    pub fn any(&self) -> bool {
        !self.all.is_empty()
    }

    /// Whether any node is down.
    #[inline]
    pub fn any_node_is_down(&self) -> bool {
        self.nodes_down > 0
    }

    /// Whether a node's messages can't pass.
    pub fn node_is_down(&self, node: NodeId) -> bool {
        self.nodes.get(node.index()).is_some_and(|(down, _)| *down > 0)
    }

    /// Whether a node will never be up again.
    pub fn node_is_gone(&self, node: NodeId) -> bool {
        self.nodes.get(node.index()).is_some_and(|(_, gone)| *gone)
    }

    /// Whether a core that is down will be repaired.
    pub fn will_return(&self, core: CoreId) -> bool {
        !self.gone.get(core.index()).copied().unwrap_or(false)
    }
}
