//! Re-sharing: progressive filling (Bertsekas & Gallager 1992, §6.5.2) of only what a change can affect.
//!
//! A resource is *opened* when a rate on it may change. That frees the classes it limits, which opens the other
//! resources of their routes, and so on: a change travels from a bottleneck only to greater ones (Ros-Giralt et
//! al. 2020, "On the bottleneck structure of congestion-controlled networks"). Everything else is held as a constant
//! load. The open resources are then filled in the order of their levels, the rates per weight at which they are
//! used up. Where a resource turns out to limit a held class below its rate, the bottleneck of that class is opened
//! too; its level is above all those filled so far, so that no work is undone.

use super::Sharing;
use super::class::{Classes, OWN_CAP, end};
use crate::time::Time;

/// Rates nearer to each other than this differ by rounding, which must not open more resources.
const TIE: f64 = 1.0 + 1e-12;

impl Sharing {
    /// Shares anew after the changes made at `now`; costs nothing if there were none. It must be called before time
    /// passes and before [`Sharing::next`].
    pub fn settle(&mut self, now: Time) {
        if self.changed.is_empty() && self.opened.is_empty() {
            return;
        }
        for &resource in &self.opened {
            self.resources[resource as usize].sum_up(&self.classes);
        }
        for i in 0..self.changed.len() {
            self.enter(now, self.changed[i]);
        }
        self.changed.clear();
        self.spread(0);
        for &resource in &self.opened {
            self.order.set(resource as usize, self.resources[resource as usize].level().to_bits());
        }
        self.filling = true;
        self.fill(now);
        self.filling = false;
        for &resource in &self.opened {
            let opened = &mut self.resources[resource as usize];
            (opened.open, opened.free_weight) = (false, 0.0);
            if opened.here.is_empty() {
                self.ends.clear(resource as usize);
            }
        }
        self.opened.clear();
    }

    /// The flows of the class have changed: it enters the filling, or goes if it has none.
    fn enter(&mut self, now: Time, class: u32) {
        let empty = self.classes.members(class).is_empty();
        let (changed, hops) = self.classes.class_and_hops(class);
        if empty {
            self.retire(class);
        } else if hops.is_empty() {
            self.fix_at_cap(now, class);
        } else {
            for hop in hops {
                self.resources[hop.resource as usize].release(changed.weight, changed.rate, false);
            }
        }
    }

    /// Opens all that the resources opened from position `from` on can affect.
    fn spread(&mut self, from: usize) {
        let mut next = from;
        while let Some(&resource) = self.opened.get(next) {
            self.resources[resource as usize].count_opening(&self.classes);
            let here = std::mem::take(&mut self.resources[resource as usize].here);
            for &class in &here {
                if !self.classes[class].free {
                    self.release(class);
                }
            }
            self.resources[resource as usize].here = here;
            next += 1;
        }
    }

    /// Frees a held class and opens the resources on its route.
    fn release(&mut self, class: u32) {
        let (released, hops) = self.classes.class_and_hops(class);
        released.free = true;
        let (weight, rate, bottleneck) = (released.weight, released.rate, released.bottleneck);
        if bottleneck == OWN_CAP {
            self.ends.clear(self.resources.len() + class as usize);
        }
        for hop in hops {
            let resource = &mut self.resources[hop.resource as usize];
            resource.release(weight, rate, hop.resource != bottleneck);
            if !resource.open {
                resource.open = true;
                self.opened.push(hop.resource);
            }
            if self.filling {
                self.order.set(hop.resource as usize, resource.level().to_bits());
            }
        }
    }

    /// Fills the open resources in the order of their levels. A level in the order may be too low, since it rises
    /// whenever a class gets less than it elsewhere; it is put right when its turn comes.
    fn fill(&mut self, now: Time) {
        let mut filled = 0.0_f64;
        while let Some((resource, place)) = self.order.first() {
            let first = &self.resources[resource];
            if first.free == 0 {
                self.order.clear(resource);
                continue;
            }
            let level = first.level().max(filled);
            if level.to_bits() > place {
                self.order.set(resource, level.to_bits());
            } else if !self.limits_held(resource, level) {
                filled = level;
                if !self.meets_caps(now, resource, level) {
                    self.order.clear(resource);
                    self.fix_at_level(now, resource, level);
                }
            }
        }
    }

    /// Whether the level of the resource is below the rate of a class that is limited elsewhere; then what limits
    /// that class is opened.
    fn limits_held(&mut self, resource: usize, level: f64) -> bool {
        if self.resources[resource].held_top <= level * TIE {
            return false;
        }
        let from = self.opened.len();
        let passing = std::mem::take(&mut self.resources[resource].passing);
        for &class in &passing {
            let held = &self.classes[class];
            if held.free || held.rate <= level * TIE {
                continue;
            }
            match held.bottleneck {
                OWN_CAP => self.release(class),
                bottleneck => self.open(bottleneck),
            }
        }
        self.resources[resource].passing = passing;
        self.spread(from);
        self.resources[resource].sum_up(&self.classes);
        true
    }

    /// Whether free classes on the resource have a cap below its level; then they run at their caps.
    fn meets_caps(&mut self, now: Time, resource: usize, level: f64) -> bool {
        if self.resources[resource].capped == 0 {
            return false;
        }
        debug_assert!(self.meeting.is_empty());
        let below = |&class: &u32| self.classes[class].free && self.classes[class].cap < level;
        self.meeting.extend(self.resources[resource].classes().filter(below));
        let any = !self.meeting.is_empty();
        while let Some(class) = self.meeting.pop() {
            self.fix_at_cap(now, class);
        }
        any
    }

    /// A free class runs at its own cap.
    fn fix_at_cap(&mut self, now: Time, class: u32) {
        self.set_bottleneck(class, OWN_CAP);
        let (fixed, hops) = self.classes.class_and_hops(class);
        fixed.free = false;
        let (weight, cap) = (fixed.weight, fixed.cap);
        let left = fixed.run_at(cap, now);
        self.ends.set(self.resources.len() + class as usize, end(now, left, cap).ticks());
        for hop in hops {
            self.resources[hop.resource as usize].hold(weight, cap);
        }
    }

    /// All free classes on the resource run at its level.
    fn fix_at_level(&mut self, now: Time, resource: usize, level: f64) {
        let filled = &self.resources[resource];
        if filled.free as usize > filled.here.len() {
            debug_assert!(self.meeting.is_empty());
            let free = |&class: &u32| self.classes[class].free;
            self.meeting.extend(filled.passing.iter().copied().filter(free));
            while let Some(class) = self.meeting.pop() {
                self.set_bottleneck(class, resource as u32);
            }
        }
        let here = std::mem::take(&mut self.resources[resource].here);
        let mut left = f64::INFINITY;
        for &class in &here {
            let (fixed, hops) = self.classes.class_and_hops(class);
            fixed.free = false;
            left = left.min(fixed.run_at(level, now));
            for hop in hops.iter().filter(|hop| hop.resource as usize != resource) {
                self.resources[hop.resource as usize].hold(fixed.weight, level);
            }
        }
        self.ends.set(resource, end(now, left, level).ticks());
        let filled = &mut self.resources[resource];
        filled.here = here;
        (filled.free, filled.free_weight) = (0, 0.0);
    }

    /// Opens a resource on which rates may change.
    pub(super) fn open(&mut self, resource: u32) {
        let opened = &mut self.resources[resource as usize];
        if !opened.open {
            opened.open = true;
            self.opened.push(resource);
        }
    }

    /// Moves the class between the lists of the resources that limited it and limit it.
    fn set_bottleneck(&mut self, class: u32, bottleneck: u32) {
        let old = std::mem::replace(&mut self.classes[class].bottleneck, bottleneck);
        if old == bottleneck {
            return;
        }
        for (resource, from_here) in [(old, true), (bottleneck, false)] {
            if resource == OWN_CAP {
                continue;
            }
            let crossed = &mut self.resources[resource as usize];
            let (from, to) = if from_here {
                (&mut crossed.here, &mut crossed.passing)
            } else {
                (&mut crossed.passing, &mut crossed.here)
            };
            take_out(from, &mut self.classes, class, resource);
            *self.classes.slot_mut(class, resource) = to.len() as u32;
            to.push(class);
        }
    }

    /// Takes a class without flows out of all lists.
    fn retire(&mut self, class: u32) {
        for i in 0..self.classes.hops(class).len() {
            let resource = self.classes.hops(class)[i].resource;
            let crossed = &mut self.resources[resource as usize];
            crossed.capped -= u32::from(self.classes[class].cap < f64::INFINITY);
            let here = self.classes[class].bottleneck == resource;
            let list = if here { &mut crossed.here } else { &mut crossed.passing };
            take_out(list, &mut self.classes, class, resource);
        }
        self.classes.give_back(class);
    }
}

/// Takes the class out of a list of the resource.
fn take_out(list: &mut Vec<u32>, classes: &mut Classes, class: u32, resource: u32) {
    let slot = *classes.slot_mut(class, resource);
    list.swap_remove(slot as usize);
    if let Some(&moved) = list.get(slot as usize) {
        *classes.slot_mut(moved, resource) = slot;
    }
}
