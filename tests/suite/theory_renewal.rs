//! Expected completion under exponential failures: the exact renewal expectations of the conventions on the model
//! page, and Daly's complete model beside them.

use crate::common::intervals;
use makespan::metrics::Metric;

/// Work of `work` seconds a task on so many nodes that fail with a mean time up of `mean`, repaired in `repair`.
fn job(nodes: u32, work: f64, mean: f64, repair: f64, recover: &str) -> String {
    format!(
        "machine = {{ nodes = {nodes}, cores = 1 }}\nschedule.policy = \"static-block\"\n\
         workload.tasks = {{ count = {nodes}, work = \"{work} s\" }}\n\
         [faults.inject.nodes]\ntarget = \"every node\"\nfault = \"crash\"\n\
         mtbf.exponential = \"{mean} s\"\nrepair = \"{repair} s\"\n[faults]\nrecover.{recover}"
    )
}

/// The expected time until something that needs `span` seconds without a failure is through, where failures come with
/// mean `mean`, each costs `down` and then `restart`, which failures can strike again.
///
/// With X exponential, after a failure a try needs C + s: E₂ = E[min(X, C + s)] + P(X < C + s) (D + E₂), hence
/// E₂ = (e^{(C+s)/M} − 1)(M + D). The first try needs no restart: E = E[min(X, s)] + P(X < s) (D + E₂), which is
/// (e^{s/M} − 1) e^{C/M} (M + D). (Feller 1968, chapter XIII; with D = 0 each segment of Daly 2006, equation 20.)
fn expected(span: f64, mean: f64, down: f64, restart: f64) -> f64 {
    (libm::exp(span / mean) - 1.0) * libm::exp(restart / mean) * (mean + down)
}

fn holds(text: &str, expected: f64) -> f64 {
    let [interval] = intervals(text, 3000, 0.99, [Metric::Makespan]);
    let (mean, half) = (interval.mean, interval.half_width);
    assert!(interval.contains(expected), "{mean} ± {half} against {expected}\n{text}");
    assert!(half < 0.06 * mean, "{mean} ± {half}\n{text}");
    mean
}

#[test]
fn a_job_that_restarts_takes_the_renewal_expectation() {
    for (work, mean, repair, restart) in
        [(10.0, 10.0, 0.0, 0.0), (10.0, 10.0, 3.0, 0.0), (10.0, 10.0, 0.0, 4.0), (12.0, 8.0, 2.0, 1.0)]
    {
        let text = job(1, work, mean, repair, &format!("restart = {{ restart = \"{restart} s\" }}"));
        holds(&text, expected(work, mean, repair, restart));
    }
}

#[test]
fn a_task_that_is_tried_again_takes_what_a_restart_without_cost_takes() {
    holds(&job(1, 10.0, 10.0, 3.0, "retry = {}"), expected(10.0, 10.0, 3.0, 0.0));
}

/// How long it takes, on average, from the failure of one of so many nodes until all are up. Each is up for M and down
/// for R on average, so all are up a part (M / (M + R))ⁿ of the time; spells of all up last M / n on average, and each
/// begins anew since times up are memoryless: so the spells between last (M / n) ((1 + R/M)ⁿ − 1).
fn all_back(nodes: u32, mean: f64, repair: f64) -> f64 {
    mean / f64::from(nodes) * ((1.0 + repair / mean).powi(nodes as i32) - 1.0)
}

#[test]
fn the_first_failure_of_any_node_stops_them_all_until_all_are_up() {
    for (nodes, work, mean, repair, restart) in
        [(2, 10.0, 20.0, 0.0, 1.0), (4, 10.0, 40.0, 10.0, 0.0), (5, 8.0, 50.0, 6.0, 2.0)]
    {
        let text = job(nodes, work, mean, repair, &format!("restart = {{ restart = \"{restart} s\" }}"));
        let down = all_back(nodes, mean, repair);
        holds(&text, expected(work, mean / f64::from(nodes), down, restart));
    }
}

fn checkpointed(interval: f64, cost: f64, restart: f64, last: bool) -> String {
    format!(
        "checkpoint = {{ interval = \"{interval} s\", cost = \"{cost} s\", restart = \"{restart} s\", last = {last} }}"
    )
}

#[test]
fn a_job_with_checkpoints_takes_the_renewal_expectation_of_its_segments() {
    // Segments of interval + cost, the last without a checkpoint; a failure costs repair and restart and repeats its
    // segment only.
    let cases = [
        (1, 40.0, 5.0, 0.5, 20.0, 0.0, 0.0),
        (1, 37.0, 5.0, 0.5, 20.0, 2.0, 1.0),
        (3, 30.0, 4.0, 1.0, 60.0, 5.0, 2.0),
    ];
    for (nodes, work, interval, cost, mean, repair, restart) in cases {
        let text = job(nodes, work, mean, repair, &checkpointed(interval, cost, restart, false));
        let (mean, down) = (mean / f64::from(nodes), all_back(nodes, mean, repair));
        let full = (work / interval).ceil() - 1.0;
        let exact = full * expected(interval + cost, mean, down, restart)
            + expected(work - full * interval, mean, down, restart);
        holds(&text, exact);
    }
}

#[test]
fn dalys_complete_model_is_met_where_its_conventions_are_and_else_differs_as_derived() {
    // Daly 2006, equation 20: T = M e^{R/M} (e^{(τ+δ)/M} − 1) Ts / τ.
    let (work, interval, cost, mean, restart) = (40.0, 5.0, 0.5, 20.0, 1.0);
    let daly =
        mean * libm::exp(restart / mean) * (libm::exp((interval + cost) / mean) - 1.0) * work / interval;
    // It counts a checkpoint after the last segment too, and no time of repair: asked for that, it is exact.
    holds(&job(1, work, mean, 0.0, &checkpointed(interval, cost, restart, true)), daly);
    // Without the last checkpoint our expectation is less by the difference of one segment with and without it …
    let spared = expected(interval + cost, mean, 0.0, restart) - expected(interval, mean, 0.0, restart);
    holds(&job(1, work, mean, 0.0, &checkpointed(interval, cost, restart, false)), daly - spared);
    // … and with a repair, in which no failure strikes, it is greater by the factor (M + D) / M; Daly has it within R,
    // where failures strike.
    let repaired = job(1, work, mean, 3.0, &checkpointed(interval, cost, restart, true));
    holds(&repaired, daly * (mean + 3.0) / mean);
}

#[test]
fn the_best_intervals_of_young_and_daly_are_near_the_least_of_the_expectation() {
    // Young 1974: √(2δM); Daly 2006, equation 37. Both are asked of the program and compared with the least over all
    // intervals of the exact expectation per second of work.
    let (cost, mean) = (1.0, 50.0);
    let per_second = |interval: f64| expected(interval + cost, mean, 0.0, 0.0) / interval;
    let least = (1..4000).map(|at| per_second(f64::from(at) * 0.01)).fold(f64::INFINITY, f64::min);
    let young = f64::sqrt(2.0 * cost * mean);
    let x = cost / (2.0 * mean);
    let daly = young * (1.0 + x.sqrt() / 3.0 + x / 9.0) - cost;
    for (name, interval) in [("young", young), ("daly", daly)] {
        assert!(per_second(interval) < 1.01 * least, "{name}");
        // The interval that the program takes shows in what it makes of the whole.
        let recover = format!("checkpoint = {{ interval = \"{name}\", cost = \"1 s\" }}");
        let long = intervals(&job(1, 60.0, mean, 0.0, &recover), 2000, 0.99, [Metric::Makespan])[0];
        let full = (60.0 / interval).ceil() - 1.0;
        let exact = full * expected(interval + cost, mean, 0.0, 0.0)
            + expected(60.0 - full * interval, mean, 0.0, 0.0);
        assert!(long.contains(exact), "{name}: {long:?} {exact}");
    }
}
