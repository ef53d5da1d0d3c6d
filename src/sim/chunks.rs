//! A loop during a run: a core that has nothing to do asks its schedule for a chunk, which becomes a task then; when the
//! chunks of a time step are done, a barrier passes and the next step begins.

use super::alarm::Event;
use super::core::Core;
use super::job::{JobState, work_of};
use super::tasks::{Status, Task};
use super::world::World;
use crate::engine::Queue;
use crate::ids::{CoreId, TaskId};
use crate::policy::Schedule;
use crate::policy::loops::{Chunk, Hand, LoopSchedule, LoopSetup, Measured};
use crate::program::{Body, Iterations, Op};
use crate::record::{ChunkRow, Recorder, State, StepRow, Why};
use crate::rng::Key;
use crate::time::Time;
use crate::workload::LoopShape;

/// A chunk that has been handed out.
#[derive(Clone, Copy)]
struct Flight {
    chunk: Chunk,
    /// When its core asked for it, and when it had it.
    asked: Time,
    had: Time,
}

/// A loop during a run.
pub(super) struct Chunks {
    iterations: Box<dyn Iterations>,
    schedule: Box<dyn LoopSchedule>,
    shape: LoopShape,
    /// The cores that may ask, from the first up to but without the second.
    on: (u32, u32),
    /// The present time step; none before the first.
    step: Option<u64>,
    /// When it began, and whether its barrier is under way.
    began: Time,
    barrier: bool,
    /// Iterations of it that nobody has got.
    left: u64,
    /// The chunk that each core has.
    flights: Vec<Option<Flight>>,
    /// Chunks that were lost and must be done again, each with the core that had it.
    again: Vec<(TaskId, Flight, u32)>,
    /// When the lock of the queue is free.
    lock: Time,
    /// Chunks handed out, those done again not among them.
    pub handed: u64,
    /// Ticks that the lock was held for chunks done.
    pub dispatched: f64,
    /// The work of the longest iteration of each step so far, added up.
    pub longest: f64,
}

impl Chunks {
    /// The loop of `iterations` before it begins.
    pub fn new(
        iterations: Box<dyn Iterations>,
        shape: LoopShape,
        schedule: &Schedule,
        (from, to): (u32, u32),
        cores: &[Core],
        key: Key,
    ) -> Self {
        let speeds: Vec<f64> = cores[from as usize..to as usize].iter().map(|core| core.own).collect();
        let setup = LoopSetup { shape, speeds: &speeds, dispatch: schedule.cost.dispatch, key };
        Chunks {
            iterations,
            schedule: schedule.chunks.start(&setup),
            shape,
            on: (from, to),
            step: None,
            began: Time::ZERO,
            barrier: false,
            left: 0,
            flights: vec![None; speeds.len()],
            again: Vec::new(),
            lock: Time::ZERO,
            handed: 0,
            dispatched: 0.0,
            longest: 0.0,
        }
    }

    /// Whether an iteration waits for a core.
    pub fn waits(&self) -> bool {
        self.left > 0
    }

    /// How many iterations of the present step nobody has got.
    pub fn left(&self) -> u64 {
        self.left
    }

    /// Whether something waits for the end of the present step, or of its barrier.
    pub fn has_next(&self) -> bool {
        self.barrier || self.step.is_some_and(|step| step + 1 < self.shape.steps)
    }

    /// Ticks by which a schedule that chooses among others has missed the best of them.
    pub fn regret(&self) -> Option<f64> {
        self.schedule.regret()
    }

    /// The number of a core among those that may ask, if it may.
    fn number(&self, core: CoreId) -> Option<u32> {
        let core = core.index() as u32;
        (self.on.0 <= core && core < self.on.1).then(|| core - self.on.0)
    }
}

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// A loop begins, or a barrier has passed: the next time step begins, unless it was the last.
    pub fn begin_step(&mut self, job: u32, now: Time, queue: &mut Queue) {
        let Some(chunks) = &mut self.jobs[job as usize].chunks else { return };
        let next = chunks.step.map_or(0, |step| step + 1);
        chunks.barrier = false;
        if next == chunks.shape.steps {
            self.jobs[job as usize].exhausted = true;
            return self.job_may_be_done(job, now, queue);
        }
        chunks.step = Some(next);
        chunks.began = now;
        chunks.left = chunks.shape.iterations;
        chunks.iterations.begin(next);
        chunks.schedule.begin();
        chunks.longest += chunks.iterations.longest();
        self.touch_all(job);
    }

    /// Gives a free core the chunk that it gets from one of the loops; false if none has one for it.
    pub fn serve_loops(&mut self, core: CoreId, now: Time, queue: &mut Queue) -> bool {
        // Who is down doesn't ask, whether that has been noticed or not.
        if self.cores[core.index()].down > 0 {
            return false;
        }
        (0..self.jobs.len()).any(|job| {
            self.jobs[job].chunks.is_some()
                && (self.do_again(job, core, now, queue) || self.take_chunk(job, core, now, queue))
        })
    }

    /// Gives a core a chunk that was lost.
    fn do_again(&mut self, job: usize, core: CoreId, now: Time, queue: &mut Queue) -> bool {
        let targets = &self.targets;
        let Some(chunks) = &mut self.jobs[job].chunks else { return false };
        let Some(number) = chunks.number(core) else { return false };
        // What was settled for a core waits for its repair.
        let settled = chunks.schedule.hand() == Hand::Settled;
        let may = |owner: u32| {
            !settled || owner == number || !targets.will_return(CoreId::new((chunks.on.0 + owner) as usize))
        };
        let Some(at) = chunks.again.iter().position(|(.., owner)| may(*owner)) else { return false };
        let (task, flight, _) = chunks.again.remove(at);
        self.hand_out(job, core, task, flight.chunk, now, queue);
        true
    }

    /// Asks the schedule of a loop for a chunk for `core`.
    #[inline]
    fn take_chunk(&mut self, job: usize, core: CoreId, now: Time, queue: &mut Queue) -> bool {
        let state = &mut self.jobs[job];
        let Some(chunks) = &mut state.chunks else { return false };
        let (Some(number), Some(step)) = (chunks.number(core), chunks.step) else { return false };
        if chunks.left == 0 {
            return false;
        }
        let Some(chunk) = chunks.schedule.take(number) else { return false };
        debug_assert!(chunk.size > 0 && chunk.size <= chunks.left, "{chunk:?} of {}", chunks.left);
        chunks.left -= chunk.size;
        chunks.handed += 1;
        let traffic = chunks.iterations.traffic() * chunk.size as f64;
        let work = chunks.iterations.work(chunk.first, chunk.size);
        let body = Body::One(Op::Compute { work, traffic });
        let expected = chunks.shape.mean * chunk.size as f64;
        let first = step * chunks.shape.iterations + chunk.first;
        let allowed = chunks.on;
        state.released += 1;
        state.open += 1;
        let task =
            Task { release: now, allowed, ..Task::new(job as u32, first, body, expected, Status::Ready) };
        let task = self.tasks.add(task);
        self.digest.fact(now, super::fact::CHUNK, first, chunk.size);
        if R::ACTIVE {
            self.recorder.chunk(&ChunkRow {
                job: job as u32,
                number: first,
                step,
                first: chunk.first,
                size: chunk.size,
                core,
                asked: now,
            });
        }
        self.totals.waits(now, 1);
        self.hand_out(job, core, task, chunk, now, queue);
        true
    }

    /// Sends a chunk to a core, through the lock of the queue if it comes from there.
    #[inline]
    fn hand_out(
        &mut self,
        job: usize,
        core: CoreId,
        task: TaskId,
        chunk: Chunk,
        now: Time,
        queue: &mut Queue,
    ) {
        self.tasks.get_going(task, core);
        self.load_taken(task, now);
        self.take_cores(task, now);
        self.state_choice(now, task, core, Why::Chunk);
        let state = &mut self.jobs[job];
        let cost = state.schedule.cost;
        let Some(chunks) = &mut state.chunks else { return };
        let had = match chunks.schedule.hand() {
            Hand::Settled => now,
            Hand::Shared if cost.serial => {
                chunks.lock = chunks.lock.max(now) + cost.dispatch;
                chunks.lock
            }
            Hand::Shared | Hand::Own => now + cost.dispatch,
        };
        if let Some(number) = chunks.number(core) {
            chunks.flights[number as usize] = Some(Flight { chunk, asked: now, had });
        }
        if had == now {
            self.fetch_inputs(task, now, queue);
        } else {
            queue.set(Event::Dispatched(core).into(), had);
            self.tasks[task].status = Status::Dispatched;
            self.enter_all(task, now, State::Schedule);
        }
    }

    /// A chunk has been done on its core.
    #[inline(always)]
    pub fn chunk_done(&mut self, job: u32, task: TaskId, now: Time) {
        let state = &mut self.jobs[job as usize];
        let Some(chunks) = &mut state.chunks else { return };
        let entry = &self.tasks[task];
        let Some(core) = chunks.number(entry.core) else { return };
        let Some(Flight { chunk, asked, had }) = chunks.flights[core as usize].take() else { return };
        let work = work_of(&entry.body);
        if work > 0.0 && state.schedule.cost.serial && chunks.schedule.hand() == Hand::Shared {
            chunks.dispatched += state.schedule.cost.dispatch.ticks() as f64;
        }
        let computing = (now - had).ticks();
        let squares = if chunks.schedule.looks_at_squares() && work > 0.0 {
            let pace = computing as f64 / work;
            chunks.iterations.squares(chunk.first, chunk.size) * pace * pace
        } else {
            0.0
        };
        let total = (now - asked).ticks();
        chunks.schedule.measured(&Measured { core, size: chunk.size, computing, total, squares });
    }

    /// A chunk was lost: some core must do it again.
    pub fn chunk_lost(&mut self, task: TaskId, now: Time) {
        let entry = &self.tasks[task];
        let (job, core) = (entry.job, entry.core);
        let Some(chunks) = &mut self.jobs[job as usize].chunks else { return };
        let Some(core) = chunks.number(core) else { return };
        let Some(flight) = chunks.flights[core as usize].take() else { return };
        chunks.again.push((task, flight, core));
        self.totals.waits(now, 1);
        self.touch_all(job);
    }

    /// A core is down for good: what a loop had settled for it goes to others.
    pub fn leave_loops(&mut self, core: CoreId) {
        for job in 0..self.jobs.len() {
            let Some(chunks) = &mut self.jobs[job].chunks else { continue };
            if let Some(number) = chunks.number(core) {
                chunks.schedule.leave(number);
                self.touch_all(job as u32);
            }
        }
    }

    /// Sets the end of a time step's barrier when all its chunks have ended.
    #[inline]
    pub fn step_may_be_over(&mut self, job: u32, now: Time, queue: &mut Queue) {
        let state = &mut self.jobs[job as usize];
        let Some(chunks) = &mut state.chunks else { return };
        if state.open > 0 || chunks.left > 0 || chunks.barrier || state.exhausted {
            return;
        }
        chunks.schedule.end((now - chunks.began).ticks());
        chunks.barrier = true;
        if R::ACTIVE
            && let Some(step) = chunks.step
        {
            let (schedule, weights) = (chunks.schedule.choice(), chunks.schedule.weights());
            let weights = weights.as_deref();
            self.recorder.step(&StepRow { job, step, began: chunks.began, ended: now, schedule, weights });
        }
        queue.set(Event::Release(job).into(), now + chunks.shape.barrier);
    }
}

impl JobState<'_> {
    /// The bound that follows from the longest iteration of each step, on a core on which a tick of work takes `least`.
    pub fn longest_iterations(&self) -> Option<f64> {
        let chunks = self.chunks.as_ref()?;
        let barriers = chunks.shape.steps as f64 * chunks.shape.barrier.ticks() as f64;
        let work = chunks.longest * self.kinds.first()?.least_ever;
        Some(self.spec.start.ticks() as f64 + work + barriers)
    }
}

/// What nobody has got of the loops in which nothing can happen any more.
pub(super) fn left(jobs: &[JobState<'_>]) -> u64 {
    jobs.iter().filter_map(|job| job.chunks.as_ref()).map(Chunks::left).sum()
}
