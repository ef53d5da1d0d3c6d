//! The server with the fewest open requests of one's own.

use super::knowledge::Knowledge;
use super::ranking::Ranking;
use super::weights::Weights;
use crate::error::Problem;
use crate::policy::{Decision, Policy, PolicySpec, Queues, Ready, Reason, Setup, View, fits};
use crate::registry::Entry;
use crate::source::{Context, Field, Fields, Kind, Read, Shape, Value};
use crate::workload::Workload;

const WEIGHTS: Field<By> = Field::new(
    "weights",
    "by what the tasks of a server are divided: a weight for each, or its `speed`; all the same if absent",
)
.optional();

/// By what counts of tasks are divided before they are compared.
#[derive(Debug)]
enum By {
    Nothing,
    Speed,
    Given(Weights),
}

impl Read for By {
    fn shape() -> Shape {
        Shape::OneOf(vec![Shape::Word(&["speed"]), Weights::shape()])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        if value.text() == Some("speed") {
            return Some(By::Speed);
        }
        let Kind::List(_) = value.kind else {
            cx.wrong_kind(value, "`\"speed\"` or a list of weights, such as [1, 1, 2]");
            return None;
        };
        Weights::read(value, cx).map(By::Given)
    }
}

/// Gives each task to the server that has the fewest of those which this dispatcher has sent out and which haven't ended,
/// divided by the server's weight. What other dispatchers send there it doesn't see: with one dispatcher, and weights
/// that are all the same, it is `jsq`.
#[derive(Debug)]
struct LeastConnections {
    by: By,
}

impl PolicySpec for LeastConnections {
    fn queues(&self) -> Queues<'_> {
        Queues::PerServer
    }

    fn start(&self, setup: &Setup<'_>) -> Box<dyn Policy> {
        let all = setup.on.0 as usize..setup.on.1 as usize;
        let shares = match &self.by {
            By::Nothing => vec![1.0; all.len()],
            By::Speed => setup.cores[all.clone()].iter().map(|core| 1.0 / core.speed).collect(),
            By::Given(weights) => weights.each.iter().map(|weight| 1.0 / weight).collect(),
        };
        Box::new(Counting { first: all.start, shares, ranking: Ranking::new(setup) })
    }

    fn knowledge(&self) -> Option<Knowledge> {
        Some(Knowledge::OwnTasks)
    }

    fn is_random(&self, lowest: bool) -> bool {
        !lowest
    }

    fn misfits(&self, workload: &dyn Workload) -> Vec<Problem> {
        let mut problems: Vec<Problem> =
            fits::one_core_each("least-connections", workload).into_iter().collect();
        if workload.unfolds() {
            let what =
                "`least-connections` counts what it has sent out, but the tasks of a tree make one another";
            problems.push(
                Problem::new(what).help("choose `work-stealing`, or `jsq`, which sees what servers have"),
            );
        }
        problems
    }

    fn needs_servers(&self, servers: u32) -> Option<Problem> {
        let By::Given(weights) = &self.by else { return None };
        weights.wrong_number(servers, "give one for each server, or `weights = \"speed\"`, or leave them out")
    }
}

struct Counting {
    /// The number of the server that comes first in `shares`.
    first: usize,
    /// What a task counts at each server.
    shares: Vec<f64>,
    /// The servers by the sum of their shares. As it isn't negative, it is ordered as its bits are.
    ranking: Ranking,
}

impl Policy for Counting {
    fn decide(&mut self, ready: &Ready, view: &View<'_>) -> Decision {
        for &server in view.changed {
            if let Some(share) = self.shares.get(server.index().wrapping_sub(self.first)) {
                let open = f64::from(view.loads[server.index()].tasks) * share;
                self.ranking.set(server, open.to_bits());
            }
        }
        Decision::Enqueue { server: self.ranking.least(ready.allowed, view), reason: Reason::LeastLoad }
    }

    fn watches_loads(&self) -> bool {
        true
    }
}

pub(in crate::policy) static ENTRY: Entry<dyn PolicySpec> = Entry {
    name: "least-connections",
    about: "each task to the server that has the fewest open ones of this dispatcher's own",
    cite: "Zhang 2000, Linux Virtual Server for scalable network services",
    fields: &[&WEIGHTS],
    bare: Some("weights"),
    read: |fields: &Fields<'_>| {
        Some(Box::new(LeastConnections { by: fields.maybe(&WEIGHTS)?.unwrap_or(By::Nothing) }))
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ServerId;
    use crate::place::Place;
    use crate::policy::testing::{Bag, load, ready, server_chosen, servers, setup, view};

    fn chosen(by: By, tasks: [u32; 3], down: &[ServerId]) -> usize {
        let cores = servers(3);
        let spec = LeastConnections { by };
        let mut policy = spec.start(&Setup { cores: &cores, on: (0, 3), lowest: true, ..setup(&Bag::of(0)) });
        let changed: Vec<ServerId> = (0..3).map(ServerId::new).collect();
        let task = Ready { allowed: (0, 3), ..ready(0, 1.0) };
        server_chosen(&mut *policy, &task, &view(&tasks.map(load), &changed, down))
    }

    #[test]
    fn the_fewest_for_its_weight_of_those_up_is_taken() {
        assert_eq!(chosen(By::Nothing, [3, 2, 4], &[]), 1);
        assert_eq!(chosen(By::Speed, [3, 2, 4], &[ServerId::new(1)]), 0);
        let weights = |each: [f64; 3]| By::Given(Weights { each: each.to_vec(), place: Place::new(0, 0) });
        // 3/1, 2/1, 4/3.
        assert_eq!(chosen(weights([1.0, 1.0, 3.0]), [3, 2, 4], &[]), 2);
        // 3/2 and 6/4 are equal.
        assert_eq!(chosen(weights([2.0, 1.0, 4.0]), [3, 2, 6], &[]), 0);
    }
}
