//! Cores that serve all tasks of a queue at once, and who is there.

use super::core::Core;
use crate::ids::{CoreId, TaskId};
use crate::sharing::{FlowId, Pool, Served};
use crate::time::Time;

/// The number of no commons.
const NONE: u32 = u32::MAX;

/// What a recorder is told next of a core at work.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    pub since: Time,
    /// The workload and number of the task that has the core to itself, if one does.
    pub task: Option<(u32, u64)>,
    /// How many tasks the cores are shared by.
    pub tasks: u32,
}

/// Cores shared by the tasks of a queue. No task is on any one core; each has a *seat* at one all the same, with which it
/// is lost: the first at the fastest core, the next at the next, and so on round the cores.
pub(super) struct Commons {
    /// The cores, from the first up to but without the second.
    pub cores: (u32, u32),
    pub pool: Pool,
    /// Those that are up, the fastest first, then the lowest.
    pub order: Vec<CoreId>,
    /// The tasks that are served, by their seats.
    pub members: Vec<TaskId>,
    /// By number in the pool, the task.
    pub tasks: Vec<TaskId>,
    /// Tasks that wait here for their inputs.
    pub coming: Vec<TaskId>,
    /// Tasks that were lost here, which nobody has noticed yet.
    pub lost: Vec<TaskId>,
    /// Whether it must be settled at the end of the round; whether its cores or their speeds have changed, and whether that
    /// is known to the pool but not yet to be seen in what the cores do.
    pub changed: bool,
    stale: bool,
    pub reordered: bool,
    /// How many cores were at work when it was last settled.
    pub busy: usize,
    /// The expected work of the tasks there, and what they have had all told: the difference is left.
    pub expected: f64,
    /// By core, what is shown of it while it is at work; empty where nobody looks.
    pub shown: Vec<Option<Shown>>,
}

impl Commons {
    /// Whether no task is there in any way.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty() && self.coming.is_empty() && self.lost.is_empty()
    }

    /// The core at which a task has its seat.
    pub fn seat(&self, at: usize) -> Option<CoreId> {
        self.order.get(at % self.order.len().max(1)).copied()
    }
}

/// Where a task is served.
#[derive(Clone, Copy)]
pub(super) struct Seat {
    /// Its number in the pool.
    pub flow: FlowId,
    /// Its place among the members.
    pub at: u32,
}

/// All commons.
pub(super) struct AllCommons {
    /// Whether there may be any.
    pub any: bool,
    all: Vec<Commons>,
    /// By core, whose it is.
    of: Vec<u32>,
    /// By slot of the task, where it is served.
    seats: Vec<Option<Seat>>,
    /// How many tasks wait at any for their inputs.
    pub awaiting: usize,
    /// Those to be settled.
    pub changed: Vec<u32>,
    pub ended: Vec<(FlowId, Served)>,
    pub gone: Vec<(u32, u64, TaskId, Served)>,
    /// What tasks have had of their pools, and by how much rounding may have falsified that.
    pub credit: f64,
    pub slack: f64,
}

impl AllCommons {
    /// None yet on `cores` cores.
    pub fn new(any: bool, cores: usize) -> Self {
        AllCommons {
            any,
            all: Vec::new(),
            of: vec![NONE; if any { cores } else { 0 }],
            seats: Vec::new(),
            awaiting: 0,
            changed: Vec::new(),
            ended: Vec::new(),
            gone: Vec::new(),
            credit: 0.0,
            slack: 0.0,
        }
    }

    /// The number of the commons that a core belongs to, if it belongs to any.
    pub fn of(&self, core: CoreId) -> Option<usize> {
        self.of.get(core.index()).filter(|at| **at != NONE).map(|at| *at as usize)
    }

    /// The number of the commons of these cores, which belong to no other.
    pub fn on(&mut self, cores: (u32, u32), all: &[Core], recorded: bool) -> usize {
        if let Some(at) = self.of(CoreId::new(cores.0 as usize)) {
            debug_assert_eq!(self.all[at].cores, cores, "cores are shared by one queue");
            return at;
        }
        let at = self.all.len();
        let range = cores.0 as usize..cores.1 as usize;
        self.of[range.clone()].fill(at as u32);
        self.all.push(Commons {
            cores,
            pool: Pool::new(),
            order: Vec::new(),
            members: Vec::new(),
            tasks: Vec::new(),
            coming: Vec::new(),
            lost: Vec::new(),
            changed: false,
            stale: true,
            reordered: false,
            busy: 0,
            expected: 0.0,
            shown: if recorded { vec![None; range.len()] } else { Vec::new() },
        });
        self.bring_up_to_date(at, all, Time::ZERO);
        at
    }

    /// Cores have gone, come back, or changed their speeds.
    pub fn reorder(&mut self, at: usize) {
        self.all[at].stale = true;
        self.change(at);
    }

    /// Finds the order of its cores, where that may have changed.
    pub fn bring_up_to_date(&mut self, at: usize, cores: &[Core], now: Time) {
        let commons = &mut self.all[at];
        if !std::mem::take(&mut commons.stale) {
            return;
        }
        let (from, to) = commons.cores;
        let up =
            (from..to).map(|core| CoreId::new(core as usize)).filter(|core| cores[core.index()].down == 0);
        commons.order.clear();
        commons.order.extend(up);
        let speed = |core: &CoreId| cores[core.index()].speed();
        commons.order.sort_by(|one, other| speed(other).total_cmp(&speed(one)));
        let speeds: Vec<f64> = commons.order.iter().map(speed).collect();
        commons.pool.set_speeds(now, &speeds);
        commons.reordered = true;
        self.change(at);
    }

    /// The rates of its tasks may change.
    pub fn change(&mut self, at: usize) {
        if !std::mem::replace(&mut self.all[at].changed, true) {
            self.changed.push(at as u32);
        }
    }

    /// A task is served from now on.
    pub fn join(&mut self, at: usize, task: TaskId, work: f64, weight: f64, now: Time) {
        let commons = &mut self.all[at];
        let flow = commons.pool.start(now, work, weight);
        if commons.tasks.len() <= flow.index() {
            commons.tasks.resize(flow.index() + 1, task);
        }
        commons.tasks[flow.index()] = task;
        if self.seats.len() <= task.index() {
            self.seats.resize(task.index() + 1, None);
        }
        self.seats[task.index()] = Some(Seat { flow, at: commons.members.len() as u32 });
        commons.members.push(task);
        self.change(at);
    }

    /// Where a task is served.
    pub fn seat(&self, task: TaskId) -> Option<Seat> {
        self.seats.get(task.index()).copied().flatten()
    }

    /// A task leaves its seat to the last of the members; gives the core at which it was, if one is up.
    pub fn stand_up(&mut self, at: usize, task: TaskId) -> Option<CoreId> {
        let seat = self.seats[task.index()].take()?;
        let commons = &mut self.all[at];
        let core = commons.seat(seat.at as usize);
        commons.members.swap_remove(seat.at as usize);
        if let Some(other) = commons.members.get(seat.at as usize)
            && let Some(moved) = &mut self.seats[other.index()]
        {
            moved.at = seat.at;
        }
        self.change(at);
        core
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// A task waits there for its inputs.
    pub fn await_at(&mut self, at: usize, task: TaskId) {
        self.all[at].coming.push(task);
        self.awaiting += 1;
    }

    /// A task waits there for its inputs no more, if it did.
    pub fn dismiss(&mut self, at: usize, task: TaskId) {
        let coming = &mut self.all[at].coming;
        if let Some(place) = coming.iter().position(|other| *other == task) {
            coming.remove(place);
            self.awaiting -= 1;
        }
    }
}

impl std::ops::Index<usize> for AllCommons {
    type Output = Commons;

    fn index(&self, at: usize) -> &Commons {
        &self.all[at]
    }
}

impl std::ops::IndexMut<usize> for AllCommons {
    fn index_mut(&mut self, at: usize) -> &mut Commons {
        &mut self.all[at]
    }
}
