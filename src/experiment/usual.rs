//! The metrics that are shown where a scenario doesn't say which.

use super::CaseResult;
use crate::metrics::Metric;
use crate::scenario::Study;

/// Work that is all there at the start: when is it done, and how well were the cores used?
const CLOSED: &[Metric] = &[Metric::Makespan, Metric::SpeedUp, Metric::Utilisation, Metric::Imbalance];

/// Work that arrives: how long does it take, and how much gets through?
const OPEN: &[Metric] = &[
    Metric::Response,
    Metric::ResponseP99,
    Metric::Wait,
    Metric::Queue,
    Metric::Utilisation,
    Metric::Throughput,
];

/// Nothing but messages.
const TRANSFERS: &[Metric] = &[Metric::Makespan, Metric::Messages, Metric::Bytes];

/// Shown beside, where there is a loop: what handing out its iterations comes to.
const LOOPS: &[Metric] = &[Metric::Chunks, Metric::Overhead, Metric::Regret];

/// Shown beside, where what waits is rebalanced.
const REBALANCING: &[Metric] = &[Metric::Migrations, Metric::Probes];

/// Shown beside, where they aren't 0: what faults did.
const FAULTS: &[Metric] = &[
    Metric::Failures,
    Metric::Lost,
    Metric::Checkpoints,
    Metric::Failed,
    Metric::Dropped,
    Metric::Unfinished,
];

/// The usual metrics of `study`, of which `cases` have the values: at least one.
pub(super) fn usual(study: &Study, cases: &[CaseResult]) -> Vec<Metric> {
    let jobs = || study.cases.iter().flat_map(|case| &case.scenario.jobs);
    let always = if jobs().any(|job| job.workload.arrives()) {
        OPEN
    } else if jobs().all(|job| !job.workload.uses_cores()) {
        TRANSFERS
    } else {
        CLOSED
    };
    let has = |metric: &Metric| cases.iter().any(|case| case.summary(*metric).is_some());
    let is_not_zero = |metric: &Metric| {
        cases.iter().any(|case| case.summary(*metric).is_some_and(|summary| summary.max > 0.0))
    };
    let mut metrics: Vec<Metric> = always.iter().copied().filter(has).collect();
    if jobs().any(|job| job.workload.shape().is_some()) {
        metrics.extend(LOOPS.iter().copied().filter(has));
    }
    metrics.extend(REBALANCING.iter().copied().filter(has));
    metrics.extend(FAULTS.iter().copied().filter(is_not_zero));
    if metrics.is_empty() {
        metrics.push(Metric::Duration);
    }
    metrics
}
