//! The deques of the jobs that steal, and their cores as thieves.

use std::collections::VecDeque;

use super::deque::Deques;
use super::job::JobState;
use crate::ids::{CoreId, TaskId};
use crate::policy::Queues;
use crate::policy::steal::{Amount, Backoff, Lifelines, Side, Victims};
use crate::scenario::Scenario;
use crate::time::{Span, Time};

/// What a core does about its lack of work.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Doing {
    /// It has work, or nobody has looked after it yet.
    Nothing,
    /// It pays for an attempt.
    Pays,
    /// Its request is on its way to the victim.
    Asks,
    /// What it gets, if anything, is on its way.
    Fetches,
    /// It waits before the next attempt.
    BacksOff,
    /// It waits until any deque holds something.
    Sleeps,
    /// It waits until it is given something over a lifeline.
    Hangs,
    /// It waits until its own deque holds something.
    GaveUp,
}

/// A core as a thief.
#[derive(Clone, Debug)]
pub(super) struct Thief {
    pub doing: Doing,
    /// Whether it stands among the sleepers, be it that it was woken since by other means.
    pub listed: bool,
    pub victim: CoreId,
    /// Whether that one gives, over a lifeline, what this one waits for.
    pub given: bool,
    /// Failures since it last had work.
    pub failures: u32,
    /// When it ran out of work.
    pub since: Time,
    /// When its present attempt began.
    pub began: Time,
    /// What it has taken and doesn't have yet, from the far end on.
    pub loot: Vec<TaskId>,
}

/// Counts of steals.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct StealTally {
    pub attempts: u64,
    pub successes: u64,
    pub tasks: u64,
    pub bytes: f64,
    /// Depths in their trees of the tasks stolen, and how many have one.
    pub depth: (u64, u64),
    /// Ticks from running out of work to having what was stolen.
    pub delay: u128,
}

/// The deques of the jobs that share them, and the thieves.
pub(super) struct Stealing {
    pub deques: Deques,
    pub side: Side,
    pub on: (u32, u32),
    pub victims: Box<dyn Victims>,
    watched: bool,
    amount: Amount,
    owner_takes_first: bool,
    pub tries: u32,
    pub backoff: Option<Backoff>,
    pub lifelines: Option<Lifelines>,
    pub cost: Span,
    /// Whether failures cost nothing, so that thieves find what there is.
    pub free: bool,
    pub thieves: Vec<Thief>,
    /// Cores that wait until any deque holds something, those first that have waited longest.
    pub sleepers: VecDeque<CoreId>,
    /// For each core those that wait to be given something by it, and the cores that have got something to give.
    pub hangers: Vec<Vec<CoreId>>,
    pub givers: Vec<CoreId>,
    pub tally: StealTally,
}

impl Stealing {
    /// The deques of the scenario's jobs, if any steal: those that do have one schedule.
    pub fn new(scenario: &Scenario, jobs: &mut [JobState<'_>]) -> Option<Self> {
        let job = jobs.iter_mut().find(|job| job.steals)?;
        let Queues::Deques(rules) = job.schedule.policy.queues() else { return None };
        let (victims, on, cost) = (job.victims.take()?, job.spec.on, job.schedule.cost.steal);
        let count = (on.1 - on.0) as usize;
        let thief = Thief {
            doing: Doing::Nothing,
            listed: false,
            victim: CoreId::new(0),
            given: false,
            failures: 0,
            since: Time::ZERO,
            began: Time::ZERO,
            loot: Vec::new(),
        };
        let near = scenario.network.is_none() || scenario.machine.nodes.len() == 1;
        let patient = rules.tries.is_none() && rules.backoff.is_none() && rules.lifelines.is_none();
        Some(Stealing {
            deques: Deques::new(on, scenario.machine.len()),
            side: rules.side,
            on,
            watched: victims.watches(),
            victims,
            amount: rules.amount,
            owner_takes_first: rules.owner_takes_first,
            tries: rules.tries.unwrap_or(u32::MAX),
            backoff: rules.backoff,
            lifelines: rules.lifelines,
            cost,
            free: cost == Span::ZERO && near && patient,
            thieves: vec![thief; count],
            sleepers: VecDeque::new(),
            hangers: if rules.lifelines.is_some() { vec![Vec::new(); count] } else { Vec::new() },
            givers: Vec::new(),
            tally: StealTally::default(),
        })
    }

    #[inline]
    pub fn at(&self, core: CoreId) -> usize {
        core.index() - self.on.0 as usize
    }

    #[inline]
    pub fn thief(&mut self, core: CoreId) -> &mut Thief {
        let at = self.at(core);
        &mut self.thieves[at]
    }

    /// Whether `core` keeps a deque.
    #[inline]
    pub fn covers(&self, core: CoreId) -> bool {
        (self.on.0..self.on.1).contains(&(core.index() as u32))
    }

    /// Puts a task at the near end of the deque of `core`.
    #[inline]
    pub fn push(&mut self, core: CoreId, task: TaskId) {
        self.deques.push(core, task);
        self.changed(core);
        if !self.hangers.is_empty() && !self.hangers[self.at(core)].is_empty() {
            self.givers.push(core);
        }
    }

    #[inline]
    fn changed(&mut self, core: CoreId) {
        if self.watched {
            self.victims.changed(core, self.deques.len(core));
        }
    }

    /// Takes what `core` works at next from its own deque.
    #[inline]
    pub fn pop(&mut self, core: CoreId) -> Option<TaskId> {
        let task =
            if self.owner_takes_first { self.deques.pop_far(core) } else { self.deques.pop_near(core) };
        if task.is_some() {
            self.changed(core);
        }
        task
    }

    /// A core has got work, by whatever means.
    #[inline]
    pub fn has_work(&mut self, core: CoreId) {
        if self.covers(core) {
            self.thief(core).doing = Doing::Nothing;
        }
    }

    /// Moves what `thief` gets from the far end of `victim`'s deque into its hands; how much that is.
    pub fn take(&mut self, thief: CoreId, victim: CoreId) -> usize {
        let queued = self.deques.len(victim);
        if queued == 0 {
            return 0;
        }
        let count = self.amount.of(queued);
        for _ in 0..count {
            let task = self.deques.pop_far(victim);
            self.thief(thief).loot.extend(task);
        }
        self.changed(victim);
        count
    }
}
