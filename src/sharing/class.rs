//! A class: the flows of one route and one cap per weight. They always have one rate per weight, so that a new rate
//! costs the same for one flow as for a thousand.

use super::clock::Clock;
use super::flow::{Flow, FlowId, Flows, Member, Queue};
use crate::time::Time;

/// A class counts anew after so many ends, or after as many as it has flows.
const ENDS_PER_BASE: u32 = 64;

/// A class of flows. It counts what each unit of weight has received, from a zero of its own.
pub(super) struct Class {
    /// The sum of its flows' weights.
    pub(super) weight: f64,
    /// Its greatest rate per weight.
    pub(super) cap: f64,
    /// Its count when its first flow ends; infinite without flows.
    finish: f64,
    /// What the clock of its bottleneck shows when its count is zero; 0 at its own cap.
    offset: f64,
    /// What limits it: a resource, or its own cap, which is numbered after all resources.
    pub(super) bottleneck: u32,
    first_hop: u32,
    hops: u32,
    ends: u32,
    /// It isn't limited by a resource, and its rate is to be found.
    pub(super) free: bool,
}

impl Class {
    /// What the clock of its bottleneck shows when its first flow ends.
    pub(super) fn finish(&self) -> f64 {
        self.finish + self.offset
    }

    /// The clock of its bottleneck, which showed `served`, has started anew.
    pub(super) fn rebase(&mut self, served: f64) {
        self.offset -= served;
    }
}

/// A resource on a route, and where the class stands in the list of this resource that holds it.
#[derive(Clone, Copy)]
pub(super) struct Hop {
    pub(super) resource: u32,
    pub(super) slot: u32,
}

/// All classes in flat arrays. A slot is used again by a class of as many hops.
pub(super) struct Classes {
    /// The clocks of the resources, then of the classes at their own cap.
    pub(super) clocks: Vec<Clock>,
    resources: usize,
    classes: Vec<Class>,
    queues: Vec<Queue>,
    hops: Vec<Hop>,
    /// Unused classes by their number of hops.
    spare: Vec<Vec<u32>>,
}

impl std::ops::Index<u32> for Classes {
    type Output = Class;

    fn index(&self, class: u32) -> &Class {
        &self.classes[class as usize]
    }
}

impl std::ops::IndexMut<u32> for Classes {
    fn index_mut(&mut self, class: u32) -> &mut Class {
        &mut self.classes[class as usize]
    }
}

impl Classes {
    pub(super) fn new(resources: usize) -> Self {
        Classes {
            clocks: vec![Clock::stopped(Time::ZERO, 0.0); resources],
            resources,
            classes: Vec::new(),
            queues: Vec::new(),
            hops: Vec::new(),
            spare: Vec::new(),
        }
    }

    /// How many bottlenecks there can be: the resources and the own caps.
    pub(super) fn bottlenecks(&self) -> usize {
        self.clocks.len()
    }

    /// The number, as a bottleneck, of the own cap of a class.
    pub(super) fn own_cap(&self, class: u32) -> u32 {
        self.resources as u32 + class
    }

    /// A class without flows, at its own cap. Its hops' slots are to be set.
    pub(super) fn take(&mut self, now: Time, route: &[u32], cap: f64) -> u32 {
        if self.spare.len() <= route.len() {
            self.spare.resize_with(route.len() + 1, Vec::new);
        }
        let hops = route.iter().map(|&resource| Hop { resource, slot: 0 });
        let (id, first_hop) = match self.spare[route.len()].pop() {
            Some(id) => {
                let first = self[id].first_hop;
                let old = &mut self.hops[first as usize..first as usize + route.len()];
                old.iter_mut().zip(hops).for_each(|(old, new)| *old = new);
                (id, first)
            }
            None => {
                self.hops.extend(hops);
                self.queues.push(Queue::default());
                self.clocks.push(Clock::stopped(now, 0.0));
                (self.classes.len() as u32, (self.hops.len() - route.len()) as u32)
            }
        };
        let own_cap = self.own_cap(id);
        self.clocks[own_cap as usize] = Clock::stopped(now, 0.0);
        let class = Class {
            weight: 0.0,
            cap,
            finish: f64::INFINITY,
            offset: 0.0,
            bottleneck: own_cap,
            first_hop,
            hops: route.len() as u32,
            ends: 0,
            free: false,
        };
        match self.classes.get_mut(id as usize) {
            Some(slot) => *slot = class,
            None => self.classes.push(class),
        }
        id
    }

    /// The class has no flows any more and stands in no list.
    pub(super) fn give_back(&mut self, class: u32) {
        let hops = self[class].hops as usize;
        self.spare[hops].push(class);
    }

    pub(super) fn hops(&self, class: u32) -> &[Hop] {
        let Class { first_hop, hops, .. } = self[class];
        &self.hops[first_hop as usize..(first_hop + hops) as usize]
    }

    /// Where the class stands in its list of `resource`, which is on its route.
    pub(super) fn slot_mut(&mut self, class: u32, resource: u32) -> &mut u32 {
        let Class { first_hop, hops, .. } = self[class];
        let hops = &mut self.hops[first_hop as usize..(first_hop + hops) as usize];
        let hop = hops.iter().position(|hop| hop.resource == resource);
        &mut hops[hop.unwrap_or(0)].slot
    }

    pub(super) fn is(&self, class: u32, route: &[u32], cap: f64) -> bool {
        self[class].cap == cap && self.hops(class).iter().map(|hop| &hop.resource).eq(route)
    }

    pub(super) fn members(&self, class: u32) -> &[Member] {
        self.queues[class as usize].members()
    }

    /// The flow of the class that ends first.
    pub(super) fn first(&self, class: u32) -> Option<FlowId> {
        self.members(class).first().map(|member| member.id)
    }

    /// The rate per weight.
    pub(super) fn rate(&self, class: u32) -> f64 {
        self.clocks[self[class].bottleneck as usize].rate
    }

    /// What each unit of weight has received on the count of the class.
    fn served(&self, now: Time, class: u32) -> f64 {
        let class = &self[class];
        self.clocks[class.bottleneck as usize].at(now) - class.offset
    }

    /// What the first flow to end still has to receive per unit of its weight; infinite without flows.
    pub(super) fn first_left(&self, now: Time, class: u32) -> f64 {
        self[class].finish - self.served(now, class)
    }

    /// What `flow` still has to receive per unit of its weight.
    pub(super) fn left(&self, now: Time, flow: Flow) -> f64 {
        let member = self.queues[flow.class as usize].member(flow);
        (member.finish - self.served(now, flow.class)).max(0.0)
    }

    /// The class goes by the clock of another bottleneck. The clock of its own cap stands at first.
    pub(super) fn follow(&mut self, now: Time, class: u32, bottleneck: u32) {
        let served = self.served(now, class);
        let own_cap = bottleneck == self.own_cap(class);
        let clock = &mut self.clocks[bottleneck as usize];
        let offset = if own_cap {
            *clock = Clock::stopped(now, served);
            0.0
        } else {
            clock.at(now) - served
        };
        let class = &mut self[class];
        (class.bottleneck, class.offset) = (bottleneck, offset);
    }

    /// `id` joins its class, with `left` to receive per unit of its weight.
    pub(super) fn join(&mut self, now: Time, id: FlowId, left: f64, flows: &mut Flows) {
        let flow = flows.get(id);
        let finish = self.served(now, flow.class) + left;
        let class = &mut self[flow.class];
        class.weight += flow.weight;
        class.finish = class.finish.min(finish);
        self.queues[flow.class as usize].push(Member { finish, id }, flows);
    }

    /// `id` leaves its class, which must be at its own cap.
    pub(super) fn leave(&mut self, now: Time, id: FlowId, flows: &mut Flows) {
        let flow = flows.get(id);
        let own_cap = self.own_cap(flow.class);
        let (class, queue) = (&mut self.classes[flow.class as usize], &mut self.queues[flow.class as usize]);
        queue.remove(flow, flows);
        class.weight -= flow.weight;
        class.ends += 1;
        let left = queue.members().len() as u32;
        // A count that went on for ever would lose the digits that tell small amounts apart.
        if left == 0 || class.ends >= ENDS_PER_BASE.max(left) {
            class.ends = 0;
            class.weight = queue.rebase(self.clocks[own_cap as usize].restart(now), flows);
        }
        class.finish = queue.first().map_or(f64::INFINITY, |member| member.finish);
    }
}
