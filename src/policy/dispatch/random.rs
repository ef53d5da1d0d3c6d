//! Any server, each as likely as the others.

use super::up::Up;
use crate::error::Problem;
use crate::policy::{Decision, Knowledge, Policy, PolicySpec, Queues, Ready, Reason, Setup, View, fits};
use crate::registry::Entry;
use crate::rng::{Purpose, Stream};
use crate::workload::Workload;

/// Draws a server for each task, of those that it may go to and that are believed to be up.
#[derive(Debug)]
struct Random;

impl PolicySpec for Random {
    fn queues(&self) -> Queues<'_> {
        Queues::PerServer
    }

    fn knowledge(&self) -> Option<Knowledge> {
        Some(Knowledge::Nothing)
    }

    fn start(&self, setup: &Setup<'_>) -> Box<dyn Policy> {
        Box::new(Drawing { choices: setup.stream(Purpose::Choice) })
    }

    fn is_random(&self, _: bool) -> bool {
        true
    }

    fn drawn_servers(&self) -> Option<u32> {
        Some(1)
    }

    fn misfits(&self, workload: &dyn Workload) -> Vec<Problem> {
        fits::one_core_each("random", workload).into_iter().collect()
    }
}

struct Drawing {
    choices: Stream,
}

impl Policy for Drawing {
    fn decide(&mut self, ready: &Ready, view: &View<'_>) -> Decision {
        let up = Up::of(ready.allowed, view.down);
        let server = up.nth(self.choices.below(up.len() as u64) as usize);
        Decision::Enqueue { server, reason: Reason::Drawn }
    }
}

pub(in crate::policy) static ENTRY: Entry<dyn PolicySpec> = Entry {
    name: "random",
    about: "each task to a server drawn at random",
    cite: "",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(Random)),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ServerId;
    use crate::policy::testing::{Bag, chi_square, ready, servers_chosen, setup};

    #[test]
    fn every_core_that_is_allowed_and_up_is_as_likely_as_the_others() {
        let mut policy = Random.start(&setup(&Bag::of(0)));
        let tasks = vec![Ready { allowed: (2, 9), ..ready(0, 1.0) }; 20_000];
        let down = [0, 3, 4, 9].map(ServerId::new);
        let mut counts = [0; 10];
        servers_chosen(&mut *policy, &tasks, &down).into_iter().for_each(|core| counts[core] += 1);
        // χ² with 4 degrees of freedom exceeds 27 once in 50,000 seeds, and the seed is fixed.
        let up = [2, 5, 6, 7, 8].map(|core: usize| counts[core]);
        assert!(chi_square(&up) < 27.0, "{counts:?}");
        assert_eq!(up.iter().sum::<u64>(), 20_000);
    }
}
