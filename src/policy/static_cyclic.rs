//! Tasks dealt out in turn by number, fixed before the run.

use super::{Policy, PolicySpec, Queues, Setup, by_number::ByNumber, fits};
use crate::error::Problem;
use crate::registry::Entry;
use crate::workload::Workload;

/// Gives task number n to core n mod P.
#[derive(Debug)]
struct StaticCyclic;

impl PolicySpec for StaticCyclic {
    fn queues(&self) -> Queues<'_> {
        Queues::PerServer
    }

    fn start(&self, setup: &Setup<'_>) -> Box<dyn Policy> {
        Box::new(ByNumber::new(setup, |number, cores| number % cores))
    }

    fn misfits(&self, workload: &dyn Workload) -> Vec<Problem> {
        fits::one_core_each("static-cyclic", workload).into_iter().collect()
    }
}

pub(super) static ENTRY: Entry<dyn PolicySpec> = Entry {
    name: "static-cyclic",
    about: "tasks dealt out to the cores in turn by number, fixed before the run",
    cite: "",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(StaticCyclic)),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{NodeId, ServerId, SocketId, TaskId};
    use crate::policy::testing::{Bag, ready, servers_chosen, setup};
    use crate::policy::{CoreInfo, Ready};
    use crate::program::graph::{GraphBuilder, Work};

    #[test]
    fn numbers_are_dealt_out_in_turn_whatever_came_before_and_whoever_is_down() {
        let mut policy = StaticCyclic.start(&setup(&Bag::of(0)));
        let tasks = [5, 0, 1, 2, 3, 4].map(|number| Ready { allowed: (0, 3), ..ready(number, 1.0) });
        assert_eq!(servers_chosen(&mut *policy, &tasks, &[ServerId::new(1)]), [2, 0, 1, 2, 0, 1]);
        let few = [5, 6, 7].map(|number| Ready { allowed: (1, 3), ..ready(number, 1.0) });
        assert_eq!(servers_chosen(&mut *policy, &few, &[]), [2, 1, 2]);
    }

    #[test]
    fn the_cores_of_a_graph_are_settled_from_the_start_as_they_will_be_decided() {
        let node = |index| CoreInfo { node: NodeId::new(index), socket: SocketId::new(index), speed: 1.0 };
        let mut builder = GraphBuilder::default();
        for number in 0..6 {
            builder.task(&format!("t{number}"), Work::Uniform(1.0));
        }
        builder.pin(TaskId::new(3), (2, 5));
        let graph = builder.build().unwrap();
        // The workload may use cores 1 to 4; node 1 has 2, 3 and 4.
        let cores = [node(0), node(0), node(1), node(1), node(1), node(2)];
        let bag = Bag::of(6);
        let policy =
            StaticCyclic.start(&Setup { cores: &cores, on: (1, 5), graph: Some(&graph), ..setup(&bag) });
        let settled: Vec<_> = (0..6).map(|number| policy.settled(number).unwrap().index()).collect();
        assert_eq!(settled, [1, 2, 3, 2, 1, 2]);
        assert_eq!(policy.settled(6), None);
    }
}
