//! Nodes of trees that will never end, because what they need is lost for good.

use super::tasks::Status;
use super::world::World;
use crate::engine::Queue;
use crate::ids::TaskId;
use crate::record::{Fate, Recorder};
use crate::time::Time;

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// Whether a node that fails has children under way, whose end it waits for before it is dropped.
    pub fn outlives_itself(&mut self, task: TaskId) -> bool {
        let Some(branch) = self.branches.get_mut(task).filter(|branch| branch.open > 0) else { return false };
        branch.doomed = true;
        self.wait_for_children(task);
        true
    }

    /// Takes a node that will never end out of its tree; gives its parent.
    pub fn cut_off(&mut self, task: TaskId) -> Option<TaskId> {
        self.branches.take(task).and_then(|branch| branch.parent)
    }

    /// A child of `parent` will never end: neither will that, nor its own parent, once all their other children have.
    pub fn lose_child(&mut self, mut parent: Option<TaskId>, now: Time) {
        while let Some(task) = parent {
            let Some(branch) = self.branches.get_mut(task) else { return };
            branch.open -= 1;
            branch.doomed = true;
            if branch.open > 0 || self.tasks[task].status != Status::Joining {
                return;
            }
            self.jobs[self.tasks[task].job as usize].blocked -= 1;
            parent = self.drop_node(task, now);
        }
    }

    /// A node whose core is at its sync can't go on behind it.
    pub fn drop_running(&mut self, task: TaskId, now: Time, queue: &mut Queue) {
        let (job, core) = (self.tasks[task].job, self.tasks[task].core);
        self.totals.serves(now, -1);
        let parent = self.drop_node(task, now);
        self.leave(core, now, queue);
        self.lose_child(parent, now);
        self.one_less(job, now, queue);
    }

    /// A node at its sync, whose last child has ended, can't go on.
    pub fn drop_waiting(&mut self, task: TaskId, now: Time) {
        self.jobs[self.tasks[task].job as usize].blocked -= 1;
        let parent = self.drop_node(task, now);
        self.lose_child(parent, now);
    }

    fn drop_node(&mut self, task: TaskId, now: Time) -> Option<TaskId> {
        let (job, number) = (self.tasks[task].job, self.tasks[task].number);
        self.digest.fact(now, super::fact::DROPPED, number, u64::from(job));
        let state = &mut self.jobs[job as usize];
        state.fates.dropped += 1;
        state.open -= 1;
        self.state_row(task, now, Fate::Dropped);
        let parent = self.cut_off(task);
        self.forget(task);
        parent
    }
}
