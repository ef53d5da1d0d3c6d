//! Where the time of every core goes, exact to the tick.

use serde::{Deserialize, Serialize};

use crate::ids::CoreId;
use crate::time::{Span, Time};

/// What a core is doing: at every instant exactly one of these.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(usize)]
pub enum State {
    /// Executing at the speed that nothing but the core limits.
    Compute,
    /// Executing, but held up by memory.
    Memory,
    /// Sending or receiving.
    Communicate,
    /// Waiting for others while keeping the core.
    Synchronise,
    /// Waiting for and holding the dispatcher.
    Schedule,
    /// Standing still for a checkpoint.
    Checkpoint,
    /// Going back to a checkpoint or to the start.
    Restart,
    /// Executing what was thrown away later.
    Lost,
    /// Having nothing to run.
    Idle,
    /// Out of order.
    Down,
}

/// Why idle cores are idle.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(usize)]
pub enum Idle {
    /// There is no work anywhere.
    NoWork,
    /// There is ready work, but in a queue that this core does not serve.
    Elsewhere,
    /// All work left waits for other work to end.
    Dependency,
    /// The core has its task, whose inputs are on their way.
    Data,
}

/// All states with their names, in order.
pub const STATES: [(State, &str); 10] = [
    (State::Compute, "compute"),
    (State::Memory, "memory"),
    (State::Communicate, "communicate"),
    (State::Synchronise, "synchronise"),
    (State::Schedule, "schedule"),
    (State::Checkpoint, "checkpoint"),
    (State::Restart, "restart"),
    (State::Lost, "lost"),
    (State::Idle, "idle"),
    (State::Down, "down"),
];

/// All reasons of idleness with their names, in order.
pub const IDLE: [(Idle, &str); 4] = [
    (Idle::NoWork, "no work exists"),
    (Idle::Elsewhere, "work exists elsewhere"),
    (Idle::Dependency, "waits for a dependency"),
    (Idle::Data, "waits for data"),
];

/// The time of all cores together, in ticks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct CoreTimes {
    /// By state.
    pub states: [u128; STATES.len()],
    /// The idle time by reason.
    pub idle: [u128; IDLE.len()],
}

impl CoreTimes {
    /// The time in `state`.
    pub fn get(&self, state: State) -> u128 {
        self.states[state as usize]
    }

    /// The time in all states together.
    pub fn total(&self) -> u128 {
        self.states.iter().sum()
    }
}

/// An interval of a core that has just ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Closed {
    /// Since when.
    pub since: Time,
    /// What the core did.
    pub state: State,
    /// Whether, being idle, it had its task already.
    pub claimed: bool,
}

#[derive(Clone)]
struct CoreAccount {
    since: Time,
    state: State,
    claimed: bool,
    times: [u64; STATES.len()],
}

/// The account of all cores during a run.
///
/// Idle time is split by reason without touching the idle cores: the reason is the same for all of them that have no
/// task, so that their number times the time it holds is enough.
pub struct Account {
    cores: Vec<CoreAccount>,
    unclaimed: u64,
    reason: Idle,
    since: Time,
    idle: [u128; IDLE.len()],
}

impl Account {
    /// All of `cores` cores idle from the start.
    pub fn new(cores: usize) -> Self {
        let core =
            CoreAccount { since: Time::ZERO, state: State::Idle, claimed: false, times: [0; STATES.len()] };
        Account {
            cores: vec![core; cores],
            unclaimed: cores as u64,
            reason: Idle::NoWork,
            since: Time::ZERO,
            idle: [0; IDLE.len()],
        }
    }

    /// `core` goes over to `state`; `claimed` says of an idle one that it has its task already.
    #[inline]
    pub fn enter(&mut self, core: CoreId, now: Time, state: State, claimed: bool) -> Closed {
        let account = &mut self.cores[core.index()];
        let closed = Closed { since: account.since, state: account.state, claimed: account.claimed };
        let span = (now - account.since).ticks();
        account.times[account.state as usize] += span;
        (account.since, account.state, account.claimed) = (now, state, claimed);
        let was = closed.state == State::Idle && !closed.claimed;
        if closed.state == State::Idle && closed.claimed {
            self.idle[Idle::Data as usize] += u128::from(span);
        }
        let is = state == State::Idle && !claimed;
        if was != is {
            self.tally(now);
            self.unclaimed = if is { self.unclaimed + 1 } else { self.unclaimed - 1 };
        }
        closed
    }

    /// Of the time that `core` has just spent computing, `memory` was waiting for memory.
    pub fn held_up(&mut self, core: CoreId, memory: Span) {
        self.move_time(core, State::Compute, State::Memory, memory);
    }

    /// Counts the time of `core` in its present state up to `now`.
    pub fn bring_up(&mut self, core: CoreId, now: Time) {
        let account = &self.cores[core.index()];
        self.enter(core, now, account.state, account.claimed);
    }

    /// Time that `core` spent in `from`, as counted so far, turns out to belong to `to`.
    pub fn move_time(&mut self, core: CoreId, from: State, to: State, span: Span) {
        let times = &mut self.cores[core.index()].times;
        times[from as usize] -= span.ticks();
        times[to as usize] += span.ticks();
    }

    /// From now on cores without a task are idle for `reason`.
    #[inline]
    pub fn set_reason(&mut self, now: Time, reason: Idle) {
        if reason != self.reason {
            self.tally(now);
            self.reason = reason;
        }
    }

    /// Why cores without a task are idle.
    pub fn reason(&self) -> Idle {
        self.reason
    }

    /// The number of idle cores without a task.
    #[inline]
    pub fn unclaimed(&self) -> u64 {
        self.unclaimed
    }

    /// Whether `core` is in `state`, and not with a task whose inputs it waits for.
    #[inline]
    pub fn is_in(&self, core: CoreId, state: State) -> bool {
        let account = &self.cores[core.index()];
        account.state == state && !account.claimed
    }

    /// What `core` is doing.
    #[inline]
    pub fn state(&self, core: CoreId) -> State {
        self.cores[core.index()].state
    }

    /// The times of one core in ticks by state, up to when it last changed.
    pub fn core(&self, core: CoreId) -> &[u64; STATES.len()] {
        &self.cores[core.index()].times
    }

    /// Where the time of all cores went until now. (The reasons of idleness are not among it.)
    pub fn so_far(&self, now: Time) -> CoreTimes {
        let mut times = CoreTimes::default();
        for core in &self.cores {
            for (total, time) in times.states.iter_mut().zip(core.times) {
                *total += u128::from(time);
            }
            times.states[core.state as usize] += u128::from((now - core.since).ticks());
        }
        times
    }

    /// Ends the account: all intervals are closed at `now`, each given to `closed`, and the sums are checked.
    ///
    /// # Panics
    /// If the states of a core don't add up to the run, or the reasons not to the idle time: a bug of ours.
    pub fn finish(&mut self, now: Time, mut closed: impl FnMut(CoreId, Closed)) -> CoreTimes {
        let mut times = CoreTimes::default();
        for core in (0..self.cores.len()).map(CoreId::new) {
            let (state, claimed) = (self.cores[core.index()].state, self.cores[core.index()].claimed);
            closed(core, self.enter(core, now, state, claimed));
            let own = &self.cores[core.index()].times;
            let sum: u64 = own.iter().sum();
            assert_eq!(sum, now.ticks(), "the states of core {} don't add up to the run", core.index());
            for (total, time) in times.states.iter_mut().zip(own) {
                *total += u128::from(*time);
            }
        }
        self.tally(now);
        times.idle = self.idle;
        let reasons: u128 = times.idle.iter().sum();
        assert_eq!(reasons, times.get(State::Idle), "the reasons of idleness don't add up to the idle time");
        times
    }

    fn tally(&mut self, now: Time) {
        let span = (now - self.since).ticks();
        self.idle[self.reason as usize] += u128::from(span) * u128::from(self.unclaimed);
        self.since = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ticks: u64) -> Time {
        Time::from_ticks(ticks)
    }

    #[test]
    fn every_tick_of_every_core_is_in_one_state_and_every_idle_one_has_a_reason() {
        let (a, b) = (CoreId::new(0), CoreId::new(1));
        let mut account = Account::new(2);
        account.enter(a, at(3), State::Compute, false);
        account.set_reason(at(5), Idle::Dependency);
        account.enter(b, at(6), State::Idle, true);
        account.enter(b, at(8), State::Compute, false);
        account.enter(a, at(10), State::Idle, false);
        account.held_up(a, Span::from_ticks(4));
        let times = account.finish(at(12), |_, _| ());
        assert_eq!(times.get(State::Compute), 3 + 4);
        assert_eq!(times.get(State::Memory), 4);
        assert_eq!(times.get(State::Idle), 3 + 6 + 2 + 2);
        assert_eq!(times.idle, [3 + 5, 0, 1 + 2, 2]);
        assert_eq!(times.total(), 24);
    }

    #[test]
    #[should_panic(expected = "attempt to subtract with overflow")]
    fn time_that_was_not_spent_cannot_be_moved() {
        let mut account = Account::new(1);
        account.move_time(CoreId::new(0), State::Compute, State::Lost, Span::from_ticks(1));
    }
}
