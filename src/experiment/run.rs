//! A study run from its first replicate to its results.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::execute::{Attempt, Execute, Progress};
use super::gather::Gathered;
use super::reduce::reduce;
use super::{Precision, Results};
use crate::metrics::Metric;
use crate::record::NoRecord;
use crate::scenario::{Case, Replicates, Study};
use crate::sim::{Failure, simulate};
use crate::stats::{Decision, Plan};

/// The level of all intervals.
const LEVEL: f64 = 0.95;

/// Most replicates whose outcomes are held at once before they are taken in.
const BATCH: usize = 4096;

/// Why a study has no results.
#[derive(Clone, PartialEq, Debug)]
pub struct Failed {
    /// The case, such as `lpt at machine.cores = 4`.
    pub case: String,
    /// Which replicate, if it was one.
    pub replicate: Option<u64>,
    /// What happened, in a sentence without a full stop.
    pub why: String,
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.replicate {
            Some(replicate) => write!(f, "replicate {replicate} of {} failed: {}", self.case, self.why),
            None => write!(f, "{}: {}", self.case, self.why),
        }
    }
}

/// Runs all replicates of all cases of `study`. The results depend on the study alone, not on how `execute` goes about
/// it.
///
/// # Errors
/// Where a replicate fails, the first in the order of cases and replicates; and where a precision is asked of a metric
/// that has no value.
pub fn run(study: &Study, execute: &dyn Execute, progress: &dyn Progress) -> Result<Results, Failed> {
    let mut all: Vec<Gathered> = study.cases.iter().map(|_| Gathered::default()).collect();
    match study.run.replicates {
        Replicates::Fixed(count) => {
            let cases: Vec<usize> = (0..all.len()).collect();
            extend(study, &mut all, &cases, count as usize, execute, progress)?;
            Ok(reduce(study, all, LEVEL, LEVEL, None))
        }
        Replicates::Precision { relative, metric, max } => {
            let plan = Plan::new(relative, LEVEL, max as usize);
            let met = until_precise(study, &mut all, metric, &plan, execute, progress)?;
            let precision = Precision { metric, relative, met };
            Ok(reduce(study, all, LEVEL, plan.level_of_a_look(), Some(precision)))
        }
    }
}

/// Runs replicates until `metric` is known as well as `plan` wants it for all variants of a point, which take the same
/// number; whether that was reached, by point.
fn until_precise(
    study: &Study,
    all: &mut [Gathered],
    metric: Metric,
    plan: &Plan,
    execute: &dyn Execute,
    progress: &dyn Progress,
) -> Result<Vec<bool>, Failed> {
    let points = study.cases.last().map_or(0, |case| case.point + 1);
    let mut met: Vec<Option<bool>> = vec![None; points];
    for count in plan.looks() {
        let open: Vec<usize> = (0..all.len()).filter(|at| met[study.cases[*at].point].is_none()).collect();
        if open.is_empty() {
            break;
        }
        extend(study, all, &open, count, execute, progress)?;
        let mut precise = vec![true; points];
        for at in open {
            let values: Vec<f64> =
                all[at].replicates.iter().filter_map(|replicate| replicate.values.get(metric)).collect();
            if values.is_empty() {
                let name = metric.describe().name;
                let why =
                    format!("`run.replicates` asks for the precision of {name}, which has no value here");
                return Err(Failed { case: name_of(&study.cases[at]), replicate: None, why });
            }
            precise[study.cases[at].point] &= matches!(plan.decide(&values), Decision::Met(_));
        }
        for (met, precise) in met.iter_mut().zip(precise) {
            if met.is_none() && precise {
                *met = Some(true);
            }
        }
    }
    Ok(met.into_iter().map(|met| met.unwrap_or(false)).collect())
}

/// Brings `cases`, which all have the same number of replicates, to `count` of them.
fn extend(
    study: &Study,
    all: &mut [Gathered],
    cases: &[usize],
    count: usize,
    execute: &dyn Execute,
    progress: &dyn Progress,
) -> Result<(), Failed> {
    let Some(first) = cases.first().map(|case| all[*case].replicates.len()) else { return Ok(()) };
    let more = count - first;
    let total = cases.len() * more;
    progress.expect(total as u64);
    let item = |at: usize| (cases[at / more], (first + at % more) as u64);
    let mut from = 0;
    while from < total {
        let batch = BATCH.min(total - from);
        // Behind the first failure nothing needs to run, and whatever comes before it does: so it is always the same
        // failure that is reported.
        let failed = AtomicUsize::new(usize::MAX);
        let one = |at: usize| -> Attempt {
            if at > failed.load(Ordering::Relaxed) {
                return None;
            }
            let (case, replicate) = item(from + at);
            let attempt = simulate(&study.cases[case].scenario, replicate, &mut NoRecord);
            if attempt.is_err() {
                failed.fetch_min(at, Ordering::Relaxed);
            }
            progress.done();
            Some(attempt)
        };
        for (at, attempt) in execute.all(batch, &one).into_iter().enumerate() {
            let (case, replicate) = item(from + at);
            match attempt {
                Some(Ok(outcome)) => all[case].take(outcome),
                Some(Err(failure)) => return Err(describe(&study.cases[case], replicate, &failure)),
                None => unreachable!("a replicate was left out before any had failed"),
            }
        }
        from += batch;
    }
    Ok(())
}

fn describe(case: &Case, replicate: u64, failure: &Failure) -> Failed {
    Failed { case: name_of(case), replicate: Some(replicate), why: failure.describe(&case.scenario) }
}

/// The case in words.
fn name_of(case: &Case) -> String {
    let settings: Vec<String> = case.setting.iter().map(|(key, value)| format!("{key} = {value}")).collect();
    let label = format!("“{}”", case.label);
    if settings.is_empty() { label } else { format!("{label} at {}", settings.join(", ")) }
}
