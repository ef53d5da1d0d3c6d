//! The shortest of a few queues drawn at random.

use super::up::Up;
use crate::error::Problem;
use crate::ids::ServerId;
use crate::policy::{Decision, Knowledge, Policy, PolicySpec, Queues, Ready, Reason, Setup, View, fits};
use crate::registry::Entry;
use crate::rng::{Purpose, Stream};
use crate::source::{Field, Fields};
use crate::workload::Workload;
use std::num::NonZeroU32;

const D: Field<NonZeroU32> = Field::new("d", "how many servers are drawn for each task").default("2");
const REPLACEMENT: Field<bool> =
    Field::new("replacement", "whether the same server may be drawn several times").default("false");
const MEMORY: Field<u32> =
    Field::new("memory", "how many of the best seen are looked at again for the next task").default("0");

/// Draws `d` servers for each task, of those that it may go to and that are believed to be up, and gives it to the one
/// that has the fewest. With `memory`, the best of those it looked at are looked at again for the next task.
#[derive(Debug)]
struct PowerOfD {
    d: u32,
    replacement: bool,
    memory: u32,
}

impl PolicySpec for PowerOfD {
    fn queues(&self) -> Queues<'_> {
        Queues::PerServer
    }

    fn knowledge(&self) -> Option<Knowledge> {
        Some(Knowledge::Loads)
    }

    fn start(&self, setup: &Setup<'_>) -> Box<dyn Policy> {
        Box::new(Drawing {
            d: self.d,
            replacement: self.replacement,
            memory: self.memory as usize,
            choices: setup.stream(Purpose::Choice),
            ties: (!setup.lowest).then(|| setup.stream(Purpose::Tie)),
            drawn: vec![0; (setup.on.1 - setup.on.0) as usize],
            round: 0,
            seen: Vec::new(),
            remembered: Vec::new(),
        })
    }

    fn is_random(&self, _: bool) -> bool {
        true
    }

    fn drawn_servers(&self) -> Option<u32> {
        (self.memory == 0).then_some(self.d)
    }

    fn misfits(&self, workload: &dyn Workload) -> Vec<Problem> {
        fits::one_core_each("power-of-d", workload).into_iter().collect()
    }

    fn needs_servers(&self, servers: u32) -> Option<Problem> {
        let all = if self.replacement { u32::MAX } else { servers };
        (self.d > all).then(|| {
            let what = format!("`power-of-d` draws {} servers, but there are only {servers}", self.d);
            Problem::new(what)
                .help("give a smaller `d`, `replacement = true`, or take `jsq`, which looks at all")
        })
    }
}

struct Drawing {
    d: u32,
    replacement: bool,
    memory: usize,
    choices: Stream,
    /// Draws among equals; without it the lowest is taken.
    ties: Option<Stream>,
    /// For each rank among the servers that are up the last round in which it was drawn.
    drawn: Vec<u64>,
    round: u64,
    /// The servers looked at in this round, with the tasks that they have.
    seen: Vec<(u32, ServerId)>,
    /// The best of the round before.
    remembered: Vec<ServerId>,
}

impl Drawing {
    /// Looks at servers drawn at random, and at those remembered.
    fn look(&mut self, ready: &Ready, view: &View<'_>) {
        let up = Up::of(ready.allowed, view.down);
        let count = up.len() as u64;
        let tasks = |server: ServerId| (view.loads[server.index()].tasks, server);
        self.seen.clear();
        self.round += 1;
        if self.replacement {
            let drawn = (0..self.d).map(|_| up.nth(self.choices.below(count) as usize));
            self.seen.extend(drawn.map(tasks));
        } else {
            // Each set of d is equally likely (Floyd; Bentley & Floyd 1987).
            for last in count.saturating_sub(u64::from(self.d))..count {
                let rank = self.choices.below(last + 1) as usize;
                let rank = if self.drawn[rank] == self.round { last as usize } else { rank };
                self.drawn[rank] = self.round;
                self.seen.push(tasks(up.nth(rank)));
            }
        }
        for &server in &self.remembered {
            let allowed = (ready.allowed.0 as usize..ready.allowed.1 as usize).contains(&server.index());
            if allowed && view.down.binary_search(&server).is_err() && !self.seen.contains(&tasks(server)) {
                self.seen.push(tasks(server));
            }
        }
    }

    /// The server that has the fewest tasks, of those looked at.
    fn best(&mut self) -> ServerId {
        let (mut best, mut equals) = (self.seen[0], 1);
        for &one in &self.seen[1..] {
            if one.0 < best.0 {
                (best, equals) = (one, 1);
            } else if one.0 == best.0 {
                match &mut self.ties {
                    Some(ties) => {
                        equals += 1;
                        best = if ties.below(equals) == 0 { one } else { best };
                    }
                    None => best = best.min(one),
                }
            }
        }
        best.1
    }
}

impl Policy for Drawing {
    fn decide(&mut self, ready: &Ready, view: &View<'_>) -> Decision {
        self.look(ready, view);
        let server = self.best();
        if self.memory > 0 {
            // What is remembered is how they stand with this task.
            self.seen.iter_mut().filter(|one| one.1 == server).for_each(|one| one.0 += 1);
            self.seen.sort_unstable();
            self.seen.dedup();
            self.remembered.clear();
            self.remembered.extend(self.seen.iter().take(self.memory).map(|one| one.1));
        }
        Decision::Enqueue { server, reason: Reason::LeastLoad }
    }

    fn watches_loads(&self) -> bool {
        true
    }
}

pub(in crate::policy) static ENTRY: Entry<dyn PolicySpec> = Entry {
    name: "power-of-d",
    about: "each task to the server that has the fewest of `d` drawn at random",
    cite: "Vvedenskaya, Dobrushin & Karpelevich 1996; Mitzenmacher 2001, The power of two choices in randomized load \
           balancing; with memory Mitzenmacher, Prabhakar & Shah 2002",
    fields: &[&D, &REPLACEMENT, &MEMORY],
    bare: Some("d"),
    read,
};

fn read(fields: &Fields<'_>) -> Option<Box<dyn PolicySpec>> {
    let (d, replacement, memory) = (fields.take(&D), fields.take(&REPLACEMENT), fields.take(&MEMORY));
    Some(Box::new(PowerOfD { d: d?.get(), replacement: replacement?, memory: memory? }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::testing::{Bag, chi_square, load, ready, server_chosen, servers, setup, view};

    const N: usize = 6;

    fn start(d: u32, replacement: bool, memory: u32) -> Box<dyn Policy> {
        let cores = servers(N);
        PowerOfD { d, replacement, memory }.start(&Setup {
            cores: &cores,
            on: (0, N as u32),
            ..setup(&Bag::of(0))
        })
    }

    fn counts(policy: &mut dyn Policy, tasks: [u32; N], down: &[ServerId]) -> [u64; N] {
        let loads = tasks.map(load);
        let task = Ready { allowed: (0, N as u32), ..ready(0, 1.0) };
        let mut counts = [0; N];
        for _ in 0..30_000 {
            counts[server_chosen(policy, &task, &view(&loads, &[], down))] += 1;
        }
        counts
    }

    /// Whether `counts` are `expected` parts of their sum: χ² with at most 5 degrees of freedom exceeds 30 once in
    /// 80,000 seeds, and the seed is fixed.
    fn fits_parts(counts: [u64; N], expected: [f64; N]) {
        let all = counts.iter().sum::<u64>() as f64;
        let part =
            |(count, part): (&u64, &f64)| (*count as f64 - all * part).powi(2) / (all * part).max(1e-9);
        let chi_square: f64 = counts.iter().zip(&expected).map(part).sum();
        assert!(chi_square < 30.0, "{counts:?} against {expected:?}");
    }

    #[test]
    fn the_server_of_rank_k_gets_its_part_of_all_pairs() {
        // Of 15 pairs without replacement the server of rank k (from 0) is the better one in 5 − k.
        let parts = [5.0, 4.0, 3.0, 2.0, 1.0, 0.0].map(|pairs| pairs / 15.0);
        fits_parts(counts(&mut *start(2, false, 0), [0, 1, 2, 3, 4, 5], &[]), parts);
        // With replacement, of 36 ordered pairs, in 2 (5 − k) + 1.
        let parts = [11.0, 9.0, 7.0, 5.0, 3.0, 1.0].map(|pairs| pairs / 36.0);
        fits_parts(counts(&mut *start(2, true, 0), [0, 1, 2, 3, 4, 5], &[]), parts);
    }

    #[test]
    fn equals_are_equally_likely_and_those_down_are_never_drawn() {
        let counts = counts(&mut *start(3, false, 0), [2; N], &[ServerId::new(1)]);
        assert_eq!(counts[1], 0);
        assert!(chi_square(&[0, 2, 3, 4, 5].map(|server: usize| counts[server])) < 30.0, "{counts:?}");
    }

    #[test]
    fn all_drawn_is_the_shortest_queue() {
        let counts = counts(&mut *start(N as u32, false, 0), [3, 2, 1, 2, 3, 4], &[]);
        assert_eq!(counts[2], 30_000);
    }

    #[test]
    fn the_best_seen_is_looked_at_again() {
        // One draw and the best of the last round: once server 0 has been found it is never lost.
        let counts = counts(&mut *start(1, false, 1), [0, 5, 5, 5, 5, 5], &[]);
        assert!(counts[0] > 29_900, "{counts:?}");
    }
}
