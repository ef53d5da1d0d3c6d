//! Random graphs in layers, the usual sample for schedulers.

use super::{Sampler, built};
use crate::ids::TaskId;
use crate::program::graph::{Graph, GraphBuilder};

/// How many tasks of the layer above a task waits for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Density {
    /// Each with this probability (0 to 1), independently; where that gives none, one drawn uniformly.
    Probability(f64),
    /// So many different ones (at least 1, at most the width counts), drawn uniformly.
    Degree(u32),
}

/// `layers` layers of `width` tasks, `task l.i`, each below the first waiting for some of the layer above
/// (after the layered methods of the Standard Task Graph Set, Tobita & Kasahara 2002). Tasks weigh 1; each edge has its
/// own datum, weighing 1.
#[derive(Clone, Copy, Debug)]
pub struct Layered {
    /// Layers, at least 1; the longest path has as many tasks.
    pub layers: u32,
    /// Tasks of a layer, at least 1.
    pub width: u32,
    /// Edges between neighbouring layers.
    pub density: Density,
}

impl Layered {
    /// The number of tasks: layers · width.
    pub fn task_count(self) -> u128 {
        u128::from(self.layers) * u128::from(self.width)
    }

    /// The graph. `uniform` draws from [0, 1): per task below the first layer, `width` numbers (and one more where
    /// they give no edge) for a probability, `degree` for a degree.
    ///
    /// # Panics
    ///
    /// If [`task_count`](Self::task_count) exceeds 2³² − 1.
    pub fn graph(self, sampler: &mut Sampler<'_>, uniform: &mut dyn FnMut() -> f64) -> Graph {
        let mut builder = GraphBuilder::default();
        let stem = builder.stem("task");
        let mut above: Vec<TaskId> = Vec::new();
        for layer in 0..self.layers {
            let mut tasks = Vec::with_capacity(self.width as usize);
            for i in 0..self.width {
                let task = builder.numbered(stem, &[layer, i], sampler.work(1.0));
                for pred in self.chosen(&mut above, uniform) {
                    builder.send(pred, task, (sampler.bytes)(1.0));
                }
                tasks.push(task);
            }
            above = tasks;
        }
        built(builder)
    }

    /// Some of the tasks above, lowest first. Leaves them in another order.
    fn chosen(self, above: &mut [TaskId], uniform: &mut dyn FnMut() -> f64) -> Vec<TaskId> {
        let below = |fraction: f64, count: usize| ((fraction * count as f64) as usize).min(count - 1);
        let mut chosen: Vec<TaskId> = Vec::new();
        match self.density {
            _ if above.is_empty() => {}
            Density::Probability(probability) => {
                chosen.extend(above.iter().copied().filter(|_| uniform() < probability));
                if chosen.is_empty() {
                    chosen.push(above[below(uniform(), above.len())]);
                }
            }
            Density::Degree(degree) => {
                // The first steps of a Fisher–Yates shuffle; any order to begin with gives a uniform choice.
                let degree = above.len().min(degree.max(1) as usize);
                for at in 0..degree {
                    let other = at + below(uniform(), above.len() - at);
                    above.swap(at, other);
                }
                chosen.extend_from_slice(&above[..degree]);
                chosen.sort_unstable();
            }
        }
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small linear congruential generator (Knuth's MMIX constants), its upper bits as a fraction.
    fn noise(mut state: u64) -> impl FnMut() -> f64 {
        move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        }
    }

    fn of(density: Density) -> Graph {
        let mut sampler = Sampler { work: &mut |weight| weight, bytes: &mut |_| 1 };
        Layered { layers: 20, width: 30, density }.graph(&mut sampler, &mut noise(7))
    }

    #[test]
    fn every_task_waits_for_the_layer_above_so_layers_are_levels() {
        for density in [Density::Probability(0.02), Density::Degree(3)] {
            let levels = of(density).levels();
            assert!(
                levels.chunks(30).enumerate().all(|(layer, row)| row.iter().all(|&l| l as usize == layer))
            );
        }
    }

    #[test]
    fn a_degree_is_kept_exactly_and_never_exceeds_the_width() {
        for (degree, expected) in [(3, 3), (99, 30)] {
            let graph = of(Density::Degree(degree));
            assert!(graph.tasks().skip(30).all(|task| graph.preds(task).len() == expected));
        }
    }

    #[test]
    fn a_probability_gives_its_share_of_the_possible_edges() {
        assert_eq!(of(Density::Probability(1.0)).edges_len(), 19 * 30 * 30);
        assert_eq!(of(Density::Probability(0.0)).edges_len(), 19 * 30);
        // 17 100 trials at 0.25: five standard deviations are 283 edges.
        let edges = of(Density::Probability(0.25)).edges_len() as f64;
        assert!((edges - 4275.0).abs() < 283.0, "{edges}");
    }

    #[test]
    fn a_degree_prefers_no_task_above() {
        let graph = of(Density::Degree(3));
        // 19 layers × 30 tasks × 3 choices over 570 tasks: 3 each on average, variance 30 · 0.1 · 0.9 = 2.7, so that
        // (count − 1) · sample variance / 2.7 has mean near 570 and standard deviation near √(2 · 570) = 34.
        let spread: f64 =
            graph.tasks().take(570).map(|task| (graph.succs(task).len() as f64 - 3.0).powi(2)).sum();
        assert!((spread / 2.7 - 570.0).abs() < 5.0 * 34.0, "{spread}");
    }
}
