//! The fast Fourier transform as a task graph.

use super::{Sampler, built};
use crate::ids::TaskId;
use crate::program::graph::{Graph, GraphBuilder};

/// A one-dimensional transform of n points, a power of two, as in Topcuoglu, Hariri & Wu 2002:
/// 2n − 1 recursive calls and n·log₂ n butterflies.
///
/// The calls form a binary tree: `call d.i` splits its n / 2ᵈ points in two halves and sends one to each of the calls
/// below it. The n leaves feed log₂ n rows of n butterflies: `butterfly l.i` needs positions i and i with bit l flipped
/// of the row above. The unit is a point: a call weighs the points that it has, an edge of the tree the points that
/// it moves, a butterfly 1 and its result, one datum for both readers, 1.
#[derive(Clone, Copy, Debug)]
pub struct Fft {
    /// The base-two logarithm of the number of points, at most 31.
    pub log2_points: u32,
}

impl Fft {
    /// The number of tasks: 2n − 1 + n·log₂ n.
    pub fn task_count(self) -> u128 {
        let points = 1_u128 << self.log2_points;
        2 * points - 1 + points * u128::from(self.log2_points)
    }

    /// The graph.
    ///
    /// # Panics
    ///
    /// If [`task_count`](Self::task_count) exceeds 2³² − 1.
    pub fn graph(self, sampler: &mut Sampler<'_>) -> Graph {
        let points = 1_u32 << self.log2_points;
        let mut builder = GraphBuilder::default();
        let [call, butterfly] = ["call", "butterfly"].map(|kind| builder.stem(kind));
        let mut row: Vec<TaskId> = Vec::new();
        for depth in 0..=self.log2_points {
            let size = f64::from(points >> depth);
            let calls: Vec<_> =
                (0..1 << depth).map(|i| builder.numbered(call, &[depth, i], sampler.work(size))).collect();
            for (i, &child) in calls.iter().enumerate().take(2 * row.len()) {
                builder.send(row[i / 2], child, (sampler.bytes)(size));
            }
            row = calls;
        }
        for level in 0..self.log2_points {
            let below: Vec<_> =
                (0..points).map(|i| builder.numbered(butterfly, &[level, i], sampler.work(1.0))).collect();
            for (i, &above) in row.iter().enumerate() {
                let result = builder.datum(above, (sampler.bytes)(1.0));
                builder.reads(below[i], result);
                builder.reads(below[i ^ (1 << level)], result);
            }
            row = below;
        }
        built(builder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::CoreId;

    fn of(log2_points: u32) -> Graph {
        Fft { log2_points }
            .graph(&mut Sampler { work: &mut |points| points, bytes: &mut |points| points as u64 * 16 })
    }

    #[test]
    fn tasks_are_as_many_as_topcuoglu_counts() {
        assert_eq!(of(0).len(), 1);
        assert_eq!(of(2).len(), 15);
        for log2_points in 0..=7 {
            assert_eq!(of(log2_points).len() as u128, Fft { log2_points }.task_count());
        }
    }

    #[test]
    fn every_result_depends_on_every_leaf() {
        let graph = of(4);
        let leaves: Vec<_> = graph.tasks().skip(15).take(16).collect();
        for leaf in leaves {
            let mut reached = vec![false; graph.len()];
            reached[leaf.index()] = true;
            for &task in graph.topological() {
                let behind = graph.preds(task).iter().any(|pred| reached[pred.index()]);
                reached[task.index()] |= behind;
            }
            assert!(reached[graph.len() - 16..].iter().all(|&reached| reached));
        }
    }

    #[test]
    fn every_path_from_the_root_is_critical() {
        // n + n/2 + … + 1 = 2n − 1 for the calls, log₂ n for the butterflies; the least levels are the greatest.
        let graph = of(5);
        assert_eq!(graph.critical_path(|task| graph.work(task).on(CoreId::new(0), 1.0)), 63.0 + 5.0);
        let levels = graph.levels();
        for task in graph.tasks() {
            assert!(graph.preds(task).iter().all(|pred| levels[pred.index()] + 1 == levels[task.index()]));
        }
    }
}
