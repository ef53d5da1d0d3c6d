//! Which classes each resource limits, which only pass it, and what follows from that.

use super::Sharing;
use super::class::Classes;
use super::resource::Resource;
use crate::time::Time;

impl Sharing {
    /// The class of a route and a cap per weight, made if there is none. The shortest list of the route tells.
    pub(super) fn class(&mut self, now: Time, route: &[u32], cap: f64) -> u32 {
        let lists = route.iter().map(|&resource| &self.resources[resource as usize]);
        let shortest = lists.min_by_key(|resource| resource.here.len() + resource.passing.len());
        let known = |&class: &u32| self.classes.is(class, route, cap);
        if let Some(class) = shortest.and_then(|resource| resource.classes().find(known)) {
            return class;
        }
        let class = self.classes.take(now, route, cap);
        self.ends.admit(self.classes.bottlenecks());
        for &resource in route {
            let crossed = &mut self.resources[resource as usize];
            put_in(&mut crossed.passing, &mut self.classes, class, resource);
            crossed.capped += u32::from(cap < f64::INFINITY);
        }
        class
    }

    /// Takes a class without flows, which must be at its own cap, out of all lists.
    pub(super) fn retire(&mut self, class: u32) {
        for i in 0..self.classes.hops(class).len() {
            let resource = self.classes.hops(class)[i].resource;
            let crossed = &mut self.resources[resource as usize];
            crossed.capped -= u32::from(self.classes[class].cap < f64::INFINITY);
            take_out(&mut crossed.passing, &mut self.classes, class, resource);
        }
        self.classes.give_back(class);
    }

    /// Moves the class from the bottleneck that limited it to the one that limits it.
    pub(super) fn set_bottleneck(&mut self, now: Time, class: u32, bottleneck: u32) {
        let old = self.classes[class].bottleneck;
        if old == bottleneck {
            return;
        }
        self.classes.follow(now, class, bottleneck);
        if let Some(Resource { here, passing, stale, .. }) = self.resources.get_mut(old as usize) {
            take_out(here, &mut self.classes, class, old);
            put_in(passing, &mut self.classes, class, old);
            *stale = true;
        }
        if let Some(Resource { here, passing, stale, .. }) = self.resources.get_mut(bottleneck as usize) {
            take_out(passing, &mut self.classes, class, bottleneck);
            put_in(here, &mut self.classes, class, bottleneck);
            *stale = true;
        }
    }

    /// Lists what follows from the classes limited by the resource, if these have changed. Its clock starts anew:
    /// one that ran on for ever would lose the digits that tell small amounts apart.
    pub(super) fn list(&mut self, now: Time, resource: usize) {
        if !self.resources[resource].stale {
            return;
        }
        let listed = &mut self.resources[resource];
        let served = self.classes.clocks[resource].restart(now);
        let here = std::mem::take(&mut listed.here);
        listed.clear();
        for &class in &here {
            self.classes[class].rebase(served);
            let others = self.classes.hops(class).iter().filter(|hop| hop.resource as usize != resource);
            listed.list(&self.classes[class], others);
        }
        listed.here = here;
    }
}

/// Puts the class in a list of the resource.
fn put_in(list: &mut Vec<u32>, classes: &mut Classes, class: u32, resource: u32) {
    *classes.slot_mut(class, resource) = list.len() as u32;
    list.push(class);
}

/// Takes the class out of a list of the resource.
fn take_out(list: &mut Vec<u32>, classes: &mut Classes, class: u32, resource: u32) {
    let slot = *classes.slot_mut(class, resource);
    list.swap_remove(slot as usize);
    if let Some(&moved) = list.get(slot as usize) {
        *classes.slot_mut(moved, resource) = slot;
    }
}
