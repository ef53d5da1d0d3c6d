//! The servers in turn, some more often than others.

use super::ranking::Ranking;
use super::weights::Weights;
use crate::error::Problem;
use crate::ids::ServerId;
use crate::policy::{Decision, Knowledge, Policy, PolicySpec, Queues, Ready, Reason, Setup, View, fits};
use crate::registry::Entry;
use crate::source::{Field, Fields};
use crate::workload::Workload;

const WEIGHTS: Field<Weights> =
    Field::new("weights", "how often each server gets a task, in any proportion; as its speed where absent")
        .optional();

/// Gives server *i* its next task where (*n*ᵢ + ½)/*w*ᵢ is least, *n*ᵢ being how many it has had. So the turns of each are spread as
/// evenly as they go, and each has had its part of all tasks to within one. A server that comes back goes on beside the
/// others and makes up for nothing.
#[derive(Debug)]
struct WeightedRoundRobin {
    weights: Option<Weights>,
}

impl PolicySpec for WeightedRoundRobin {
    fn queues(&self) -> Queues<'_> {
        Queues::PerServer
    }

    fn knowledge(&self) -> Option<Knowledge> {
        Some(Knowledge::Nothing)
    }

    fn start(&self, setup: &Setup<'_>) -> Box<dyn Policy> {
        let all = setup.on.0 as usize..setup.on.1 as usize;
        let mut strides = Strides {
            first: all.start,
            strides: match &self.weights {
                Some(weights) => weights.each.iter().map(|weight| 1.0 / weight).collect(),
                None => setup.cores[all.clone()].iter().map(|core| 1.0 / core.speed).collect(),
            },
            // Ties always go to the lowest: who is first in a round is no matter of chance.
            turns: Ranking::new(&Setup { lowest: true, ..*setup }),
            passed: 0.0,
        };
        for at in all {
            strides.turns.set(ServerId::new(at), (0.5 * strides.strides[at - strides.first]).to_bits());
        }
        Box::new(strides)
    }

    fn misfits(&self, workload: &dyn Workload) -> Vec<Problem> {
        fits::one_core_each("weighted-round-robin", workload).into_iter().collect()
    }

    fn needs_servers(&self, servers: u32) -> Option<Problem> {
        let help = "give one for each server, or leave `weights` out for weights by speed";
        self.weights.as_ref()?.wrong_number(servers, help)
    }
}

struct Strides {
    first: usize,
    /// By how much the turn of each server goes on with each task it gets.
    strides: Vec<f64>,
    /// The servers by the turns at which they get their next task. As turns aren't negative, they are ordered as their bits
    /// are.
    turns: Ranking,
    /// The last turn that was given.
    passed: f64,
}

impl Policy for Strides {
    fn decide(&mut self, ready: &Ready, view: &View<'_>) -> Decision {
        let server = self.turns.least(ready.allowed, view);
        let turn = self.turns.key(server).map_or(0.0, f64::from_bits);
        let stride = self.strides[server.index() - self.first];
        // Who was away would otherwise get all that it missed.
        let turn = turn.max(self.passed - 0.5 * stride);
        self.passed = self.passed.max(turn);
        self.turns.set(server, (turn + stride).to_bits());
        Decision::Enqueue { server, reason: Reason::InTurn }
    }
}

pub(in crate::policy) static ENTRY: Entry<dyn PolicySpec> = Entry {
    name: "weighted-round-robin",
    about: "the servers in turn, each as often as its weight says and as evenly as can be",
    cite: "Waldspurger & Weihl 1995, Stride scheduling; the turns are those of Webster's apportionment \
           (Balinski & Young 1982)",
    fields: &[&WEIGHTS],
    bare: Some("weights"),
    read: |fields: &Fields<'_>| Some(Box::new(WeightedRoundRobin { weights: fields.maybe(&WEIGHTS)? })),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::Place;
    use crate::policy::testing::{Bag, ready, servers, servers_chosen, setup};

    fn turns(weights: &[f64], tasks: usize, down: &[ServerId]) -> Vec<usize> {
        let cores = servers(weights.len());
        let policy =
            WeightedRoundRobin { weights: Some(Weights { each: weights.to_vec(), place: Place::new(0, 0) }) };
        let on = (0, weights.len() as u32);
        let mut policy = policy.start(&Setup { cores: &cores, on, ..setup(&Bag::of(0)) });
        servers_chosen(&mut *policy, &vec![Ready { allowed: on, ..ready(0, 1.0) }; tasks], down)
    }

    #[test]
    fn turns_are_spread_evenly_and_equal_weights_take_plain_turns() {
        assert_eq!(turns(&[1.0, 1.0, 1.0], 6, &[]), [0, 1, 2, 0, 1, 2]);
        assert_eq!(turns(&[5.0, 1.0, 1.0], 14, &[]), [0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 1, 2, 0, 0]);
        assert_eq!(turns(&[2.0, 1.0], 6, &[]), [0, 1, 0, 0, 1, 0]);
    }

    #[test]
    fn at_every_moment_each_has_had_its_part_to_within_one() {
        let weights = [0.3, 2.0, 1.1, 5.5];
        let all: f64 = weights.iter().sum();
        let chosen = turns(&weights, 3000, &[]);
        let mut had = [0.0; 4];
        for (sent, &server) in (1..).zip(&chosen) {
            had[server] += 1.0;
            for (count, weight) in had.iter().zip(weights) {
                let part = f64::from(sent) * weight / all;
                assert!((count - part).abs() <= 1.0, "{had:?} after {sent}");
            }
        }
    }

    #[test]
    fn who_is_down_misses_its_turns_for_good() {
        let cores = servers(2);
        let mut policy = WeightedRoundRobin { weights: None }.start(&Setup {
            cores: &cores,
            on: (0, 2),
            ..setup(&Bag::of(0))
        });
        let tasks = [Ready { allowed: (0, 2), ..ready(0, 1.0) }; 6];
        assert_eq!(servers_chosen(&mut *policy, &tasks, &[ServerId::new(0)]), [1; 6]);
        let back = servers_chosen(&mut *policy, &tasks, &[]);
        assert!(back.iter().filter(|server| **server == 0).count() <= 4, "{back:?}");
    }
}
