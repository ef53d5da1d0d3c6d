//! Tasks that wait go over from the queue of one core to that of another.

use super::balancer::Doing;
use super::message::Cargo;
use super::ready::Waiting;
use super::world::World;
use crate::engine::Queue;
use crate::ids::{CoreId, ServerId, TaskId};
use crate::policy::Reason;
use crate::program::Home;
use crate::record::{Recorder, StealRow, Why};
use crate::time::Time;

/// Tasks on their way from queue to queue.
#[derive(Clone, Debug)]
pub(super) struct Transit {
    pub tasks: Vec<TaskId>,
    pub from: CoreId,
    pub to: CoreId,
    /// When what led to it began.
    pub began: Time,
}

/// All that are on their way, in slots that are used again.
#[derive(Default)]
pub(super) struct Transits {
    slots: Vec<Option<Transit>>,
    free: Vec<u32>,
}

impl Transits {
    fn add(&mut self, transit: Transit) -> u32 {
        match self.free.pop() {
            Some(slot) => {
                self.slots[slot as usize] = Some(transit);
                slot
            }
            None => {
                self.slots.push(Some(transit));
                self.slots.len() as u32 - 1
            }
        }
    }

    fn take(&mut self, slot: u32) -> Option<Transit> {
        let transit = self.slots[slot as usize].take();
        if transit.is_some() {
            self.free.push(slot);
        }
        transit
    }

    fn alive(&mut self) -> impl Iterator<Item = &mut Transit> {
        self.slots.iter_mut().flatten()
    }
}

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// Takes out of the queue of `from` the task that would be served last of those that may go to `to`.
    pub fn take_last(&mut self, group: usize, from: CoreId, to: CoreId) -> Option<TaskId> {
        let mut own = std::mem::take(&mut self.own_queues[from.index()]);
        let task = own.take_last(|waiting| self.may_move(group, waiting, to)).map(|waiting| waiting.task);
        self.own_queues[from.index()] = own;
        task
    }

    /// Whether a task that waits may go to a core: one of the group that has not begun, whose job doesn't stand still, and
    /// which the core takes.
    pub fn may_move(&self, group: usize, waiting: &Waiting, to: CoreId) -> bool {
        let job = &self.jobs[waiting.job as usize];
        let (from, end) = self.tasks[waiting.task].allowed;
        job.group == Some(group)
            && job.halt.is_none()
            && (from..end).contains(&(to.index() as u32))
            && self.tasks.resumes(waiting.task).is_none()
            && self.has_room(waiting.job, to)
            && !self.has_sibling(waiting.task, ServerId::new(to.index()))
    }

    /// Whether a server takes another task of a job.
    fn has_room(&self, job: u32, core: CoreId) -> bool {
        let capacity = self.jobs[job as usize].served.and_then(|service| service.capacity);
        capacity.is_none_or(|capacity| self.loads[core.index()].tasks < capacity)
    }

    /// A task that has left the queue of a core counts to another from now on.
    pub fn assign_to(&mut self, task: TaskId, from: CoreId, to: CoreId, reason: Reason, now: Time) {
        self.load_withdrawn(from, task);
        self.load_queued(to, task);
        self.note_server(task, Some(ServerId::new(to.index())));
        self.state_choice(now, task, to, Why::Moved(from, reason));
        self.digest.fact(now, super::fact::MOVED, self.tasks[task].number, to.index() as u64);
    }

    /// Tasks that count to `to` set out for it; at once, where nothing lies between. True if a message takes them there.
    pub fn set_off(&mut self, transit: Transit, now: Time, queue: &mut Queue) -> bool {
        let (from, to) = (transit.from, transit.to);
        if let Some(balancing) = &mut self.balancing {
            balancing.tally.tasks += transit.tasks.len() as u64;
        }
        if !self.is_far(from, to) {
            self.take_in(&transit, now);
            return false;
        }
        let (here, there) = (self.cores[from.index()].node, self.cores[to.index()].node);
        let homes = transit.tasks.iter().filter_map(|task| self.tasks.home(*task));
        let bytes: f64 = homes.filter(|home| home.node == here).map(|home| home.bytes).sum();
        let Some(balancing) = &mut self.balancing else { return false };
        balancing.tally.bytes += bytes;
        let slot = balancing.transits.add(transit);
        self.send(Cargo::Moved(slot), here, there, bytes, 1.0, now, queue);
        true
    }

    /// Tasks on their way have arrived.
    pub fn on_moved(&mut self, slot: u32, now: Time, queue: &mut Queue) {
        let transit = self.balancing.as_mut().and_then(|balancing| balancing.transits.take(slot));
        let Some(transit) = transit else { return };
        let (here, there) = (self.cores[transit.from.index()].node, self.cores[transit.to.index()].node);
        for task in &transit.tasks {
            if let Some(home) = self.tasks.home(*task).filter(|home| home.node == here) {
                self.tasks.set_home(*task, Some(Home { node: there, ..home }));
            }
        }
        self.take_in(&transit, now);
        self.has_fetched(transit.to, now, queue);
    }

    /// A core puts tasks that have come to it into its queue.
    fn take_in(&mut self, transit: &Transit, now: Time) {
        let (from, to) = (transit.from, transit.to);
        for task in &transit.tasks {
            self.enters_queue(*task, None, to, now);
            let waiting = self.waiting(*task, now);
            self.own_queues[to.index()].push(waiting);
        }
        self.touched.push(to);
        if let Some(balancing) = &mut self.balancing {
            balancing.due.push(to);
        }
        if R::ACTIVE && !transit.tasks.is_empty() {
            self.recorder.steal(&StealRow {
                thief: to,
                victim: from,
                tasks: transit.tasks.len() as u32,
                began: transit.began,
                since: transit.began,
                at: now,
            });
        }
    }

    /// All know that cores are down: what is on its way to them is decided anew.
    pub fn call_back(&mut self, now: Time, queue: &mut Queue) {
        let Some(balancing) = &self.balancing else { return };
        let slots = (0..).zip(&balancing.transits.slots);
        let lost = slots.filter_map(|(slot, transit)| {
            let to = transit.as_ref()?.to;
            self.cores[to.index()].noticed.then_some(slot)
        });
        for slot in lost.collect::<Vec<u32>>() {
            self.recall(|cargo| cargo == Cargo::Moved(slot), now, queue);
            self.lose_transit(slot, now, queue);
        }
    }

    /// Tasks will never arrive where they were going to: they are decided anew.
    pub fn lose_transit(&mut self, slot: u32, now: Time, queue: &mut Queue) {
        let transit = self.balancing.as_mut().and_then(|balancing| balancing.transits.take(slot));
        let Some(transit) = transit else { return };
        for task in transit.tasks {
            self.load_withdrawn(transit.to, task);
            self.totals.waits(now, -1);
            self.make_ready(task, None, now);
        }
        self.has_fetched(transit.to, now, queue);
    }

    /// What a core asked for has come, or never will.
    fn has_fetched(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        let agent = self.balancing.as_mut().and_then(|balancing| balancing.agent(core));
        if let Some(agent) = agent.filter(|agent| agent.doing == Doing::Fetches) {
            agent.doing = Doing::Nothing;
            self.attempt(core, now, queue);
        }
    }

    /// Takes the tasks of a job out of all that is on its way; how many they are.
    pub fn withdraw_moving(&mut self, job: u32) -> i64 {
        let Some(balancing) = &mut self.balancing else { return 0 };
        let mut out = Vec::new();
        for transit in balancing.transits.alive() {
            let to = transit.to;
            let tasks = &self.tasks;
            out.extend(transit.tasks.extract_if(.., |task| tasks[*task].job == job).map(|task| (to, task)));
        }
        for (to, task) in &out {
            self.load_withdrawn(*to, *task);
        }
        out.len() as i64
    }

    /// Takes a task out of what is on its way, if it is there.
    pub fn stop_moving(&mut self, task: TaskId) -> bool {
        let Some(balancing) = &mut self.balancing else { return false };
        for transit in balancing.transits.alive() {
            if let Some(at) = transit.tasks.iter().position(|other| *other == task) {
                transit.tasks.remove(at);
                return true;
            }
        }
        false
    }
}
