//! The servers in turn.

use std::collections::BTreeMap;

use super::up::Up;
use crate::error::Problem;
use crate::policy::{Decision, Knowledge, Policy, PolicySpec, Queues, Ready, Reason, Setup, View, fits};
use crate::registry::Entry;
use crate::workload::Workload;

/// Gives each task that becomes ready to the next server that is believed to be up. Tasks that may go to others than
/// the rest take turns of their own.
#[derive(Debug)]
struct RoundRobin;

impl PolicySpec for RoundRobin {
    fn queues(&self) -> Queues<'_> {
        Queues::PerServer
    }

    fn knowledge(&self) -> Option<Knowledge> {
        Some(Knowledge::Nothing)
    }

    fn start(&self, _: &Setup<'_>) -> Box<dyn Policy> {
        Box::new(Turns::default())
    }

    fn misfits(&self, workload: &dyn Workload) -> Vec<Problem> {
        fits::one_core_each("round-robin", workload).into_iter().collect()
    }
}

/// For each range of allowed servers the number of the one whose turn it is.
#[derive(Default)]
struct Turns(BTreeMap<(u32, u32), usize>);

impl Policy for Turns {
    fn decide(&mut self, ready: &Ready, view: &View<'_>) -> Decision {
        let turn = self.0.entry(ready.allowed).or_insert(0);
        let server = Up::of(ready.allowed, view.down).from(*turn);
        *turn = server.index() + 1;
        Decision::Enqueue { server, reason: Reason::InTurn }
    }
}

pub(in crate::policy) static ENTRY: Entry<dyn PolicySpec> = Entry {
    name: "round-robin",
    about: "each task that becomes ready to the next server in turn",
    cite: "",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(RoundRobin)),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ServerId;
    use crate::policy::testing::{Bag, ready, servers_chosen, setup};

    #[test]
    fn the_cores_take_turns_in_the_order_of_readiness() {
        let mut policy = RoundRobin.start(&setup(&Bag::of(0)));
        let tasks = [9, 4, 7, 1].map(|number| Ready { allowed: (5, 8), ..ready(number, 1.0) });
        assert_eq!(servers_chosen(&mut *policy, &tasks, &[]), [5, 6, 7, 5]);
        assert_eq!(servers_chosen(&mut *policy, &tasks, &[]), [6, 7, 5, 6]);
    }

    #[test]
    fn tasks_of_other_cores_take_turns_of_their_own() {
        let mut policy = RoundRobin.start(&setup(&Bag::of(0)));
        let tasks = [(0, 4), (0, 2), (0, 4), (0, 2), (0, 4), (0, 2), (0, 4), (2, 3)]
            .map(|allowed| Ready { allowed, ..ready(0, 1.0) });
        assert_eq!(servers_chosen(&mut *policy, &tasks, &[]), [0, 0, 1, 1, 2, 0, 3, 2]);
    }

    #[test]
    fn cores_that_are_down_miss_their_turn_unless_all_are() {
        let mut policy = RoundRobin.start(&setup(&Bag::of(0)));
        let tasks = [Ready { allowed: (0, 4), ..ready(0, 1.0) }; 4];
        let lost = [1, 3].map(ServerId::new);
        assert_eq!(servers_chosen(&mut *policy, &tasks, &lost), [0, 2, 0, 2]);
        assert_eq!(servers_chosen(&mut *policy, &tasks, &[0, 1, 2, 3].map(ServerId::new)), [3, 0, 1, 2]);
    }
}
