//! The `[schedule]` table.

mod beside;
mod cost;
mod read;
#[cfg(test)]
mod tests;

pub use cost::Cost;

use super::loops::{LOOPS, LoopSpec};
use super::{
    Dispatchers, OrderSpec, PolicySpec, Queues, RebalanceSpec, Stale, order::fifo::Fifo, steal::Initial,
};
use crate::error::Problem;
use crate::place::Place;
use crate::rng::Distribution;
use crate::source::Context;
use crate::workload::Workload;

/// How work is scheduled.
#[derive(Debug)]
pub struct Schedule {
    /// Which core or queue gets ready work.
    pub policy: Box<dyn PolicySpec>,
    /// How a loop hands out chunks.
    pub chunks: Box<dyn LoopSpec>,
    /// What decisions cost.
    pub cost: Cost,
    /// The factor by which the work that a clairvoyant scheduler sees is wrong, drawn for each task.
    pub estimate_error: Option<Distribution>,
    /// Whether ties go to the lowest index and not to one of the equals at random.
    pub lowest: bool,
    /// Where work starts or arrives under stealing.
    pub initial: Initial,
    /// How work that waits moves from core to core; not at all where absent.
    pub rebalance: Option<Box<dyn RebalanceSpec>>,
    /// Who decides about arriving work.
    pub dispatchers: Dispatchers,
    /// How old the loads are that they see; current where absent.
    pub stale: Option<Stale>,
    /// The order of `schedule.queue`, where the policy leaves one to be chosen.
    queue: Option<Box<dyn OrderSpec>>,
    names: Names,
    /// Where the policy is chosen, where the order of its queues, and where how they are rebalanced.
    place: Place,
    queue_place: Place,
    rebalance_place: Place,
    /// Where `loop` is given, and the keys that say how tasks are scheduled.
    given: (Option<Place>, Vec<(&'static str, Place)>),
}

/// The names by which everything was chosen.
#[derive(Debug)]
struct Names {
    policy: String,
    queue: Option<String>,
    chunks: String,
    rebalance: Option<String>,
}

impl Schedule {
    /// The name of the policy.
    pub fn policy_name(&self) -> &str {
        &self.names.policy
    }

    /// The name of the order within a queue, where the policy leaves it to `schedule.queue`.
    pub fn queue_name(&self) -> Option<&str> {
        self.names.queue.as_deref()
    }

    /// The name of the loop schedule.
    pub fn loop_name(&self) -> &str {
        &self.names.chunks
    }

    /// The name of the way in which work is rebalanced, if it is.
    pub fn rebalance_name(&self) -> Option<&str> {
        self.names.rebalance.as_deref()
    }

    /// Where the policy is chosen.
    pub fn place(&self) -> Place {
        self.place
    }

    /// The order within each queue: the policy's own, else that of `schedule.queue`.
    pub fn order(&self) -> &dyn OrderSpec {
        match self.policy.queues() {
            Queues::Central(Some(order)) => order,
            _ => self.queue.as_deref().unwrap_or(&Fifo),
        }
    }

    /// The name of the order within each queue.
    pub fn order_name(&self) -> &str {
        match self.policy.queues() {
            Queues::Central(Some(_)) => self.policy_name(),
            _ => self.queue_name().unwrap_or("fifo"),
        }
    }

    /// Where the order within a queue is chosen, or the policy for which it is.
    pub fn queue_place(&self) -> Place {
        self.queue_place
    }

    /// Where it is chosen how work is rebalanced, or the policy.
    pub fn rebalance_place(&self) -> Place {
        self.rebalance_place
    }

    /// Whether it knows the work of a task beforehand.
    pub fn clairvoyant(&self) -> bool {
        let rebalance = self.rebalance.as_ref().is_some_and(|rebalance| rebalance.measure().clairvoyant());
        self.policy.clairvoyant() || self.order().clairvoyant() || rebalance
    }

    /// Whether anything of it is drawn at random.
    pub fn is_random(&self) -> bool {
        let estimates =
            self.clairvoyant() && self.estimate_error.as_ref().is_some_and(Distribution::is_random);
        let starts = self.policy.leaves_work_where_it_is() && self.initial == Initial::Random;
        let probes = self.rebalance.as_ref().is_some_and(|rebalance| rebalance.is_random());
        let splits = self.dispatchers.count > 1 && !self.dispatchers.in_turn;
        let posts = self.stale.is_some_and(Stale::is_random);
        estimates
            || starts
            || probes
            || splits
            || posts
            || self.policy.is_random(self.lowest)
            || self.chunks.is_random()
    }

    /// Reports keys that say nothing to any of `users`, all workloads that it schedules, each with its name and the number
    /// of cores it may use: a loop schedule without a loop, or a policy where there are only loops.
    pub fn check_users(&self, users: &[(&str, &dyn Workload, u32)], cx: &Context<'_>) {
        let users: Vec<_> = users.iter().filter(|user| user.1.uses_cores()).collect();
        let loops = || users.iter().filter_map(|user| Some((user.0, user.1.shape()?, user.2)));
        let Some((first, ..)) = users.first() else { return };
        if let (0, Some(place)) = (loops().count(), self.given.0) {
            let what =
                format!("`loop` hands out the iterations of a loop, but the workload `{first}` has tasks");
            let help = "choose a `policy` for tasks; a loop is a `workload.loop`";
            cx.problem(Problem::new(what).at(place, "nothing to hand out").help(help));
        }
        if loops().count() == users.len() {
            for (key, place) in &self.given.1 {
                let what = format!("`{key}` schedules tasks, but the workload `{first}` is a loop");
                cx.problem(Problem::new(what).at(*place, "no task to schedule").help(choose_loop()));
            }
        }
        for (name, shape, cores) in loops() {
            if let Some((what, help)) = self.chunks.misfits(&shape, cores) {
                let problem = Problem::new(what).at(self.given.0.unwrap_or(self.place), "");
                cx.problem(problem.help(format!("{help} (the loop is `{name}`)")));
            }
        }
    }

    /// Reports why it can't schedule `workload`, which the scenario calls `name`, on `servers` servers; nothing if it can.
    pub fn check(&self, name: &str, workload: &dyn Workload, servers: u32, cx: &Context<'_>) {
        if !workload.uses_cores() || workload.shape().is_some() {
            return;
        }
        let mut problems = self.policy.misfits(workload);
        problems.extend(self.policy.needs_servers(servers));
        if let Some(queue) = &self.queue {
            problems.extend(queue.misfits(workload));
        }
        for problem in problems {
            let placed = problem.at.is_some();
            let label = format!("doesn't fit the workload `{name}`");
            cx.problem(if placed { problem } else { problem.at(self.place, label) });
        }
    }
}

/// What would be right where a key of tasks meets a loop.
fn choose_loop() -> String {
    let names: Vec<_> = LOOPS.entries.iter().map(|entry| entry.name).collect();
    format!("choose how it hands out its iterations with `loop`, one of: {}", names.join(", "))
}
