//! What a study came to: the one plain value between running and reporting.

use super::{Comparison, Judgement, Selection, Summary};
use crate::metrics::{Metric, Values};
use crate::record::{CoreTimes, Digest, Fates};
use crate::stats::BatchMeans;

/// What a study came to. Times are in seconds, other values in their metric's unit.
#[derive(Clone, PartialEq, Debug)]
pub struct Results {
    /// What the study is called.
    pub title: Option<String>,
    /// What it is to answer.
    pub question: Option<String>,
    /// The seed of all random numbers.
    pub seed: u64,
    /// The level that all intervals have, or exceed: 0.95.
    pub level: f64,
    /// Whether anything is drawn at random; if not, one replicate says all.
    pub random: bool,
    /// The metrics to show: at least one, the first being the one that is compared.
    pub metrics: Vec<Metric>,
    /// The cases in the order of the study: the variants at the first point, the baseline first; then those at the
    /// second…
    pub cases: Vec<CaseResult>,
    /// What became of the scenario's expectations.
    pub judgements: Vec<Judgement>,
    /// What became of the precision that was asked for, if one was.
    pub precision: Option<Precision>,
    /// What became of the search for the best variant, if only that was asked for.
    pub selection: Option<Selection>,
    /// What a reader must know, a sentence each: what is free, what is approximate.
    pub notes: Vec<String>,
    /// All that happened in all replicates of all cases, in a number.
    pub digest: Digest,
}

/// What one variant at one point came to.
#[derive(Clone, PartialEq, Debug)]
pub struct CaseResult {
    /// The variant's label.
    pub label: String,
    /// The point of the sweep, from 0.
    pub point: usize,
    /// What the sweep set here, as `(key, value)`; empty without a sweep.
    pub setting: Vec<(String, String)>,
    /// The values of the setting as they are shown to people: without digits that tell nothing.
    pub shown: Vec<String>,
    /// The number of cores of the machine.
    pub cores: usize,
    /// One after another, from number 0.
    pub replicates: Vec<Replicate>,
    /// Every metric that has a value, in the order of [`METRICS`](crate::metrics::METRICS).
    pub summaries: Vec<Summary>,
    /// Against the baseline at the same point, metric by metric; of the baseline itself none.
    pub comparisons: Vec<Comparison>,
    /// After how many replicates it was left out of the search for the best variant, if it was.
    pub left_out: Option<usize>,
    /// The lower bounds on the makespan.
    pub bounds: Vec<MeanBound>,
    /// Where the time of all cores went, in ticks over all replicates together.
    pub times: CoreTimes,
    /// What became of the tasks of all replicates together.
    pub fates: Fates,
    /// The seconds that the real system took, where the workload is a record of one.
    pub recorded: Option<f64>,
    /// All that happened in its replicates, in a number.
    pub digest: Digest,
}

/// What one replicate came to.
#[derive(Clone, PartialEq, Debug)]
pub struct Replicate {
    /// One value a metric.
    pub values: Values,
    /// The lower bounds on its makespan in seconds, in the order of the case's; absent where one doesn't hold.
    pub bounds: Vec<Option<f64>>,
    /// Whether the horizon ended it.
    pub cut: bool,
    /// Observations left out at the start as warm-up; `None` where MSER-5 found the run too short.
    pub warmup: Option<u64>,
    /// Whether quantiles are exact, or from a three-digit histogram.
    pub exact_quantiles: bool,
    /// The batch means of the response times after the warm-up; none of few, and of more than 10⁶.
    pub batches: Option<BatchMeans>,
    /// Events handled.
    pub events: u64,
    /// What happened, in a number.
    pub digest: Digest,
}

/// A lower bound on the makespan, over replicates.
#[derive(Clone, PartialEq, Debug)]
pub struct MeanBound {
    /// Its name, such as `area` or `critical path`.
    pub name: &'static str,
    /// What it assumes, or why it is absent.
    pub about: &'static str,
    /// The mean in seconds; absent where its assumptions don't hold in some replicate.
    pub seconds: Option<f64>,
}

/// What became of the precision that was asked for.
#[derive(Clone, PartialEq, Debug)]
pub struct Precision {
    /// Of which metric.
    pub metric: Metric,
    /// The half-width wanted, relative to the mean.
    pub relative: f64,
    /// Whether all variants reached it, by point.
    pub met: Vec<bool>,
}

impl Results {
    /// The metric that is compared.
    pub fn primary(&self) -> Metric {
        self.metrics.first().copied().unwrap_or(Metric::Makespan)
    }

    /// The cases of each point, the baseline first.
    pub fn points(&self) -> impl Iterator<Item = &[CaseResult]> {
        self.cases.chunk_by(|one, next| one.point == next.point)
    }
}

impl CaseResult {
    /// What `metric` came to, if it has a value in any replicate.
    pub fn summary(&self, metric: Metric) -> Option<&Summary> {
        self.summaries.iter().find(|summary| summary.metric == metric)
    }

    /// How `metric` compares with the baseline's, if both have values.
    pub fn comparison(&self, metric: Metric) -> Option<&Comparison> {
        self.comparisons.iter().find(|comparison| comparison.metric == metric)
    }

    /// The values of `metric` in the replicates that have one.
    pub fn values(&self, metric: Metric) -> impl Iterator<Item = f64> {
        self.replicates.iter().filter_map(move |replicate| replicate.values.get(metric))
    }

    /// The greatest of the bounds.
    pub fn best_bound(&self) -> Option<(&MeanBound, f64)> {
        let present = self.bounds.iter().filter_map(|bound| bound.seconds.map(|seconds| (bound, seconds)));
        present.max_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// The setting in one text, such as `machine.cores = 4`; empty without a sweep.
    pub fn setting_text(&self) -> String {
        let settings = self.setting.iter().zip(&self.shown);
        settings.map(|((key, _), value)| format!("{key} = {value}")).collect::<Vec<_>>().join(", ")
    }
}
