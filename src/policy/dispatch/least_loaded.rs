//! The server that has the least left to do.

use std::ops::Range;

use super::min_tree::MinTree;
use crate::error::Problem;
use crate::ids::ServerId;
use crate::policy::{
    Decision, Knowledge, Load, Policy, PolicySpec, Queues, Ready, Reason, Setup, View, fits,
};
use crate::registry::Entry;
use crate::rng::{Purpose, Stream};
use crate::time::{Span, Time};
use crate::workload::Workload;

/// Gives each task to the core whose expected remaining work over its speed is least: of those that it may use and
/// that are believed to be up.
///
/// What is in service counts until its expected end; what takes longer than expected counts as if it ended at once.
///
/// Under the name `least-work-left` it knows the work that was drawn, and not only what can be expected: then a task goes
/// where the one queue of all servers would send it (Kiefer & Wolfowitz 1955).
#[derive(Debug)]
struct LeastLoaded {
    clairvoyant: bool,
}

impl PolicySpec for LeastLoaded {
    fn queues(&self) -> Queues<'_> {
        Queues::PerServer
    }

    fn knowledge(&self) -> Option<Knowledge> {
        Some(Knowledge::Loads)
    }

    fn serves_all_dispatchers(&self) -> bool {
        true
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

    fn clairvoyant(&self) -> bool {
        self.clairvoyant
    }

    fn is_random(&self, lowest: bool) -> bool {
        !lowest
    }

    fn misfits(&self, workload: &dyn Workload) -> Vec<Problem> {
        let name = if self.clairvoyant { "least-work-left" } else { "least-loaded" };
        fits::one_core_each(name, workload).into_iter().collect()
    }
}

/// All loads, in a tree that shows the least of any range at once.
///
/// The time that a core needs for all it has shrinks while it works, but the instant at which it will be done doesn't;
/// once the expected end of what is in service has passed, it is the time that stands still. Hence two kinds of keys
/// that only change when a load does, or when its core is overdue. An overdue core left among those at work seems to
/// have less to do than it has, so that it is found out before it could be preferred to a better one.
struct Loads {
    /// The number of the core that comes first in the arrays below.
    first: usize,
    loads: Vec<Load>,
    keys: MinTree<2>,
    /// Draws among equals; without it the lowest is taken.
    ties: Option<Stream>,
}

/// A kind of keys: nothing is in service, or it is overdue. The key is the time that the core needs for what waits.
const WAITING: usize = 0;
/// The key is the instant at which the core will have done all that it has.
const AT_WORK: usize = 1;
/// What a core that is down waits longer than any that is up: half of all time.
const DOWN: u64 = u64::MAX / 2;

impl Loads {
    fn new(first: usize, loads: Vec<Load>, ties: Option<Stream>) -> Self {
        let mut keys = MinTree::new(loads.len());
        (0..loads.len()).for_each(|at| keys.set(at, WAITING, 0));
        Self { first, loads, keys, ties }
    }

    /// Gives a core the key of its load.
    fn rank(&mut self, at: usize, view: &View<'_>) {
        let Load { queued, busy_until, speed, .. } = self.loads[at];
        let wait = Span::round_up(queued.ticks() as f64 / speed);
        if view.down.binary_search(&ServerId::new(self.first + at)).is_ok() {
            self.keys.set(at, WAITING, DOWN.saturating_add(wait.ticks()));
        } else if busy_until > view.now {
            self.keys.set(at, AT_WORK, (busy_until + wait).ticks());
        } else {
            self.keys.set(at, WAITING, wait.ticks());
        }
    }

    /// A core of the range that has the least left to do, of those that are up if any is.
    fn least(&mut self, range: &Range<usize>, view: &View<'_>) -> usize {
        loop {
            let (kind, at) = self.seemingly_least(range, view.now);
            if kind == WAITING || self.loads[at].busy_until > view.now {
                return at;
            }
            // Overdue: it only seemed to have so little left. It is so at most once for each task.
            self.rank(at, view);
        }
    }

    /// A core of the range whose key promises the least left to do, and the kind of that key.
    fn seemingly_least(&mut self, range: &Range<usize>, now: Time) -> (usize, usize) {
        let [waiting, at_work] = self.keys.least(range);
        let mut left = at_work;
        if left.count > 0 {
            left.key = left.key.saturating_sub(now.ticks());
        }
        let best = waiting.or(left);
        let equals = if waiting.key == best.key { waiting.count } else { 0 };
        let nth_waiting = |rank| (WAITING, self.keys.nth(range, WAITING, waiting.key, rank));
        let nth_at_work = |rank| (AT_WORK, self.keys.nth(range, AT_WORK, at_work.key, rank));
        match &mut self.ties {
            Some(ties) => {
                let rank = if best.count > 1 { ties.below(u64::from(best.count)) as u32 } else { 0 };
                if rank < equals { nth_waiting(rank) } else { nth_at_work(rank - equals) }
            }
            None if equals == 0 => nth_at_work(0),
            None if equals == best.count => nth_waiting(0),
            None => [nth_waiting(0), nth_at_work(0)]
                .into_iter()
                .fold((WAITING, usize::MAX), |one, other| if other.1 < one.1 { other } else { one }),
        }
    }
}

impl Policy for Loads {
    fn decide(&mut self, ready: &Ready, view: &View<'_>) -> Decision {
        for &server in view.changed {
            let at = server.index().wrapping_sub(self.first);
            if let Some(load) = self.loads.get_mut(at) {
                *load = view.loads[server.index()];
                self.rank(at, view);
            }
        }
        let (first, end) = ready.allowed;
        let at = self.least(&(first as usize - self.first..end as usize - self.first), view);
        Decision::Enqueue { server: ServerId::new(self.first + at), reason: Reason::LeastLoad }
    }

    fn watches_loads(&self) -> bool {
        true
    }
}

pub(in crate::policy) static ENTRY: Entry<dyn PolicySpec> = Entry {
    name: "least-loaded",
    about: "each task to the server that can be expected to need the least time for what it has",
    cite: "Kiefer & Wolfowitz 1955, On the theory of queues with many servers",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(LeastLoaded { clairvoyant: false })),
};

pub(in crate::policy) static WORK_LEFT: Entry<dyn PolicySpec> = Entry {
    name: "least-work-left",
    about: "each task to the server that needs the least time for what it has: `least-loaded` that knows the work drawn",
    cite: "Kiefer & Wolfowitz 1955; Harchol-Balter, Crovella & Murta 1999",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(LeastLoaded { clairvoyant: true })),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{NodeId, SocketId, TaskId};
    use crate::policy::CoreInfo;
    use crate::policy::testing::{Bag, chi_square, ready, server_chosen, setup, view};
    use crate::rng::Key;

    const CORES: usize = 11;
    const ON: (u32, u32) = (2, 10);

    fn start(speeds: &[f64], lowest: bool) -> Box<dyn Policy> {
        let cores: Vec<_> = speeds
            .iter()
            .map(|&speed| CoreInfo { node: NodeId::new(0), socket: SocketId::new(0), speed })
            .collect();
        LeastLoaded { clairvoyant: false }.start(&Setup {
            cores: &cores,
            on: ON,
            lowest,
            ..setup(&Bag::of(0))
        })
    }

    /// What a core has left, as the model defines it.
    fn remaining(load: &Load, now: Time) -> u64 {
        let in_service = load.busy_until.ticks().saturating_sub(now.ticks());
        in_service + Span::round_up(load.queued.ticks() as f64 / load.speed).ticks()
    }

    /// The cores that `ready` may go to, found by looking at all of them.
    fn candidates(ready: &Ready, loads: &[Load], down: &[ServerId], now: Time) -> Vec<usize> {
        let allowed = ready.allowed.0 as usize..ready.allowed.1 as usize;
        let is_up = |core: &usize| !down.contains(&ServerId::new(*core));
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
        down: Vec<ServerId>,
    }

    impl History {
        fn below(&mut self, n: u64) -> u64 {
            self.stream.below(n)
        }

        /// Lets time pass and some cores change; which did.
        fn go_on(&mut self) -> Vec<ServerId> {
            self.now += Span::from_ticks(self.stream.below(4));
            let mut changed = Vec::new();
            for core in 0..CORES {
                if self.below(3) > 0 {
                    continue;
                }
                changed.push(ServerId::new(core));
                self.loads[core].queued = Span::from_ticks(self.stream.below(6));
                self.loads[core].busy_until =
                    Time::from_ticks((self.now.ticks() + self.stream.below(9)).saturating_sub(2));
                self.down.retain(|&lost| lost.index() != core);
                if self.below(3) == 0 {
                    self.down.push(ServerId::new(core));
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
        let mut changed = Vec::new();
        for round in 0..3000 {
            changed.extend(history.go_on());
            let tasks: Vec<Ready> = (0..history.below(4)).map(|number| history.task(number)).collect();
            for task in &tasks {
                let view = View { now: history.now, ..view(&history.loads, &changed, &history.down) };
                let core = server_chosen(&mut *policy, task, &view);
                changed.clear();
                let right = candidates(task, &history.loads, &history.down, history.now);
                if lowest {
                    assert_eq!(core, right[0], "{task:?} in round {round}");
                } else {
                    assert!(right.contains(&core), "{core} for {task:?} in round {round}, not {right:?}");
                }
                history.loads[core].queued += Span::round_up(task.expected);
                changed.push(ServerId::new(core));
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
        let changed: Vec<_> = (0..CORES).map(ServerId::new).collect();
        let task = Ready { allowed: ON, ..ready(0, 3.0) };
        let mut policy = start(&[1.0; CORES], false);
        let mut counts = [0_u64; CORES];
        for _ in 0..8000 {
            let view = View { now: Time::from_ticks(10), ..view(&loads, &changed, &[]) };
            counts[server_chosen(&mut *policy, &task, &view)] += 1;
        }
        let equals = [2, 3, 5, 7].map(|core: usize| counts[core]);
        assert_eq!(equals.iter().sum::<u64>(), 8000);
        // χ² with 3 degrees of freedom exceeds 25 once in 65,000 seeds, and the seed is fixed.
        assert!(chi_square(&equals) < 25.0, "{counts:?}");
    }

    #[test]
    fn tasks_that_become_ready_together_spread_over_idle_cores() {
        let mut policy = start(&[1.0; CORES], false);
        let task = Ready { allowed: ON, ..ready(0, 3.0) };
        let mut loads = [Load { tasks: 0, queued: Span::ZERO, busy_until: Time::ZERO, speed: 1.0 }; CORES];
        let (mut cores, mut changed) = (Vec::new(), Vec::new());
        for _ in 0..8 {
            let core = server_chosen(&mut *policy, &task, &view(&loads, &changed, &[]));
            loads[core].queued += Span::round_up(task.expected);
            cores.push(core);
            changed = vec![ServerId::new(core)];
        }
        cores.sort_unstable();
        assert_eq!(cores, (2..10).collect::<Vec<_>>());
    }
}
