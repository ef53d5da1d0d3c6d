//! From what the replicates came to, to results.

use super::comparison::{Pairs, compare};
use super::expectation::judge;
use super::gather::Gathered;
use super::{CaseResult, Precision, Results, Selection, Summary, assumptions, notes, usual, within};
use crate::metrics::METRICS;
use crate::record::Digest;
use crate::scenario::{Case, Study};

/// The levels of intervals.
pub(super) struct Levels {
    /// What is stated.
    pub stated: f64,
    /// At which they are made: higher where several were looked at.
    pub of_each: f64,
}

/// What a run has reached of what was asked of it.
pub(super) struct Reached {
    /// Whether all replicates are there.
    pub complete: bool,
    /// How well a metric is known, if a precision was asked for.
    pub precision: Option<Precision>,
    /// Which variants are left, if the best was asked for.
    pub selection: Option<Selection>,
}

/// Reduces what all cases came to, one after another. Where the study isn't complete, notes say so.
pub(super) fn reduce(study: &Study, all: Vec<Gathered>, levels: Levels, reached: Reached) -> Results {
    let Reached { complete, precision, selection } = reached;
    let Levels { stated: level, of_each: level_of_each } = levels;
    let mut cases: Vec<CaseResult> =
        study.cases.iter().zip(all).map(|(case, gathered)| result(case, gathered, level_of_each)).collect();
    if let Some(selection) = &selection {
        for (at, case) in cases.iter_mut().enumerate() {
            let inside = selection.inside.get(case.point).is_some_and(|point| point.contains(&at));
            case.left_out = (!inside).then_some(case.replicates.len());
        }
    }
    for point in cases.chunk_by_mut(|one, next| one.point == next.point) {
        let Some((baseline, variants)) = point.split_first_mut() else { continue };
        compare_all(baseline, variants, level_of_each, study.random);
    }
    let mut digest = Digest::default();
    cases.iter().for_each(|case| digest.join(case.digest));
    let mut metrics = if study.report.metrics.is_empty() {
        usual::usual(study, &cases)
    } else {
        study.report.metrics.clone()
    };
    if let Some(selection) = &selection {
        // What decides is what is compared.
        metrics.retain(|metric| *metric != selection.metric);
        metrics.insert(0, selection.metric);
    }
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
        selection,
        cases,
        digest,
    };
    let assumptions = assumptions::notes(&results);
    results.notes.extend(assumptions);
    let within = within::notes(study, &results.cases, level_of_each);
    results.notes.extend(within);
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
        shown: case.shown.clone(),
        cores: case.scenario.machine.len(),
        summaries: summaries.collect(),
        comparisons: Vec::new(),
        left_out: None,
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
