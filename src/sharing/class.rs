//! A class: the flows of one route and one cap per weight. They always have one rate per weight, so that one clock
//! serves them all and a new rate costs the same for one flow as for a thousand.

use super::flow::{Flow, FlowId, Flows, Member, Queue};
use crate::time::{Span, Time};

/// The bottleneck of a class that runs at its own cap.
pub(super) const OWN_CAP: u32 = u32::MAX;

/// The clock of a class starts anew after so many ends, or as many as it has flows.
const ENDS_PER_BASE: u32 = 64;

/// A class; all its quantities are per unit of weight.
pub(super) struct Class {
    /// The sum of its flows' weights.
    pub(super) weight: f64,
    /// The rate since `since`, amount per tick.
    pub(super) rate: f64,
    pub(super) cap: f64,
    /// What has been received from the clock's zero until `since`.
    served: f64,
    since: Time,
    /// Where the clock stands when the first flow ends; infinite without flows.
    finish: f64,
    /// The resource that limits it, or [`OWN_CAP`].
    pub(super) bottleneck: u32,
    first_hop: u32,
    hops: u32,
    ends: u16,
    /// Its rate is to be found.
    pub(super) free: bool,
}

impl Class {
    fn served(&self, now: Time) -> f64 {
        // An infinite rate has served nothing in no time.
        let elapsed = (now - self.since).ticks();
        if elapsed == 0 { self.served } else { self.served + self.rate * elapsed as f64 }
    }

    /// What the first flow to end still has to receive; infinite without flows.
    pub(super) fn first_left(&self, now: Time) -> f64 {
        self.finish - self.served(now)
    }

    /// Goes on at `rate`; returns what the first flow to end still has to receive.
    pub(super) fn run_at(&mut self, rate: f64, now: Time) -> f64 {
        self.served = self.served(now);
        self.since = now;
        self.rate = rate;
        self.finish - self.served
    }
}

/// When `left` will have been received at `rate`: never if it stalls, or beyond the end of time.
pub(super) fn end(now: Time, left: f64, rate: f64) -> Time {
    let ticks = if left <= 0.0 { 0.0 } else { left / rate };
    if ticks < Span::FOREVER.ticks() as f64 { now + Span::round_up(ticks) } else { Time::NEVER }
}

/// A resource on a route, and where the class stands in the list of this resource that holds it.
#[derive(Clone, Copy)]
pub(super) struct Hop {
    pub(super) resource: u32,
    pub(super) slot: u32,
}

/// All classes in flat arrays. A slot is used again by a class of as many hops.
#[derive(Default)]
pub(super) struct Classes {
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
    /// How many classes there ever were at once.
    pub(super) fn len(&self) -> usize {
        self.classes.len()
    }

    /// A class without flows. Its hops' slots are to be set.
    pub(super) fn take(&mut self, now: Time, route: &[u32], cap: f64) -> u32 {
        if self.spare.len() <= route.len() {
            self.spare.resize_with(route.len() + 1, Vec::new);
        }
        let hops = route.iter().map(|&resource| Hop { resource, slot: 0 });
        let (id, first_hop) = match self.spare[route.len()].pop() {
            Some(id) => {
                let first = self[id].first_hop as usize;
                self.hops[first..first + route.len()].iter_mut().zip(hops).for_each(|(old, new)| *old = new);
                (id, first as u32)
            }
            None => {
                self.hops.extend(hops);
                self.queues.push(Queue::default());
                (self.classes.len() as u32, (self.hops.len() - route.len()) as u32)
            }
        };
        let class = Class {
            weight: 0.0,
            rate: 0.0,
            cap,
            served: 0.0,
            since: now,
            finish: f64::INFINITY,
            bottleneck: OWN_CAP,
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

    /// The class with its hops, which are borrowed apart.
    pub(super) fn class_and_hops(&mut self, class: u32) -> (&mut Class, &[Hop]) {
        let class = &mut self.classes[class as usize];
        let hops = class.first_hop as usize..(class.first_hop + class.hops) as usize;
        (class, &self.hops[hops])
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
        self.queues[class as usize].first().map(|member| member.id)
    }

    /// What `flow` still has to receive per unit of its weight.
    pub(super) fn left(&self, now: Time, flow: Flow) -> f64 {
        let member = self.queues[flow.class as usize].member(flow);
        (member.finish - self[flow.class].served(now)).max(0.0)
    }

    /// `id` joins its class, with `left` to receive per unit of its weight.
    pub(super) fn join(&mut self, now: Time, id: FlowId, left: f64, flows: &mut Flows) {
        let flow = flows.get(id);
        let class = &mut self.classes[flow.class as usize];
        let finish = class.served(now) + left;
        class.weight += flow.weight;
        class.finish = class.finish.min(finish);
        self.queues[flow.class as usize].push(Member { finish, id }, flows);
    }

    /// `id` leaves its class.
    pub(super) fn leave(&mut self, now: Time, id: FlowId, flows: &mut Flows) {
        let flow = flows.get(id);
        let (class, queue) = (&mut self.classes[flow.class as usize], &mut self.queues[flow.class as usize]);
        queue.remove(flow, flows);
        class.weight -= flow.weight;
        class.ends += 1;
        // A clock that ran on for ever would lose the digits that tell small amounts apart.
        if u32::from(class.ends) >= ENDS_PER_BASE.max(queue.members().len() as u32).min(u32::from(u16::MAX))
            || queue.members().is_empty()
        {
            class.weight = queue.rebase(class.served(now), flows);
            (class.served, class.since, class.ends) = (0.0, now, 0);
        }
        class.finish = queue.first().map_or(f64::INFINITY, |member| member.finish);
    }
}
