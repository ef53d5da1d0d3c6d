//! A resource: a capacity, the classes that cross it, and the sums that its filling goes by.

use super::class::{Class, Hop};
use super::open::TIE;

/// After so many re-sharings the held rates are summed up, so that rounding doesn't add up.
const OPENINGS_PER_SUM: u32 = 256;

/// How far the re-sharing under way is with a resource.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// No rate on it changes.
    Closed,
    /// The classes it limits are free.
    Open,
    /// They have their rate.
    Filled,
}

/// What a class limited by one resource asks of another on its route.
#[derive(Clone, Copy)]
pub(super) struct Onward {
    pub(super) resource: u32,
    pub(super) weight: f64,
}

/// A resource. A class that crosses it is limited *here* or only *passing*, limited elsewhere; in a re-sharing it is
/// *free* as long as its rate is to be found, otherwise *held*.
pub(super) struct Resource {
    pub(super) capacity: f64,
    /// The sum of the rates of the held passing classes.
    pub(super) held: f64,
    /// No held passing class has a greater rate per weight.
    pub(super) held_top: f64,
    /// The sum of the weights of the free classes.
    pub(super) free_weight: f64,
    /// How many classes are free.
    pub(super) free: u32,
    pub(super) state: State,
    /// What follows from the list of the classes limited here is out of date.
    pub(super) stale: bool,
    /// How many classes have a finite cap.
    pub(super) capped: u32,
    /// Re-sharings since `held` was summed up.
    pub(super) openings: u32,
    pub(super) here: Vec<u32>,
    pub(super) passing: Vec<u32>,
    /// All that the classes limited here ask of other resources.
    pub(super) onward: Vec<Onward>,
    /// The sum of the weights of the classes limited here.
    pub(super) weight: f64,
    /// What its clock shows at the next end of a flow limited here.
    pub(super) finish: f64,
}

impl Resource {
    pub(super) fn new(capacity: f64) -> Self {
        Resource {
            capacity,
            held: 0.0,
            held_top: 0.0,
            free_weight: 0.0,
            free: 0,
            state: State::Closed,
            stale: false,
            capped: 0,
            openings: 0,
            here: Vec::new(),
            passing: Vec::new(),
            onward: Vec::new(),
            weight: 0.0,
            finish: f64::INFINITY,
        }
    }

    /// The rate per weight at which the free classes would use up what the held ones leave; 0 if there are none.
    pub(super) fn level(&self) -> f64 {
        if self.free == 0 {
            return 0.0;
        }
        if self.capacity == f64::INFINITY {
            return f64::INFINITY;
        }
        ((self.capacity - self.held) / self.free_weight).max(0.0)
    }

    /// Whether the held rates are within the capacity.
    pub(super) fn is_feasible(&self) -> bool {
        self.capacity == f64::INFINITY || self.held <= self.capacity * TIE
    }

    /// Whether the sum of the held rates is to be taken anew.
    pub(super) fn is_worn(&self) -> bool {
        self.openings >= OPENINGS_PER_SUM
    }

    /// A held passing class of `weight` and `rate` per weight is free now.
    pub(super) fn release(&mut self, weight: f64, rate: f64) {
        self.held -= weight * rate;
        // A rate that was wrong by far has taken the digits of the others with it.
        if weight * rate > self.capacity {
            self.openings = OPENINGS_PER_SUM;
        }
        self.admit(weight, 1);
    }

    /// `classes` more of `weight` in all are free.
    pub(super) fn admit(&mut self, weight: f64, classes: u32) {
        self.free_weight += weight;
        self.free += classes;
    }

    /// A free class has got its `rate` per weight elsewhere.
    pub(super) fn hold(&mut self, weight: f64, rate: f64) {
        self.free_weight -= weight;
        self.free -= 1;
        self.held += weight * rate;
        self.held_top = self.held_top.max(rate);
    }

    /// All classes that cross it.
    pub(super) fn classes(&self) -> impl Iterator<Item = u32> {
        self.here.iter().chain(&self.passing).copied()
    }

    /// Begins anew to list what follows from the classes limited here.
    pub(super) fn clear(&mut self) {
        self.onward.clear();
        (self.weight, self.finish, self.stale) = (0.0, f64::INFINITY, false);
    }

    /// Lists one of the classes limited here; `others` are its hops on other resources.
    pub(super) fn list<'a>(&mut self, class: &Class, others: impl Iterator<Item = &'a Hop>) {
        self.weight += class.weight;
        self.finish = self.finish.min(class.finish());
        self.onward.extend(others.map(|hop| Onward { resource: hop.resource, weight: class.weight }));
    }
}
