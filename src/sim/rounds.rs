//! Rounds of rebalancing: all exchange their loads every so often, and tasks move by what they were.

use super::alarm::Event;
use super::balancer::Method;
use super::migrate::Transit;
use super::world::World;
use crate::engine::Queue;
use crate::ids::{CoreId, TaskId};
use crate::policy::Reason;
use crate::policy::rebalance::{Measure, Queued, Size};
use crate::record::Recorder;
use crate::time::{Span, Time};

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// Sets the next round of a group, at a multiple of its period, unless it is set.
    pub fn arm_round(&mut self, group: usize, now: Time, queue: &mut Queue) {
        let event = Event::Rebalance(group as u32);
        let Some(balancing) = &self.balancing else { return };
        if let Method::Rounds(ring) = &balancing.groups[group].method
            && !queue.is_set(event.into())
        {
            let every = ring.every.ticks();
            let next = (now.ticks() / every + 1).saturating_mul(every);
            queue.set(event.into(), Time::from_ticks(next));
        }
    }

    /// Loads are exchanged, or what follows from them is done.
    pub fn on_rebalance(&mut self, group: u32, now: Time, queue: &mut Queue) {
        let group = group as usize;
        let Some(balancing) = &mut self.balancing else { return };
        let (cost, on, measure) = {
            let group = &balancing.groups[group];
            (group.cost, group.on, group.measure)
        };
        let Method::Rounds(ring) = &mut balancing.groups[group].method else { return };
        if !std::mem::take(&mut ring.told) {
            let mut loads = std::mem::take(&mut ring.loads);
            loads.clear();
            balancing.tally.probes += ring.rounds.as_ref().map_or(0, |rounds| rounds.asked());
            for core in (on.0..on.1).map(|core| CoreId::new(core as usize)) {
                let known_down = self.cores[core.index()].noticed;
                loads.push((!known_down).then(|| self.measured(measure, core, now)));
            }
            let Some(balancing) = &mut self.balancing else { return };
            let Method::Rounds(ring) = &mut balancing.groups[group].method else { return };
            ring.loads = loads;
            if cost > Span::ZERO {
                ring.told = true;
                return queue.set(Event::Rebalance(group as u32).into(), now + cost);
            }
        }
        let moved = self.hold_round(group, now, queue);
        // Where nothing changes any more, neither do loads: who waits will be told of the next arrival.
        let alive = self.totals.running() > 0 || !self.touched.is_empty() || moved;
        if self.totals.waiting() > 0 && alive {
            self.arm_round(group, now, queue);
        }
    }

    /// Moves what a round decides; whether that is anything.
    fn hold_round(&mut self, group: usize, now: Time, queue: &mut Queue) -> bool {
        let Some(balancing) = &mut self.balancing else { return false };
        let (first, measure, reason) = {
            let group = &balancing.groups[group];
            (group.on.0, group.measure, group.reason)
        };
        let Method::Rounds(ring) = &mut balancing.groups[group].method else { return false };
        let Some(mut rounds) = ring.rounds.take() else { return false };
        let loads = std::mem::take(&mut ring.loads);
        let mut exchange = Exchange { world: self, group, first, measure, reason, now, out: Vec::new() };
        rounds.round(&loads, &mut exchange);
        let mut out = exchange.out;
        let Some(balancing) = &mut self.balancing else { return false };
        if let Method::Rounds(ring) = &mut balancing.groups[group].method {
            (ring.rounds, ring.loads) = (Some(rounds), loads);
        }
        // What goes the same way goes together, each in the order in which it was given.
        out.sort_by_key(|(from, to, _)| (*from, *to));
        for together in out.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
            let tasks = together.iter().map(|(.., task)| *task).collect();
            self.set_off(Transit { tasks, from: together[0].0, to: together[0].1, began: now }, now, queue);
        }
        !out.is_empty()
    }
}

/// The queues of a group while a round is held.
struct Exchange<'w, 'a, R: Recorder, const RARE: bool> {
    world: &'w mut World<'a, R, RARE>,
    group: usize,
    first: u32,
    measure: Measure,
    reason: Reason,
    now: Time,
    /// What sets out at the end of the round.
    out: Vec<(CoreId, CoreId, TaskId)>,
}

impl<R: Recorder, const RARE: bool> Exchange<'_, '_, R, RARE> {
    fn core(&self, at: usize) -> CoreId {
        CoreId::new(self.first as usize + at)
    }
}

impl<R: Recorder, const RARE: bool> Queued for Exchange<'_, '_, R, RARE> {
    fn offer(&mut self, from: usize, to: usize) -> Option<Size> {
        let (from, to) = (self.core(from), self.core(to));
        let may = |waiting: &_| self.world.may_move(self.group, waiting, to);
        let own = &self.world.own_queues[from.index()];
        let task = own.last(may)?.task;
        if self.world.free.contains(from) && own.first().is_some_and(|first| first.task == task) {
            // It came at this instant, and is about to begin.
            return None;
        }
        if self.measure == Measure::Tasks {
            return Some(Size { here: 1.0, there: 1.0 });
        }
        let work = Span::round_up(self.world.remaining(task)).ticks() as f64;
        let speed = |core: CoreId| self.world.loads[core.index()].speed;
        Some(Size { here: work / speed(from), there: work / speed(to) })
    }

    fn give(&mut self, from: usize, to: usize) {
        let (from, to) = (self.core(from), self.core(to));
        if let Some(task) = self.world.take_last(self.group, from, to) {
            self.world.assign_to(task, from, to, self.reason, self.now);
            self.out.push((from, to, task));
        }
    }
}
