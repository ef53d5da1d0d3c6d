//! Turns: tasks that serve by quanta, and what is kept of all that may lose their core.

use super::alarm::Event;
use super::idle::IdleSet;
use super::ready::Waiting;
use super::tasks::Status;
use super::world::World;
use crate::engine::Queue;
use crate::ids::{CoreId, TaskId};
use crate::policy::{Candidate, MinTree};
use crate::record::Recorder;
use crate::time::{Span, Time};

/// What is known of the turns of tasks on cores that can be taken back.
pub(super) struct Turns {
    /// Whether any job's tasks may lose their core.
    pub any: bool,
    /// Whether a core may have to be taken back for a task in a central queue.
    pub contested: bool,
    /// By core, how its task ranks among those at work, the last first: the complement of its rank.
    pub rivals: MinTree<1>,
    /// When the turn of each core's task began.
    began: Vec<Time>,
    /// Cores whose task goes on although its turn may be over, because nobody waits.
    pub unarmed: IdleSet,
    /// The greatest key that was ever in service, of each core's own queue and then of each central queue.
    floors: Vec<u64>,
    /// The instant at which a turn was over last, and how many were over then and gave way.
    laps: (Time, u32),
    /// The workload and number of the task that each core had last, where switching costs anything.
    last: Vec<Option<(u32, u64)>>,
    /// How often a task lost its core, and how often a core went over to another task at a cost.
    pub preemptions: u64,
    pub switches: u64,
}

impl Turns {
    /// Nobody has had a turn on any of `cores` cores yet. `any`: somebody may lose one; `costly`: switching takes time.
    pub fn new(cores: usize, centrals: usize, any: bool, costly: bool) -> Self {
        let served = if any { cores } else { 0 };
        Turns {
            any,
            contested: false,
            rivals: MinTree::new(served),
            began: vec![Time::ZERO; served],
            unarmed: IdleSet::new(served),
            floors: vec![0; if any { cores + centrals } else { 0 }],
            laps: (Time::ZERO, 0),
            last: vec![None; if costly { cores } else { 0 }],
            preemptions: 0,
            switches: 0,
        }
    }

    /// The place of the next task whose turn is over at `now` among those that gave way at that instant.
    fn next_lap(&self, now: Time) -> u32 {
        if self.laps.0 == now { self.laps.1 + 1 } else { 1 }
    }

    /// The greatest key that was in service from a queue: that of `core` where it is no central one.
    fn floor(&mut self, central: Option<usize>, core: CoreId) -> &mut u64 {
        let cores = self.began.len();
        &mut self.floors[central.map_or(core.index(), |central| cores + central)]
    }
}

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// A task as its order sees it.
    pub fn candidate(&self, task: TaskId, now: Time) -> Candidate<'_> {
        let entry = &self.tasks[task];
        let job = &self.jobs[entry.job as usize];
        let (mut done, mut served) = (0.0, Span::ZERO);
        if let Some(progress) = self.tasks.progress_of(task).filter(|_| RARE && self.turns.any) {
            (done, served) = (progress.credit / job.parallel(entry), progress.served());
            if entry.status == Status::Running {
                done += self.done_in_segment(task, now);
                served += now - progress.segment;
            }
        }
        Candidate {
            number: entry.number,
            release: entry.release,
            since: entry.ready,
            expected: entry.expected,
            done,
            served,
            mark: if RARE { self.tasks.mark(task) } else { 0 },
            standing: &job.kinds[entry.kind as usize].standing,
        }
    }

    pub fn key(&self, task: TaskId, now: Time) -> u64 {
        self.jobs[self.tasks[task].job as usize].order.key(&self.candidate(task, now))
    }

    /// A task comes to a queue for the first time, or again after it was lost: `core` is whose queue it is, of one that
    /// isn't central.
    #[inline]
    pub fn enters_queue(&mut self, task: TaskId, central: Option<usize>, core: CoreId, now: Time) {
        if RARE && self.turns.any && self.tasks.resumes(task).is_none() {
            let job = self.tasks[task].job as usize;
            if self.jobs[job].service.turns {
                if self.jobs[job].order.counts_from_floor() {
                    self.raise_floor(central, core, now);
                }
                let floor = *self.turns.floor(central, core);
                self.tasks.set_mark(task, self.jobs[job].order.mark(floor));
            }
        }
    }

    /// Turns have followed one another on cores where nobody waited: the greatest key in service from a queue is brought up
    /// to date.
    fn raise_floor(&mut self, central: Option<usize>, core: CoreId, now: Time) {
        let (mut next, to) = match central {
            Some(_) => (0, self.cores.len() as u32),
            None => (core.index() as u32, core.index() as u32 + 1),
        };
        while let Some(at) = self.turns.unarmed.first_in(next, to) {
            next = at.index() as u32 + 1;
            let Some(task) = self.cores[at.index()].task.filter(|task| self.central_of(*task) == central)
            else {
                continue;
            };
            let order = &self.jobs[self.tasks[task].job as usize].order;
            // As it stood when the turn that it is in began.
            let mut then = self.candidate(task, now);
            let whole = order.turn(&Candidate { served: Span::ZERO, ..then });
            then.served = then.served - (whole - order.turn(&then)).min(then.served);
            let key = order.key(&then);
            let floor = self.turns.floor(central, at);
            *floor = key.max(*floor);
        }
    }

    /// A task that may lose its core has begun or gone on.
    #[inline]
    pub fn begin_turn(&mut self, task: TaskId, now: Time, queue: &mut Queue) {
        let (job, core) = (self.tasks[task].job, self.tasks[task].core);
        let state = &self.jobs[job as usize];
        if !state.service.takes_back() || self.tasks[task].status != Status::Running {
            return;
        }
        let (service, central, boost) = (state.service, self.central_of(task), state.order.boost());
        let key = self.key(task, now);
        if service.preempts {
            // Who came while it was dispatched could not take the core yet.
            match central {
                Some(_) => self.turns.contested = true,
                None if self.first_of_own(core).is_some_and(|first| first.key < key) => self.touch(core),
                None => {}
            }
        }
        if service.turns {
            let floor = self.turns.floor(central, core);
            *floor = key.max(*floor);
            self.new_turn(core, central, now, queue);
        }
        if let Some(every) = boost
            && !queue.is_set(Event::Boost(job).into())
        {
            let passed = now.ticks() / every.ticks();
            queue.set(Event::Boost(job).into(), Time::from_ticks((passed + 1).saturating_mul(every.ticks())));
        }
    }

    pub fn first_of_own(&self, core: CoreId) -> Option<&Waiting> {
        self.own_queues.get(core.index())?.first()
    }

    /// The task of a core begins a turn, which ends by an alarm if anybody waits.
    fn new_turn(&mut self, core: CoreId, central: Option<usize>, now: Time, queue: &mut Queue) {
        self.turns.began[core.index()] = now;
        let waits = match central {
            Some(central) => self.centrals[central].lanes.iter().any(|lane| lane.queue.first().is_some()),
            None => self.first_of_own(core).is_some(),
        };
        if waits {
            self.arm(core, now, queue);
        } else {
            self.turns.unarmed.insert(core);
            queue.clear(Event::Turn(core).into());
        }
    }

    /// Sets the alarm for the end of the turn that a core's task is in.
    pub fn arm(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        self.turns.unarmed.remove(core);
        let Some(task) = self.cores[core.index()].task else { return };
        let order = &self.jobs[self.tasks[task].job as usize].order;
        let mut candidate = self.candidate(task, now);
        let end = if self.turns.began[core.index()] == now || candidate.served == Span::ZERO {
            now + order.turn(&candidate)
        } else {
            // Turns have followed one another since: one that is over at this very instant is over.
            let tick = Span::from_ticks(1);
            candidate.served = candidate.served - tick;
            now + (order.turn(&candidate) - tick)
        };
        queue.set(Event::Turn(core).into(), end);
    }

    /// The turn of a core's task is over: another that comes first has its turn, if any waits.
    pub fn on_turn_over(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        let Some(task) = self.cores[core.index()].task else { return };
        let state = &self.jobs[self.tasks[task].job as usize];
        if self.tasks[task].status != Status::Running || !state.service.turns {
            return;
        }
        let central = self.central_of(task);
        let mine = Waiting { since: now, lap: self.turns.next_lap(now), ..self.waiting(task, now) };
        if self.next_for(core, central).is_some_and(|other| other < mine) {
            self.take_back(core, now, queue);
        } else {
            let floor = self.turns.floor(central, core);
            *floor = mine.key.max(*floor);
            self.rank(task, now);
            self.new_turn(core, central, now, queue);
        }
    }

    /// The first task that waits for a core.
    fn next_for(&self, core: CoreId, central: Option<usize>) -> Option<Waiting> {
        let Some(central) = central else { return self.first_of_own(core).copied() };
        let at = core.index() as u32;
        let lanes = self.centrals[central].lanes.iter();
        lanes
            .filter(|lane| (lane.allowed.0..lane.allowed.1).contains(&at))
            .filter_map(|lane| lane.queue.first())
            .min()
            .copied()
    }

    /// A task loses its core and goes to the back of its queue.
    fn take_back(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        if let Some(task) = self.cores[core.index()].task {
            self.tasks[task].ready = now;
            self.turns.laps = (now, self.turns.next_lap(now));
            self.tasks.set_lap(task, self.turns.laps.1);
            self.interrupt(task, core, now, queue);
        }
    }

    /// What it costs a core to go over to the task that it was given: nothing if it had it last.
    #[inline]
    pub fn switch(&mut self, task: TaskId) -> Span {
        if self.turns.last.is_empty() {
            return Span::ZERO;
        }
        let entry = &self.tasks[task];
        let id = Some((entry.job, entry.number));
        let mut other = false;
        for core in self.tasks.cores(task) {
            other |= std::mem::replace(&mut self.turns.last[core.index()], id) != id;
        }
        let cost = self.jobs[entry.job as usize].schedule.cost.switch;
        if !other || cost == Span::ZERO {
            return Span::ZERO;
        }
        self.turns.switches += 1;
        cost
    }

    /// All tasks of a job are marked with the time that they have been served.
    pub fn on_boost(&mut self, job: u32, now: Time, queue: &mut Queue) {
        let mut at_work = false;
        for task in self.tasks.of_job(job) {
            let served = self.candidate(task, now).served;
            self.tasks.set_mark(task, served.ticks());
            if self.tasks[task].status == Status::Running {
                at_work = true;
                self.rank(task, now);
                self.new_turn(self.tasks[task].core, self.central_of(task), now, queue);
            }
        }
        self.put_in_order_again(job, now);
        if let Some(every) = self.jobs[job as usize].order.boost().filter(|_| at_work) {
            queue.set(Event::Boost(job).into(), now + every);
        }
    }

    /// Gives the waiting tasks of a job their places by the keys that they have now.
    fn put_in_order_again(&mut self, job: u32, now: Time) {
        let mine = |waiting: &Waiting| waiting.job == job;
        for central in 0..self.centrals.len() {
            for lane in 0..self.centrals[central].lanes.len() {
                for old in self.centrals[central].lanes[lane].queue.extract(mine) {
                    let new = self.waiting(old.task, now);
                    self.centrals[central].lanes[lane].queue.push(new);
                }
            }
        }
        for core in 0..self.own_queues.len() {
            for old in self.own_queues[core].extract(mine) {
                let new = self.waiting(old.task, now);
                self.own_queues[core].push(new);
            }
        }
    }
}
