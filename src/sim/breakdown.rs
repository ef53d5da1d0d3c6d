//! Faults: targets fail, are noticed, and come back.

use super::alarm::Event;
use super::tasks::Status;
use super::world::World;
use crate::engine::Queue;
use crate::faults::{Detect, Fault, FaultTarget, Recover, When};
use crate::ids::{CoreId, ServerId, TaskId};
use crate::record::{Marker, Recorder, State};
use crate::time::{Span, Time};

fn cores(target: &FaultTarget) -> impl Iterator<Item = CoreId> + use<> {
    (target.cores.0.index()..target.cores.1.index()).map(CoreId::new)
}

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// A target fails.
    pub fn on_fault(&mut self, at: u32, now: Time, queue: &mut Queue) {
        let entry = &mut self.targets.all[at as usize];
        let (inject, target) = (entry.inject, entry.target);
        entry.failed += 1;
        entry.broken = true;
        let lasting = match (&inject.when, &mut entry.repair) {
            (When::Scripted { lasting, .. }, _) => *lasting,
            (_, Some(repair)) => Some(Span::round_up(repair.sample())),
            _ => None,
        };
        entry.gone = lasting.is_none();
        self.digest.fact(now, super::fact::FAULT, u64::from(at), target.cores.0.index() as u64);
        queue.set(Event::Repair(at).into(), lasting.map_or(Time::NEVER, |lasting| now + lasting));
        match inject.fault {
            Fault::Slowdown { speed } => {
                self.recorder.mark(now, Marker::Speed(target.cores.0, target.cores.1));
                self.slow(target, speed, 1, now, queue);
            }
            Fault::Crash => {
                self.recorder.mark(now, Marker::Crash(target.cores.0, target.cores.1));
                self.crash(target, lasting.is_none(), now, queue);
                let notice = match self.scenario.faults.detect {
                    Detect::AtOnce => return self.notice(at, now, queue),
                    Detect::Delay(delay) => now + delay,
                    Detect::Heartbeat { heartbeat, timeout } => {
                        // The last one left before the failure: one of the same instant didn't.
                        let last = now.ticks().saturating_sub(1) / heartbeat.ticks() * heartbeat.ticks();
                        (Time::from_ticks(last) + timeout).max(now)
                    }
                };
                queue.set(Event::Notice(at).into(), notice);
            }
        }
    }

    /// Changes the speed of a target's cores by a slowdown that begins (`change` 1) or ends (−1).
    fn slow(&mut self, target: &FaultTarget, speed: f64, change: i32, now: Time, queue: &mut Queue) {
        for core in cores(target) {
            let entry = &mut self.cores[core.index()];
            entry.slowdowns = entry.slowdowns.wrapping_add_signed(change);
            entry.slowed = match (entry.slowdowns, change > 0) {
                // Back to exactly 1, whatever rounding the product has suffered.
                (0, _) => 1.0,
                (_, true) => entry.slowed * speed,
                (_, false) => entry.slowed / speed,
            };
            self.speed_changed(core, now, queue);
        }
    }

    /// Stops a target's cores and loses what runs on them and its messages.
    fn crash(&mut self, target: &FaultTarget, for_good: bool, now: Time, queue: &mut Queue) {
        self.totals.failures += 1;
        if self.commons.any {
            self.crash_shared(target.cores, now, queue);
        }
        for core in cores(target) {
            self.targets.gone[core.index()] |= for_good;
            self.cores[core.index()].down += 1;
            if self.cores[core.index()].down > 1 {
                continue;
            }
            if let Some(task) = self.cores[core.index()].task {
                self.kill(task, now, queue);
            }
            self.stop_thief(core, now, queue);
            self.stop_agent(core, now, queue);
            self.enter(core, now, State::Down);
        }
        if let Some(node) = target.node {
            let (down, gone) = &mut self.targets.nodes[node.index()];
            *down += 1;
            *gone |= for_good;
            if *down == 1 {
                self.targets.nodes_down += 1;
                self.lose_messages(node, now, queue);
            }
        }
    }

    /// Stops a task whose cores, or some of them, are lost. It keeps them until that is noticed.
    fn kill(&mut self, task: TaskId, now: Time, queue: &mut Queue) {
        if self.tasks[task].status == Status::Lost {
            return;
        }
        self.halt_task(task, now, queue);
        self.tasks[task].status = Status::Lost;
        self.enter_all(task, now, State::Synchronise);
    }

    /// Stops whatever a task with cores is doing; what it did since its last checkpoint is thrown away.
    pub fn halt_task(&mut self, task: TaskId, now: Time, queue: &mut Queue) {
        let core = self.tasks[task].core;
        match self.tasks[task].status {
            Status::Running => self.stop_segment(task, now, queue),
            Status::Dispatched => queue.clear(Event::Dispatched(core).into()),
            Status::Claimed => self.forget_inputs(task, now, queue),
            _ => {}
        }
        self.lose(task, now);
    }

    /// What a task did since its last checkpoint turns out to be lost.
    pub fn lose(&mut self, task: TaskId, now: Time) {
        let (entry, progress) = self.tasks.both_mut(task);
        let (compute, memory) = std::mem::take(&mut progress.spent);
        self.totals.cold.busy -= u128::from(std::mem::take(&mut progress.cold)) * u128::from(entry.width);
        let credit = std::mem::take(&mut progress.credit);
        progress.resumes = None;
        let earlier = std::mem::take(&mut progress.earlier);
        let id = (entry.job, entry.number);
        self.digest.fact(now, super::fact::LOST, id.1, u64::from(id.0));
        if self.shares(task) {
            return self.lose_shared(task, compute, credit, now);
        }
        let now_there = self.tasks.cores(task).map(|core| (core, (compute, memory))).collect::<Vec<_>>();
        for (core, (compute, memory)) in earlier.into_iter().chain(now_there) {
            if compute + memory > 0 {
                if self.account.is_in(core, State::Compute) {
                    // It may have gone on with another task since, without an end in its account.
                    self.account.bring_up(core, now);
                }
                self.account.move_time(core, State::Compute, State::Lost, Span::from_ticks(compute));
                self.account.move_time(core, State::Memory, State::Lost, Span::from_ticks(memory));
                self.recorder.lost(core, id, Span::from_ticks(compute + memory));
            }
        }
    }

    /// The others notice that a target has failed.
    pub fn on_notice(&mut self, at: u32, now: Time, queue: &mut Queue) {
        self.notice(at, now, queue);
    }

    fn notice(&mut self, at: u32, now: Time, queue: &mut Queue) {
        let target = self.targets.all[at as usize].target;
        queue.clear(Event::Notice(at).into());
        self.recorder.mark(now, Marker::Noticed(target.cores.0, target.cores.1));
        let mut lost = Vec::new();
        let mut stranded = Vec::new();
        for core in cores(target) {
            let entry = &mut self.cores[core.index()];
            entry.noticed = entry.down > 0;
            let (noticed, task) = (entry.noticed, entry.task);
            self.update_free(core);
            self.note_down(core, noticed);
            if noticed && !self.targets.will_return(core) {
                self.leave_loops(core);
            }
            if noticed {
                self.empty_deque(core, now);
            }
            lost.extend(task.filter(|task| self.tasks[*task].status == Status::Lost));
            if self.commons.any {
                self.lost_with(core, &mut lost);
            }
            if noticed && let Some(own) = self.own_queues.get_mut(core.index()) {
                let jobs = &self.jobs;
                // A policy that settled the core by the task's number would send it back: it waits for the repair.
                let moves = |job: u32, number: u64| {
                    jobs[job as usize].policy.settled(number).is_none() || !self.targets.will_return(core)
                };
                stranded.extend(
                    own.extract(|waiting| moves(waiting.job, waiting.number))
                        .into_iter()
                        .map(|w| (core, w.task)),
                );
            }
        }
        for core in cores(target) {
            self.note_pool(core, now);
        }
        for (core, task) in stranded {
            self.load_withdrawn(core, task);
            self.totals.waits(now, -1);
            self.make_ready(task, None, now);
        }
        lost.sort_unstable();
        lost.dedup();
        self.recover(target, lost, now, queue);
        self.give_up_waiting(now, queue);
        self.call_back(now, queue);
        self.give_up_asking(now, queue);
        self.fail_undeliverable(now, queue);
    }

    /// Keeps the list of cores that are believed to be down.
    fn note_down(&mut self, core: CoreId, down: bool) {
        let server = ServerId::new(core.index());
        match (self.down.binary_search(&server), down) {
            (Err(at), true) => self.down.insert(at, server),
            (Ok(at), false) => {
                self.down.remove(at);
            }
            _ => return,
        }
        self.jobs.iter_mut().filter(|job| job.pools.is_none()).for_each(|job| job.tell(server));
    }

    /// What becomes of the tasks that were lost with a target.
    fn recover(&mut self, target: &FaultTarget, lost: Vec<TaskId>, now: Time, queue: &mut Queue) {
        match self.scenario.faults.recover {
            Recover::Nothing => {
                for task in lost {
                    // With another part of its request it may have gone already.
                    if self.tasks[task].status == Status::Lost {
                        self.give_up_cores(task, now);
                        self.fail_task(task, now, queue);
                    }
                }
            }
            Recover::Retry { resample } => {
                for task in lost {
                    self.give_up_cores(task, now);
                    self.retry(task, resample, now);
                }
            }
            Recover::Restart { .. } | Recover::Checkpoint { .. } => {
                for job in 0..self.jobs.len() as u32 {
                    let hit = lost.iter().any(|task| self.tasks[*task].job == job);
                    let kept = |core: &CoreId| (target.cores.0..target.cores.1).contains(core);
                    if hit || self.jobs[job as usize].held.iter().any(kept) {
                        self.roll_back(job, now, queue);
                    }
                }
            }
        }
    }

    /// A task loses its cores for good: those that are up are free again.
    pub fn give_up_cores(&mut self, task: TaskId, now: Time) {
        self.totals.serves(now, -1);
        self.free_cores(task, now);
        self.tasks[task].status = Status::Ready;
    }

    /// A target is repaired, or at its old speed again.
    pub fn on_repair(&mut self, at: u32, now: Time, queue: &mut Queue) {
        let entry = &mut self.targets.all[at as usize];
        let (inject, target) = (entry.inject, entry.target);
        entry.broken = false;
        self.digest.fact(now, super::fact::REPAIR, u64::from(at), target.cores.0.index() as u64);
        match inject.fault {
            Fault::Slowdown { speed } => {
                self.recorder.mark(now, Marker::Speed(target.cores.0, target.cores.1));
                self.slow(target, speed, -1, now, queue);
            }
            Fault::Crash => {
                self.recorder.mark(now, Marker::Repair(target.cores.0, target.cores.1));
                self.bring_up(at, target, now, queue);
            }
        }
        self.targets.set_next(at, now, queue);
    }

    fn bring_up(&mut self, at: u32, target: &FaultTarget, now: Time, queue: &mut Queue) {
        if queue.is_set(Event::Notice(at).into()) {
            // Who comes back says that it was away.
            self.notice(at, now, queue);
        }
        for core in cores(target) {
            let entry = &mut self.cores[core.index()];
            entry.down -= 1;
            if entry.down > 0 {
                continue;
            }
            entry.noticed = false;
            self.enter(core, now, State::Idle);
            self.update_free(core);
            self.note_down(core, false);
            self.note_pool(core, now);
            self.note_back(core);
            self.touch(core);
            if self.commons.any {
                self.share_anew(core, now);
            }
        }
        if let Some(node) = target.node {
            self.targets.nodes[node.index()].0 -= 1;
            if !self.targets.node_is_down(node) {
                self.targets.nodes_down -= 1;
                self.resend_messages(now, queue);
            }
        }
        for job in 0..self.jobs.len() as u32 {
            self.restart_if_whole(job, now, queue);
        }
    }
}
