//! The core that has the least left to do.

use std::ops::Range;

use super::min_tree::{Least, MinTree};
use super::{Decision, Load, Policy, PolicySpec, Queues, Ready, Reason, Setup, View, fits};
use crate::error::Problem;
use crate::ids::CoreId;
use crate::registry::Entry;
use crate::rng::{Purpose, Stream};
use crate::time::{Span, Time};
use crate::workload::Workload;

/// Gives each task to the core whose expected remaining work over its speed is least: of those that it may use and
/// that are believed to be up.
///
/// What is in service counts until its expected end; what takes longer than expected counts as if it ended at once.
#[derive(Debug)]
struct LeastLoaded;

impl PolicySpec for LeastLoaded {
    fn queues(&self) -> Queues<'_> {
        Queues::PerCore
    }

    fn start(&self, setup: &Setup<'_>) -> Box<dyn Policy> {
        let (first, end) = setup.on;
        let idle = |core: usize| Load {
            tasks: 0,
            queued: Span::ZERO,
            busy_until: Time::ZERO,
            speed: setup.cores[core].speed,
        };
        let loads: Vec<Load> = (first as usize..end as usize).map(idle).collect();
        let ties = (!setup.lowest).then(|| setup.stream(Purpose::Tie));
        Box::new(Loads::new(first as usize, loads, ties))
    }

    fn is_random(&self, lowest: bool) -> bool {
        !lowest
    }

    fn misfits(&self, workload: &dyn Workload) -> Vec<Problem> {
        fits::one_core_each("least-loaded", workload).into_iter().collect()
    }
}

/// All loads, in trees that show the least of any range at once.
///
/// The time that a core needs for all it has shrinks while it works, but the instant at which it will be done doesn't;
/// once the expected end of what is in service has passed, it is the time that stands still. So each core is in the
/// tree of one of the [`State`]s, under a key that only changes when its load does.
struct Loads {
    /// The number of the core that comes first in the arrays below.
    first: usize,
    loads: Vec<Load>,
    states: Vec<State>,
    /// By state.
    trees: [MinTree; 3],
    /// Of the cores that are at work, the expected ends of what is in service.
    ends: MinTree,
    /// Draws among equals; without it the lowest is taken.
    ties: Option<Stream>,
}

/// What the key of a core means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// Nothing is in service, or it is overdue: the key is the length of time that the core needs for what waits.
    Waiting,
    /// The key is the instant at which the core will have done everything.
    AtWork,
    /// As [`State::Waiting`], but believed to be down.
    Down,
}

impl Loads {
    fn new(first: usize, loads: Vec<Load>, ties: Option<Stream>) -> Self {
        let none = MinTree::new(loads.len());
        let trees = [none.clone(), none.clone(), none.clone()];
        let states = vec![State::Waiting; loads.len()];
        let mut all = Self { first, loads, states, trees, ends: none, ties };
        (0..all.loads.len()).for_each(|at| all.enter(at, State::Waiting));
        all
    }

    /// Takes in what has changed since the last time.
    fn update(&mut self, view: &View<'_>) {
        for &core in view.changed {
            let Some(at) = core.index().checked_sub(self.first).filter(|&at| at < self.loads.len()) else {
                continue;
            };
            let load = view.loads[core.index()];
            self.loads[at] = load;
            let state = if view.down.binary_search(&core).is_ok() {
                State::Down
            } else if load.busy_until > view.now {
                State::AtWork
            } else {
                State::Waiting
            };
            self.enter(at, state);
        }
        let all = 0..self.loads.len();
        loop {
            let end = self.ends.least(&all);
            if end.count == 0 || end.key > view.now.ticks() {
                break;
            }
            let at = self.ends.nth(&all, 0);
            self.enter(at, State::Waiting);
        }
    }

    /// Puts a core into a state, under the key that its load gives it.
    fn enter(&mut self, at: usize, state: State) {
        let Load { queued, busy_until, speed, .. } = self.loads[at];
        let before = std::mem::replace(&mut self.states[at], state);
        if before != state {
            self.trees[before as usize].remove(at);
        }
        let wait = Span::round_up(queued.ticks() as f64 / speed);
        let key = if state == State::AtWork { (busy_until + wait).ticks() } else { wait.ticks() };
        self.trees[state as usize].set(at, key);
        if state == State::AtWork {
            self.ends.set(at, busy_until.ticks());
        } else if before == State::AtWork {
            self.ends.remove(at);
        }
    }

    /// A core of the range that has the least left to do, of those that are up if any is.
    fn least(&mut self, range: &Range<usize>, now: Time) -> usize {
        let mut least = self.trees.each_ref().map(|tree| tree.least(range));
        let [waiting, at_work, down] = &mut least;
        if waiting.count + at_work.count > 0 {
            *down = Least::NONE;
        }
        if at_work.count > 0 {
            at_work.key -= now.ticks();
        }
        let best = least.into_iter().fold(Least::NONE, Least::or);
        let tied = self.trees.iter().zip(least).filter(|(_, its)| its.key == best.key && its.count > 0);
        let Some(ties) = &mut self.ties else {
            return tied.map(|(tree, _)| tree.nth(range, 0)).fold(usize::MAX, usize::min);
        };
        let mut rank = if best.count > 1 { ties.below(u64::from(best.count)) as u32 } else { 0 };
        for (tree, its) in tied {
            if rank < its.count {
                return tree.nth(range, rank);
            }
            rank -= its.count;
        }
        unreachable!("every core is in some tree")
    }

    fn place(&mut self, ready: &Ready, now: Time) -> CoreId {
        let (first, end) = ready.allowed;
        let at = self.least(&(first as usize - self.first..end as usize - self.first), now);
        // The next of several tasks must see where this one went.
        self.loads[at].queued += Span::round_up(ready.expected);
        self.enter(at, self.states[at]);
        CoreId::new(self.first + at)
    }
}

impl Policy for Loads {
    fn decide(&mut self, view: &View<'_>, decisions: &mut Vec<Decision>) {
        self.update(view);
        for ready in view.ready {
            let core = self.place(ready, view.now);
            decisions.push(Decision::Enqueue { task: ready.task, core, reason: Reason::LeastLoad });
        }
    }

    fn watches_loads(&self) -> bool {
        true
    }
}

pub(super) static ENTRY: Entry<dyn PolicySpec> = Entry {
    name: "least-loaded",
    about: "each task to the core that needs the least time for what it has",
    cite: "Kiefer & Wolfowitz 1955, On the theory of queues with many servers",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(LeastLoaded)),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{NodeId, TaskId};
    use crate::policy::CoreInfo;
    use crate::policy::testing::{Bag, chi_square, ready, setup};
    use crate::rng::Key;

    const CORES: usize = 11;
    const ON: (u32, u32) = (2, 10);

    fn start(speeds: &[f64], lowest: bool) -> Box<dyn Policy> {
        let cores: Vec<_> = speeds.iter().map(|&speed| CoreInfo { node: NodeId::new(0), speed }).collect();
        LeastLoaded.start(&Setup { cores: &cores, on: ON, lowest, ..setup(&Bag::of(0)) })
    }

    /// What a core has left, as the model defines it.
    fn remaining(load: &Load, now: Time) -> u64 {
        let in_service = load.busy_until.ticks().saturating_sub(now.ticks());
        in_service + Span::round_up(load.queued.ticks() as f64 / load.speed).ticks()
    }

    /// The cores that `ready` may go to, found by looking at all of them.
    fn candidates(ready: &Ready, loads: &[Load], down: &[CoreId], now: Time) -> Vec<usize> {
        let allowed = ready.allowed.0 as usize..ready.allowed.1 as usize;
        let is_up = |core: &usize| !down.contains(&CoreId::new(*core));
        let mut cores: Vec<usize> = allowed.clone().filter(is_up).collect();
        if cores.is_empty() {
            // All are down: what waits is all that counts.
            cores = allowed.collect();
        }
        let all_down = !is_up(&cores[0]);
        let left = |core: &usize| remaining(&loads[*core], if all_down { Time::NEVER } else { now });
        let least = cores.iter().map(left).min();
        cores.retain(|core| Some(left(core)) == least);
        cores
    }

    /// A machine whose loads change at random, the small numbers making for many ties.
    struct History {
        stream: Stream,
        now: Time,
        loads: Vec<Load>,
        down: Vec<CoreId>,
    }

    impl History {
        fn below(&mut self, n: u64) -> u64 {
            self.stream.below(n)
        }

        /// Lets time pass and some cores change; which did.
        fn go_on(&mut self) -> Vec<CoreId> {
            self.now += Span::from_ticks(self.stream.below(4));
            let mut changed = Vec::new();
            for core in 0..CORES {
                if self.below(3) > 0 {
                    continue;
                }
                changed.push(CoreId::new(core));
                self.loads[core].queued = Span::from_ticks(self.stream.below(6));
                self.loads[core].busy_until =
                    Time::from_ticks((self.now.ticks() + self.stream.below(9)).saturating_sub(2));
                self.down.retain(|&lost| lost.index() != core);
                if self.below(3) == 0 {
                    self.down.push(CoreId::new(core));
                    self.down.sort_unstable();
                }
            }
            changed
        }

        fn task(&mut self, number: u64) -> Ready {
            let width = u64::from(ON.1 - ON.0);
            let first = self.below(width);
            let end = first + 1 + self.below(width - first);
            let allowed = if self.below(2) == 0 { ON } else { (ON.0 + first as u32, ON.0 + end as u32) };
            Ready {
                task: TaskId::new(number as usize),
                allowed,
                ..ready(number, self.stream.below(5) as f64)
            }
        }
    }

    fn agrees_with_a_search(lowest: bool) {
        let key = Key { seed: 5, replicate: 0, source: 0, purpose: Purpose::Work };
        let speeds: Vec<f64> = (0..CORES).map(|core| [1.0, 0.5, 2.0][core % 3]).collect();
        let idle = |&speed: &f64| Load { tasks: 0, queued: Span::ZERO, busy_until: Time::ZERO, speed };
        let loads = speeds.iter().map(idle).collect();
        let mut history = History { stream: Stream::new(key), now: Time::ZERO, loads, down: Vec::new() };
        let mut policy = start(&speeds, lowest);
        for round in 0..3000 {
            let mut changed = if round == 0 { Vec::new() } else { history.go_on() };
            let tasks: Vec<Ready> = (0..history.below(4)).map(|number| history.task(number)).collect();
            let mut decisions = Vec::new();
            let view = View {
                now: history.now,
                ready: &tasks,
                loads: &history.loads,
                changed: &changed,
                down: &history.down,
            };
            policy.decide(&view, &mut decisions);
            assert_eq!(decisions.len(), tasks.len());
            for (task, decision) in tasks.iter().zip(decisions) {
                let Decision::Enqueue { core, .. } = decision else { panic!("{decision:?}") };
                let right = candidates(task, &history.loads, &history.down, history.now);
                if lowest {
                    assert_eq!(core.index(), right[0], "{task:?} in round {round}");
                } else {
                    assert!(
                        right.contains(&core.index()),
                        "{core:?} for {task:?} in round {round}, not {right:?}"
                    );
                }
                history.loads[core.index()].queued += Span::round_up(task.expected);
                changed.push(core);
            }
        }
    }

    #[test]
    fn the_core_is_one_that_a_search_would_find() {
        agrees_with_a_search(false);
    }

    #[test]
    fn the_lowest_of_equals_is_the_one_that_a_search_would_find() {
        agrees_with_a_search(true);
    }

    #[test]
    fn equals_are_equally_likely_whether_they_wait_or_work() {
        // At 10, cores 2 and 5 have 6 ticks waiting, 3 and 7 are at work until 16 with what waits; the others have more.
        let load = |queued, busy_until| Load {
            tasks: 1,
            queued: Span::from_ticks(queued),
            busy_until: Time::from_ticks(busy_until),
            speed: 1.0,
        };
        let mut loads = [load(7, 0); CORES];
        (loads[2], loads[5], loads[3], loads[7]) = (load(6, 0), load(6, 9), load(2, 14), load(0, 16));
        let changed: Vec<_> = (0..CORES).map(CoreId::new).collect();
        let task = [Ready { allowed: ON, ..ready(0, 3.0) }];
        let mut policy = start(&[1.0; CORES], false);
        let (mut counts, mut decisions) = ([0_u64; CORES], Vec::new());
        for _ in 0..8000 {
            decisions.clear();
            let view =
                View { now: Time::from_ticks(10), ready: &task, loads: &loads, changed: &changed, down: &[] };
            policy.decide(&view, &mut decisions);
            let Decision::Enqueue { core, .. } = decisions[0] else { panic!("{decisions:?}") };
            counts[core.index()] += 1;
        }
        let equals = [2, 3, 5, 7].map(|core: usize| counts[core]);
        assert_eq!(equals.iter().sum::<u64>(), 8000);
        // χ² with 3 degrees of freedom exceeds 25 once in 65,000 seeds, and the seed is fixed.
        assert!(chi_square(&equals) < 25.0, "{counts:?}");
    }

    #[test]
    fn tasks_that_become_ready_together_spread_over_idle_cores() {
        let mut policy = start(&[1.0; CORES], false);
        let tasks = [Ready { allowed: ON, ..ready(0, 3.0) }; 8];
        let loads = [Load { tasks: 0, queued: Span::ZERO, busy_until: Time::ZERO, speed: 1.0 }; CORES];
        let mut decisions = Vec::new();
        let view = View { now: Time::ZERO, ready: &tasks, loads: &loads, changed: &[], down: &[] };
        policy.decide(&view, &mut decisions);
        let mut cores: Vec<_> = decisions
            .iter()
            .map(|decision| match decision {
                Decision::Enqueue { core, .. } => core.index(),
                other => panic!("{other:?}"),
            })
            .collect();
        cores.sort_unstable();
        assert_eq!(cores, (2..10).collect::<Vec<_>>());
    }
}
