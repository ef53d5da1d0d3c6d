//! Longest paths through a graph.

use super::Graph;
use crate::ids::TaskId;

impl Graph {
    /// The length of the longest path when a task costs `cost(task)` and edges cost nothing; 0 for an empty graph.
    pub fn critical_path(&self, mut cost: impl FnMut(TaskId) -> f64) -> f64 {
        let mut ends = vec![0.0_f64; self.len()];
        for &task in self.topological() {
            let start = self.preds(task).iter().map(|pred| ends[pred.index()]).fold(0.0, f64::max);
            ends[task.index()] = start + cost(task);
        }
        ends.into_iter().fold(0.0, f64::max)
    }

    /// For each task the number of edges on the longest path that leads to it; 0 where nothing is waited for.
    pub fn levels(&self) -> Vec<u32> {
        let mut levels = vec![0; self.len()];
        for &task in self.topological() {
            let above = self.preds(task).iter().map(|pred| levels[pred.index()] + 1).max();
            levels[task.index()] = above.unwrap_or(0);
        }
        levels
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::graph::{GraphBuilder, Work};
    use proptest::prelude::*;

    /// The longest path to `task` by trying every path backwards.
    fn longest_by_search(graph: &Graph, task: TaskId, cost: &dyn Fn(TaskId) -> f64) -> f64 {
        let before = graph.preds(task).iter().map(|&pred| longest_by_search(graph, pred, cost));
        before.fold(0.0, f64::max) + cost(task)
    }

    #[test]
    fn an_empty_graph_has_no_path() {
        let graph = GraphBuilder::default().build().unwrap();
        assert_eq!(graph.critical_path(|_| 1.0), 0.0);
        assert!(graph.is_empty() && graph.levels().is_empty());
    }

    proptest! {
        #[test]
        fn the_critical_path_is_the_longest_of_all_paths(
            works in prop::collection::vec(0_u32..100, 1..9),
            pairs in prop::collection::vec((0_usize..9, 0_usize..9), 0..20),
        ) {
            let count = works.len();
            let mut builder = GraphBuilder::default();
            for &work in &works {
                builder.task("t", Work::Uniform(f64::from(work)));
            }
            for (one, other) in pairs {
                let (one, other) = (one % count, other % count);
                if one != other {
                    // Against the numbering, so that the order found isn't the order given.
                    builder.order(TaskId::new(one.max(other)), TaskId::new(one.min(other)));
                }
            }
            let graph = builder.build().unwrap();
            let work = |task: TaskId| f64::from(works[task.index()]);
            let longest = graph.tasks().map(|task| longest_by_search(&graph, task, &work)).fold(0.0, f64::max);
            prop_assert_eq!(graph.critical_path(work), longest);
            let levels = graph.levels();
            for task in graph.tasks() {
                prop_assert_eq!(f64::from(levels[task.index()]) + 1.0, longest_by_search(&graph, task, &|_| 1.0));
            }
            let mut place = vec![0; count];
            for (at, task) in graph.topological().iter().enumerate() {
                place[task.index()] = at;
            }
            for task in graph.tasks() {
                prop_assert!(graph.preds(task).iter().all(|pred| place[pred.index()] < place[task.index()]));
            }
        }
    }
}
