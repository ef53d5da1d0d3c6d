//! Servers of any speeds, shared by jobs each of which is served by one at a time: processor sharing of a pool.
//!
//! Jobs go from server to server as often as they like, so that rates are possible exactly if any *k* jobs together
//! are no faster than the *k* fastest servers (Horvath, Lam & Sethi 1977, A level algorithm for preemptive scheduling).
//! Among possible rates the pool gives those that are max-min fair by weight: no rate can rise without lowering that
//! of a job with no greater rate per weight. On *c* servers of speed *s*, *n* jobs of one weight get *s* · min(1, *c/n*)
//! each; of different weights, each its weight's part of *c · s*, and *s* at most, what is over being shared by the rest.
//!
//! Jobs of one weight form a class and always have one rate, so that a start or an end takes a time logarithmic in the
//! number of jobs and linear in the number of different weights.

use super::flow::{FlowId, Flows, Member, Queue};
use crate::time::{Span, Time};

/// A class counts anew after so many ends, or after as many as it has jobs.
const ENDS_PER_BASE: u32 = 64;

/// What has less than half a tick to go ends with what ends.
const SAME_TICK: f64 = 0.5;

/// Jobs of one weight.
struct Class {
    weight: f64,
    /// Its jobs by the count at which they end.
    queue: Queue,
    /// What each of its jobs has received since the count began.
    count: f64,
    /// The time of servers that each of them has had since then, in ticks.
    time: f64,
    /// The rate of each, as a numerator and a denominator: exact amounts then come to exact instants.
    rate: (f64, f64),
    /// How many servers each has on average, likewise.
    servers: (f64, f64),
    /// When the first of them ends.
    due: Time,
    ends: u32,
}

/// Classes, heaviest first, that share servers of their own.
struct Group {
    /// The weight of all their jobs.
    weight: f64,
    /// The speed of their servers together.
    speed: f64,
    /// How many servers they are.
    servers: usize,
    /// Where its classes end in their order.
    end: usize,
}

/// What a job has had of a pool when it leaves it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Served {
    /// What it still had to receive, at least 0.
    pub left: f64,
    /// What it has received: up to a tick's worth more than it asked for.
    pub amount: f64,
    /// The time of servers that it has had, in ticks.
    pub time: f64,
}

/// Servers shared by weight, with the instant of the next end.
///
/// Changes come in batches: any number of them at one instant, then [`settle`](Pool::settle). Time must not pass before.
///
/// ```
/// use makespan::sharing::Pool;
/// use makespan::time::Time;
///
/// let mut pool = Pool::new();
/// pool.set_speeds(Time::ZERO, &[1.0, 1.0]);
/// for _ in 0..3 {
///     pool.start(Time::ZERO, 100.0, 1.0);
/// }
/// pool.settle(Time::ZERO);
/// assert_eq!(pool.next().ticks(), 150); // each at 2/3
/// ```
#[derive(Default)]
pub struct Pool {
    /// The sum of the speeds of the first so many servers.
    speeds: Vec<f64>,
    /// Whether all servers are equally fast up to so many.
    alike: usize,
    classes: Vec<Class>,
    /// The classes, the heaviest first.
    order: Vec<u32>,
    groups: Vec<Group>,
    flows: Flows,
    /// By job, what it asked for and the time of its class when it came.
    asked: Vec<(f64, f64)>,
    jobs: usize,
    /// Up to when counts are right, and how fast all jobs together are from then on.
    since: Time,
    speed: f64,
    /// What all jobs have received so far.
    total: f64,
}

impl Pool {
    /// A pool without servers or jobs.
    pub fn new() -> Self {
        Pool { speeds: vec![0.0], ..Pool::default() }
    }

    /// Gives the pool other servers, or the same ones other speeds (amount per tick, at least 0), the fastest first.
    pub fn set_speeds(&mut self, now: Time, speeds: &[f64]) {
        debug_assert!(speeds.is_sorted_by(|one, other| one >= other), "the fastest come first");
        self.advance(now);
        self.speeds.clear();
        self.speeds.push(0.0);
        // Sums of equal speeds are multiples of them, exact where those are.
        let (mut before, mut run, mut last) = (0.0, 0.0, f64::NAN);
        for &speed in speeds {
            if speed != last {
                (before, run, last) = (self.speeds[self.speeds.len() - 1], 0.0, speed);
            }
            run += 1.0;
            self.speeds.push(before + run * speed);
        }
        self.alike = speeds.iter().take_while(|speed| **speed == speeds[0]).count();
    }

    /// How many servers there are.
    pub fn servers(&self) -> usize {
        self.speeds.len() - 1
    }

    /// How many jobs there are.
    pub fn jobs(&self) -> usize {
        self.jobs
    }

    /// How many servers are at work, the fastest ones.
    pub fn busy(&self) -> usize {
        self.jobs.min(self.servers())
    }

    /// Whether each job has a server of its own: there are enough, and those at work are equally fast.
    pub fn is_roomy(&self) -> bool {
        self.jobs <= self.alike
    }

    /// Starts a job that asks for `amount`, with a `weight` above 0.
    pub fn start(&mut self, now: Time, amount: f64, weight: f64) -> FlowId {
        debug_assert!(amount >= 0.0 && weight > 0.0 && weight.is_finite());
        self.advance(now);
        let id = self.class(weight);
        let flow = self.flows.take(id, weight);
        let class = &mut self.classes[id as usize];
        class.queue.push(Member { finish: class.count + amount, id: flow }, &mut self.flows);
        if self.asked.len() <= flow.index() {
            self.asked.resize(flow.index() + 1, (0.0, 0.0));
        }
        self.asked[flow.index()] = (amount, class.time);
        self.jobs += 1;
        flow
    }

    /// Takes a job away. Its slot is free for another.
    pub fn stop(&mut self, now: Time, job: FlowId) -> Served {
        self.advance(now);
        let flow = self.flows.get(job);
        let class = &mut self.classes[flow.class as usize];
        let left = class.queue.member(flow).finish - class.count;
        let (asked, came) = self.asked[job.index()];
        let served = Served { left: left.max(0.0), amount: asked - left, time: class.time - came };
        if class.queue.first().is_some_and(|first| first.id == job) {
            // What was due was this one.
            class.due = Time::NEVER;
        }
        class.queue.remove(flow, &mut self.flows);
        class.ends += 1;
        let rest = class.queue.members();
        // A count that went on for ever would lose the digits that tell small amounts apart.
        if rest.is_empty() || class.ends >= ENDS_PER_BASE.max(rest.len() as u32) {
            rest.iter().for_each(|member| self.asked[member.id.index()].1 -= class.time);
            class.queue.rebase(class.count, &self.flows);
            (class.count, class.time, class.ends) = (0.0, 0.0, 0);
        }
        self.flows.give_back(job);
        self.jobs -= 1;
        served
    }

    /// Shares the servers anew.
    pub fn settle(&mut self, now: Time) {
        self.advance(now);
        self.speed = self.speeds[self.busy()];
        self.group();
        let mut start = 0;
        for group in &self.groups {
            for id in &self.order[start..group.end] {
                let class = &mut self.classes[*id as usize];
                class.rate = (class.weight * group.speed, group.weight);
                class.servers = (class.weight * group.servers as f64, group.weight);
                class.due = class.when(now);
            }
            start = group.end;
        }
    }

    /// The instant of the next end, rounded up to a tick; [`Time::NEVER`] if nothing will end by itself.
    pub fn next(&self) -> Time {
        let served = self.classes.iter().filter(|class| class.queue.first().is_some());
        served.map(|class| class.due).min().unwrap_or(Time::NEVER)
    }

    /// Ends all jobs that are due at `now`, with those that have less than half a tick to go, and appends them to `ended`.
    /// To be called at [`Pool::next`].
    pub fn finish(&mut self, now: Time, ended: &mut Vec<(FlowId, Served)>) {
        self.advance(now);
        for id in 0..self.classes.len() {
            let class = &self.classes[id];
            let Some(first) = class.queue.first() else { continue };
            let least = if class.due <= now { (first.finish - class.count).max(0.0) } else { 0.0 };
            let within = least + SAME_TICK * class.rate.0 / class.rate.1;
            while let class = &self.classes[id]
                && let Some(first) = class.queue.first()
                && first.finish - class.count <= within
            {
                let served = self.stop(now, first.id);
                ended.push((first.id, served));
            }
        }
    }

    /// The time of servers that a job has had by `now`, in ticks.
    pub fn time(&mut self, now: Time, job: FlowId) -> f64 {
        self.advance(now);
        self.classes[self.flows.get(job).class as usize].time - self.asked[job.index()].1
    }

    /// How fast a job is, in amount per tick.
    pub fn rate(&self, job: FlowId) -> f64 {
        let (amount, ticks) = self.classes[self.flows.get(job).class as usize].rate;
        amount / ticks
    }

    /// What all jobs have received by `now`, those that have left included.
    pub fn total(&mut self, now: Time) -> f64 {
        self.advance(now);
        self.total
    }

    /// Counts what jobs have received up to `now`.
    fn advance(&mut self, now: Time) {
        if now == self.since {
            return;
        }
        let ticks = (now - self.since).ticks() as f64;
        self.since = now;
        self.total += self.speed * ticks;
        for class in self.classes.iter_mut().filter(|class| class.queue.first().is_some()) {
            class.count += ticks * class.rate.0 / class.rate.1;
            class.time += ticks * class.servers.0 / class.servers.1;
        }
    }

    /// The class of jobs of this weight.
    fn class(&mut self, weight: f64) -> u32 {
        let of = |id: &u32| self.classes[*id as usize].weight;
        let at = self.order.partition_point(|id| of(id) > weight);
        if let Some(id) = self.order.get(at).filter(|id| of(id) == weight) {
            return *id;
        }
        let id = self.classes.len() as u32;
        let (queue, due) = (Queue::default(), Time::NEVER);
        let (rate, servers) = ((0.0, 1.0), (0.0, 1.0));
        self.classes.push(Class { weight, queue, count: 0.0, time: 0.0, rate, servers, due, ends: 0 });
        self.order.insert(at, id);
        id
    }

    /// Divides the classes into groups: the greatest convex function below the speed of the fastest servers over the
    /// weight of the heaviest jobs, of which each straight piece is a group and its slope the rate per weight.
    fn group(&mut self) {
        self.groups.clear();
        let mut jobs = 0;
        for (at, id) in self.order.iter().enumerate() {
            let class = &self.classes[*id as usize];
            let own = class.queue.members().len();
            if own == 0 {
                continue;
            }
            let (from, to) = (jobs.min(self.servers()), (jobs + own).min(self.servers()));
            jobs += own;
            let mut group = Group {
                weight: class.weight * own as f64,
                speed: self.speeds[to] - self.speeds[from],
                servers: to - from,
                end: at + 1,
            };
            // Who is lighter must not be slower for its weight: then both share alike.
            while let Some(last) = self.groups.last()
                && last.speed * group.weight > group.speed * last.weight
            {
                group.weight += last.weight;
                group.speed += last.speed;
                group.servers += last.servers;
                self.groups.pop();
            }
            self.groups.push(group);
        }
    }
}

impl Class {
    /// When its first job ends, at the rate that it has from `now` on.
    fn when(&self, now: Time) -> Time {
        let Some(first) = self.queue.first() else { return Time::NEVER };
        let left = (first.finish - self.count).max(0.0);
        if left == 0.0 {
            return now;
        }
        let ticks = left * self.rate.1 / self.rate.0;
        if ticks < Span::FOREVER.ticks() as f64 { now + Span::round_up(ticks) } else { Time::NEVER }
    }
}

#[cfg(test)]
mod tests;
