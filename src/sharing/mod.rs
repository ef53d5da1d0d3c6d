//! Weighted max-min fair sharing of capacities with caps, for anything that flows: bytes over links, memory traffic
//! of phases on a socket. It knows neither.
//!
//! A *flow* brings an amount over a route of *resources*; its rate is its weight times the least *level* on its
//! route, or its own cap if that is less. An allocation is max-min fair if no rate can rise without lowering that of
//! a flow with no greater rate per weight; there is exactly one (Bertsekas & Gallager 1992, Data Networks, §6.5.2).
//!
//! Flows of the same route and the same cap per weight form a *class*, so that their number doesn't matter for a
//! re-sharing: on one resource with one cap a start or end takes a time logarithmic in the number of flows. All flows
//! with the same bottleneck have the same rate per weight, hence one clock and one next end. A re-sharing takes a
//! time proportional to the classes limited by the resources that the change can affect, and to what they cross.
//!
//! Servers of which each job uses one at a time are another shape of capacity: a [`Pool`].

mod class;
mod clock;
mod fill;
mod flow;
mod list;
mod open;
mod pool;
mod resource;
mod tournament;

use crate::time::Time;
use class::Classes;
use clock::Clock;
use flow::Flows;
use resource::Resource;
use tournament::Tournament;

pub use flow::FlowId;
pub use pool::{Pool, Served};

/// How often the old order of the levels is mended before it is given up.
const PATIENCE: u32 = 16;

/// What ends within half a tick of an end ends with it.
const SAME_TICK: f64 = 0.5;

/// Resources and the flows that share them, with the instant of the next end.
///
/// Changes come in batches: any number of them at one instant, then [`settle`](Sharing::settle). Rates and the next
/// end are valid from then on; time must not pass before.
///
/// ```
/// use makespan::sharing::Sharing;
/// use makespan::time::Time;
///
/// let mut link = Sharing::new([0.5]); // bytes per tick
/// let long = link.start(Time::ZERO, &[0], 300.0, f64::INFINITY, 1.0);
/// let short = link.start(Time::ZERO, &[0], 100.0, f64::INFINITY, 1.0);
/// link.settle(Time::ZERO);
/// assert_eq!(link.next().ticks(), 400); // both at 0.25
///
/// let mut ended = Vec::new();
/// link.finish(link.next(), &mut ended);
/// assert_eq!(ended, [short]);
/// link.settle(Time::from_ticks(400));
/// assert_eq!(link.rate(long), 0.5);
/// assert_eq!(link.next().ticks(), 800);
/// ```
pub struct Sharing {
    resources: Vec<Resource>,
    classes: Classes,
    flows: Flows,
    /// The next end at each bottleneck: of the resources, then of the classes at their own cap.
    ends: Tournament,
    /// When the changes were made that are not settled yet.
    changing: Time,
    /// Classes whose flows have changed since the last settling: they are free.
    changed: Vec<u32>,
    /// Resources on which rates may change.
    opened: Vec<u32>,
    /// The open resources in the order of their levels before the change.
    places: Vec<(u64, u32)>,
    /// How often that order is mended before it is given up.
    patience: u32,
    /// The open resources in the exact order of their levels, kept only while `ordered`.
    order: Tournament,
    ordered: bool,
    /// Classes about to be changed, while the lists they stand in may change.
    picked: Vec<u32>,
    /// The route of a flow about to change its class.
    route: Vec<u32>,
    /// Bottlenecks whose next end is not yet due.
    undue: Vec<(usize, u64)>,
}

impl Sharing {
    /// Resources of the given capacities, in amount per tick: not negative; infinite if nothing limits them.
    pub fn new(capacities: impl IntoIterator<Item = f64>) -> Self {
        let resources: Vec<Resource> = capacities.into_iter().map(Resource::new).collect();
        Sharing {
            ends: Tournament::new(resources.len()),
            order: Tournament::new(resources.len()),
            classes: Classes::new(resources.len()),
            resources,
            flows: Flows::default(),
            changing: Time::ZERO,
            places: Vec::new(),
            patience: PATIENCE,
            ordered: false,
            changed: Vec::new(),
            opened: Vec::new(),
            picked: Vec::new(),
            route: Vec::new(),
            undue: Vec::new(),
        }
    }

    /// Starts a flow of `amount` over the resources of `route`, none of them twice. Its rate never exceeds `cap`
    /// (amount per tick; may be infinite or 0); its share is proportional to `weight` (above 0). With an empty route
    /// only the cap limits it; with an infinite rate it ends at once.
    pub fn start(&mut self, now: Time, route: &[u32], amount: f64, cap: f64, weight: f64) -> FlowId {
        debug_assert!(amount >= 0.0 && cap >= 0.0 && weight > 0.0 && weight.is_finite());
        self.change(now);
        let class = self.class(now, route, cap / weight);
        let flow = self.flows.take(class, weight);
        self.classes.join(now, flow, amount / weight, &mut self.flows);
        self.touch(now, class);
        flow
    }

    /// Takes a flow away; returns the amount it still had to bring. Its slot is free for another.
    pub fn cancel(&mut self, now: Time, flow: FlowId) -> f64 {
        self.change(now);
        let left = self.left(now, flow);
        self.leave(now, flow);
        self.flows.give_back(flow);
        left
    }

    /// Changes the capacity of a resource. At 0 the flows on it stall.
    pub fn set_capacity(&mut self, now: Time, resource: u32, capacity: f64) {
        debug_assert!(capacity >= 0.0);
        if capacity == self.resources[resource as usize].capacity {
            return;
        }
        self.change(now);
        self.resources[resource as usize].capacity = capacity;
        self.open(resource);
        // A load that exceeds its capacity can't be held.
        if self.load(resource) > capacity {
            for i in 0..self.resources[resource as usize].passing.len() {
                self.touch(now, self.resources[resource as usize].passing[i]);
            }
        }
    }

    /// Changes the greatest rate of a flow. At 0 it stalls.
    pub fn set_cap(&mut self, now: Time, flow: FlowId, cap: f64) {
        debug_assert!(cap >= 0.0);
        let old = self.flows.get(flow);
        if cap / old.weight == self.classes[old.class].cap {
            return;
        }
        self.change(now);
        let left = self.classes.left(now, old);
        let mut route = std::mem::take(&mut self.route);
        route.clear();
        route.extend(self.classes.hops(old.class).iter().map(|hop| hop.resource));
        self.leave(now, flow);
        let class = self.class(now, &route, cap / old.weight);
        self.route = route;
        self.flows.reclass(flow, class);
        self.classes.join(now, flow, left, &mut self.flows);
        self.touch(now, class);
    }

    /// The instant of the next end, rounded up to a tick; [`Time::NEVER`] if nothing will end by itself.
    pub fn next(&self) -> Time {
        debug_assert!(self.opened.is_empty() && self.changed.is_empty(), "changes are not settled");
        Time::from_ticks(self.ends.first_key())
    }

    /// Ends all flows that are due at `now`, with those that have less than half a tick to go, and appends them to
    /// `ended` in the order of their slots, which are free for others. To be called at [`Sharing::next`].
    pub fn finish(&mut self, now: Time, ended: &mut Vec<FlowId>) {
        self.change(now);
        let from = ended.len();
        // What is due a tick later for nothing but rounding ends now.
        while let Some((bottleneck, tick)) = self.ends.first()
            && tick <= now.ticks().saturating_add(1)
        {
            self.ends.clear(bottleneck);
            let before = ended.len();
            self.finish_at(now, bottleneck, tick <= now.ticks(), ended);
            if ended.len() == before {
                self.undue.push((bottleneck, tick));
            }
        }
        for (bottleneck, tick) in self.undue.drain(..) {
            self.ends.set(bottleneck, tick);
        }
        ended[from..].sort_unstable();
    }

    /// The rate of a flow in amount per tick.
    pub fn rate(&self, flow: FlowId) -> f64 {
        let flow = self.flows.get(flow);
        self.classes.rate(flow.class) * flow.weight
    }

    /// The amount that a flow has yet to bring at `now`, which must not be before the last change.
    pub fn left(&self, now: Time, flow: FlowId) -> f64 {
        let flow = self.flows.get(flow);
        self.classes.left(now, flow) * flow.weight
    }

    /// The flows whose route has `resource`, in no particular order (the same in every run).
    pub fn on(&self, resource: u32) -> impl Iterator<Item = FlowId> {
        let classes = self.resources[resource as usize].classes();
        classes.flat_map(|class| self.classes.members(class)).map(|member| member.id)
    }

    /// The sum of the rates on `resource`, in amount per tick.
    pub fn load(&self, resource: u32) -> f64 {
        let classes = self.resources[resource as usize].classes();
        classes.map(|class| self.classes[class].weight * self.classes.rate(class)).sum()
    }

    /// Ends the flows limited by `bottleneck` that have less than half a tick to go; if one is `due`, at least it.
    fn finish_at(&mut self, now: Time, bottleneck: usize, due: bool, ended: &mut Vec<FlowId>) {
        let Clock { rate, .. } = self.classes.clocks[bottleneck];
        let own_cap = bottleneck.checked_sub(self.resources.len()).map(|class| class as u32);
        let here = self.resources.get(bottleneck).map(|resource| &resource.here[..]).unwrap_or(&[]);
        self.picked.extend(here.iter().copied().chain(own_cap));
        let lefts = self.picked.iter().map(|&class| self.classes.first_left(now, class));
        let least = lefts.fold(f64::INFINITY, f64::min);
        let within = SAME_TICK * rate + if due { least.max(0.0) } else { 0.0 };
        while let Some(class) = self.picked.pop() {
            while self.classes.first_left(now, class) <= within
                && let Some(flow) = self.classes.first(class)
            {
                self.leave(now, flow);
                self.flows.give_back(flow);
                ended.push(flow);
            }
        }
    }

    /// Something changes at `now`.
    fn change(&mut self, now: Time) {
        let settled = self.opened.is_empty() && self.changed.is_empty();
        debug_assert!(settled || now == self.changing, "time passed before changes were settled");
        self.changing = now;
    }

    fn leave(&mut self, now: Time, flow: FlowId) {
        self.touch(now, self.flows.get(flow).class);
        self.classes.leave(now, flow, &mut self.flows);
    }

    /// The flows of a class are about to change: its rate is to be found again.
    fn touch(&mut self, now: Time, class: u32) {
        if self.classes[class].free {
            return;
        }
        let own_cap = self.classes.own_cap(class);
        self.set_bottleneck(now, class, own_cap);
        self.ends.clear(own_cap as usize);
        self.classes[class].free = true;
        self.changed.push(class);
        for i in 0..self.classes.hops(class).len() {
            self.open(self.classes.hops(class)[i].resource);
        }
    }
}
