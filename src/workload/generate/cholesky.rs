//! The tiled Cholesky factorisation, a benchmark of task-based runtimes.

use super::{Sampler, built};
use crate::program::graph::{Graph, GraphBuilder};

/// The right-looking factorisation of a symmetric matrix of `tiles` × `tiles` tiles (Buttari et al. 2009).
///
/// Step k factors tile (k, k), `potrf k`; solves the tiles below it, `trsm i.k`; and updates what is right of them:
/// the diagonal by `syrk i.k`, the rest by `gemm i.j.k` for i > j > k. Tasks are numbered in that order. Work weighs
/// 1/3, 1, 1 and 2: floating-point operations in units of b³, b being the order of a tile. Every task writes one
/// tile, a datum of weight 1 that all its readers share; the tiles of the matrix itself are everywhere.
#[derive(Clone, Copy, Debug)]
pub struct Cholesky {
    /// Tiles along the diagonal, at least 1.
    pub tiles: u32,
}

impl Cholesky {
    /// The number of tasks: n(n + 1)(n + 2) / 6.
    pub fn task_count(self) -> u128 {
        let n = u128::from(self.tiles);
        n * (n + 1) * (n + 2) / 6
    }

    /// The graph.
    ///
    /// # Panics
    ///
    /// If [`task_count`](Self::task_count) exceeds 2³² − 1.
    pub fn graph(self, sampler: &mut Sampler<'_>) -> Graph {
        let n = self.tiles;
        let mut builder = GraphBuilder::default();
        let [potrf, trsm, syrk, gemm] = ["potrf", "trsm", "syrk", "gemm"].map(|kind| builder.stem(kind));
        // The latest version of each tile of the lower triangle, row by row; none before its first task.
        let tile = |row: u32, column: u32| row as usize * (row as usize + 1) / 2 + column as usize;
        let mut latest = vec![None; tile(n, 0)];
        let mut step = |stem, numbers: &[u32], weight, reads: &[usize], writes: usize| {
            let task = builder.numbered(stem, numbers, sampler.work(weight));
            for &read in reads.iter().chain([&writes]) {
                if let Some(datum) = latest[read] {
                    builder.reads(task, datum);
                }
            }
            latest[writes] = Some(builder.datum(task, (sampler.bytes)(1.0)));
        };
        for k in 0..n {
            step(potrf, &[k], 1.0 / 3.0, &[], tile(k, k));
            for i in k + 1..n {
                step(trsm, &[i, k], 1.0, &[tile(k, k)], tile(i, k));
            }
            for i in k + 1..n {
                step(syrk, &[i, k], 1.0, &[tile(i, k)], tile(i, i));
                for j in k + 1..i {
                    step(gemm, &[i, j, k], 2.0, &[tile(i, k), tile(j, k)], tile(i, j));
                }
            }
        }
        built(builder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{CoreId, TaskId};

    /// Work in units of b³ / 3, so that it is whole.
    fn in_thirds(tiles: u32) -> Graph {
        let mut work = |weight: f64| (weight * 3.0).round();
        Cholesky { tiles }.graph(&mut Sampler { work: &mut work, bytes: &mut |_| 8 })
    }

    fn work(graph: &Graph) -> impl Fn(TaskId) -> f64 {
        |task| graph.work(task).on(CoreId::new(0), 1.0)
    }

    fn names(graph: &Graph, tasks: &[TaskId]) -> Vec<String> {
        tasks.iter().map(|&task| graph.name(task).to_string()).collect()
    }

    #[test]
    fn tasks_are_as_many_as_the_tetrahedral_number_and_their_work_is_a_third_of_n_cubed() {
        for tiles in 1..=12 {
            let graph = in_thirds(tiles);
            assert_eq!(graph.len() as u128, Cholesky { tiles }.task_count());
            let total: f64 = graph.tasks().map(work(&graph)).sum();
            assert_eq!(total, f64::from(tiles * tiles * tiles));
        }
    }

    #[test]
    fn the_critical_path_is_nine_n_minus_ten_thirds() {
        // potrf, trsm, then n − 2 times gemm and trsm, then syrk and potrf: 1 + 3 + 9(n − 2) + 3 + 1, as Bouwmeester &
        // Langou 2010 give it.
        for tiles in 2..=12 {
            let graph = in_thirds(tiles);
            assert_eq!(graph.critical_path(work(&graph)), f64::from(9 * tiles - 10));
        }
    }

    #[test]
    fn three_tiles_make_the_ten_tasks_of_the_textbook() {
        let graph = in_thirds(3);
        let all: Vec<_> = graph.tasks().collect();
        assert_eq!(
            names(&graph, &all),
            [
                "potrf 0",
                "trsm 1.0",
                "trsm 2.0",
                "syrk 1.0",
                "syrk 2.0",
                "gemm 2.1.0",
                "potrf 1",
                "trsm 2.1",
                "syrk 2.1",
                "potrf 2"
            ]
        );
        assert_eq!(names(&graph, graph.preds(TaskId::new(5))), ["trsm 1.0", "trsm 2.0"]);
        assert_eq!(names(&graph, graph.preds(TaskId::new(7))), ["gemm 2.1.0", "potrf 1"]);
        assert_eq!(names(&graph, graph.preds(TaskId::new(8))), ["syrk 2.0", "trsm 2.1"]);
    }
}
