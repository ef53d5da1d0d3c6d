//! How often a study's intervals hold the truth.

use crate::common::{run, scenario, value};
use makespan::metrics::Metric;
use makespan::stats::Interval;

/// The part of experiments of so many replicates each whose interval at `level` holds `truth`.
fn coverage(values: &[f64], replicates: usize, level: f64, truth: f64) -> f64 {
    let experiments = values.chunks_exact(replicates);
    let count = experiments.len() as f64;
    let held = experiments
        .filter(|values| Interval::of_mean(values, level).expect("two replicates or more").contains(truth));
    held.count() as f64 / count
}

#[test]
fn students_intervals_hold_the_truth_as_often_as_their_level_says() {
    // Student 1908. Forty tasks on one core take forty times their mean, and the sum is all but normal; beside it the
    // makespan of a bag on three cores, whose mean nobody knows: the mean of all experiments stands for it.
    let sequential =
        "machine.cores = 1\nworkload.tasks = { count = 40, work = { uniform = [\"1 s\", \"5 s\"] } }";
    let parallel =
        "machine.cores = 3\nworkload.tasks = { count = 40, work = { gamma = { mean = \"3 s\", cv = 0.5 } } }";
    let (experiments, replicates) = (1200, 8);
    for (text, truth) in [(sequential, Some(120.0)), (parallel, None)] {
        let scenario = scenario(text);
        let values: Vec<f64> = (0..experiments * replicates)
            .map(|replicate| value(&run(&scenario, replicate as u64), Metric::Makespan))
            .collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let truth = truth.unwrap_or(mean);
        assert!((mean / truth - 1.0).abs() < 2e-3);
        for level in [0.8, 0.9, 0.95, 0.99] {
            let held = coverage(&values, replicates, level, truth);
            // Three standard deviations of a binomial part.
            let allowed = 3.0 * (level * (1.0 - level) / experiments as f64).sqrt();
            assert!((held - level).abs() < allowed, "{held} of {level} ± {allowed}\n{text}");
        }
    }
}

#[test]
fn skewed_values_need_more_replicates_for_the_same_coverage() {
    // The completion of a job that restarts is all but exponential, far from normal: with 5 replicates 95 % intervals
    // hold its mean (e^{W/M} − 1) M less often, with 40 nearly as often as they say.
    let text = "machine.cores = 1\nworkload.tasks = { count = 1, work = \"10 s\" }\n\
                [faults.inject.x]\ntarget = \"node 0\"\nfault = \"crash\"\nmtbf.exponential = \"5 s\"\nrepair = \"0 s\"\n\
                [faults]\nrecover = \"retry\"";
    let truth = (libm::exp(2.0) - 1.0) * 5.0;
    let scenario = scenario(text);
    let values: Vec<f64> =
        (0..40_000).map(|replicate| value(&run(&scenario, replicate), Metric::Makespan)).collect();
    let (few, many) = (coverage(&values, 5, 0.95, truth), coverage(&values, 40, 0.95, truth));
    assert!(0.80 < few && few < 0.93, "{few}");
    assert!(0.92 < many && many < 0.97, "{many}");
}
