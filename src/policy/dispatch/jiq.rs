//! Idle servers report to a dispatcher.

use std::collections::VecDeque;
use std::num::NonZeroU32;

use super::up::Up;
use crate::error::Problem;
use crate::ids::ServerId;
use crate::policy::{Decision, Knowledge, Policy, PolicySpec, Queues, Ready, Reason, Setup, View, fits};
use crate::registry::Entry;
use crate::rng::{Purpose, Stream};
use crate::source::{Field, Fields};
use crate::workload::Workload;

const PROBES: Field<NonZeroU32> = Field::new(
    "probes",
    "among how many dispatchers, drawn at random, a server that falls idle finds the one that knows the fewest idle ones",
)
.default("1");

/// A server that falls idle reports to one dispatcher, which gives its next task to the server that has been idle for
/// longest; a dispatcher that knows of no idle server draws one at random. A server that gets a task from elsewhere is
/// idle no more, and its report is void.
#[derive(Debug)]
struct Jiq {
    probes: u32,
}

impl PolicySpec for Jiq {
    fn queues(&self) -> Queues<'_> {
        Queues::PerServer
    }

    fn knowledge(&self) -> Option<Knowledge> {
        Some(Knowledge::Reports)
    }

    fn start(&self, setup: &Setup<'_>) -> Box<dyn Policy> {
        let mut reports = Reports {
            first: setup.on.0 as usize,
            known: vec![0; (setup.on.1 - setup.on.0) as usize],
            dispatchers: vec![Idle::default(); setup.dispatchers as usize],
            probes: self.probes,
            stamp: 0,
            choices: setup.stream(Purpose::Choice),
        };
        let mut servers: Vec<ServerId> =
            (setup.on.0..setup.on.1).map(|at| ServerId::new(at as usize)).collect();
        if !setup.lowest {
            setup.stream(Purpose::Tie).shuffle(&mut servers);
        }
        servers.into_iter().for_each(|server| reports.report(server));
        Box::new(reports)
    }

    fn is_random(&self, _: bool) -> bool {
        true
    }

    fn misfits(&self, workload: &dyn Workload) -> Vec<Problem> {
        fits::one_core_each("jiq", workload).into_iter().collect()
    }

    fn serves_all_dispatchers(&self) -> bool {
        true
    }
}

/// The idle servers that a dispatcher knows of, the first to report first; reports that are void lie among them.
#[derive(Clone, Default)]
struct Idle {
    reports: VecDeque<(ServerId, u64)>,
    /// How many of the reports are not void.
    count: u64,
}

struct Reports {
    /// The number of the server that comes first in `known`.
    first: usize,
    /// The stamp of the report of each server that is known to be idle, else 0; the dispatcher is the remainder of the
    /// stamp by their number.
    known: Vec<u64>,
    dispatchers: Vec<Idle>,
    probes: u32,
    /// The last stamp given, times the number of dispatchers.
    stamp: u64,
    choices: Stream,
}

impl Reports {
    fn at(&mut self, server: ServerId) -> Option<&mut u64> {
        self.known.get_mut(server.index().wrapping_sub(self.first))
    }

    /// A server that has fallen idle reports.
    fn report(&mut self, server: ServerId) {
        let all = self.dispatchers.len() as u64;
        let mut to = 0;
        if all > 1 {
            to = self.choices.below(all) as usize;
            for _ in 1..self.probes {
                let other = self.choices.below(all) as usize;
                to = if self.dispatchers[other].count < self.dispatchers[to].count { other } else { to };
            }
        }
        self.stamp += all;
        let stamp = self.stamp + to as u64;
        self.dispatchers[to].reports.push_back((server, stamp));
        self.dispatchers[to].count += 1;
        if let Some(known) = self.at(server) {
            *known = stamp;
        }
    }

    /// A server isn't idle any more: its report, if any, is void.
    fn withdraw(&mut self, server: ServerId) {
        let stamp = self.at(server).map_or(0, std::mem::take);
        if stamp > 0 {
            let all = self.dispatchers.len() as u64;
            self.dispatchers[(stamp % all) as usize].count -= 1;
        }
    }

    /// The server whose report to a dispatcher is oldest, of those allowed.
    fn oldest(&mut self, dispatcher: usize, (from, to): (u32, u32), down: &[ServerId]) -> Option<ServerId> {
        if self.dispatchers[dispatcher].count == 0 {
            return None;
        }
        let mut aside = Vec::new();
        let mut found = None;
        while let Some((server, stamp)) = self.dispatchers[dispatcher].reports.pop_front() {
            if self.at(server).is_none_or(|known| *known != stamp) {
                continue;
            }
            if (from as usize..to as usize).contains(&server.index()) && down.binary_search(&server).is_err()
            {
                self.withdraw(server);
                found = Some(server);
                break;
            }
            aside.push((server, stamp));
        }
        aside.into_iter().rev().for_each(|report| self.dispatchers[dispatcher].reports.push_front(report));
        found
    }
}

impl Policy for Reports {
    fn decide(&mut self, ready: &Ready, view: &View<'_>) -> Decision {
        for &server in view.changed {
            let idle = view.loads[server.index()].tasks == 0;
            match self.at(server).map(|known| *known > 0) {
                Some(false) if idle => self.report(server),
                Some(true) if !idle => self.withdraw(server),
                _ => {}
            }
        }
        match self.oldest(view.dispatcher, ready.allowed, view.down) {
            Some(server) => Decision::Enqueue { server, reason: Reason::Idle },
            None => {
                let up = Up::of(ready.allowed, view.down);
                let server = up.nth(self.choices.below(up.len() as u64) as usize);
                Decision::Enqueue { server, reason: Reason::Drawn }
            }
        }
    }

    fn watches_loads(&self) -> bool {
        true
    }
}

pub(in crate::policy) static ENTRY: Entry<dyn PolicySpec> = Entry {
    name: "jiq",
    about: "each task to a server that has reported to be idle, else to one drawn at random",
    cite: "Lu, Xie, Kliot, Geller, Larus & Greenberg 2011, Join-Idle-Queue",
    fields: &[&PROBES],
    bare: None,
    read: |fields: &Fields<'_>| Some(Box::new(Jiq { probes: fields.take(&PROBES)?.get() })),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::testing::{Bag, load, ready, server_chosen, servers, setup, view};

    fn start(dispatchers: u32) -> Box<dyn Policy> {
        let cores = servers(4);
        let setup = Setup { cores: &cores, on: (0, 4), lowest: true, dispatchers, ..setup(&Bag::of(0)) };
        Jiq { probes: 1 }.start(&setup)
    }

    fn server(at: usize) -> ServerId {
        ServerId::new(at)
    }

    #[test]
    fn who_has_been_idle_for_longest_is_taken_and_once() {
        let mut policy = start(1);
        let task = Ready { allowed: (0, 4), ..ready(0, 1.0) };
        let idle = [0; 4].map(load);
        for expected in 0..4 {
            assert_eq!(server_chosen(&mut *policy, &task, &view(&idle, &[], &[])), expected);
        }
        // Server 2 falls idle before server 0; 1 and 3 are busy.
        let loads = [0, 1, 0, 1].map(load);
        assert_eq!(server_chosen(&mut *policy, &task, &view(&loads, &[server(2), server(0)], &[])), 2);
        assert_eq!(server_chosen(&mut *policy, &task, &view(&loads, &[], &[])), 0);
    }

    #[test]
    fn a_report_is_void_once_the_server_has_work_from_elsewhere_or_may_not_be_used() {
        let mut policy = start(1);
        let task = Ready { allowed: (0, 4), ..ready(0, 1.0) };
        let loads = [1, 0, 0, 0].map(load);
        assert_eq!(server_chosen(&mut *policy, &task, &view(&loads, &[server(0)], &[server(1)])), 2);
        let narrow = Ready { allowed: (3, 4), ..task };
        assert_eq!(server_chosen(&mut *policy, &narrow, &view(&loads, &[], &[])), 3);
        // The one that was passed over while it was down still counts as idle.
        assert_eq!(server_chosen(&mut *policy, &task, &view(&loads, &[], &[])), 1);
    }

    #[test]
    fn each_dispatcher_knows_only_of_those_that_reported_to_it() {
        let mut policy = start(2);
        let task = Ready { allowed: (0, 4), ..ready(0, 1.0) };
        let loads = [0; 4].map(load);
        let mut known = [Vec::new(), Vec::new()];
        for (dispatcher, known) in known.iter_mut().enumerate() {
            loop {
                let view = View { dispatcher, ..view(&loads, &[], &[]) };
                match policy.decide(&task, &view) {
                    Decision::Enqueue { server, reason: Reason::Idle } => known.push(server.index()),
                    _ => break,
                }
            }
        }
        let mut all: Vec<usize> = known.concat();
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2, 3], "{known:?}");
    }
}
