//! Dispatchers that are several, take their time, or don't know how things stand.

use super::alarm::Event;
use super::desk::{Desk, Service};
use super::job::JobState;
use super::stale::StaleLoads;
use super::world::World;
use crate::engine::Queue;
use crate::ids::{CoreId, ServerId, TaskId};
use crate::policy::{Decision, Knowledge, Load, Policy, Ready, Schedule, Setup, View};
use crate::record::Recorder;
use crate::rng::{Key, Purpose, Stream};
use crate::time::{Span, Time};

/// The dispatchers of a job, where there is more to them than one that decides at once and sees loads as they are.
pub(super) struct Dispatching {
    split: Split,
    /// The policies of all dispatchers but the first, where each has a state of its own.
    others: Vec<Box<dyn Policy>>,
    known: Known,
    /// Those that take their time: what for each task, the number of the first among all jobs, and what they have yet to do.
    service: Service,
    first: u32,
    pub desks: Vec<Desk>,
    /// Tasks that have been served and are to be sent to a server now.
    served: Vec<Ready>,
}

/// Which dispatcher gets a request.
struct Split {
    count: u64,
    in_turn: bool,
    /// How many tasks are numbered for each request: they all go to the same dispatcher.
    tasks: u64,
    key: Key,
}

/// The loads that dispatchers know.
enum Known {
    /// Those of now.
    Current,
    Stale(StaleLoads),
    /// Each dispatcher the tasks alone that it has sent out, and the servers for which that has changed.
    Own(Vec<(Vec<Load>, Vec<ServerId>)>),
}

impl Split {
    fn of(&self, number: u64) -> usize {
        let request = number / self.tasks;
        match (self.count, self.in_turn) {
            (1, _) => 0,
            (count, true) => (request % count) as usize,
            (count, false) => Stream::of_entity(self.key, request).below(count) as usize,
        }
    }
}

impl Dispatching {
    /// The dispatchers of a job that `setup` describes, whose servers have `loads`; none where one decides at once and sees
    /// loads as they are. A request has up to `tasks` tasks, and `first` dispatchers with desks belong to other jobs.
    pub fn new(
        schedule: &Schedule,
        setup: &Setup<'_>,
        loads: impl FnOnce() -> Vec<Load>,
        tasks: u32,
        first: &mut u32,
    ) -> Option<Box<Self>> {
        let knowledge = schedule.policy.knowledge()?;
        let count = schedule.dispatchers.count;
        let costs = schedule.cost.dispatch > Span::ZERO;
        if count == 1 && !costs && schedule.stale.is_none() && knowledge != Knowledge::OwnTasks {
            return None;
        }
        let states = if schedule.policy.serves_all_dispatchers() { 1 } else { count };
        let start = |dispatcher| schedule.policy.start(&Setup { dispatcher, ..*setup });
        let loads = loads();
        let known = match (knowledge, schedule.stale) {
            (Knowledge::OwnTasks, _) => Known::Own(vec![(loads, Vec::new()); count as usize]),
            (_, Some(rule)) => Known::Stale(StaleLoads::new(rule, &loads, setup.key)),
            _ => Known::Current,
        };
        let desks: Vec<Desk> = (0..if costs { count } else { 0 }).map(|_| Desk::default()).collect();
        let own = *first;
        *first += desks.len() as u32;
        Some(Box::new(Dispatching {
            split: Split {
                count: count.into(),
                in_turn: schedule.dispatchers.in_turn,
                tasks: tasks.into(),
                key: Key { purpose: Purpose::Dispatcher, ..setup.key },
            },
            others: (1..states).map(start).collect(),
            known,
            service: Service { takes: schedule.cost.dispatch, serial: schedule.cost.serial },
            first: own,
            desks,
            served: Vec::new(),
        }))
    }

    /// Whether each dispatcher knows its own tasks only.
    pub fn knows_own(&self) -> bool {
        matches!(self.known, Known::Own(_))
    }

    /// A server has gone down, or come up again, as its policy is to know at once.
    pub fn tell(&mut self, server: ServerId) {
        match &mut self.known {
            Known::Current => {}
            Known::Stale(stale) => stale.changed.push(server),
            Known::Own(each) => each.iter_mut().for_each(|own| own.1.push(server)),
        }
    }

    /// Task `number` has come to a server, or has left it.
    pub fn count(&mut self, number: u64, server: ServerId, comes: bool) {
        let Known::Own(each) = &mut self.known else { return };
        let (loads, changed) = &mut each[self.split.of(number)];
        let tasks = &mut loads[server.index()].tasks;
        *tasks = if comes { *tasks + 1 } else { *tasks - 1 };
        changed.push(server);
    }

    /// Takes a task away that is needed no more, if it is here.
    pub fn withdraw(&mut self, task: TaskId, number: u64) {
        if !self.desks.is_empty() && !self.desks[self.split.of(number)].withdraw(task) {
            self.served.retain(|ready| ready.task != task);
        }
    }

    /// Takes all tasks away; how many.
    pub fn clear(&mut self) -> usize {
        self.desks.iter_mut().map(Desk::clear).sum::<usize>() + std::mem::take(&mut self.served).len()
    }
}

impl JobState<'_> {
    /// A server has gone down, or come up again.
    pub fn tell(&mut self, server: ServerId) {
        if self.watches {
            self.changed.push(server);
        }
        if let Some(dispatching) = &mut self.dispatching {
            dispatching.tell(server);
        }
    }
}

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// Sends the ready tasks of a job to the desks of its dispatchers, if they have any, and takes over those that have been
    /// served.
    pub fn attend(&mut self, job: usize, now: Time, queue: &mut Queue) {
        let state = &mut self.jobs[job];
        let Some(dispatching) =
            state.dispatching.as_mut().filter(|dispatching| !dispatching.desks.is_empty())
        else {
            return;
        };
        state.ready.sort_unstable_by_key(|ready| (ready.since, ready.number));
        for ready in state.ready.drain(..) {
            let at = dispatching.split.of(ready.number);
            if let Some(done) = dispatching.desks[at].arrive(ready, dispatching.service, now) {
                queue.set(Event::Assigned(dispatching.first + at as u32).into(), done);
            }
        }
        std::mem::swap(&mut state.ready, &mut dispatching.served);
    }

    /// A dispatcher has served a task.
    pub fn on_assigned(&mut self, dispatcher: u32, now: Time, queue: &mut Queue) {
        let mine = |state: &&mut JobState<'_>| {
            let desks =
                state.dispatching.as_ref().map_or(0..0, |its| its.first..its.first + its.desks.len() as u32);
            desks.contains(&dispatcher)
        };
        let Some(its) = self.jobs.iter_mut().find(mine).and_then(|state| state.dispatching.as_mut()) else {
            return;
        };
        let before = its.served.len();
        let desk = &mut its.desks[(dispatcher - its.first) as usize];
        if let Some(next) = desk.serve(its.service, now, &mut its.served) {
            queue.set(Event::Assigned(dispatcher).into(), next);
        }
        for ready in &its.served[before..] {
            // It stands in the queue of its server from now on.
            self.tasks[ready.task].ready = now;
        }
        self.asking = true;
    }

    /// What the dispatcher of a task decides about it, from what it knows.
    pub fn decide_knowing(&mut self, job: usize, ready: &Ready, now: Time) -> Decision {
        let barred = self.bar_siblings(job, ready.task);
        let state = &mut self.jobs[job];
        let (loads, down) = match &state.pools {
            Some(pools) => (&pools.loads, &pools.down),
            None => (&self.loads, &self.down),
        };
        let down = if barred { &self.barred } else { down };
        let its = state.dispatching.as_mut().expect("its dispatchers are asked");
        let dispatcher = its.split.of(ready.number);
        let (loads, changed) = match &mut its.known {
            Known::Current => (loads, &mut state.changed),
            Known::Stale(stale) => {
                stale.catch_up(now);
                (&stale.seen, &mut stale.changed)
            }
            Known::Own(each) => {
                let (loads, changed) = &mut each[dispatcher];
                (&*loads, changed)
            }
        };
        if barred {
            changed.extend_from_slice(&self.barred);
        }
        let policy = match dispatcher.checked_sub(1).and_then(|at| its.others.get_mut(at)) {
            Some(own) => own,
            None => &mut state.policy,
        };
        let decision = policy.decide(ready, &View { now, loads, changed, down, dispatcher });
        changed.clear();
        if barred {
            changed.extend_from_slice(&self.barred);
        }
        decision
    }

    /// The core that is meant by `core`, or where that one is down for good the next one that isn't.
    pub fn redirect(&self, core: CoreId, task: TaskId) -> CoreId {
        if !self.cores[core.index()].noticed || self.targets.will_return(core) {
            return core;
        }
        let (from, to) = self.tasks[task].allowed;
        let after =
            (core.index() as u32 + 1..to).chain(from..core.index() as u32).map(|at| CoreId::new(at as usize));
        after.into_iter().find(|core| !self.cores[core.index()].noticed).unwrap_or(core)
    }

    /// Keeps what has changed at this instant for those who will see it later.
    pub fn note_loads(&mut self, now: Time) {
        for state in &mut self.jobs {
            let Some(dispatching) = &mut state.dispatching else { continue };
            let Known::Stale(stale) = &mut dispatching.known else { continue };
            let loads = state.pools.as_ref().map_or(&self.loads, |pools| &pools.loads);
            for server in state.changed.drain(..) {
                stale.note(server, loads[server.index()], now);
            }
        }
    }

    /// A task has come to a server that isn't a replica of several cores, or has left it, as its dispatcher knows.
    #[inline]
    pub fn count_own(&mut self, task: TaskId, server: ServerId, comes: bool) {
        if !RARE {
            return;
        }
        let entry = &self.tasks[task];
        let state = &mut self.jobs[entry.job as usize];
        if let Some(dispatching) = state.dispatching.as_mut().filter(|_| state.pools.is_none()) {
            dispatching.count(entry.number, server, comes);
        }
    }
}
