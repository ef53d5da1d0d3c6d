//! One queue for all cores.

use super::{Decision, OrderSpec, Policy, PolicySpec, Queues, Ready, Setup, View, order};
use crate::error::Problem;
use crate::registry::Entry;
use crate::source::Fields;
use crate::workload::Workload;

/// Puts all ready work into one queue, from which free cores take it, the lowest first.
#[derive(Debug)]
struct CentralQueue {
    /// The order, of a policy that is named for it; else that of `schedule.queue`.
    order: Option<Box<dyn OrderSpec>>,
}

impl PolicySpec for CentralQueue {
    fn queues(&self) -> Queues<'_> {
        Queues::Central(self.order.as_deref())
    }

    fn start(&self, _: &Setup<'_>) -> Box<dyn Policy> {
        Box::new(Queueing)
    }

    fn clairvoyant(&self) -> bool {
        self.order.as_ref().is_some_and(|order| order.clairvoyant())
    }

    fn misfits(&self, workload: &dyn Workload) -> Vec<Problem> {
        self.order.as_ref().map_or_else(Vec::new, |order| order.misfits(workload))
    }
}

struct Queueing;

impl Policy for Queueing {
    fn decide(&mut self, _: &Ready, _: &View<'_>) -> Decision {
        Decision::Queue
    }
}

pub(super) static ENTRY: Entry<dyn PolicySpec> = Entry {
    name: "central-queue",
    about: "one queue for all cores, in the order of `schedule.queue`",
    cite: "",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(CentralQueue { order: None })),
};

pub(super) static FIFO: Entry<dyn PolicySpec> =
    ordered(&order::fifo::ENTRY, |fields| read(&order::fifo::ENTRY, fields));
pub(super) static LIST: Entry<dyn PolicySpec> =
    ordered(&order::list::ENTRY, |fields| read(&order::list::ENTRY, fields));
pub(super) static LPT: Entry<dyn PolicySpec> =
    ordered(&order::lpt::ENTRY, |fields| read(&order::lpt::ENTRY, fields));
pub(super) static SPT: Entry<dyn PolicySpec> =
    ordered(&order::spt::ENTRY, |fields| read(&order::spt::ENTRY, fields));

/// The central queue in one order, under the name and with the parameters of that order.
const fn ordered(
    order: &'static Entry<dyn OrderSpec>,
    read: fn(&Fields<'_>) -> Option<Box<dyn PolicySpec>>,
) -> Entry<dyn PolicySpec> {
    Entry {
        name: order.name,
        about: order.about,
        cite: order.cite,
        fields: order.fields,
        bare: order.bare,
        read,
    }
}

fn read(order: &Entry<dyn OrderSpec>, fields: &Fields<'_>) -> Option<Box<dyn PolicySpec>> {
    Some(Box::new(CentralQueue { order: Some((order.read)(fields)?) }))
}
