//! What a change can affect.
//!
//! A resource is *opened* when a rate on it may change. That frees the classes it limits, which opens the other
//! resources on their routes, and so on: a change travels from a bottleneck only to greater ones (Ros-Giralt et
//! al. 2020, "On the bottleneck structure of congestion-controlled networks"). Everything else is held as a constant
//! load, until a resource turns out to limit a held class below its rate: then the bottleneck of that class is
//! opened too.

use super::Sharing;
use super::class::Class;
use super::clock::Clock;
use super::resource::State;
use crate::time::Time;

/// Rates nearer to each other than this differ by rounding, which must not open more resources.
pub(super) const TIE: f64 = 1.0 + 1e-12;

impl Sharing {
    /// Opens a resource: rates on it may change.
    pub(super) fn open(&mut self, resource: u32) {
        let opened = &mut self.resources[resource as usize];
        if opened.state != State::Open {
            opened.state = State::Open;
            self.opened.push(resource);
        }
    }

    /// The flows of the class have changed: it is free, or goes if it has none.
    pub(super) fn enter(&mut self, now: Time, class: u32) {
        if self.classes.members(class).is_empty() {
            self.retire(class);
        } else if self.classes.hops(class).is_empty() {
            self.fix_at_cap(now, class);
        } else {
            for hop in self.classes.hops(class) {
                self.resources[hop.resource as usize].admit(self.classes[class].weight, 1);
            }
        }
    }

    /// Frees what is limited by the resources opened from position `from` on, and opens all that this can affect.
    pub(super) fn spread(&mut self, now: Time, from: usize) {
        let mut next = from;
        while let Some(&resource) = self.opened.get(next) {
            self.list(now, resource as usize);
            let rate = self.classes.clocks[resource as usize].rate;
            let opened = &mut self.resources[resource as usize];
            opened.admit(opened.weight, opened.here.len() as u32);
            let onward = std::mem::take(&mut opened.onward);
            for other in &onward {
                let crossed = &mut self.resources[other.resource as usize];
                crossed.release(other.weight, rate);
                if crossed.state != State::Open {
                    crossed.state = State::Open;
                    self.opened.push(other.resource);
                }
            }
            if self.ordered {
                onward.iter().for_each(|other| self.reorder(other.resource as usize));
                self.reorder(resource as usize);
            }
            self.resources[resource as usize].onward = onward;
            next += 1;
        }
    }

    /// Opens the bottlenecks of the held classes on a resource that have greater rates per weight than its level;
    /// returns whether there were any.
    pub(super) fn open_above(&mut self, now: Time, resource: usize, level: f64) -> bool {
        // If the held rates exceed the capacity the level is not known yet, but it isn't below an equal share.
        let weights = self.resources[resource].classes().map(|class| self.classes[class].weight);
        let level = level.max(self.resources[resource].capacity / weights.sum::<f64>());
        let (from, mut any) = (self.opened.len(), false);
        for i in 0..self.resources[resource].passing.len() {
            let class = self.resources[resource].passing[i];
            if self.is_free(class) || self.classes.rate(class) <= level * TIE {
                continue;
            }
            any = true;
            let bottleneck = self.classes[class].bottleneck;
            if bottleneck == self.classes.own_cap(class) {
                self.release(class)
            } else {
                self.open(bottleneck)
            }
        }
        self.spread(now, from);
        self.sum_up(resource);
        if self.ordered {
            self.reorder(resource);
        }
        any
    }

    /// Frees a held class that runs at its own cap, and opens the resources on its route.
    fn release(&mut self, class: u32) {
        self.classes[class].free = true;
        self.ends.clear(self.classes.own_cap(class) as usize);
        for i in 0..self.classes.hops(class).len() {
            let resource = self.classes.hops(class)[i].resource;
            let Class { weight, cap, .. } = self.classes[class];
            self.resources[resource as usize].release(weight, cap);
            self.open(resource);
            if self.ordered {
                self.reorder(resource as usize);
            }
        }
    }

    /// Puts the resource in its exact place by level.
    pub(super) fn reorder(&mut self, resource: usize) {
        self.order.set(resource, self.resources[resource].level().to_bits());
    }

    /// Ends the re-sharing.
    pub(super) fn close(&mut self, now: Time) {
        for i in 0..self.opened.len() {
            let resource = self.opened[i] as usize;
            let opened = &mut self.resources[resource];
            debug_assert!(opened.free == 0, "a class without a rate");
            (opened.state, opened.free_weight) = (State::Closed, 0.0);
            if opened.here.is_empty() {
                self.ends.clear(resource);
                self.classes.clocks[resource] = Clock::stopped(now, 0.0);
            }
            opened.openings += 1;
        }
        self.opened.clear();
    }

    /// Whether the rate of the class is to be found.
    pub(super) fn is_free(&self, class: u32) -> bool {
        let class = &self.classes[class];
        let limiting = self.resources.get(class.bottleneck as usize);
        limiting.map_or(class.free, |resource| resource.state == State::Open)
    }

    /// Sums up the rates of the held classes passing the resource.
    pub(super) fn sum_up(&mut self, resource: usize) {
        let (mut held, mut top) = (0.0, 0.0_f64);
        for &class in self.resources[resource].passing.iter().filter(|&&class| !self.is_free(class)) {
            let rate = self.classes.rate(class);
            held += self.classes[class].weight * rate;
            top = top.max(rate);
        }
        let summed = &mut self.resources[resource];
        (summed.held, summed.held_top, summed.openings) = (held, top, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two senders share link 1; the flow from link 0 is limited by link 3.
    fn net() -> Sharing {
        let mut net = Sharing::new([1.0, 1.0, 9.0, 0.5, 9.0]);
        for route in [[0, 3], [1, 2], [1, 4]] {
            net.start(Time::ZERO, &route, 1.0, f64::INFINITY, 1.0);
        }
        net.settle(Time::ZERO);
        net
    }

    fn opened_by_a_start_on(route: &[u32]) -> Vec<u32> {
        let mut net = net();
        net.start(Time::ZERO, route, 1.0, f64::INFINITY, 1.0);
        net.spread(Time::ZERO, 0);
        net.opened.sort_unstable();
        net.opened
    }

    #[test]
    fn a_change_opens_its_route_and_what_the_flows_limited_there_cross() {
        assert_eq!(opened_by_a_start_on(&[1]), [1, 2, 4]);
        assert_eq!(opened_by_a_start_on(&[3]), [0, 3]);
    }

    #[test]
    fn a_change_opens_no_lesser_bottleneck() {
        assert_eq!(opened_by_a_start_on(&[0]), [0]);
        assert_eq!(opened_by_a_start_on(&[2, 4]), [2, 4]);
    }
}
