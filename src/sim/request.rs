//! Requests of several parts or copies: enough of them end, the others are cancelled.

use super::alarm::Event;
use super::job::work_of;
use super::tasks::{Status, Task};
use super::world::World;
use crate::engine::Queue;
use crate::ids::{CoreId, ServerId, TaskId};
use crate::program::Hedge;
use crate::record::{Fate, Recorder};
use crate::time::{Span, Time};
use crate::workload::Draws;

/// A request of which several tasks are parts, or copies.
#[derive(Default)]
pub(super) struct Request {
    job: u32,
    kind: u32,
    number: u64,
    release: Time,
    /// When the first of its parts started, of those that ended.
    start: Time,
    /// The parts under way, and where they were sent.
    parts: Vec<(TaskId, Option<ServerId>)>,
    /// How many parts ended, and how many must.
    ended: u32,
    needed: u32,
}

/// The requests under way, in slots that are used again.
#[derive(Default)]
pub(super) struct Requests {
    slots: Vec<Request>,
    free: Vec<u32>,
}

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// The number of the next task of a job, and the request of which it is a part. With the first part the request
    /// itself is there.
    #[inline]
    pub fn number_next(&mut self, job: u32, kind: u32, now: Time, queue: &mut Queue) -> (u64, Option<u32>) {
        let state = &mut self.jobs[job as usize];
        let number = state.released;
        let service = state.served.filter(|service| RARE && service.most_tasks() > 1);
        let Some(service) = service else {
            state.released += 1;
            state.open += 1;
            return (number, None);
        };
        let most = u64::from(service.most_tasks());
        let (part, request) = state.part;
        if part > 0 {
            state.part = ((part + 1) % service.parts, request);
            return ((number - 1) * most + u64::from(part), Some(request));
        }
        state.released += 1;
        state.open += 1;
        let request = self.requests.free.pop().unwrap_or_else(|| {
            self.requests.slots.push(Request::default());
            self.requests.slots.len() as u32 - 1
        });
        let slot = &mut self.requests.slots[request as usize];
        let mut parts = std::mem::take(&mut slot.parts);
        parts.clear();
        let (release, start, needed) = (now, Time::NEVER, service.needed);
        *slot = Request { job, kind, number, release, start, parts, ended: 0, needed };
        let after = match service.hedge {
            Some(Hedge::After(after)) => Some(after),
            Some(Hedge::Quantile(_)) => state.usual[kind as usize].value().map(Span::from_ticks),
            None => None,
        };
        if let Some(after) = after {
            queue.set(Event::Hedge(request).into(), now + after);
        }
        state.part = (1 % service.parts, request);
        (number * most, Some(request))
    }

    /// A task is a part of its request, if it has one.
    #[inline]
    pub fn note_part(&mut self, task: TaskId) {
        if let Some(request) = self.tasks.request(task) {
            self.requests.slots[request as usize].parts.push((task, None));
        }
    }

    /// A part was sent to a server, or has left it to be sent to another.
    #[inline]
    pub fn note_server(&mut self, task: TaskId, server: Option<ServerId>) {
        let Some(request) = self.tasks.request(task) else { return };
        let parts = &mut self.requests.slots[request as usize].parts;
        parts.iter_mut().filter(|part| part.0 == task).for_each(|part| part.1 = server);
    }

    /// Whether a server has another part of the request of a task.
    pub fn has_sibling(&self, task: TaskId, server: ServerId) -> bool {
        let Some(request) = self.tasks.request(task) else { return false };
        let parts = &self.requests.slots[request as usize].parts;
        parts.iter().any(|part| part.0 != task && part.1 == Some(server))
    }

    /// Bars the servers that have other parts of a task's request, beside those that are down; false if there are none.
    #[inline]
    pub fn bar_siblings(&mut self, job: usize, task: TaskId) -> bool {
        let Some(request) = self.tasks.request(task) else { return false };
        let parts = &self.requests.slots[request as usize].parts;
        let asked = parts.iter().filter_map(|part| part.1);
        self.barred.clear();
        self.barred.extend(asked);
        if self.barred.is_empty() {
            return false;
        }
        let state = &self.jobs[job];
        self.barred.extend_from_slice(state.pools.as_ref().map_or(&self.down, |pools| &pools.down));
        self.barred.sort_unstable();
        self.barred.dedup();
        true
    }

    /// A part of a request has done all its operations and given back its core. It may be the last that is needed.
    pub fn part_ended(&mut self, request: u32, task: TaskId, now: Time, queue: &mut Queue) {
        let slot = &mut self.requests.slots[request as usize];
        slot.parts.retain(|part| part.0 != task);
        slot.ended += 1;
        slot.start = slot.start.min(self.tasks[task].start);
        let (start, release, whole) = (slot.start, slot.release, slot.ended == slot.needed);
        if whole {
            let (job, kind) = (slot.job as usize, slot.kind as usize);
            if let Some(usual) = self.jobs[job].usual.get_mut(kind) {
                usual.push((now - release).ticks());
            }
            self.count_response(task, start, release, now);
        }
        self.count_work(task, now);
        if whole {
            self.close_request(request, now, queue);
        }
    }

    /// A part of a request will never be done. If too few are left, neither will the request.
    pub fn part_lost(&mut self, request: u32, task: TaskId, fate: Fate, now: Time, queue: &mut Queue) {
        let slot = &mut self.requests.slots[request as usize];
        slot.parts.retain(|part| part.0 != task);
        let service = self.jobs[slot.job as usize].served;
        // Parts of the same request that are yet to be released, one after another, count as left.
        let (part, current) = self.jobs[slot.job as usize].part;
        let to_come =
            service.map_or(0, |service| service.parts - part) * u32::from(current == request && part > 0);
        let hopeless = slot.parts.len() as u32 + slot.ended + to_come < slot.needed;
        let job = slot.job;
        let fact = if fate == Fate::Failed { super::fact::FAILED } else { super::fact::DROPPED };
        self.digest.fact(now, fact, self.tasks[task].number, u64::from(job));
        self.state_row(task, now, fate);
        self.forget(task);
        if hopeless {
            let fates = &mut self.jobs[job as usize].fates;
            *(if fate == Fate::Failed { &mut fates.failed } else { &mut fates.dropped }) += 1;
            self.close_request(request, now, queue);
        }
    }

    /// A request has ended: what is left of it is cancelled, and its user thinks.
    fn close_request(&mut self, request: u32, now: Time, queue: &mut Queue) {
        queue.clear(Event::Hedge(request).into());
        let slot = &mut self.requests.slots[request as usize];
        let (job, number) = (slot.job, slot.number);
        let mut parts = std::mem::take(&mut slot.parts);
        for (task, server) in parts.drain(..) {
            self.cancel(task, server, now, queue);
        }
        self.requests.slots[request as usize].parts = parts;
        self.requests.free.push(request);
        self.jobs[job as usize].open -= 1;
        self.user_thinks(job, number, now, queue);
        self.one_less(job, now, queue);
    }

    /// Stops a part of a request, wherever it is. What it did is lost.
    fn cancel(&mut self, task: TaskId, server: Option<ServerId>, now: Time, queue: &mut Queue) {
        if self.tasks[task].has_cores() {
            self.halt_task(task, now, queue);
            self.give_up_cores(task, now);
        } else {
            self.withdraw_part(task, server);
            self.totals.waits(now, -1);
            if self.tasks.resumes(task).is_some() {
                // It had a core before another came before it.
                self.lose(task, now);
            }
        }
        self.totals.cancelled += 1;
        let entry = &self.tasks[task];
        self.digest.fact(now, super::fact::CANCELLED, entry.number, u64::from(entry.job));
        self.state_row(task, now, Fate::Cancelled);
        self.forget(task);
    }

    /// Takes a part out of the queue in which it waits.
    fn withdraw_part(&mut self, task: TaskId, server: Option<ServerId>) {
        let job = self.tasks[task].job as usize;
        let this = |waiting: &super::ready::Waiting| waiting.task == task;
        match (server, &self.jobs[job].pools) {
            (Some(server), Some(pools)) => {
                let lanes = &mut self.centrals[pools.central(server)].lanes;
                lanes.iter_mut().for_each(|lane| drop(lane.queue.extract(this)));
                self.pool_left(task);
            }
            (Some(server), None) => {
                if !self.stop_moving(task) {
                    self.own_queues[server.index()].extract(this);
                }
                self.load_withdrawn(CoreId::new(server.index()), task);
            }
            (None, _) => {
                let number = self.tasks[task].number;
                let state = &mut self.jobs[job];
                state.ready.retain(|ready| ready.task != task);
                if let Some(dispatching) = &mut state.dispatching {
                    dispatching.withdraw(task, number);
                }
                if let Some(central) = self.jobs[job].central {
                    let lanes = &mut self.centrals[central].lanes;
                    lanes.iter_mut().for_each(|lane| drop(lane.queue.extract(this)));
                }
            }
        }
    }

    /// A server takes no more: a task ends dropped, and so does its request if it can't do without.
    pub fn refuse(&mut self, task: TaskId, now: Time, queue: &mut Queue) {
        self.totals.waits(now, -1);
        if let Some(request) = self.tasks.request(task) {
            return self.part_lost(request, task, Fate::Dropped, now, queue);
        }
        let (job, number) = (self.tasks[task].job, self.tasks[task].number);
        self.digest.fact(now, super::fact::DROPPED, number, u64::from(job));
        let state = &mut self.jobs[job as usize];
        state.fates.dropped += 1;
        state.open -= 1;
        self.state_row(task, now, Fate::Dropped);
        self.forget(task);
        self.user_thinks(job, number, now, queue);
        self.one_less(job, now, queue);
    }

    /// A request that isn't done yet gets a copy.
    pub fn on_hedge(&mut self, request: u32, now: Time) {
        let slot = &self.requests.slots[request as usize];
        let (job, kind, number) = (slot.job, slot.kind, slot.number);
        let Some(&(original, _)) = slot.parts.first() else { return };
        let workload = &self.jobs[job as usize].spec.workload;
        let source = super::world::source::WORKLOAD + u64::from(job);
        let draws = Draws { seed: self.scenario.run.seed, replicate: self.replicate, source };
        let number = number * 2 + 1;
        let first = &self.tasks[original];
        let drawn = workload.resample(number, kind, 1, &draws);
        let expected = match &drawn {
            Some(body) if self.jobs[job as usize].clairvoyant => work_of(body),
            _ => first.expected,
        };
        let body = drawn.unwrap_or_else(|| first.body.clone());
        let (width, allowed) = (first.width, self.jobs[job as usize].kinds[kind as usize].allowed);
        let home = self.tasks.home(original);
        let copy = Task {
            kind,
            release: now,
            allowed,
            width,
            ..Task::new(job, number, body, expected, Status::Ready)
        };
        let copy = self.tasks.add(copy);
        self.tasks.set_home(copy, home);
        self.tasks.set_request(copy, Some(request));
        self.note_part(copy);
        self.make_ready(copy, None, now);
    }
}
