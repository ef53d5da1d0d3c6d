//! From a workload to ready tasks: releases, one by one or a graph at once, until there are no more.

use super::alarm::Event;
use super::job::work_of;
use super::tasks::{Status, Task};
use super::world::World;
use crate::engine::Queue;
use crate::program::{Op, TaskSpec};
use crate::record::Recorder;
use crate::rng::Sampler;
use crate::time::Time;

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// Sets the release of a job's first tasks.
    pub fn begin_job(&mut self, job: u32, queue: &mut Queue) {
        let state = &mut self.jobs[job as usize];
        if let Some(users) = &mut state.users {
            return queue.set(Event::Release(job).into(), users.begin(state.spec.start));
        }
        let first = state.next.as_ref().map_or(Time::ZERO, |next| next.release);
        queue.set(Event::Release(job).into(), state.spec.start.max(first));
    }

    /// Releases a job's tasks that are due, and sets the alarm for the next.
    #[inline(never)]
    pub fn on_release(&mut self, job: u32, now: Time, queue: &mut Queue) {
        if self.jobs[job as usize].chunks.is_some() {
            return self.begin_step(job, now, queue);
        }
        if RARE && self.release_all(job, now, queue) {
            return;
        }
        loop {
            let state = &mut self.jobs[job as usize];
            if RARE && state.open >= state.at_once {
                return;
            }
            match &state.next {
                Some(next) if next.release > now => {
                    return queue.set(Event::Release(job).into(), next.release);
                }
                Some(_) => {
                    if let Some(spec) = state.next.take() {
                        self.release(job, spec, now, queue);
                    }
                    self.jobs[job as usize].pull();
                }
                None => {
                    state.exhausted = true;
                    return self.job_may_be_done(job, now, queue);
                }
            }
        }
    }

    /// Releases the tasks of a job that don't come one after another by themselves; false if they do.
    fn release_all(&mut self, job: u32, now: Time, queue: &mut Queue) -> bool {
        let state = &self.jobs[job as usize];
        if let (Some(graph), None) = (state.graph.clone(), state.base) {
            self.add_graph(job, &graph, now);
            self.job_may_be_done(job, now, queue);
        } else if state.tree.is_some() {
            self.plant(job, now);
        } else if state.users.is_some() {
            self.release_for_users(job, now, queue);
        } else {
            return false;
        }
        true
    }

    #[inline]
    pub fn release(&mut self, job: u32, spec: TaskSpec, now: Time, queue: &mut Queue) {
        let (number, request) = self.number_next(job, spec.kind, now, queue);
        let state = &mut self.jobs[job as usize];
        state.most_open = state.most_open.max(state.open);
        let kind = &state.kinds[spec.kind as usize];
        let known = if state.clairvoyant {
            work_of(&spec.body) * state.error.as_mut().map_or(1.0, Sampler::sample)
        } else {
            spec.expected
        };
        let transfer = RARE && matches!(spec.body.op(0), Some(Op::Transfer { .. }));
        let slot = self.tasks.add(Task {
            kind: spec.kind,
            release: now,
            allowed: kind.allowed,
            width: kind.width,
            ..Task::new(job, number, spec.body, known / kind.parallel, Status::Ready)
        });
        if RARE {
            self.tasks.set_home(slot, spec.home);
            self.tasks.set_request(slot, request);
            self.note_part(slot);
        }
        if transfer {
            self.start_transfer(slot, now, queue);
        } else {
            self.make_ready(slot, None, now);
        }
    }

    /// Ends a job whose tasks have all ended.
    pub fn job_may_be_done(&mut self, job: u32, now: Time, queue: &mut Queue) {
        let state = &self.jobs[job as usize];
        if !state.exhausted || state.open > 0 || state.finished {
            return;
        }
        if RARE && self.close_with_checkpoint(job, now, queue) {
            return;
        }
        self.commit(job);
        let state = &mut self.jobs[job as usize];
        state.finished = true;
        self.unfinished -= usize::from(!state.spec.background);
        if !state.spec.background {
            self.totals.last_end = now;
        }
        queue.clear(Event::Checkpoint(job).into());
    }
}
