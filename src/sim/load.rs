//! The loads of queues as policies see them, kept only for those that watch them.

use super::core::Core;
use super::world::World;
use crate::ids::{CoreId, ServerId, TaskId};
use crate::policy::Load;
use crate::record::Recorder;
use crate::time::{Span, Time};

/// The loads of cores that have nothing to do.
pub(super) fn all(cores: &[Core]) -> Vec<Load> {
    let load = |core: &Core| Load { tasks: 0, queued: Span::ZERO, busy_until: Time::ZERO, speed: core.own };
    cores.iter().map(load).collect()
}

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// What a scheduler expects the time that a task still takes to be, in ticks at speed 1.
    #[inline]
    pub fn remaining(&self, task: TaskId) -> f64 {
        let entry = &self.tasks[task];
        match self.tasks.progress_of(task) {
            Some(progress) if RARE && progress.resumes.is_some() => {
                (entry.expected - progress.credit / self.jobs[entry.job as usize].parallel(entry)).max(0.0)
            }
            _ => entry.expected,
        }
    }

    /// A task joins the queue of a core.
    #[inline]
    pub fn load_queued(&mut self, core: CoreId, task: TaskId) {
        if self.loads.is_empty() {
            return;
        }
        let expected = self.remaining(task);
        if let Some(load) = self.loads.get_mut(core.index()) {
            load.tasks += 1;
            load.queued += Span::round_up(expected);
            self.load_changed(core);
            self.count_own(task, ServerId::new(core.index()), true);
        }
    }

    /// Every policy that watches loads will be told that this one has changed.
    #[inline]
    pub fn load_changed(&mut self, core: CoreId) {
        for job in self.jobs.iter_mut().filter(|job| job.watches && job.pools.is_none()) {
            job.changed.push(ServerId::new(core.index()));
        }
    }

    /// A task leaves the queue of a core to be served by it.
    #[inline]
    pub fn load_started(&mut self, core: CoreId, task: TaskId, now: Time) {
        if self.loads.is_empty() {
            return;
        }
        let expected = self.remaining(task);
        if let Some(load) = self.loads.get_mut(core.index()) {
            load.queued = load.queued - Span::round_up(expected);
            load.busy_until = now + Span::round_up(expected / load.speed);
            self.load_changed(core);
        }
    }

    /// A task that stood in no queue of a core is served by its cores.
    #[inline(always)]
    pub fn load_taken(&mut self, task: TaskId, now: Time) {
        if !self.loads.is_empty() {
            self.load_taken_up(task, now);
        }
    }

    fn load_taken_up(&mut self, task: TaskId, now: Time) {
        let expected = self.remaining(task);
        self.for_cores(task, |world, core| {
            let load = &mut world.loads[core.index()];
            load.tasks += 1;
            load.busy_until = now + Span::round_up(expected / load.speed);
            world.load_changed(core);
            world.count_own(task, ServerId::new(core.index()), true);
        });
    }

    /// A task leaves the queue of a core without being served.
    pub fn load_withdrawn(&mut self, core: CoreId, task: TaskId) {
        if self.loads.is_empty() {
            return;
        }
        let expected = self.remaining(task);
        if let Some(load) = self.loads.get_mut(core.index()) {
            load.tasks -= 1;
            load.queued = load.queued - Span::round_up(expected);
            self.load_changed(core);
            self.count_own(task, ServerId::new(core.index()), false);
        }
    }

    /// A core has nothing in service any more; what it had leaves it with that, or is a node of a tree which goes on later.
    #[inline]
    pub fn load_ended(&mut self, core: CoreId, task: Option<TaskId>, now: Time) {
        if let Some(load) = self.loads.get_mut(core.index()) {
            load.tasks -= 1;
            load.busy_until = now;
            self.load_changed(core);
            if let Some(task) = task {
                self.count_own(task, ServerId::new(core.index()), false);
            }
            if RARE && self.balancing.is_some() {
                self.note_end(core);
            }
        }
    }
}
