//! Fork and join in stages, as bulk-synchronous programs do.

use super::{Sampler, built};
use crate::program::graph::{Graph, GraphBuilder};

/// `stages` times: a fork into `width` tasks and a join that is the next fork.
///
/// The `fork` and each `join s` cost nothing themselves; each `work s.i` weighs 1, and so do the datum that it is sent
/// and the one that it sends to the join. On enough equal cores, without communication, the makespan is
/// Σ over stages of the longest task.
#[derive(Clone, Copy, Debug)]
pub struct ForkJoin {
    /// How often the work forks and joins, at least 1.
    pub stages: u32,
    /// Tasks between a fork and its join, at least 1.
    pub width: u32,
}

impl ForkJoin {
    /// The number of tasks: 1 + stages · (width + 1).
    pub fn task_count(self) -> u128 {
        1 + u128::from(self.stages) * (u128::from(self.width) + 1)
    }

    /// The graph.
    ///
    /// # Panics
    ///
    /// If [`task_count`](Self::task_count) exceeds 2³² − 1.
    pub fn graph(self, sampler: &mut Sampler<'_>) -> Graph {
        let mut builder = GraphBuilder::default();
        let [fork, work, join] = ["fork", "work", "join"].map(|kind| builder.stem(kind));
        let mut source = builder.numbered(fork, &[], sampler.work(0.0));
        for stage in 0..self.stages {
            let first = builder.numbered(work, &[stage, 0], sampler.work(1.0));
            let rest = (1..self.width).map(|i| builder.numbered(work, &[stage, i], sampler.work(1.0)));
            let workers: Vec<_> = std::iter::once(first).chain(rest).collect();
            let sink = builder.numbered(join, &[stage], sampler.work(0.0));
            for worker in workers {
                builder.send(source, worker, (sampler.bytes)(1.0));
                builder.send(worker, sink, (sampler.bytes)(1.0));
            }
            source = sink;
        }
        built(builder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{CoreId, TaskId};

    #[test]
    fn stages_follow_each_other_and_the_longest_task_of_each_counts() {
        let mut next = 0.0;
        let mut work = |weight: f64| {
            next += weight;
            next
        };
        let shape = ForkJoin { stages: 3, width: 4 };
        let graph = shape.graph(&mut Sampler { work: &mut work, bytes: &mut |_| 5 });
        assert_eq!(graph.len() as u128, shape.task_count());
        // Works are 1, 2, … 12 in order: the longest are 4, 8 and 12.
        assert_eq!(graph.critical_path(|task| graph.work(task).on(CoreId::new(0), 1.0)), 24.0);
        let join = TaskId::new(5);
        assert_eq!(graph.name(join).to_string(), "join 0");
        assert_eq!((graph.preds(join).len(), graph.succs(join).len()), (4, 4));
        assert_eq!(graph.edges_into(join).map(|edge| edge.bytes).max(), Some(Some(5)));
    }
}
