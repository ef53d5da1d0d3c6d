//! What may stand beside the policy that is chosen.

use super::read::{INITIAL, POLICY, QUEUE, REBALANCE, chosen};
use crate::policy::steal::Initial;
use crate::policy::{OrderSpec, PolicySpec, Queues, RebalanceSpec};
use crate::source::Fields;

/// The order of the queues, where `policy` leaves one to be chosen; else none may be given.
pub(super) fn queue_beside(
    policy: &dyn PolicySpec,
    fields: &Fields<'_>,
) -> Option<Option<Box<dyn OrderSpec>>> {
    let name = fields.given(&POLICY).map_or("", chosen);
    let (what, help) = match policy.queues() {
        Queues::Central(None) | Queues::PerServer => return fields.take(&QUEUE).map(Some),
        Queues::Central(Some(_)) => (
            format!("`{name}` is `central-queue` with queue = \"{name}\": it can't have another queue"),
            "leave `queue` out, or choose policy = \"central-queue\"",
        ),
        Queues::Planned => (
            format!("`{name}` plans the order of tasks on each core: there is no queue to be ordered"),
            "leave `queue` out",
        ),
        Queues::Deques(_) => (
            format!("`{name}` keeps deques, whose order is how they are used"),
            "leave `queue` out; `owner = \"fifo\"` lets cores work at the other end of their own deques",
        ),
    };
    let Some(value) = fields.given(&QUEUE) else { return Some(None) };
    fields.cx.fault(value, what, "an order of its own", help);
    None
}

/// Where work starts, where `policy` leaves it there until somebody takes it; else it can't be said.
pub(super) fn initial_beside(policy: Option<&dyn PolicySpec>, fields: &Fields<'_>) -> Option<Initial> {
    let initial = fields.maybe(&INITIAL)?;
    let (Some(value), Some(policy)) = (fields.given(&INITIAL), policy) else {
        return Some(initial.unwrap_or_default());
    };
    if policy.leaves_work_where_it_is() {
        return Some(initial.unwrap_or_default());
    }
    let name = fields.given(&POLICY).map_or("central-queue", chosen);
    let what = format!("`{name}` decides itself where work goes: it has no place to start at");
    let help = "leave `initial` out (a variant says remove = [\"schedule.initial\"]), or choose policy = \"work-stealing\"";
    fields.cx.fault(value, what, "without effect", help);
    None
}

/// How work is rebalanced, where `policy` keeps a queue for each core that it could leave; else it can't be.
pub(super) fn rebalance_beside(
    policy: Option<&dyn PolicySpec>,
    fields: &Fields<'_>,
) -> Option<Option<Box<dyn RebalanceSpec>>> {
    let rebalance = fields.maybe(&REBALANCE)?;
    let (Some(value), Some(policy)) = (fields.given(&REBALANCE), policy) else { return Some(rebalance) };
    let name = fields.given(&POLICY).map_or("central-queue", chosen);
    let what = match policy.queues() {
        Queues::PerServer => return Some(rebalance),
        Queues::Central(_) => {
            format!("under `{name}` all cores take from one queue: there is nothing to rebalance")
        }
        Queues::Deques(_) => {
            format!(
                "under `{name}` cores without work take it from others already: that is how it rebalances"
            )
        }
        Queues::Planned => {
            format!("`{name}` plans which core runs what: tasks that move would leave the plan")
        }
    };
    let help = "leave `rebalance` out (a variant says remove = [\"schedule.rebalance\"]), or choose a policy that keeps a queue \
                for each core, such as \"round-robin\", \"random\", \"jsq\", \"static-block\" or \"work-sharing\"";
    fields.cx.fault(value, what, "no queues to move work between", help);
    None
}
