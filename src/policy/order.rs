//! The order within a queue (`schedule.queue`).

use std::fmt::Debug;

use super::{Ready, Setup};
use crate::registry::{Registered, Registry};

/// An order as the scenario chooses it.
pub trait OrderSpec: Debug + Send + Sync {
    /// The order for one replicate.
    fn start(&self, setup: &Setup<'_>) -> Box<dyn Order>;

    /// Whether it knows the work of a task beforehand.
    fn clairvoyant(&self) -> bool {
        false
    }
}

/// An order: ready tasks are taken by smallest key, then by the instant at which they became ready, then by number.
pub trait Order {
    /// The key of a task.
    fn key(&self, task: &Ready) -> u64;
}

/// The orders.
pub static ORDERS: Registry<dyn OrderSpec> = Registry { noun: "queue order", entries: &[] };

impl Registered for dyn OrderSpec {
    fn registry() -> &'static Registry<Self> {
        &ORDERS
    }
}
