//! Processor sharing: tasks are served all at once by the cores of their queue.

use super::alarm::Event;
use super::commons::Shown;
use super::tasks::Status;
use super::world::World;
use crate::engine::Queue;
use crate::ids::{CoreId, TaskId};
use crate::program::Op;
use crate::record::{Idle, Interval, Recorder, State, Why};
use crate::sharing::Served;
use crate::time::{Span, Time};

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// Whether a task is of a job whose tasks are served all at once.
    #[inline(always)]
    pub fn shares(&self, task: TaskId) -> bool {
        RARE && self.commons.any && self.jobs[self.tasks[task].job as usize].service.shares
    }

    /// A task that waited in the queue of `cores` is let in, at once served beside all others.
    fn admit(&mut self, task: TaskId, cores: (u32, u32), now: Time, queue: &mut Queue) {
        let at = self.commons.on(cores, &self.cores, R::ACTIVE);
        self.commons.bring_up_to_date(at, &self.cores, now);
        self.tasks[task].attempts += 1;
        self.totals.attempts += 1;
        self.totals.serves(now, 1);
        self.totals.waits(now, -1);
        let commons = &self.commons[at];
        let seat = commons.seat(commons.members.len());
        let core = seat.unwrap_or(CoreId::new(cores.0 as usize));
        self.tasks.get_going(task, core);
        let commons = &mut self.commons[at];
        let total = commons.pool.total(now);
        if commons.is_empty() {
            commons.expected = total;
        }
        commons.expected += self.tasks[task].expected;
        self.note_outlook(at, now);
        self.state_choice(now, task, core, Why::Together);
        if seat.is_none() {
            // Sent to cores that are down: nobody has noticed yet.
            self.tasks[task].status = Status::Lost;
            return self.commons[at].lost.push(task);
        }
        self.fetch_inputs(task, now, queue);
    }

    /// Lets in all tasks that wait in the own queue of a core; false if none can be.
    #[cold]
    #[inline(never)]
    pub fn admit_own(&mut self, core: CoreId, now: Time, queue: &mut Queue) -> bool {
        let at = core.index() as u32;
        while let Some(first) = self.own_queues[core.index()].pop() {
            self.load_started(core, first.task, now);
            self.admit(first.task, (at, at + 1), now, queue);
        }
        true
    }

    /// Lets in a task that waited in a queue that `cores` serve.
    #[cold]
    #[inline(never)]
    pub fn admit_central(&mut self, task: TaskId, cores: (u32, u32), now: Time, queue: &mut Queue) {
        if cores.1 - cores.0 == 1 {
            self.tasks.get_going(task, CoreId::new(cores.0 as usize));
            self.load_taken(task, now);
        }
        self.admit(task, cores, now, queue);
    }

    /// A task waits for its inputs, and takes nothing of the cores until they are there.
    pub fn await_inputs(&mut self, task: TaskId) {
        if let Some(at) = self.commons.of(self.tasks[task].core) {
            self.commons.await_at(at, task);
        }
    }

    /// The operation that a task is at is served from now on.
    pub fn join_others(&mut self, task: TaskId, now: Time) {
        let entry = &self.tasks[task];
        let Some(at) = self.commons.of(entry.core) else { return };
        let weight = self.jobs[entry.job as usize].kinds[entry.kind as usize].standing.weight;
        let left = self.tasks.progress(task).left;
        self.commons.dismiss(at, task);
        self.tasks.progress_mut(task).segment = now;
        self.commons.join(at, task, left, weight, now);
    }

    /// A task that is served is not any more: what it has had is accounted for.
    pub fn part_from_others(&mut self, task: TaskId, now: Time) {
        let Some((at, seat)) = self.commons.of(self.tasks[task].core).zip(self.commons.seat(task)) else {
            return;
        };
        let rate = self.commons[at].pool.rate(seat.flow);
        let served = self.commons[at].pool.stop(now, seat.flow);
        self.account_served(at, task, served, rate);
    }

    /// Accounts for what a task has had of its pool.
    fn account_served(&mut self, at: usize, task: TaskId, served: Served, rate: f64) {
        if let Some(core) = self.commons.stand_up(at, task) {
            self.tasks[task].core = core;
        }
        let progress = self.tasks.progress_mut(task);
        progress.left = served.left;
        progress.credit += served.amount;
        // What has been computed in whole ticks: a fault can throw away no more.
        progress.spent.0 += served.time as u64;
        let slack = rate + 1e-9 * served.amount.abs();
        progress.slack += slack;
        self.commons.credit += served.amount;
        self.commons.slack += slack;
    }

    /// The first of the tasks that share cores have done what they were at.
    pub fn on_shared(&mut self, at: u32, now: Time, queue: &mut Queue) {
        let at = at as usize;
        let mut ended = std::mem::take(&mut self.commons.ended);
        let mut gone = std::mem::take(&mut self.commons.gone);
        self.commons[at].pool.finish(now, &mut ended);
        gone.extend(ended.drain(..).map(|(flow, served)| {
            let task = self.commons[at].tasks[flow.index()];
            (self.tasks[task].job, self.tasks[task].number, task, served)
        }));
        gone.sort_unstable_by_key(|(job, number, ..)| (*job, *number));
        let fastest = self.commons[at].order.first().map_or(1.0, |core| self.cores[core.index()].speed());
        for (_, _, task, served) in &gone {
            self.account_served(at, *task, *served, fastest);
        }
        for (job, number, task, _) in gone.drain(..) {
            let entry = &self.tasks[task];
            if entry.status != Status::Running || (entry.job, entry.number) != (job, number) {
                // Another part of its request has ended before it, and was enough.
                continue;
            }
            let (entry, progress) = self.tasks.both_mut(task);
            progress.op += 1;
            if let Some(Op::Compute { work, .. }) = entry.body.op(progress.op) {
                progress.left = *work;
            }
            self.run(task, now, queue);
        }
        self.commons.change(at);
        (self.commons.ended, self.commons.gone) = (ended, gone);
    }

    /// A task gives up its share, whatever it was doing.
    #[cold]
    #[inline(never)]
    pub fn leave_others(&mut self, task: TaskId, now: Time) {
        let core = self.tasks[task].core;
        let Some(at) = self.commons.of(core) else { return };
        debug_assert!(self.commons.seat(task).is_none(), "it is accounted for");
        let credit = self.tasks.progress(task).credit;
        self.commons.dismiss(at, task);
        let commons = &mut self.commons[at];
        commons.lost.retain(|other| *other != task);
        commons.expected -= self.tasks[task].expected - credit;
        if commons.cores.1 - commons.cores.0 == 1 {
            self.load_ended(core, Some(task), now);
        }
        self.note_outlook(at, now);
        self.pool_left(task);
    }

    /// Tells policies when a core that its tasks share is expected to have done all that is there.
    fn note_outlook(&mut self, at: usize, now: Time) {
        let commons = &mut self.commons[at];
        let core = CoreId::new(commons.cores.0 as usize);
        if self.loads.is_empty() || commons.cores.1 - commons.cores.0 > 1 {
            return;
        }
        let left = (commons.expected - commons.pool.total(now)).max(0.0);
        let load = &mut self.loads[core.index()];
        load.busy_until = now + Span::round_up(left / load.speed);
        self.load_changed(core);
    }

    /// Shares cores anew wherever anything has changed.
    pub fn settle_commons(&mut self, now: Time, queue: &mut Queue) {
        while let Some(at) = self.commons.changed.pop() {
            let at = at as usize;
            self.commons.bring_up_to_date(at, &self.cores, now);
            let commons = &mut self.commons[at];
            commons.changed = false;
            commons.pool.settle(now);
            queue.set(Event::Shared(at as u32).into(), commons.pool.next());
            let (before, busy) =
                (std::mem::replace(&mut commons.busy, commons.pool.busy()), commons.pool.busy());
            if R::ACTIVE {
                self.show(at, now);
            }
            if std::mem::take(&mut self.commons[at].reordered) {
                self.put_all_to_work(at, now);
                continue;
            }
            for place in before.min(busy)..before.max(busy) {
                let core = self.commons[at].order[place];
                self.enter(core, now, if place < busy { State::Compute } else { State::Idle });
            }
        }
    }

    /// Lets the cores at work compute, and the others rest.
    fn put_all_to_work(&mut self, at: usize, now: Time) {
        let (from, to) = self.commons[at].cores;
        for core in (from..to).map(|core| CoreId::new(core as usize)) {
            let commons = &self.commons[at];
            let works = commons.order[..commons.busy].contains(&core);
            let state = if works { State::Compute } else { self.rest(core) };
            if !self.account.is_in(core, state) {
                self.enter(core, now, state);
            }
        }
    }

    /// States the intervals of cores at work whose tasks have changed.
    fn show(&mut self, at: usize, now: Time) {
        let alone = self.commons[at].pool.is_roomy();
        for place in 0..self.commons[at].order.len() {
            let commons = &self.commons[at];
            let core = commons.order[place];
            let own = commons.members.get(place).filter(|_| alone);
            let next = (place < commons.busy).then(|| Shown {
                since: now,
                task: own.map(|task| (self.tasks[*task].job, self.tasks[*task].number)),
                tasks: if alone { 1 } else { commons.members.len() as u32 },
            });
            self.show_core(at, core, next, now);
        }
    }

    /// States what a core has done since it was last stated, unless that goes on.
    fn show_core(&mut self, at: usize, core: CoreId, next: Option<Shown>, now: Time) {
        let commons = &mut self.commons[at];
        let shown = &mut commons.shown[core.index() - commons.cores.0 as usize];
        let same = |one: &Shown, other: &Shown| one.task == other.task && one.tasks == other.tasks;
        if matches!((&*shown, &next), (Some(one), Some(other)) if same(one, other)) {
            return;
        }
        let Some(Shown { since, task, tasks }) = std::mem::replace(shown, next) else { return };
        if since == now {
            return;
        }
        self.recorder.interval(&Interval {
            core,
            from: since,
            to: now,
            state: State::Compute,
            idle: Idle::NoWork,
            task,
            sharers: tasks,
            memory: Span::ZERO,
            first: false,
            last: false,
        });
    }

    /// The cores from the first up to but without the second are about to stop: the tasks that have their seats there are
    /// lost.
    #[cold]
    #[inline(never)]
    pub fn crash_shared(&mut self, (first, end): (CoreId, CoreId), now: Time, queue: &mut Queue) {
        let mut last = None;
        for core in (first.index()..end.index()).map(CoreId::new) {
            let Some(at) = self.commons.of(core).filter(|at| last != Some(*at)) else { continue };
            last = Some(at);
            self.commons.bring_up_to_date(at, &self.cores, now);
            let stops = |core: CoreId| (first..end).contains(&core);
            let commons = &self.commons[at];
            // From the last seat on, so that nobody who is yet to be looked at moves.
            let seats = commons.members.iter().enumerate().rev();
            let there =
                seats.filter(|(seat, _)| commons.seat(*seat).is_some_and(stops)).map(|(_, task)| *task);
            let coming = commons.coming.iter().copied().filter(|task| stops(self.tasks[*task].core));
            let lost: Vec<TaskId> = there.chain(coming).collect();
            if R::ACTIVE {
                let (from, to) = commons.cores;
                for core in (from..to).map(|core| CoreId::new(core as usize)).filter(|core| stops(*core)) {
                    self.show_core(at, core, None, now);
                }
            }
            for task in lost {
                self.halt_task(task, now, queue);
                self.commons.dismiss(at, task);
                self.tasks[task].status = Status::Lost;
                self.commons[at].lost.push(task);
            }
            self.commons.reorder(at);
        }
    }

    /// The speed of a core has changed, or it is up again.
    #[cold]
    #[inline(never)]
    pub fn share_anew(&mut self, core: CoreId, now: Time) {
        if let Some(at) = self.commons.of(core) {
            self.commons.reorder(at);
            self.note_outlook(at, now);
        }
    }

    /// The tasks that were lost with a core.
    pub fn lost_with(&self, core: CoreId, lost: &mut Vec<TaskId>) {
        if let Some(at) = self.commons.of(core) {
            let there = self.commons[at].lost.iter().filter(|task| self.tasks[**task].core == core);
            lost.extend(there.copied());
        }
    }

    /// So many ticks that a task computed, and the work that it did in them, turn out to be lost: on the core of its seat
    /// as far as that has computed so long, and else on others of the pool.
    pub fn lose_shared(&mut self, task: TaskId, ticks: u64, credit: f64, now: Time) {
        let seat = self.tasks[task].core;
        let Some(at) = self.commons.of(seat) else { return };
        self.commons[at].expected += credit;
        let id = (self.tasks[task].job, self.tasks[task].number);
        let (from, to) = self.commons[at].cores;
        let others = (from..to).map(|core| CoreId::new(core as usize)).filter(|core| *core != seat);
        let mut left = ticks;
        for core in std::iter::once(seat).chain(others) {
            if self.account.is_in(core, State::Compute) {
                self.account.bring_up(core, now);
            }
            let most = left.min(self.account.core(core)[State::Compute as usize]);
            if most > 0 {
                self.account.move_time(core, State::Compute, State::Lost, Span::from_ticks(most));
                self.recorder.lost(core, id, Span::from_ticks(most));
            }
            left -= most;
        }
    }

    /// How many whole ticks a task has been served since it was last accounted for.
    pub fn shared_ticks(&mut self, task: TaskId, now: Time) -> u64 {
        let Some((at, seat)) = self.commons.of(self.tasks[task].core).zip(self.commons.seat(task)) else {
            return 0;
        };
        self.commons[at].pool.time(now, seat.flow) as u64
    }

    /// What cores that are shared have done is what their tasks have had.
    pub fn check_commons(&mut self, now: Time) {
        let done: f64 = (0..self.commons.len()).map(|at| self.commons[at].pool.total(now)).sum();
        let (credit, slack) = (self.commons.credit, self.commons.slack);
        assert!(
            (done - credit).abs() <= slack + 1e-9 * done + 1.0,
            "cores that are shared have done {done} ticks of work, but their tasks have had {credit}"
        );
    }
}
