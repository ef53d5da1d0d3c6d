//! A resource: a capacity and the classes of flows that cross it.

use super::class::Classes;

/// After so many re-sharings the sum of the held rates is taken anew, so that rounding doesn't add up.
const OPENINGS_PER_SUM: u32 = 256;

/// A resource. A class that crosses it is either limited *here* or *passing* (limited elsewhere); while rates are
/// looked for it may be *free*, otherwise its rate is *held*.
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
    /// How many classes have a finite cap.
    pub(super) capped: u32,
    openings: u32,
    /// Rates on it may change in the re-sharing under way.
    pub(super) open: bool,
    pub(super) here: Vec<u32>,
    pub(super) passing: Vec<u32>,
}

impl Resource {
    pub(super) fn new(capacity: f64) -> Self {
        Resource {
            capacity,
            held: 0.0,
            held_top: 0.0,
            free_weight: 0.0,
            free: 0,
            capped: 0,
            openings: 0,
            open: false,
            here: Vec::new(),
            passing: Vec::new(),
        }
    }

    /// The rate per weight at which the free classes would use up what the held ones leave.
    pub(super) fn level(&self) -> f64 {
        if self.capacity == f64::INFINITY {
            return f64::INFINITY;
        }
        ((self.capacity - self.held) / self.free_weight).max(0.0)
    }

    /// Takes the sum and the greatest of the held rates anew.
    pub(super) fn sum_up(&mut self, classes: &Classes) {
        (self.held, self.held_top, self.openings) = (0.0, 0.0, 0);
        for class in self.passing.iter().map(|&class| &classes[class]).filter(|class| !class.free) {
            self.held += class.weight * class.rate;
            self.held_top = self.held_top.max(class.rate);
        }
    }

    /// Rates on it may change: keeps the sums fresh.
    pub(super) fn count_opening(&mut self, classes: &Classes) {
        self.openings += 1;
        if self.openings == OPENINGS_PER_SUM {
            self.sum_up(classes);
        }
    }

    /// A held class of `weight` and `rate` is free now; `passing` if it was limited elsewhere.
    pub(super) fn release(&mut self, weight: f64, rate: f64, passing: bool) {
        self.free_weight += weight;
        self.free += 1;
        if passing {
            self.held -= weight * rate;
        }
    }

    /// A free class has got its `rate` elsewhere.
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
}
