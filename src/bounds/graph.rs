//! Lower bounds on the makespan of a task graph, in ticks.
//!
//! All assume that every task is done once, from start to end, on cores of one speed for the whole run: the greatest
//! that each can have. Messages, dispatch, faults and waiting only add to them. Cores are given with those speeds, as
//! factors above 0, and there is at least one.

use crate::ids::CoreId;
use crate::program::graph::{Graph, Work};

/// The longest path through the graph, each task taking its least time and data none (Graham 1969).
///
/// It holds for any number of cores and any placement, since a task starts when its predecessors have ended.
pub fn critical_path(graph: &Graph, cores: &[(CoreId, f64)]) -> f64 {
    let least = least_times(graph, cores);
    graph.critical_path(|task| least[task.index()])
}

/// The longest single task, where it is shortest; 0 without tasks.
///
/// It holds also where nothing is known of what waits for what; with it known, [`critical_path`] is at least as great.
pub fn longest_task(graph: &Graph, cores: &[(CoreId, f64)]) -> f64 {
    least_times(graph, cores).into_iter().fold(0.0, f64::max)
}

/// All work shared evenly: Σ work / Σ speed where every cost is uniform, else Σ least time / number of cores; 0 without
/// tasks.
///
/// A core does at most its speed times the makespan. A task of k cores counts k times, since it holds them all and runs
/// as fast as the slowest. Where a task has a cost per core, speeds don't say what a core can do, and the second, weaker
/// form counts the core time that each task takes at least.
pub fn area(graph: &Graph, cores: &[(CoreId, f64)]) -> f64 {
    if graph.is_empty() {
        return 0.0;
    }
    let width = |task| f64::from(graph.cores(task));
    let uniform: Option<f64> = graph
        .tasks()
        .map(|task| match graph.work(task) {
            Work::Uniform(work) => Some(width(task) * work),
            Work::PerCore(_) => None,
        })
        .sum();
    match uniform {
        Some(work) => work / cores.iter().map(|&(_, speed)| speed).sum::<f64>(),
        None => {
            let least = least_times(graph, cores);
            let held: f64 = graph.tasks().map(|task| width(task) * least[task.index()]).sum();
            held / cores.len() as f64
        }
    }
}

/// What each task takes at least: its time on the core where it is shortest.
fn least_times(graph: &Graph, cores: &[(CoreId, f64)]) -> Vec<f64> {
    // Uniform work needs the greatest speed only, found once.
    let greatest = cores.iter().map(|&(_, speed)| speed).fold(0.0, f64::max);
    let least = |task| match graph.work(task) {
        Work::Uniform(work) => work / greatest,
        per_core => cores.iter().map(|&(core, speed)| per_core.on(core, speed)).fold(f64::INFINITY, f64::min),
    };
    graph.tasks().map(least).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::graph::GraphBuilder;

    fn cores(speeds: &[f64]) -> Vec<(CoreId, f64)> {
        speeds.iter().enumerate().map(|(core, &speed)| (CoreId::new(core), speed)).collect()
    }

    fn chain(works: &[f64]) -> Graph {
        let mut builder = GraphBuilder::default();
        let tasks: Vec<_> = works.iter().map(|&work| builder.task("t", Work::Uniform(work))).collect();
        tasks.windows(2).for_each(|pair| builder.send(pair[0], pair[1], 1_000_000));
        builder.build().unwrap()
    }

    #[test]
    fn a_chain_takes_its_work_at_the_greatest_speed_however_many_cores_there_are() {
        let graph = chain(&[3.0, 5.0, 4.0]);
        assert_eq!(critical_path(&graph, &cores(&[1.0, 2.0, 0.5])), 6.0);
        assert_eq!(longest_task(&graph, &cores(&[1.0, 2.0, 0.5])), 2.5);
        assert_eq!(area(&graph, &cores(&[1.0, 2.0, 1.0])), 3.0);
    }

    #[test]
    fn a_task_of_several_cores_fills_the_area_of_them_all() {
        let mut builder = GraphBuilder::default();
        let wide = builder.task("wide", Work::Uniform(4.0));
        builder.cores(wide, 3);
        builder.task("narrow", Work::Uniform(4.0));
        // Both side by side fill four cores for 4 ticks.
        assert_eq!(area(&builder.build().unwrap(), &cores(&[1.0; 4])), 4.0);
    }

    #[test]
    fn costs_per_core_count_at_their_least_and_only_on_the_cores_given() {
        let mut builder = GraphBuilder::default();
        let a = builder.task("a", Work::PerCore(&[14.0, 16.0, 9.0]));
        let b = builder.task("b", Work::PerCore(&[13.0, 7.0, 18.0]));
        builder.order(a, b);
        let graph = builder.build().unwrap();
        let all = cores(&[1.0, 1.0, 1.0]);
        assert_eq!(critical_path(&graph, &all), 16.0);
        assert_eq!(critical_path(&graph, &all[..2]), 21.0);
        assert_eq!(longest_task(&graph, &all), 9.0);
        assert!((area(&graph, &all) - 16.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn an_empty_graph_takes_no_time() {
        let graph = chain(&[]);
        let machine = cores(&[1.0]);
        assert_eq!(
            [critical_path(&graph, &machine), area(&graph, &machine), longest_task(&graph, &machine)],
            [0.0; 3]
        );
    }
}
