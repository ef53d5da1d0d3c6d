//! Chunks of one size.

use super::plain::Plain;
use super::{Best, Formula, Law, Theory};
use crate::metrics::Metric;
use crate::scenario::Scenario;

/// Independent iterations in chunks of one size.
pub(super) static KRUSKAL_WEISS: Theory = Theory {
    name: "kruskal-weiss",
    about: "random iterations in chunks of k, ten or more on each core: (N/P)·(μ + h/k) + σ·√(2k·ln P), least at \
            k = (√2·N·h/(σ·P·√ln P))^(2/3)",
    cite: "Kruskal & Weiss 1985, section 4",
    law: Law::Formula(Formula {
        parameters,
        metrics: &[Metric::Makespan],
        value: makespan,
        best: Some(Best { keys: &["self", "chunk"], value: best }),
    }),
};

/// Iterations, cores, mean and standard deviation of an iteration, what handing out a chunk takes (all in seconds), and
/// the size of a chunk.
fn parameters(scenario: &Scenario) -> Result<Vec<f64>, String> {
    let plain = Plain::of(scenario)?.sound()?;
    let Some(shape) = plain.job.workload.shape().filter(|shape| shape.steps == 1) else {
        return Err("needs a loop of one time step".to_owned());
    };
    let Some(chunk) = plain.schedule.chunks.chunk() else {
        return Err("needs chunks of one size".to_owned());
    };
    let cost = plain.schedule.cost;
    if cost.serial {
        return Err(
            "needs `cost.serial = false`: cores that don't wait for one another to be served".to_owned()
        );
    }
    let dispatch = scenario.scale.seconds(cost.dispatch.ticks() as f64);
    let (mean, sd) = (plain.seconds(shape.mean), plain.seconds(shape.sd));
    Ok(vec![shape.iterations as f64, plain.cores, mean, sd, dispatch, chunk as f64])
}

/// The fewest chunks a core for which the formula holds.
const CHUNKS: f64 = 10.0;

fn makespan(parameters: &[f64], _: Metric) -> Option<f64> {
    let [iterations, cores, mean, sd, dispatch, chunk] = *parameters else { return None };
    // With fewer chunks it counts that a core takes a whole number of them.
    if CHUNKS * chunk * cores > iterations || !sd.is_finite() {
        return None;
    }
    Some(iterations / cores * (mean + dispatch / chunk) + sd * (2.0 * chunk * libm::log(cores)).sqrt())
}

fn best(parameters: &[f64]) -> Option<f64> {
    let [iterations, cores, _, sd, dispatch, _] = *parameters else { return None };
    let ratio = core::f64::consts::SQRT_2 * iterations * dispatch / (sd * cores * libm::log(cores).sqrt());
    let size = libm::cbrt(ratio * ratio);
    (size >= 1.0 && CHUNKS * size * cores <= iterations).then_some(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_size_is_where_the_time_is_least() {
        let with = |chunk: f64| [1e5, 16.0, 1e-3, 1e-3, 5e-4, chunk];
        let size = best(&with(1.0)).unwrap();
        let at = |chunk: f64| makespan(&with(chunk), Metric::Makespan).unwrap();
        assert!(at(size) < at(0.99 * size) && at(size) < at(1.01 * size));
        assert_eq!(makespan(&with(1e5), Metric::Makespan), None);
    }
}
