//! Who rebalances in a run: the cores that exchange tasks under one schedule, and what each of them is about.

use super::job::JobState;
use super::migrate::Transits;
use crate::ids::CoreId;
use crate::policy::rebalance::{Measure, Probing, Rounds, Way};
use crate::policy::{Queues, Reason, Schedule, Setup};
use crate::rng::{Purpose, Stream};
use crate::time::{Span, Time};

/// What the agent of a core, which rebalances beside it without taking its time, is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Doing {
    /// Nothing.
    Nothing,
    /// It takes its time to ask another core.
    Probes,
    /// Its question, or the answer, is on its way.
    Asks,
    /// What it asked for is on its way.
    Fetches,
    /// It waits before it tries again.
    Waits,
    /// It would try again, but nothing waits anywhere.
    Sleeps,
}

/// The agent of a core.
#[derive(Clone, Debug)]
pub(super) struct Agent {
    pub doing: Doing,
    /// Whether it stands among the sleepers, be it that it was woken since.
    pub listed: bool,
    /// How many attempts it is yet to make.
    pub wanted: u32,
    /// How many may be asked before the present one is in vain, and who has been, the core itself among them; sorted, and
    /// counted from the first core of the group.
    pub left: u32,
    pub tried: Vec<u32>,
    /// Whom it asks, and whether that has said yes.
    pub peer: CoreId,
    pub answer: bool,
    /// When the present attempt began.
    pub began: Time,
}

/// Agents that probe.
pub(super) struct Probers {
    pub rules: Probing,
    pub agents: Vec<Agent>,
    pub sleepers: Vec<CoreId>,
    pub choices: Stream,
}

/// Rounds in which all take part.
pub(super) struct Ring {
    pub every: Span,
    /// What decides; away while it does.
    pub rounds: Option<Box<dyn Rounds>>,
    /// The loads as they were told, and whether nothing has followed from them yet.
    pub loads: Vec<Option<f64>>,
    pub told: bool,
}

/// How a group rebalances.
pub(super) enum Method {
    Probes(Box<Probers>),
    Rounds(Ring),
}

/// The cores that rebalance under one schedule.
pub(super) struct Group<'a> {
    schedule: &'a Schedule,
    pub on: (u32, u32),
    pub measure: Measure,
    pub reason: Reason,
    /// What a probe or an exchange of loads takes.
    pub cost: Span,
    pub method: Method,
}

impl<'a> Group<'a> {
    /// The group of the cores of `setup`, if `schedule` rebalances them.
    pub fn new(schedule: &'a Schedule, setup: &Setup<'_>) -> Option<Self> {
        let spec = schedule.rebalance.as_ref()?;
        let count = setup.on.1 - setup.on.0;
        let method = match spec.way() {
            Way::Probes(rules) => {
                // Who asks again of itself begins as if it had asked in vain before anything was there.
                let doing = if rules.again.is_some() { Doing::Sleeps } else { Doing::Nothing };
                let agent = Agent {
                    doing,
                    listed: rules.again.is_some(),
                    wanted: 0,
                    left: 0,
                    tried: Vec::new(),
                    peer: CoreId::new(0),
                    answer: false,
                    began: Time::ZERO,
                };
                let cores = (setup.on.0..setup.on.1).map(|core| CoreId::new(core as usize));
                Method::Probes(Box::new(Probers {
                    rules,
                    agents: vec![agent; count as usize],
                    sleepers: cores.filter(|_| rules.again.is_some()).collect(),
                    choices: setup.stream(Purpose::Probe),
                }))
            }
            Way::Rounds(spec) => Method::Rounds(Ring {
                every: spec.every(),
                rounds: Some(spec.start(setup)),
                loads: Vec::new(),
                told: false,
            }),
        };
        let cost = schedule.cost.probe;
        Some(Group { schedule, on: setup.on, measure: spec.measure(), reason: spec.reason(), cost, method })
    }

    /// The place of a core in it.
    pub fn at(&self, core: CoreId) -> usize {
        core.index() - self.on.0 as usize
    }

    /// Whether a core is in it.
    pub fn covers(&self, core: CoreId) -> bool {
        (self.on.0..self.on.1).contains(&(core.index() as u32))
    }
}

/// All that rebalances in a run.
pub(super) struct Balancing<'a> {
    pub groups: Vec<Group<'a>>,
    pub transits: Transits,
    /// Cores whose agents have something to see to.
    pub due: Vec<CoreId>,
    pub tally: MoveTally,
}

/// Counts of what rebalancing did.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct MoveTally {
    /// Loads that were asked for.
    pub probes: u64,
    /// Tasks moved, and the bytes that went with them.
    pub tasks: u64,
    pub bytes: f64,
}

impl<'a> Balancing<'a> {
    /// The groups of the scenario's jobs, if any rebalance. Those that share a schedule have the same cores.
    pub fn new(jobs: &mut [JobState<'a>]) -> Option<Self> {
        let mut groups: Vec<Group<'a>> = Vec::new();
        for job in jobs {
            let Some(group) = job.group_alone.take() else { continue };
            debug_assert!(matches!(job.schedule.policy.queues(), Queues::PerServer));
            let shared =
                |other: &Group<'_>| std::ptr::eq(other.schedule, group.schedule) && other.on == group.on;
            let at = groups.iter().position(shared).unwrap_or_else(|| {
                groups.push(group);
                groups.len() - 1
            });
            job.group = Some(at);
        }
        let (transits, due, tally) = (Transits::default(), Vec::new(), MoveTally::default());
        (!groups.is_empty()).then_some(Balancing { groups, transits, due, tally })
    }

    /// The group of a core, if it is in any.
    #[inline]
    pub fn of(&self, core: CoreId) -> Option<usize> {
        self.groups.iter().position(|group| group.covers(core))
    }

    /// The agents among which that of a core is, and its place there.
    pub fn probers(&mut self, core: CoreId) -> Option<(&mut Probers, usize)> {
        let group = self.of(core)?;
        let at = self.groups[group].at(core);
        match &mut self.groups[group].method {
            Method::Probes(probers) => Some((probers.as_mut(), at)),
            Method::Rounds(_) => None,
        }
    }

    /// The agent of a core, if it has one.
    pub fn agent(&mut self, core: CoreId) -> Option<&mut Agent> {
        self.probers(core).map(|(probers, at)| &mut probers.agents[at])
    }
}
