//! Sorting tasks so that each comes after what it waits for, and finding out why that cannot be done.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::rows::Rows;
use crate::ids::TaskId;

/// Tasks after their predecessors, the lowest possible first (Kahn 1962); those on or behind a cycle are left out.
pub(super) fn topological(preds: &Rows<TaskId>, succs: &Rows<TaskId>, count: usize) -> Vec<TaskId> {
    let mut waits_for: Vec<usize> = (0..count).map(|task| preds.row(task).len()).collect();
    let mut ready: BinaryHeap<Reverse<TaskId>> =
        (0..count).filter(|&task| waits_for[task] == 0).map(|task| Reverse(TaskId::new(task))).collect();
    let mut order = Vec::with_capacity(count);
    while let Some(Reverse(task)) = ready.pop() {
        order.push(task);
        for &succ in succs.row(task.index()) {
            waits_for[succ.index()] -= 1;
            if waits_for[succ.index()] == 0 {
                ready.push(Reverse(succ));
            }
        }
    }
    order
}

/// One cycle in the direction of the edges, its lowest task first. `sorted` are the tasks that are on or behind none.
pub(super) fn a_cycle(preds: &Rows<TaskId>, sorted: &[TaskId], count: usize) -> Vec<TaskId> {
    let mut stuck = vec![true; count];
    for task in sorted {
        stuck[task.index()] = false;
    }
    // What is stuck waits for something stuck, so walking backwards must come round.
    let mut walk: Vec<usize> = stuck.iter().position(|&stuck| stuck).into_iter().collect();
    let mut place = vec![None; count];
    while let Some(&task) = walk.last() {
        if let Some(start) = place[task].replace(walk.len() - 1) {
            walk.pop();
            walk.drain(..start);
            break;
        }
        walk.extend(preds.row(task).iter().map(|pred| pred.index()).find(|&pred| stuck[pred]));
    }
    walk.reverse();
    let lowest = (0..walk.len()).min_by_key(|&at| walk[at]).unwrap_or(0);
    walk.rotate_left(lowest);
    walk.into_iter().map(TaskId::new).collect()
}
