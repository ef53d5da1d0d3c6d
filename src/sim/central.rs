//! Central queues: several cores take work from them, which a dispatcher hands out.

use super::alarm::Event;
use super::ready::{ReadyQueue, Waiting};
use super::tasks::Status;
use super::world::World;
use crate::engine::Queue;
use crate::ids::{CoreId, TaskId};
use crate::record::{Recorder, State, Why};
use crate::time::{Span, Time};

/// A queue that several cores serve, with its dispatcher. Tasks that may run on different cores stand in lanes of
/// their own, so that none waits behind one that must wait for another core.
pub(super) struct Central {
    pub lanes: Vec<Lane>,
    /// When the dispatcher has served all that were sent to it.
    pub dispatcher: Time,
    /// Ticks that it takes, where it is serial, for the tasks done.
    pub dispatched: f64,
}

impl Central {
    /// An empty queue, its dispatcher at leisure.
    pub fn new() -> Self {
        Central { lanes: Vec::new(), dispatcher: Time::ZERO, dispatched: 0.0 }
    }

    /// Puts a task into the lane of the cores it may run on.
    #[inline(always)]
    pub fn push(&mut self, allowed: (u32, u32), waiting: Waiting) {
        match self.lanes.as_mut_slice() {
            [lane] if lane.allowed == allowed => lane.queue.push(waiting),
            _ => self.push_among(allowed, waiting),
        }
    }

    /// The same where there are several lanes, or none.
    #[inline(never)]
    fn push_among(&mut self, allowed: (u32, u32), waiting: Waiting) {
        match self.lanes.iter_mut().find(|lane| lane.allowed == allowed) {
            Some(lane) => lane.queue.push(waiting),
            None => {
                let mut queue = ReadyQueue::default();
                queue.push(waiting);
                self.lanes.push(Lane { allowed, queue });
            }
        }
    }
}

/// The tasks of a central queue that may run on the same cores.
pub(super) struct Lane {
    /// The cores, from the first up to but without the second.
    pub allowed: (u32, u32),
    pub queue: ReadyQueue,
}

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// Gives the first task of a central queue that can start its cores; false if none can.
    #[inline]
    pub fn serve_central(&mut self, central: usize, now: Time, queue: &mut Queue) -> bool {
        if let [lane] = self.centrals[central].lanes.as_slice() {
            let Some(task) =
                lane.queue.first().filter(|first| !RARE || self.jobs[first.job as usize].halt.is_none())
            else {
                return false;
            };
            let task = task.task;
            let Some(core) = self.place(task, lane.allowed) else { return false };
            return self.start_central(task, central, 0, core, now, queue);
        }
        let mut best: Option<(Waiting, usize, CoreId)> = None;
        for (at, lane) in self.centrals[central].lanes.iter().enumerate() {
            let Some(first) = lane.queue.first() else { continue };
            if self.jobs[first.job as usize].halt.is_some() || best.is_some_and(|(best, ..)| best < *first) {
                continue;
            }
            if let Some(core) = self.place(first.task, lane.allowed) {
                best = Some((*first, at, core));
            }
        }
        best.is_some_and(|(first, lane, core)| {
            self.start_central(first.task, central, lane, core, now, queue)
        })
    }

    /// The lowest core that a task can have now.
    #[inline(always)]
    fn place(&self, task: TaskId, (from, to): (u32, u32)) -> Option<CoreId> {
        match self.tasks[task].width {
            width if RARE && width > 1 => self.room(width, from, to),
            _ => self.free.first_in(from, to),
        }
    }

    #[inline(always)]
    fn start_central(
        &mut self,
        task: TaskId,
        central: usize,
        lane: usize,
        core: CoreId,
        now: Time,
        queue: &mut Queue,
    ) -> bool {
        self.centrals[central].lanes[lane].queue.pop();
        if self.shares(task) {
            self.admit_central(task, self.centrals[central].lanes[lane].allowed, now, queue);
            return true;
        }
        self.gather_cores(task, core);
        self.load_taken(task, now);
        self.take_cores(task, now);
        self.state_choice(now, task, core, Why::Shared);
        self.dispatch(task, Some(central), now, queue);
        true
    }

    /// The lowest core of the first node that has `width` free cores from `from` up to but without `to`.
    fn room(&self, width: u32, from: u32, to: u32) -> Option<CoreId> {
        let node = |core: u32| self.cores[core as usize].node.index();
        let cores = |node: usize| {
            let (low, high) = self.scenario.machine.nodes[node].cores;
            ((low.index() as u32).max(from), (high.index() as u32).min(to))
        };
        let mut nodes = (node(from)..=node(to - 1)).map(cores);
        let (low, high) = nodes.find(|(low, high)| self.free.count_in(*low, *high) >= width)?;
        self.free.first_in(low, high)
    }

    /// Sets the cores of a task: `lowest` and the free ones of its node that follow.
    #[inline(always)]
    fn gather_cores(&mut self, task: TaskId, lowest: CoreId) {
        self.tasks.get_going(task, lowest);
        let width = self.tasks[task].width;
        if !RARE || width == 1 {
            return;
        }
        let mut more = std::mem::take(&mut self.tasks.progress_mut(task).more);
        more.clear();
        let to = self.tasks[task].allowed.1;
        let mut next = lowest.index() as u32 + 1;
        while more.len() + 1 < width as usize {
            let core = self.free.first_in(next, to).expect("room was found for the task");
            next = core.index() as u32 + 1;
            more.push(core);
        }
        self.tasks.progress_mut(task).more = more;
    }

    /// Sends a task with its cores through the dispatcher of its queue, if that is a central one, and lets its core go
    /// over to it.
    #[inline(always)]
    pub fn dispatch(&mut self, task: TaskId, central: Option<usize>, now: Time, queue: &mut Queue) {
        let entry = &self.tasks[task];
        if RARE && entry.status == Status::Lost {
            return;
        }
        let job = &self.jobs[entry.job as usize];
        let cost = job.schedule.cost;
        // The queue of a replica has no dispatcher.
        let dispatched = match central.filter(|_| !RARE || job.pools.is_none()) {
            Some(central) if cost.serial && cost.dispatch > Span::ZERO => {
                let dispatcher = &mut self.centrals[central].dispatcher;
                *dispatcher = (*dispatcher).max(now) + cost.dispatch;
                *dispatcher
            }
            Some(_) => now + cost.dispatch,
            None => now,
        };
        let done = if RARE { dispatched + self.switch(task) } else { dispatched };
        if done == now {
            self.fetch_inputs(task, now, queue);
            return;
        }
        let entry = &self.tasks[task];
        queue.set(Event::Dispatched(entry.core).into(), done);
        self.tasks[task].status = Status::Dispatched;
        self.enter_all(task, now, State::Schedule);
    }

    /// A core has got its task from the dispatcher.
    pub fn on_dispatched(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        let task = self.cores[core.index()].task.expect("the dispatcher served a core with a task");
        self.fetch_inputs(task, now, queue);
    }
}
