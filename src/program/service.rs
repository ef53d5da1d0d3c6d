//! How requests are served by replicas.

use crate::rng::Distribution;
use crate::time::Span;

/// How the requests of a service are served: whatever is beyond independent tasks.
#[derive(Clone, Debug)]
pub struct Service {
    /// How many replicas there are; as many as fit where absent.
    pub replicas: Option<u32>,
    /// How many cores each has, at least 1. They serve one queue.
    pub cores: u32,
    /// How many parts each request has, each for another replica, at least 1. A stream makes them one after another.
    pub parts: u32,
    /// How many of them must end for the request to be done; the others are cancelled then.
    pub needed: u32,
    /// When a request that isn't done gets a copy; the first that ends is taken.
    pub hedge: Option<Hedge>,
    /// The most requests that a replica takes, waiting and in service; more are refused.
    pub capacity: Option<u32>,
    /// Who sends requests, where that isn't a process of arrivals.
    pub users: Option<Users>,
}

/// How long after its release a request gets a copy.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Hedge {
    /// So long.
    After(Span),
    /// As long as this part of the requests of its class has taken at most, of those that are done: between 0 and 1.
    Quantile(f64),
}

/// Users who each send a request, wait for its end, and think before the next one.
#[derive(Clone, Debug)]
pub struct Users {
    /// How many there are.
    pub count: u32,
    /// How long they think, in ticks.
    pub think: Distribution,
}

impl Service {
    /// How many tasks a request may come to.
    pub fn most_tasks(&self) -> u32 {
        self.parts + u32::from(self.hedge.is_some())
    }

    /// The number of replicas on `cores` cores.
    pub fn replicas_on(&self, cores: u32) -> u32 {
        self.replicas.unwrap_or(cores / self.cores)
    }
}
