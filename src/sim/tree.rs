//! Trees while they unfold: nodes are spawned, wait for their children, and join them.

use std::sync::Arc;

use super::tasks::{Status, Task};
use super::world::World;
use crate::engine::Queue;
use crate::ids::{CoreId, TaskId};
use crate::policy::Reason;
use crate::policy::steal::Side;
use crate::program::tree::Node;
use crate::program::{Body, Home, Op};
use crate::record::{Recorder, Why};
use crate::time::Time;

/// What a core spawns, or leaves when it steps into a child, goes into its own deque.
const AROSE: Why = Why::Placed(Reason::WhereItArose);

/// A node in flight.
#[derive(Clone, Copy, Debug)]
pub(super) struct Branch {
    node: Node,
    pub parent: Option<TaskId>,
    /// Its place among its siblings.
    index: u32,
    /// How many children it has spawned, and how many of them have not ended.
    spawned: u32,
    pub open: u32,
    /// Whether it goes on behind its children.
    joined: bool,
    /// Whether a child is lost, so that it can't go on behind its children.
    pub doomed: bool,
    /// The longest chain of work from its start through a child that has ended, in ticks at speed 1.
    longest: f64,
    /// Work of the strands that have ended, as their time amounts to.
    credit: f64,
}

/// The nodes in flight, by the slots of their tasks.
pub(super) struct Branches {
    slots: Vec<Option<Branch>>,
    /// Nodes at the end of a strand, which go on as soon as the event that brought them there is dealt with.
    pub grown: Vec<TaskId>,
    /// The body of a strand without work.
    nothing: Arc<[Op]>,
}

impl Default for Branches {
    fn default() -> Self {
        Branches { slots: Vec::new(), grown: Vec::new(), nothing: Arc::new([]) }
    }
}

impl Branches {
    fn of(&mut self, task: TaskId) -> &mut Branch {
        self.slots[task.index()].as_mut().expect("a node of a tree has its branch")
    }

    /// The branch of a task, if it is a node of a tree.
    pub fn get_mut(&mut self, task: TaskId) -> Option<&mut Branch> {
        self.slots.get_mut(task.index())?.as_mut()
    }

    /// Takes away the branch of a task, if it is a node of a tree.
    pub fn take(&mut self, task: TaskId) -> Option<Branch> {
        self.slots.get_mut(task.index())?.take()
    }

    fn set(&mut self, task: TaskId, branch: Branch) {
        if self.slots.len() <= task.index() {
            self.slots.resize(task.index() + 1, None);
        }
        self.slots[task.index()] = Some(branch);
    }

    /// The body of a strand of so much work.
    fn strand(&self, work: f64) -> Body {
        if work > 0.0 {
            Body::One(Op::Compute { work, traffic: 0.0 })
        } else {
            Body::Many(self.nothing.clone())
        }
    }
}

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// The root of a job's tree is there.
    pub fn plant(&mut self, job: u32, now: Time) {
        let Some(tree) = &self.jobs[job as usize].tree else { return };
        let root = tree.root();
        let task = self.add_node(job, root, None, 0, now);
        self.jobs[job as usize].exhausted = true;
        self.make_ready(task, None, now);
    }

    /// A node becomes a task.
    fn add_node(&mut self, job: u32, node: Node, parent: Option<TaskId>, index: u32, now: Time) -> TaskId {
        let state = &mut self.jobs[job as usize];
        let number = state.released;
        state.released += 1;
        state.open += 1;
        state.most_open = state.most_open.max(state.open);
        let kind = &state.kinds[0];
        let spawn = state.tree.as_ref().map_or(0.0, |tree| tree.spawn());
        let first = node.work + if node.children > 0 { spawn } else { 0.0 };
        let home = parent
            .filter(|_| node.bytes > 0.0)
            .map(|parent| Home { node: self.cores[self.tasks[parent].core.index()].node, bytes: node.bytes });
        let task = self.tasks.add(Task {
            release: now,
            allowed: kind.allowed,
            ..Task::new(job, number, self.branches.strand(first), node.work, Status::Ready)
        });
        self.tasks.set_home(task, home);
        let branch = Branch {
            node,
            parent,
            index,
            spawned: 0,
            open: 0,
            joined: false,
            doomed: false,
            longest: 0.0,
            credit: 0.0,
        };
        self.branches.set(task, branch);
        task
    }

    /// How far a task is from the root of its tree, if it is in one.
    pub fn depth(&self, task: TaskId) -> Option<u32> {
        self.jobs[self.tasks[task].job as usize].tree.as_ref()?;
        self.branches.slots[task.index()].as_ref().map(|branch| branch.node.depth)
    }

    /// Whether a node of a tree has something behind it already.
    pub fn goes_on(&self, task: TaskId) -> bool {
        let branch = self.branches.slots.get(task.index()).copied().flatten();
        branch.is_some_and(|branch| branch.spawned > 0)
    }

    /// Lets all nodes at the end of a strand go on.
    #[inline]
    pub fn grow_all(&mut self, now: Time, queue: &mut Queue) {
        while let Some(task) = self.branches.grown.pop() {
            self.grow(task, now, queue);
        }
    }

    /// A node at the end of a strand spawns its next child, waits for its children, joins them, or ends.
    fn grow(&mut self, task: TaskId, now: Time, queue: &mut Queue) {
        // What a strand did is done: no fault takes it back.
        let (entry, progress) = self.tasks.both_mut(task);
        (progress.spent, progress.cold) = ((0, 0), 0);
        let credit = std::mem::take(&mut progress.credit);
        let (job, core) = (entry.job, entry.core);
        if let Some(home) = self.tasks.home(task) {
            self.tasks.set_home(task, Some(Home { node: self.cores[core.index()].node, ..home }));
        }
        self.branches.of(task).credit += credit;
        let Some(tree) = &self.jobs[job as usize].tree else { return };
        let (spawn, join) = (tree.spawn(), tree.join());
        loop {
            let branch = self.branches.of(task);
            if branch.spawned < branch.node.children {
                let child = self.spawn(task, now);
                let branch = self.branches.of(task);
                let more = branch.spawned < branch.node.children;
                let steals = self.jobs[job as usize].steals;
                if steals && self.steal().side == Side::Parent {
                    return self.step_into(task, child, more, spawn, now, queue);
                }
                if steals {
                    self.totals.waits(now, 1);
                    self.state_choice(now, child, core, AROSE);
                    self.push_deque(core, child);
                } else {
                    self.make_ready(child, Some(core), now);
                }
                if more && spawn > 0.0 {
                    return self.go_on(task, spawn, now, queue);
                }
            } else if branch.open > 0 {
                self.wait_for_children(task);
                self.totals.serves(now, -1);
                return self.leave(core, now, queue);
            } else if branch.doomed {
                return self.drop_running(task, now, queue);
            } else if branch.node.children > 0 && !std::mem::replace(&mut branch.joined, true) && join > 0.0 {
                return self.go_on(task, join, now, queue);
            } else {
                return self.end_node(task, now, queue);
            }
        }
    }

    /// Makes the next child of a node.
    fn spawn(&mut self, task: TaskId, now: Time) -> TaskId {
        let job = self.tasks[task].job;
        let branch = self.branches.of(task);
        let (parent, index) = (branch.node, branch.spawned);
        branch.spawned += 1;
        branch.open += 1;
        let tree = self.jobs[job as usize].tree.as_ref().expect("a node belongs to a tree");
        let child = tree.child(&parent, index);
        self.add_node(job, child, Some(task), index, now)
    }

    /// A node that keeps its core goes on with a strand of so much work.
    fn go_on(&mut self, task: TaskId, work: f64, now: Time, queue: &mut Queue) {
        let body = self.branches.strand(work);
        let (entry, progress) = self.tasks.both_mut(task);
        (entry.body, progress.op, progress.left) = (body, 0, work);
        self.run(task, now, queue);
    }

    /// The core of a node goes over to its newest child; the rest of the node is left to whoever takes it.
    fn step_into(
        &mut self,
        task: TaskId,
        child: TaskId,
        more: bool,
        spawn: f64,
        now: Time,
        queue: &mut Queue,
    ) {
        let core = self.tasks[task].core;
        if more {
            self.tasks[task].body = self.branches.strand(spawn);
            self.tasks[task].status = Status::Ready;
            self.totals.waits(now, 1);
            self.state_choice(now, task, core, AROSE);
            self.steal().push(core, task);
        } else {
            self.wait_for_children(task);
        }
        // The child didn't wait: its core is there.
        self.tasks.get_going(child, core);
        self.tasks[child].attempts = 1;
        self.totals.attempts += 1;
        self.cores[core.index()].task = Some(child);
        self.begin(child, now, queue);
    }

    /// A node gives up its core until its children have ended.
    pub fn wait_for_children(&mut self, task: TaskId) {
        let entry = &mut self.tasks[task];
        entry.status = Status::Joining;
        self.jobs[entry.job as usize].blocked += 1;
    }

    /// A core whose node needs it no more takes what comes next in its own deque, or is free.
    pub fn leave(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        self.load_ended(core, None, now);
        let next = match &mut self.stealing {
            Some(stealing) if stealing.covers(core) => stealing.pop(core),
            _ => None,
        };
        self.cores[core.index()].task = None;
        if let Some(next) = next {
            return self.start_queued(core, next, now, queue);
        }
        let rest = self.rest(core);
        self.enter(core, now, rest);
        self.update_free(core);
        self.touch(core);
    }

    /// A node has ended: its core goes on with its parent, if that waited for nothing else.
    fn end_node(&mut self, task: TaskId, now: Time, queue: &mut Queue) {
        let Branch { node, parent, index, longest, credit, .. } = *self.branches.of(task);
        self.branches.slots[task.index()] = None;
        let (job, core) = (self.tasks[task].job, self.tasks[task].core);
        let state = &mut self.jobs[job as usize];
        let (spawn, join) = state.tree.as_ref().map_or((0.0, 0.0), |tree| (tree.spawn(), tree.join()));
        state.open -= 1;
        let (mut work, mut span) = (node.work, node.work);
        if node.children > 0 {
            let spawns = f64::from(node.children) * spawn;
            work += spawns + join;
            span = longest.max(node.work + spawns) + join;
        }
        let least_ever = state.kinds[0].least_ever;
        let (entry, progress) = self.tasks.both_mut(task);
        progress.credit = credit;
        entry.body = Body::One(Op::Compute { work, traffic: 0.0 });
        let release = entry.release;
        self.totals.serves(now, -1);
        self.count_done(task, now);
        match parent {
            None => {
                if !self.jobs[job as usize].spec.background {
                    self.totals.longest = self.totals.longest.max(release.ticks() as f64 + span * least_ever);
                }
                self.leave(core, now, queue);
            }
            Some(parent) => {
                let branch = self.branches.of(parent);
                branch.open -= 1;
                let before = branch.node.work + f64::from(index + 1) * spawn;
                branch.longest = branch.longest.max(before + span);
                let (waits, doomed) = (branch.open == 0, branch.doomed);
                if waits && doomed && self.tasks[parent].status == Status::Joining {
                    self.drop_waiting(parent, now);
                    self.leave(core, now, queue);
                } else if waits && self.tasks[parent].status == Status::Joining {
                    self.join(parent, core, join, now, queue);
                } else {
                    self.leave(core, now, queue);
                }
            }
        }
        self.one_less(job, now, queue);
    }

    /// A node whose children have all ended goes on where the last of them did.
    fn join(&mut self, task: TaskId, core: CoreId, work: f64, now: Time, queue: &mut Queue) {
        self.branches.of(task).joined = true;
        self.jobs[self.tasks[task].job as usize].blocked -= 1;
        self.tasks[task].body = self.branches.strand(work);
        self.tasks[task].core = core;
        self.cores[core.index()].task = Some(task);
        self.totals.serves(now, 1);
        self.fetch_inputs(task, now, queue);
    }
}
