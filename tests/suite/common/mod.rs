//! From the text of a scenario to what it comes to.

pub mod scratch;

use std::sync::Arc;

use makespan::metrics::Metric;
use makespan::program::graph::Graph;
use makespan::record::{
    ChunkRow, Interval as CoreInterval, Marker, MessageRow, NoRecord, Outcome, Recorder, StealRow, TaskRow,
};
use makespan::scenario::{Request, Scenario, check};
use makespan::sim::{Failure, simulate};
use makespan::source::{InMemory, render};
use makespan::stats::Interval;
use makespan::time::Time;

/// The scenario of `text`.
pub fn scenario(text: &str) -> Arc<Scenario> {
    let files = InMemory::new([("scenario.toml", text)]);
    match check(&files, &Request { path: "scenario.toml", ..Request::default() }) {
        Ok(checked) => checked.study.cases[0].scenario.clone(),
        Err(refused) => panic!("{}\n{text}", render(&refused.map, &refused.problems, false)),
    }
}

/// What a replicate of `scenario` comes to.
pub fn run(scenario: &Scenario, replicate: u64) -> Outcome {
    attempt(scenario, replicate).unwrap_or_else(|failure| panic!("{}", failure.describe(scenario)))
}

/// The same, or why it comes to nothing.
pub fn attempt(scenario: &Scenario, replicate: u64) -> Result<Outcome, Failure> {
    simulate(scenario, replicate, &mut NoRecord)
}

/// What replicate 0 of the scenario of `text` comes to.
pub fn outcome(text: &str) -> Outcome {
    run(&scenario(text), 0)
}

/// The makespan of replicate 0 in seconds.
pub fn makespan(text: &str) -> f64 {
    value(&outcome(text), Metric::Makespan)
}

/// A metric that must be there.
pub fn value(outcome: &Outcome, metric: Metric) -> f64 {
    outcome.values.get(metric).unwrap_or_else(|| panic!("no {metric:?}"))
}

/// An instant, in ticks of 1 ps.
pub fn at(seconds: f64) -> Time {
    Time::from_ticks((seconds * 1e12).round() as u64)
}

/// An interval of each of `metrics` over so many replicates of the scenario of `text`.
pub fn intervals<const N: usize>(
    text: &str,
    replicates: u64,
    level: f64,
    metrics: [Metric; N],
) -> [Interval; N] {
    let scenario = scenario(text);
    let outcomes: Vec<Outcome> = (0..replicates).map(|replicate| run(&scenario, replicate)).collect();
    metrics.map(|metric| {
        let values: Vec<f64> = outcomes.iter().map(|outcome| value(outcome, metric)).collect();
        Interval::of_mean(&values, level).expect("two replicates or more")
    })
}

/// Asserts that each metric's interval over the replicates of `text` holds what theory expects, and that it is so
/// tight that this says something.
pub fn agrees<const N: usize>(text: &str, replicates: u64, tightness: f64, expected: [(Metric, f64); N]) {
    let measured = intervals(text, replicates, 0.99, expected.map(|(metric, _)| metric));
    for (interval, (metric, expected)) in measured.iter().zip(expected) {
        let (mean, half) = (interval.mean, interval.half_width);
        assert!(interval.contains(expected), "{metric:?}: {mean} ± {half} against {expected}\n{text}");
        assert!(half <= tightness * expected, "{metric:?}: {mean} ± {half} is not tight\n{text}");
    }
}

/// Everything that a run states.
#[derive(Default)]
pub struct Log {
    pub tasks: Vec<TaskRow>,
    pub chunks: Vec<ChunkRow>,
    pub messages: Vec<MessageRow>,
    pub intervals: Vec<CoreInterval>,
    pub marks: Vec<(Time, Marker)>,
    pub steals: Vec<StealRow>,
    pub graphs: Vec<(u32, Arc<Graph>)>,
}

impl Log {
    /// The row of a task of the first workload.
    pub fn task(&self, number: u64) -> &TaskRow {
        let row = self.tasks.iter().find(|row| row.job == 0 && row.number == number);
        row.unwrap_or_else(|| panic!("no task {number}"))
    }

    /// The ends of all tasks of the first workload by their numbers, in seconds.
    pub fn ends(&self) -> Vec<f64> {
        let mut rows: Vec<_> = self.tasks.iter().filter(|row| row.job == 0).collect();
        rows.sort_by_key(|row| row.number);
        rows.iter().map(|row| row.end.ticks() as f64 * 1e-12).collect()
    }
}

impl Recorder for Log {
    fn graph(&mut self, job: u32, graph: &Arc<Graph>) {
        self.graphs.push((job, graph.clone()));
    }

    fn interval(&mut self, interval: &CoreInterval) {
        self.intervals.push(*interval);
    }

    fn task(&mut self, row: &TaskRow) {
        self.tasks.push(*row);
    }

    fn chunk(&mut self, row: &ChunkRow) {
        self.chunks.push(*row);
    }

    fn message(&mut self, row: &MessageRow) {
        self.messages.push(*row);
    }

    fn steal(&mut self, row: &StealRow) {
        self.steals.push(*row);
    }

    fn mark(&mut self, at: Time, marker: Marker) {
        self.marks.push((at, marker));
    }
}

/// What replicate 0 of the scenario of `text` comes to, and all that it states on the way.
pub fn recorded(text: &str) -> (Outcome, Log) {
    let scenario = scenario(text);
    let mut log = Log::default();
    let outcome = simulate(&scenario, 0, &mut log)
        .unwrap_or_else(|failure| panic!("{}\n{text}", failure.describe(&scenario)));
    assert_eq!(outcome.digest, run(&scenario, 0).digest, "being watched changes the run\n{text}");
    (outcome, log)
}
