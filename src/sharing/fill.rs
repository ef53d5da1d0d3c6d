//! Re-sharing: progressive filling (Bertsekas & Gallager 1992, §6.5.2) of the open resources in the order of their
//! levels, the rates per weight at which they are used up.

use super::Sharing;
use super::class::Class;
use super::open::TIE;
use super::resource::State;
use crate::time::Time;

impl Sharing {
    /// Shares anew after the changes made at `now`; costs nothing if there were none. It must be called before time
    /// passes and before [`Sharing::next`].
    pub fn settle(&mut self, now: Time) {
        if self.changed.is_empty() && self.opened.is_empty() {
            return;
        }
        let changed = self.opened.len();
        for i in 0..self.changed.len() {
            self.enter(now, self.changed[i]);
        }
        self.changed.clear();
        self.spread(now, 0);
        for i in 0..changed {
            self.sum_up(self.opened[i] as usize);
        }
        if !self.fill_in_old_order(now, changed) {
            self.fill_in_order(now);
        }
        self.close(now);
    }

    /// Fills the open resources in the order of their levels before the change, the first `changed` of them in the
    /// order expected after it. The result is right if no resource limits a class that got a greater rate elsewhere,
    /// since then each class has a bottleneck: a resource that is used up and on which no rate per weight is greater.
    /// Where one does, the order is mended; returns false if it isn't worth it.
    fn fill_in_old_order(&mut self, now: Time, changed: usize) -> bool {
        let mut places = std::mem::take(&mut self.places);
        for (i, &resource) in self.opened.iter().enumerate() {
            let level = if i < changed { self.expected_level(resource) } else { self.old_level(resource) };
            places.push((level.to_bits(), resource));
        }
        places.sort_unstable_by(|a, b| b.cmp(a));
        let mut patience = self.patience;
        while let Some((place, resource)) = places.pop() {
            if self.resources[resource as usize].is_worn() {
                self.sum_up(resource as usize);
            }
            let next = &mut self.resources[resource as usize];
            let (level, later) = (next.level(), places.last().map_or(u64::MAX, |&(place, _)| place));
            if next.state == State::Filled {
                continue;
            } else if next.free == 0 && next.is_feasible() {
                next.state = State::Filled;
            } else if level.to_bits() > later {
                insert(&mut places, level, resource);
            } else if next.free > 0 && next.held_top <= level * TIE {
                if self.meets_caps(now, resource as usize, level) {
                    insert(&mut places, level, resource);
                } else {
                    self.fix_at_level(now, resource as usize, 0.0);
                }
            } else if patience > 0 {
                patience -= 1;
                let from = self.opened.len();
                self.open_above(now, resource as usize, level);
                for &reopened in &self.opened[from..] {
                    insert(&mut places, self.old_level(reopened), reopened);
                }
                insert(&mut places, level, resource);
            } else {
                places.push((place, resource));
                break;
            }
        }
        let done = places.is_empty();
        places.clear();
        self.places = places;
        done
    }

    /// The level before the change; infinite if the resource limited nothing.
    fn old_level(&self, resource: u32) -> f64 {
        let limits_none = self.resources[resource as usize].here.is_empty();
        if limits_none { f64::INFINITY } else { self.classes.clocks[resource as usize].rate }
    }

    /// The level after the change if the changed classes were limited by the resource and all others kept their
    /// rates.
    fn expected_level(&self, resource: u32) -> f64 {
        let expected = &self.resources[resource as usize];
        let (mut left, mut weight) = (expected.capacity, expected.weight);
        for &class in &expected.passing {
            if self.classes[class].free {
                weight += self.classes[class].weight;
            } else {
                left -= self.classes[class].weight * self.classes.rate(class);
            }
        }
        if weight > 0.0 { (left / weight).max(0.0) } else { f64::INFINITY }
    }

    /// Fills the open resources in the exact order. A level in it may be too low, since it rises whenever a class
    /// gets less than it elsewhere; it is put right when its turn comes. What has to be opened on the way has a level
    /// above all those filled here, so that none of them is filled twice.
    fn fill_in_order(&mut self, now: Time) {
        self.ordered = true;
        for i in 0..self.opened.len() {
            if self.resources[self.opened[i] as usize].state == State::Open {
                self.reorder(self.opened[i] as usize);
            }
        }
        let mut filled = 0.0_f64;
        while let Some((resource, place)) = self.order.first() {
            if self.resources[resource].is_worn() {
                self.sum_up(resource);
            }
            let first = &mut self.resources[resource];
            let level = first.level().max(filled);
            if first.free == 0 && first.is_feasible() {
                first.state = State::Filled;
                self.order.clear(resource);
            } else if level.to_bits() > place {
                self.order.set(resource, level.to_bits());
            } else if first.held_top <= level * TIE || !self.open_above(now, resource, level) {
                if !self.meets_caps(now, resource, level) {
                    self.order.clear(resource);
                    self.fix_at_level(now, resource, filled);
                }
                filled = level;
            }
        }
        self.ordered = false;
    }

    /// Whether free classes on the resource have a cap below its level; then they run at their caps.
    fn meets_caps(&mut self, now: Time, resource: usize, level: f64) -> bool {
        if self.resources[resource].capped == 0 {
            return false;
        }
        let mut picked = std::mem::take(&mut self.picked);
        let below = |&class: &u32| self.classes[class].cap < level && self.is_free(class);
        picked.extend(self.resources[resource].classes().filter(below));
        let any = !picked.is_empty();
        for class in picked.drain(..) {
            self.fix_at_cap(now, class);
        }
        self.picked = picked;
        any
    }

    /// A free class runs at its own cap.
    pub(super) fn fix_at_cap(&mut self, now: Time, class: u32) {
        let own_cap = self.classes.own_cap(class);
        self.set_bottleneck(now, class, own_cap);
        self.classes[class].free = false;
        let Class { weight, cap, .. } = self.classes[class];
        self.classes.clocks[own_cap as usize].run(now, cap);
        let end = self.classes.clocks[own_cap as usize].when(now, self.classes[class].finish());
        self.ends.set(own_cap as usize, end.ticks());
        for hop in self.classes.hops(class) {
            self.resources[hop.resource as usize].hold(weight, cap);
        }
    }

    /// All free classes on the resource run at its level, which is `at_least` that of those filled before.
    fn fix_at_level(&mut self, now: Time, resource: usize, at_least: f64) {
        let filled = &self.resources[resource];
        if filled.free as usize > filled.here.len() {
            let mut picked = std::mem::take(&mut self.picked);
            picked.extend(filled.passing.iter().filter(|&&class| self.is_free(class)));
            for class in picked.drain(..) {
                self.set_bottleneck(now, class, resource as u32);
                self.classes[class].free = false;
            }
            self.picked = picked;
        }
        self.list(now, resource);
        let filled = &mut self.resources[resource];
        // All that is free is listed now: a sum of its own, without the rounding of what came and went.
        filled.free_weight = filled.weight;
        let level = filled.level().max(at_least);
        self.classes.clocks[resource].run(now, level);
        (filled.state, filled.free, filled.free_weight) = (State::Filled, 0, 0.0);
        let end = self.classes.clocks[resource].when(now, filled.finish);
        self.ends.set(resource, end.ticks());
        let onward = std::mem::take(&mut filled.onward);
        for other in &onward {
            self.resources[other.resource as usize].hold(other.weight, level);
        }
        self.resources[resource].onward = onward;
    }
}

/// Puts the resource in its place among those to fill, the last of which is filled next.
fn insert(places: &mut Vec<(u64, u32)>, level: f64, resource: u32) {
    let place = (level.to_bits(), resource);
    let later = places.partition_point(|&other| other > place);
    places.insert(later, place);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sharing::{FlowId, PATIENCE};

    /// Numbers below `n` in a fixed disorder.
    fn random(state: &mut u64, n: u64) -> u64 {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 33) % n
    }

    /// Changes drawn from `state`; the same ones whatever the rates are.
    fn change(net: &mut Sharing, flows: &mut Vec<FlowId>, state: &mut u64) {
        for _ in 0..1 + random(state, 4) {
            match random(state, 8) {
                0 if flows.len() > 30 => {
                    let flow = flows.swap_remove(random(state, flows.len() as u64) as usize);
                    net.cancel(Time::ZERO, flow);
                }
                1 => net.set_capacity(Time::ZERO, random(state, 20) as u32, random(state, 5) as f64),
                2 | 3 if !flows.is_empty() => {
                    let flow = flows[random(state, flows.len() as u64) as usize];
                    net.set_cap(Time::ZERO, flow, random(state, 30) as f64 / 10.0);
                }
                _ => {
                    let first = random(state, 16) as u32;
                    let route = [first, first + 1, first + 2 + random(state, 2) as u32];
                    let (cap, weight) = ([0.7, 1.9, f64::INFINITY], 1.0 + random(state, 3) as f64);
                    let cap = cap[random(state, 3) as usize];
                    flows.push(net.start(Time::ZERO, &route, 1e9, cap, weight));
                }
            }
        }
        net.settle(Time::ZERO);
    }

    #[test]
    fn the_exact_order_gives_what_the_mended_old_order_gives() {
        for seed in 0..30 {
            let mut nets = [0, 1, PATIENCE].map(|patience| {
                let mut net = Sharing::new([3.0; 20]);
                net.patience = patience;
                (net, Vec::new(), seed)
            });
            for _ in 0..100 {
                nets.iter_mut().for_each(|(net, flows, state)| change(net, flows, state));
                let [(exact, flows, _), mended @ ..] = &nets;
                for ((net, others, _), flow) in
                    mended.iter().flat_map(|net| flows.iter().map(move |f| (net, f)))
                {
                    assert_eq!(flows, others);
                    let (rate, other) = (exact.rate(*flow), net.rate(*flow));
                    assert!((rate - other).abs() <= 1e-9 * rate, "seed {seed}: {rate} or {other}");
                }
            }
        }
    }
}
