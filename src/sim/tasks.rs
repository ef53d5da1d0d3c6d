//! The tasks in flight.

use super::progress::Progress;
use crate::ids::{CoreId, ServerId, TaskId};
use crate::policy::Ready;
use crate::program::{Body, Home};
use crate::time::Time;

/// The place of the progress of a task that has had no cores.
const NO_PROGRESS: u32 = u32::MAX;

/// Where a task stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Status {
    /// Waits for predecessors.
    Blocked,
    /// Waits in a queue, or for its policy or plan.
    Ready,
    /// A node of a tree that waits for its children.
    Joining,
    /// Has a core and waits for the dispatcher.
    Dispatched,
    /// Has a core and waits for its inputs.
    Claimed,
    /// Runs.
    Running,
    /// Has a core and stands still with its job.
    Paused,
    /// Is a transfer under way, which needs no core.
    Moving,
    /// Was sent to, or ran on, cores that are down, which nobody has noticed yet.
    Lost,
    /// Finished, but its job may still go back to before that.
    Provisional,
    /// Ended. The slot is free, or belongs to a graph.
    Ended,
}

/// A task in flight: what every one of them needs. How far it has got is its [`Progress`], and what few tasks need lies
/// in tables beside, so that a task that waits takes little.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub job: u32,
    pub kind: u32,
    pub number: u64,
    pub status: Status,
    pub body: Body,
    /// The cores it may run on, from the first up to but without the second.
    pub allowed: (u32, u32),
    /// How many cores it occupies.
    pub width: u32,
    /// What a scheduler expects its time on cores of speed 1 to be, in ticks.
    pub expected: f64,
    /// When it was there; of a graph, when it first was ready. `Time::NEVER` before.
    pub release: Time,
    /// When it last became ready.
    pub ready: Time,
    /// When it first started; `Time::NEVER` before.
    pub start: Time,
    pub attempts: u32,
    /// The lowest of its cores, if it has any.
    pub core: CoreId,
    /// Predecessors that have not ended, or inputs that have not arrived.
    pub awaiting: u32,
    /// Where its progress is, if it has any.
    pub progress: u32,
}

impl Task {
    /// A task that has done nothing yet.
    pub fn new(job: u32, number: u64, body: Body, expected: f64, status: Status) -> Self {
        Task {
            job,
            kind: 0,
            number,
            status,
            body,
            allowed: (0, 0),
            width: 1,
            expected,
            release: Time::NEVER,
            ready: Time::ZERO,
            start: Time::NEVER,
            attempts: 0,
            core: CoreId::new(0),
            awaiting: 0,
            progress: NO_PROGRESS,
        }
    }

    /// The task as policies see it; `task` is its slot, `origin` where it was made or could start.
    #[inline]
    pub fn as_ready(&self, task: TaskId, origin: Option<CoreId>) -> Ready {
        let Task { number, ready: since, expected, allowed, .. } = *self;
        let origin = origin.map(|core| ServerId::new(core.index()));
        Ready { task, number, since, expected, allowed, origin }
    }
}

/// The tasks in flight, in slots that are used again, and what belongs to some of them.
#[derive(Default)]
pub(super) struct Tasks {
    slots: Vec<Task>,
    free: Vec<u32>,
    progress: Vec<Progress>,
    free_progress: Vec<u32>,
    /// By slot, the data that tasks need where they run; empty unless some do.
    homes: Vec<Option<Home>>,
    /// By slot, what orders remember of tasks; empty unless some do.
    marks: Vec<u64>,
    /// By slot, which of those whose turns were over at one instant tasks were; empty unless some were.
    laps: Vec<u32>,
    /// By slot, the requests of which tasks are parts; empty unless some are.
    requests: Vec<Option<u32>>,
}

impl Tasks {
    /// Puts a task into a free slot.
    #[inline(always)]
    pub fn add(&mut self, task: Task) -> TaskId {
        match self.free.pop() {
            Some(slot) => {
                self.slots[slot as usize] = task;
                TaskId::new(slot as usize)
            }
            None => self.append(task),
        }
    }

    /// Puts a task into a slot behind all others.
    #[inline(always)]
    pub fn append(&mut self, task: Task) -> TaskId {
        self.slots.push(task);
        TaskId::new(self.slots.len() - 1)
    }

    /// A task that has ended needs no more than its slot.
    #[inline(always)]
    pub fn end(&mut self, task: TaskId) {
        let entry = &mut self.slots[task.index()];
        entry.status = Status::Ended;
        if entry.progress != NO_PROGRESS {
            self.free_progress.push(std::mem::replace(&mut entry.progress, NO_PROGRESS));
        }
    }

    /// Frees the slot of a task that has ended. Whoever gets it next, a chunk of a loop perhaps, must not inherit a request or
    /// data.
    #[inline]
    pub fn release(&mut self, task: TaskId) {
        self.set_request(task, None);
        self.set_home(task, None);
        self.free.push(task.index() as u32);
    }

    /// The number of slots, free ones included.
    pub fn slots(&self) -> usize {
        self.slots.len()
    }

    /// The tasks of `job` that are in flight, by slot.
    pub fn of_job(&self, job: u32) -> Vec<TaskId> {
        let alive = |task: &Task| task.job == job && task.status != Status::Ended;
        (0..self.slots.len()).filter(|slot| alive(&self.slots[*slot])).map(TaskId::new).collect()
    }

    /// Gives a task that gets its cores, the lowest of which is `core`, a place for its progress, unless it has made some
    /// before.
    #[inline(always)]
    pub fn get_going(&mut self, task: TaskId, core: CoreId) {
        let entry = &mut self.slots[task.index()];
        entry.core = core;
        if entry.progress != NO_PROGRESS {
            return;
        }
        entry.progress = match self.free_progress.pop() {
            Some(place) => {
                self.progress[place as usize].clear();
                place
            }
            None => {
                self.progress.push(Progress::default());
                self.progress.len() as u32 - 1
            }
        };
    }

    /// How far a task has got that has had cores.
    #[inline]
    pub fn progress(&self, task: TaskId) -> &Progress {
        &self.progress[self.slots[task.index()].progress as usize]
    }

    /// The same, to be changed.
    #[inline]
    pub fn progress_mut(&mut self, task: TaskId) -> &mut Progress {
        &mut self.progress[self.slots[task.index()].progress as usize]
    }

    /// A task that has had cores, and how far it has got.
    #[inline]
    pub fn both_mut(&mut self, task: TaskId) -> (&mut Task, &mut Progress) {
        let entry = &mut self.slots[task.index()];
        let progress = &mut self.progress[entry.progress as usize];
        (entry, progress)
    }

    /// How far a task has got, if it has had cores.
    #[inline]
    pub fn progress_of(&self, task: TaskId) -> Option<&Progress> {
        self.progress.get(self.slots[task.index()].progress as usize)
    }

    /// All cores of a task that has some, lowest first.
    pub fn cores(&self, task: TaskId) -> impl Iterator<Item = CoreId> + '_ {
        std::iter::once(self[task].core).chain(self.progress(task).more.iter().copied())
    }

    /// The core that a task has lost to another, if it goes on from there.
    #[inline]
    pub fn resumes(&self, task: TaskId) -> Option<CoreId> {
        self.progress_of(task).and_then(|progress| progress.resumes)
    }

    /// What its order remembers of a task.
    #[inline]
    pub fn mark(&self, task: TaskId) -> u64 {
        self.marks.get(task.index()).copied().unwrap_or(0)
    }

    /// Lets its order remember something of a task.
    #[inline]
    pub fn set_mark(&mut self, task: TaskId, mark: u64) {
        if self.marks.len() <= task.index() {
            self.marks.resize(task.index() + 1, 0);
        }
        self.marks[task.index()] = mark;
    }

    /// Which of the tasks whose turns were over at the instant at which it became ready a task was; 0 if its wasn't.
    #[inline]
    pub fn lap(&self, task: TaskId) -> u32 {
        self.laps.get(task.index()).copied().unwrap_or(0)
    }

    /// Says which it was.
    #[inline]
    pub fn set_lap(&mut self, task: TaskId, lap: u32) {
        if lap > 0 && self.laps.len() <= task.index() {
            self.laps.resize(task.index() + 1, 0);
        }
        if let Some(place) = self.laps.get_mut(task.index()) {
            *place = lap;
        }
    }

    /// The data that a task needs where it runs.
    pub fn home(&self, task: TaskId) -> Option<Home> {
        self.homes.get(task.index()).copied().flatten()
    }

    /// The request of which a task is a part.
    #[inline]
    pub fn request(&self, task: TaskId) -> Option<u32> {
        self.requests.get(task.index()).copied().flatten()
    }

    /// Says of which request a new task is a part.
    #[inline]
    pub fn set_request(&mut self, task: TaskId, request: Option<u32>) {
        if request.is_some() && self.requests.len() <= task.index() {
            self.requests.resize(task.index() + 1, None);
        }
        if let Some(place) = self.requests.get_mut(task.index()) {
            *place = request;
        }
    }

    /// Says what data a new task needs where it runs.
    #[inline]
    pub fn set_home(&mut self, task: TaskId, home: Option<Home>) {
        if home.is_some() && self.homes.len() <= task.index() {
            self.homes.resize(task.index() + 1, None);
        }
        if let Some(place) = self.homes.get_mut(task.index()) {
            *place = home;
        }
    }
}

impl std::ops::Index<TaskId> for Tasks {
    type Output = Task;

    #[inline]
    fn index(&self, task: TaskId) -> &Task {
        &self.slots[task.index()]
    }
}

impl std::ops::IndexMut<TaskId> for Tasks {
    #[inline]
    fn index_mut(&mut self, task: TaskId) -> &mut Task {
        &mut self.slots[task.index()]
    }
}

impl Task {
    /// Whether it occupies cores.
    pub fn has_cores(&self) -> bool {
        matches!(
            self.status,
            Status::Dispatched | Status::Claimed | Status::Running | Status::Paused | Status::Lost
        )
    }
}
