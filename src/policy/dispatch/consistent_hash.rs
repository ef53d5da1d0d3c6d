//! Tasks of a key to the same server, as long as it isn't overloaded.

use std::num::NonZeroU32;

use crate::error::Problem;
use crate::ids::ServerId;
use crate::policy::{Decision, Knowledge, Policy, PolicySpec, Queues, Ready, Reason, Setup, View, fits};
use crate::registry::Entry;
use crate::rng::{Key, Purpose, Stream};
use crate::source::{Field, Fields};
use crate::workload::Workload;

const BOUND: Field<f64> = Field::new(
    "bound",
    "how many times the mean load a server may have, more than 1; absent, there is no bound",
)
.optional()
.check(|bound| if *bound > 1.0 { Ok(()) } else { Err("must be greater than 1") });
const POINTS: Field<NonZeroU32> =
    Field::new("points", "at how many places of the ring each server stands").default("100");
const KEYS: Field<NonZeroU32> =
    Field::new("keys", "how many different keys tasks have; absent, each has one of its own").optional();
const SKEW: Field<f64> =
    Field::new("skew", "how unlike the keys are in frequency: the one of rank k comes as k to minus this")
        .default("0")
        .check(|skew| if *skew >= 0.0 { Ok(()) } else { Err("must not be negative") });

/// Servers stand on a ring at places that their names are hashed to; a task goes to the next server from where its key is
/// hashed to. With a `bound` of *c* none takes a task that would give it more than ⌈*c m*/*n*⌉ of the *m* tasks that *n*
/// servers have with it: the task goes on along the ring.
#[derive(Debug)]
struct ConsistentHash {
    bound: Option<f64>,
    points: u32,
    keys: Option<u32>,
    skew: f64,
}

impl PolicySpec for ConsistentHash {
    fn queues(&self) -> Queues<'_> {
        Queues::PerServer
    }

    fn knowledge(&self) -> Option<Knowledge> {
        Some(if self.bound.is_some() { Knowledge::Loads } else { Knowledge::Nothing })
    }

    fn serves_all_dispatchers(&self) -> bool {
        true
    }

    fn start(&self, setup: &Setup<'_>) -> Box<dyn Policy> {
        // Where servers stand is the same in all replicates: their names don't change.
        let places = Key { replicate: 0, ..setup.key };
        let mut ring: Vec<(u64, ServerId)> = Vec::new();
        for server in (setup.on.0..setup.on.1).map(|server| ServerId::new(server as usize)) {
            let place = Key { purpose: Purpose::Placement, ..places };
            let mut hashes = Stream::of_entity(place, server.index() as u64);
            ring.extend((0..self.points).map(|_| (hashes.bits(), server)));
        }
        ring.sort_unstable();
        let mut so_far = 0.0;
        let mut popularity: Vec<f64> = (1..=self.keys.unwrap_or(0))
            .map(|rank| {
                so_far += libm::pow(f64::from(rank), -self.skew);
                so_far
            })
            .collect();
        popularity.iter_mut().for_each(|part| *part /= so_far);
        Box::new(Ring {
            bound: self.bound,
            ring,
            popularity,
            key: Key { purpose: Purpose::Choice, ..setup.key },
            first: setup.on.0 as usize,
            tasks: vec![0; (setup.on.1 - setup.on.0) as usize],
            all: 0,
        })
    }

    fn is_random(&self, _: bool) -> bool {
        true
    }

    fn misfits(&self, workload: &dyn Workload) -> Vec<Problem> {
        fits::one_core_each("consistent-hash", workload).into_iter().collect()
    }
}

struct Ring {
    bound: Option<f64>,
    /// The servers in the order of the ring, each at all of its places.
    ring: Vec<(u64, ServerId)>,
    /// The part of all tasks that have the key of each rank or one before it; empty where each has its own.
    popularity: Vec<f64>,
    /// Who draws the key of each task, by its number.
    key: Key,
    /// The number of the server that comes first in `tasks`.
    first: usize,
    /// What each server has, and all of them.
    tasks: Vec<u64>,
    all: u64,
}

impl Ring {
    /// Where the key of a task is hashed to.
    fn hash(&self, number: u64) -> u64 {
        let mut own = Stream::of_entity(self.key, number);
        if self.popularity.is_empty() {
            return own.bits();
        }
        let uniform = own.uniform();
        let rank = self.popularity.partition_point(|part| *part < uniform) as u64;
        let place = Key { purpose: Purpose::Placement, replicate: 0, ..self.key };
        // Keys lie behind the servers among the names that are hashed.
        Stream::of_entity(place, u64::from(u32::MAX) + 1 + rank).bits()
    }
}

impl Policy for Ring {
    fn decide(&mut self, ready: &Ready, view: &View<'_>) -> Decision {
        // Without a bound nobody keeps loads for it.
        for &server in view.changed.iter().filter(|_| self.bound.is_some()) {
            if let Some(tasks) = self.tasks.get_mut(server.index().wrapping_sub(self.first)) {
                let now = u64::from(view.loads[server.index()].tasks);
                self.all = self.all - *tasks + now;
                *tasks = now;
            }
        }
        let (from, to) = (ready.allowed.0 as usize, ready.allowed.1 as usize);
        let most = self.bound.map_or(u64::MAX, |bound| {
            libm::ceil(bound * (self.all + 1) as f64 / self.tasks.len() as f64) as u64
        });
        let hash = self.hash(ready.number);
        let start = self.ring.partition_point(|(place, _)| *place < hash);
        let allowed = |server: &ServerId| {
            (from..to).contains(&server.index()) && view.down.binary_search(server).is_err()
        };
        let along = || self.ring[start..].iter().chain(&self.ring[..start]).map(|(_, server)| *server);
        let room = |server: &ServerId| self.tasks[server.index() - self.first] < most;
        // Where none that is allowed has room, the task goes to where it would go without a bound; where all are down, it
        // waits at any.
        let server = along()
            .find(|server| allowed(server) && room(server))
            .or_else(|| along().find(allowed))
            .unwrap_or(ServerId::new(from));
        Decision::Enqueue { server, reason: Reason::Hashed }
    }

    fn watches_loads(&self) -> bool {
        self.bound.is_some()
    }
}

pub(in crate::policy) static ENTRY: Entry<dyn PolicySpec> = Entry {
    name: "consistent-hash",
    about: "each task to the server that its key is hashed to, or the next one that is within the bound",
    cite: "Karger et al. 1997, Consistent hashing and random trees; with a bound Mirrokni, Thorup & Zadimoghaddam 2018",
    fields: &[&BOUND, &POINTS, &KEYS, &SKEW],
    bare: None,
    read,
};

fn read(fields: &Fields<'_>) -> Option<Box<dyn PolicySpec>> {
    let (bound, points) = (fields.maybe(&BOUND), fields.take(&POINTS));
    let (keys, skew) = (fields.maybe(&KEYS), fields.take(&SKEW));
    let (bound, points, keys, skew) = (bound?, points?, keys?, skew?);
    if skew > 0.0 && keys.is_none() {
        fields.missing(
            "keys",
            "how many different keys tasks have, among which `skew` makes some more frequent",
        );
        return None;
    }
    Some(Box::new(ConsistentHash { bound, points: points.get(), keys: keys.map(NonZeroU32::get), skew }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::testing::{Bag, load, ready, server_chosen, servers, setup, view};

    fn start(
        servers: &[crate::policy::CoreInfo],
        bound: Option<f64>,
        keys: Option<u32>,
        skew: f64,
    ) -> Box<dyn Policy> {
        let spec = ConsistentHash { bound, points: 100, keys, skew };
        spec.start(&Setup { cores: servers, on: (0, servers.len() as u32), ..setup(&Bag::of(0)) })
    }

    #[test]
    fn a_key_stays_with_its_server_and_moves_only_where_that_one_is_down() {
        let cores = servers(10);
        let mut policy = start(&cores, None, Some(500), 0.0);
        let loads = [0; 10].map(load);
        let mut ask = |number, down: &[ServerId]| {
            let task = Ready { allowed: (0, 10), ..ready(number, 1.0) };
            server_chosen(&mut *policy, &task, &view(&loads, &[], down))
        };
        let before: Vec<usize> = (0..2000).map(|number| ask(number, &[])).collect();
        let after: Vec<usize> = (0..2000).map(|number| ask(number, &[ServerId::new(3)])).collect();
        for (before, after) in before.iter().zip(&after) {
            assert!(*before == 3 && *after != 3 || before == after);
        }
        assert!(before.contains(&3));
    }

    #[test]
    fn no_server_is_ever_given_more_than_its_bound() {
        // A key in three tasks of four: without a bound its server would have to take them all.
        let cores = servers(8);
        let bound = 1.25;
        let mut policy = start(&cores, Some(bound), Some(20), 3.0);
        let mut tasks = [0_u32; 8];
        let mut changed: Vec<ServerId> = Vec::new();
        let mut stream = Stream::new(Key { seed: 7, replicate: 0, source: 0, purpose: Purpose::Work });
        let mut at_the_bound = 0;
        for number in 0..5000 {
            let loads = tasks.map(load);
            let task = Ready { allowed: (0, 8), ..ready(number, 1.0) };
            let server = server_chosen(&mut *policy, &task, &view(&loads, &changed, &[]));
            changed = vec![ServerId::new(server)];
            tasks[server] += 1;
            let most = (bound * f64::from(tasks.iter().sum::<u32>()) / 8.0).ceil();
            assert!(f64::from(tasks[server]) <= most, "{tasks:?}");
            at_the_bound += u32::from(f64::from(tasks[server]) == most);
            while tasks.iter().sum::<u32>() > 40 {
                let one = stream.below(8) as usize;
                tasks[one] = tasks[one].saturating_sub(1);
                changed.push(ServerId::new(one));
            }
        }
        assert!(at_the_bound > 100, "the bound was never in force");
    }
}
