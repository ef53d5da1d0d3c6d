//! Preemption: cores are taken back from tasks for others that come before them.

use super::alarm::Event;
use super::tasks::Status;
use super::world::World;
use crate::engine::Queue;
use crate::ids::{CoreId, TaskId};
use crate::record::{Recorder, Why};
use crate::time::{Span, Time};

/// The key of a core whose task can't lose it, behind that of the first of those at work, and that key.
const NONE: u64 = u64::MAX;
const LAST: u64 = u64::MAX - 2;

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// A central queue has got a task for which a core may have to be taken back.
    #[inline]
    pub fn contest(&mut self) {
        self.turns.contested = RARE && self.turns.any;
    }

    /// A running task ranks anew among those that can lose their core.
    #[inline]
    pub fn rank(&mut self, task: TaskId, now: Time) {
        if !self.turns.any {
            return;
        }
        let entry = &self.tasks[task];
        let job = &self.jobs[entry.job as usize];
        if job.service.preempts {
            let candidate = self.candidate(task, now);
            let rate = self.tasks.progress(task).rate / job.parallel(entry);
            let left = Span::round_up(candidate.remaining() / rate);
            let (rank, core) = (job.order.rank(&candidate, now + left), entry.core.index());
            self.turns.rivals.set(core, 0, LAST.saturating_sub(rank));
        }
    }

    /// The task of a core can't lose it now.
    #[inline]
    pub fn unrank(&mut self, core: CoreId) {
        if self.turns.any {
            self.turns.rivals.set(core.index(), 0, NONE);
        }
    }

    /// A core has no task any more.
    #[inline]
    pub fn end_turn(&mut self, core: CoreId) {
        if self.turns.any {
            self.unrank(core);
            self.turns.unarmed.remove(core);
        }
    }

    /// A task loses its core; it keeps its place in the queue.
    pub fn interrupt(&mut self, task: TaskId, core: CoreId, now: Time, queue: &mut Queue) {
        self.stop_segment(task, now, queue);
        queue.clear(Event::Turn(core).into());
        self.free_cores(task, now);
        self.totals.serves(now, -1);
        self.totals.waits(now, 1);
        self.turns.preemptions += 1;
        self.state_choice(now, task, core, Why::Interrupted);
        let (entry, progress) = self.tasks.both_mut(task);
        (entry.status, progress.resumes) = (Status::Ready, Some(core));
        self.digest.fact(now, super::fact::PREEMPTED, entry.number, core.index() as u64);
        let allowed = entry.allowed;
        let waiting = self.waiting(task, now);
        self.pool_joined(task);
        match self.central_of(task) {
            Some(central) => {
                self.centrals[central].push(allowed, waiting);
                self.contest();
            }
            None => {
                self.own_queues[core.index()].push(waiting);
                self.load_queued(core, task);
            }
        }
    }

    /// Takes cores back for tasks of central queues that come before those at work, and lets turns end where somebody
    /// waits.
    pub fn contest_centrals(&mut self, now: Time, queue: &mut Queue) {
        while std::mem::take(&mut self.turns.contested) {
            for central in 0..self.centrals.len() {
                for lane in 0..self.centrals[central].lanes.len() {
                    self.contest_lane(central, lane, now, queue);
                }
            }
        }
    }

    fn contest_lane(&mut self, central: usize, lane: usize, now: Time, queue: &mut Queue) {
        let (from, to) = self.centrals[central].lanes[lane].allowed;
        let Some(first) = self.centrals[central].lanes[lane].queue.first() else { return };
        let service = self.jobs[first.job as usize].service;
        if service.turns {
            let mut next = from;
            while let Some(core) = self.turns.unarmed.first_in(next, to) {
                self.arm(core, now, queue);
                if let Some(task) = self.cores[core.index()].task {
                    self.rank(task, now);
                }
                next = core.index() as u32 + 1;
            }
        }
        if !service.preempts {
            return;
        }
        let range = from as usize..to as usize;
        while let Some(first) = self.centrals[central].lanes[lane].queue.first() {
            let (key, [last]) = (first.key, self.turns.rivals.least(&range));
            if last.count == 0 {
                return;
            }
            let core = CoreId::new(self.turns.rivals.nth(&range, 0, last.key, 0));
            if !self.loses_to(core, key, now) {
                return;
            }
            let Some(task) = self.cores[core.index()].task else { return };
            self.interrupt(task, core, now, queue);
            if !self.serve_central(central, now, queue) {
                return;
            }
        }
    }

    /// Whether the task of a core can lose it, now, to one with this key.
    fn loses_to(&self, core: CoreId, key: u64, now: Time) -> bool {
        let running =
            self.cores[core.index()].task.filter(|task| self.tasks[*task].status == Status::Running);
        running.is_some_and(|task| {
            self.jobs[self.tasks[task].job as usize].service.preempts && key < self.key(task, now)
        })
    }

    /// Something has happened to the queue of a core at work: its task may lose it, or its turn will end.
    pub fn contest_own(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        let Some(first) = self.first_of_own(core) else { return };
        let key = first.key;
        if self.turns.unarmed.contains(core) {
            self.arm(core, now, queue);
        }
        if self.loses_to(core, key, now)
            && let Some(task) = self.cores[core.index()].task
        {
            self.interrupt(task, core, now, queue);
            self.serve_own(core, now, queue);
        }
    }

    /// What a task did before it lost its core stands to the account of that core.
    pub fn carry_over(&mut self, task: TaskId) {
        // What nothing can throw away, neither a fault nor a request that needs it no more, needn't be known by core.
        let may_be_lost = self.targets.any() || self.tasks.request(task).is_some();
        let (entry, progress) = self.tasks.both_mut(task);
        let moved = progress.resumes.filter(|last| *last != entry.core && may_be_lost);
        let Some(last) = moved else { return };
        let spent = std::mem::take(&mut progress.spent);
        progress.earlier.push((last, spent));
        // Back on a core that it has had before, it adds to what it did there.
        if let Some(at) = progress.earlier.iter().position(|(core, _)| *core == entry.core) {
            progress.spent = progress.earlier.swap_remove(at).1;
        }
    }
}
