//! The shortest queue.

use super::ranking::Ranking;
use crate::error::Problem;
use crate::policy::{Decision, Knowledge, Policy, PolicySpec, Queues, Ready, Reason, Setup, View, fits};
use crate::registry::Entry;
use crate::workload::Workload;

/// Gives each task to the server that has the fewest, waiting and in service: of those that it may go to and that are
/// believed to be up. Optimal for exponential times that nobody knows (Winston 1977).
#[derive(Debug)]
struct Jsq;

impl PolicySpec for Jsq {
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
        Box::new(Shortest(Ranking::new(setup)))
    }

    fn is_random(&self, lowest: bool) -> bool {
        !lowest
    }

    fn misfits(&self, workload: &dyn Workload) -> Vec<Problem> {
        fits::one_core_each("jsq", workload).into_iter().collect()
    }
}

struct Shortest(Ranking);

impl Policy for Shortest {
    fn decide(&mut self, ready: &Ready, view: &View<'_>) -> Decision {
        for &server in view.changed {
            self.0.set(server, u64::from(view.loads[server.index()].tasks));
        }
        Decision::Enqueue { server: self.0.least(ready.allowed, view), reason: Reason::LeastLoad }
    }

    fn watches_loads(&self) -> bool {
        true
    }
}

pub(in crate::policy) static ENTRY: Entry<dyn PolicySpec> = Entry {
    name: "jsq",
    about: "each task to the server that has the fewest, waiting and in service",
    cite: "Winston 1977, Optimality of the shortest line discipline",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(Jsq)),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ServerId;
    use crate::policy::testing::{Bag, load, ready, server_chosen, servers, setup, view};

    #[test]
    fn the_shortest_queue_of_those_allowed_and_up_is_joined() {
        let cores = servers(6);
        let mut policy = Jsq.start(&Setup { cores: &cores, on: (0, 6), lowest: true, ..setup(&Bag::of(0)) });
        let loads = [0, 3, 2, 2, 1, 4].map(load);
        let all: Vec<ServerId> = (0..6).map(ServerId::new).collect();
        let down = [ServerId::new(4)];
        let mut ask = |allowed, changed: &[ServerId], down: &[ServerId]| {
            server_chosen(&mut *policy, &Ready { allowed, ..ready(0, 1.0) }, &view(&loads, changed, down))
        };
        assert_eq!(ask((0, 6), &all, &[]), 0);
        assert_eq!(ask((1, 6), &[], &[]), 4);
        assert_eq!(ask((1, 6), &[], &down), 2);
        assert_eq!(ask((4, 6), &[], &down), 5);
        assert_eq!(ask((4, 5), &[], &down), 4);
        assert_eq!(ask((1, 6), &[], &[]), 4);
    }
}
