//! For unit tests: a workload of nothing but numbers, what policies know of it, and questions to ask them.

use super::steal::Initial;
use super::{Candidate, CoreInfo, Decision, Load, Policy, Ready, Setup, View};
use crate::ids::{NodeId, ServerId, SocketId, TaskId};
use crate::program::{Kind, Program, Speedup, Standing};
use crate::rng::{Key, Purpose};
use crate::time::{Span, Time};
use crate::workload::{Draws, Workload};

/// A workload that is never run.
#[derive(Debug)]
pub(super) struct Bag {
    pub count: Option<u64>,
    pub arrives: bool,
    pub names: Vec<String>,
    pub kinds: Vec<Kind>,
}

impl Bag {
    pub fn of(count: u64) -> Self {
        let kind =
            Kind { name: None, cores: 1, speedup: Speedup::Linear, pin: None, standing: Standing::default() };
        Bag { count: Some(count), arrives: false, names: Vec::new(), kinds: vec![kind] }
    }

    pub fn named(names: &[&str]) -> Self {
        Bag { names: names.iter().map(|&name| name.to_owned()).collect(), ..Bag::of(names.len() as u64) }
    }

    /// With a task called `name` that takes `cores` cores.
    pub fn with_wide(mut self, name: &str, cores: u32) -> Self {
        self.kinds.push(Kind {
            name: Some(name.to_owned()),
            cores,
            speedup: Speedup::Linear,
            pin: None,
            standing: Standing::default(),
        });
        self
    }
}

impl Workload for Bag {
    fn start(&self, _: &Draws) -> Program {
        unreachable!("a policy never starts a workload")
    }

    fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    fn count(&self) -> Option<u64> {
        self.count
    }

    fn arrives(&self) -> bool {
        self.arrives
    }

    fn is_random(&self) -> bool {
        false
    }

    fn task_name(&self, number: u64) -> String {
        self.names.get(number as usize).cloned().unwrap_or_else(|| format!("task {number}"))
    }
}

/// One core on one node.
const ONE: &[CoreInfo] = &[CoreInfo { node: NodeId::new(0), socket: SocketId::new(0), speed: 1.0 }];

/// What is known of `bag` on one core.
pub(super) fn setup(bag: &Bag) -> Setup<'static> {
    let names = bag.names.clone();
    let name = move |number: u64| names[number as usize].clone();
    Setup {
        cores: ONE,
        on: (0, 1),
        graph: None,
        count: bag.count,
        sizes: &Vec::new,
        dispatchers: 1,
        dispatcher: 0,
        names: Box::leak(Box::new(name)),
        network: None,
        error: &[],
        initial: Initial::default(),
        lowest: false,
        key: Key { seed: 2026, replicate: 0, source: 0, purpose: Purpose::Choice },
    }
}

/// A task that is ready at 0, of `expected` work, for core 0.
pub(super) fn ready(number: u64, expected: f64) -> Ready {
    Ready {
        task: TaskId::new(number as usize),
        number,
        since: Time::ZERO,
        expected,
        allowed: (0, 1),
        origin: None,
    }
}

/// So many servers of speed 1.
pub(super) fn servers(count: usize) -> Vec<CoreInfo> {
    vec![ONE[0]; count]
}

/// The load of a server that has so many tasks of nobody knows what work.
pub(super) fn load(tasks: u32) -> Load {
    Load { tasks, queued: Span::ZERO, busy_until: Time::ZERO, speed: 1.0 }
}

/// What a policy sees at 0.
pub(super) fn view<'a>(loads: &'a [Load], changed: &'a [ServerId], down: &'a [ServerId]) -> View<'a> {
    View { now: Time::ZERO, loads, changed, down, dispatcher: 0 }
}

/// A task of `expected` work that has been there since 0 and has done nothing yet.
pub(super) fn candidate(number: u64, expected: f64) -> Candidate<'static> {
    static PLAIN: Standing = Standing { priority: 0, deadline: None, weight: 1.0 };
    Candidate {
        number,
        release: Time::ZERO,
        since: Time::ZERO,
        expected,
        done: 0.0,
        served: Span::ZERO,
        mark: 0,
        standing: &PLAIN,
    }
}

/// Where `policy` puts a task.
pub(super) fn server_chosen(policy: &mut dyn Policy, ready: &Ready, view: &View<'_>) -> usize {
    match policy.decide(ready, view) {
        Decision::Enqueue { server, .. } => server.index(),
        Decision::Queue => panic!("{ready:?} is in the central queue"),
    }
}

/// Where `policy` puts the tasks `ready`, some servers being down and loads unknown.
pub(super) fn servers_chosen(policy: &mut dyn Policy, ready: &[Ready], down: &[ServerId]) -> Vec<usize> {
    ready.iter().map(|ready| server_chosen(policy, ready, &view(&[], &[], down))).collect()
}

/// The number of a choice's options for χ² tests: the sum of squared deviations over what was expected.
pub(super) fn chi_square(counts: &[u64]) -> f64 {
    let expected = counts.iter().sum::<u64>() as f64 / counts.len() as f64;
    counts.iter().map(|&count| (count as f64 - expected) * (count as f64 - expected) / expected).sum()
}
