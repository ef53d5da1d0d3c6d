//! Work sharing: a core that has enough looks for one that has less.

use std::num::NonZeroU32;

use super::steal::Starts;
use super::{Decision, Policy, PolicySpec, Queues, Ready, Reason, Setup, View, fits};
use crate::error::Problem;
use crate::ids::ServerId;
use crate::registry::Entry;
use crate::rng::{Purpose, Stream};
use crate::source::Field;
use crate::workload::Workload;

/// A task stays where it arises or arrives if fewer than `threshold` are there. Otherwise its server looks at up to `probes`
/// others, drawn at random one after the other, and sends it to the first that has fewer; if none has, it stays.
#[derive(Debug)]
struct WorkSharing {
    threshold: u32,
    probes: u32,
}

impl PolicySpec for WorkSharing {
    fn queues(&self) -> Queues<'_> {
        Queues::PerServer
    }

    fn leaves_work_where_it_is(&self) -> bool {
        true
    }

    fn start(&self, setup: &Setup<'_>) -> Box<dyn Policy> {
        let WorkSharing { threshold, probes } = *self;
        Box::new(Sharing {
            threshold,
            probes,
            starts: Starts::new(setup),
            choices: setup.stream(Purpose::Choice),
        })
    }

    fn is_random(&self, _: bool) -> bool {
        true
    }

    fn misfits(&self, workload: &dyn Workload) -> Vec<Problem> {
        fits::one_core_each("work-sharing", workload).into_iter().collect()
    }
}

struct Sharing {
    threshold: u32,
    probes: u32,
    starts: Starts,
    choices: Stream,
}

impl Policy for Sharing {
    fn decide(&mut self, ready: &Ready, view: &View<'_>) -> Decision {
        let (from, to) = ready.allowed;
        let here = |server: &ServerId| (from..to).contains(&(server.index() as u32));
        let (own, reason) = match ready.origin.filter(here) {
            Some(server) => (server, Reason::WhereItArose),
            None => self.starts.place(ready, view.down),
        };
        let is_up = |server: ServerId| view.down.binary_search(&server).is_err();
        let has_room = |server: ServerId| is_up(server) && view.loads[server.index()].tasks < self.threshold;
        if has_room(own) || to - from == 1 {
            return Decision::Enqueue { server: own, reason };
        }
        for _ in 0..self.probes {
            let drawn = u64::from(from) + self.choices.below(u64::from(to - from) - 1);
            let other = ServerId::new(drawn as usize + usize::from(drawn >= own.index() as u64));
            if has_room(other) {
                return Decision::Enqueue { server: other, reason: Reason::Drawn };
            }
        }
        Decision::Enqueue { server: own, reason }
    }

    fn watches_loads(&self) -> bool {
        true
    }
}

const THRESHOLD: Field<NonZeroU32> = Field::new(
    "threshold",
    "so many tasks waiting and in service are enough for a server: it sends what comes then to others",
)
.default("1");
const PROBES: Field<NonZeroU32> =
    Field::new("probes", "at how many others it looks before it keeps the task").default("3");

pub(super) static ENTRY: Entry<dyn PolicySpec> = Entry {
    name: "work-sharing",
    about: "each task where it arises, unless that server has enough: then to one of a few others that has less",
    cite: "Eager, Lazowska & Zahorjan 1986",
    fields: &[&THRESHOLD, &PROBES],
    bare: None,
    read: |fields| {
        let (threshold, probes) = (fields.take(&THRESHOLD), fields.take(&PROBES));
        Some(Box::new(WorkSharing { threshold: threshold?.get(), probes: probes?.get() }))
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::testing::{Bag, load, ready, server_chosen, setup, view};

    #[test]
    fn a_task_leaves_a_server_that_has_enough_for_one_that_has_not() {
        let spec = WorkSharing { threshold: 2, probes: 50 };
        let mut policy = spec.start(&setup(&Bag::of(0)));
        let loads = [3, 2, 1, 5].map(load);
        let task = |origin| Ready { allowed: (0, 4), origin: Some(ServerId::new(origin)), ..ready(0, 1.0) };
        let mut chosen = |origin| server_chosen(&mut *policy, &task(origin), &view(&loads, &[], &[]));
        assert_eq!([0, 1, 2, 3].map(&mut chosen), [2, 2, 2, 2]);
        // Of those that have enough nobody is better, and who is down is not asked.
        let full = [3, 2, 2, 5].map(load);
        assert_eq!(server_chosen(&mut *policy, &task(1), &view(&full, &[], &[])), 1);
        assert_eq!(server_chosen(&mut *policy, &task(0), &view(&loads, &[], &[ServerId::new(2)])), 0);
    }
}
