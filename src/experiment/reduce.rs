//! From what the replicates came to, to results.

use super::comparison::{Pairs, compare};
use super::expectation::judge;
use super::gather::Gathered;
use super::{CaseResult, Precision, Results, Summary, assumptions, notes, usual};
use crate::metrics::METRICS;
use crate::record::Digest;
use crate::scenario::{Case, Study};

/// Reduces what all cases came to, one after another. Intervals are stated to have `level` and made at `level_of_each`,
/// which is higher where several were looked at. Where the study isn't `complete`, notes say so.
pub(super) fn reduce(
    study: &Study,
    all: Vec<Gathered>,
    level: f64,
    level_of_each: f64,
    precision: Option<Precision>,
    complete: bool,
) -> Results {
    let mut cases: Vec<CaseResult> =
        study.cases.iter().zip(all).map(|(case, gathered)| result(case, gathered, level_of_each)).collect();
    for point in cases.chunk_by_mut(|one, next| one.point == next.point) {
        let Some((baseline, variants)) = point.split_first_mut() else { continue };
        compare_all(baseline, variants, level_of_each, study.random);
    }
    let mut digest = Digest::default();
    cases.iter().for_each(|case| digest.join(case.digest));
    let metrics = if study.report.metrics.is_empty() {
        usual::usual(study, &cases)
    } else {
        study.report.metrics.clone()
    };
    let mut results = Results {
        title: study.title.clone(),
        question: study.question.clone(),
        seed: study.run.seed,
        level,
        random: study.random,
        metrics,
        judgements: judge(study, &cases),
        notes: notes::notes(study, &cases, precision.as_ref(), complete),
        precision,
        cases,
        digest,
    };
    let assumptions = assumptions::notes(&results);
    results.notes.extend(assumptions);
    results
}

fn result(case: &Case, gathered: Gathered, level: f64) -> CaseResult {
    let bounds = gathered.bounds();
    let Gathered { replicates, times, fates, digest, .. } = gathered;
    let summaries = METRICS.iter().filter_map(|description| {
        let metric = description.metric;
        let values: Vec<f64> =
            replicates.iter().filter_map(|replicate| replicate.values.get(metric)).collect();
        Summary::of(metric, &values, level)
    });
    CaseResult {
        label: case.label.clone(),
        point: case.point,
        setting: case.setting.clone(),
        cores: case.scenario.machine.len(),
        summaries: summaries.collect(),
        comparisons: Vec::new(),
        bounds,
        times,
        fates,
        recorded: case.scenario.jobs.iter().find_map(|job| job.workload.recorded()),
        digest,
        replicates,
    }
}

/// Compares all metrics of all variants of a point with the baseline's.
fn compare_all(baseline: &CaseResult, variants: &mut [CaseResult], level: f64, random: bool) {
    for description in METRICS {
        let metric = description.metric;
        let pairs = |variant: &CaseResult| -> Pairs {
            let both = baseline.replicates.iter().zip(&variant.replicates);
            both.filter_map(|(base, other)| Some((base.values.get(metric)?, other.values.get(metric)?)))
                .unzip()
        };
        let family: Vec<Pairs> = variants.iter().map(pairs).collect();
        for (variant, comparison) in variants.iter_mut().zip(compare(metric, &family, level, random)) {
            variant.comparisons.extend(comparison);
        }
    }
}
