//! The expectations of a scenario, checked.

use super::{CaseResult, Summary};
use crate::machine::Speed;
use crate::metrics::{Metric, Unit};
use crate::scenario::{Case, Expect, Law, Margin, Study, Theory, Wanted};
use crate::units::{number, percent};

/// What became of an expectation in one case.
#[derive(Clone, PartialEq, Debug)]
pub struct Judgement {
    /// What was expected.
    pub expect: Expect,
    /// Of which variant.
    pub label: String,
    /// At which point of the sweep.
    pub point: usize,
    /// Whether it holds.
    pub met: bool,
    /// The numbers, in a sentence without a full stop.
    pub because: String,
}

/// Part of a value that a sum of floating-point numbers may be wrong by.
const ROUNDING: f64 = 1e-12;

/// Checks every expectation of `study` at every point.
pub(super) fn judge(study: &Study, cases: &[CaseResult]) -> Vec<Judgement> {
    let mut judgements = Vec::new();
    for expect in &study.expect {
        let baseline = study.cases.first().map(|case| case.label.clone()).unwrap_or_default();
        let label = expect.variant.clone().unwrap_or(baseline);
        let all = || study.cases.iter().zip(cases).filter(|(case, _)| case.label == label);
        // Where a formula holds at some points, the others say nothing against it.
        let holds = |case: &Case| match &expect.wanted {
            Wanted::Theory(theory, _) => theory.value(&case.scenario, expect.metric) != Ok(None),
            _ => true,
        };
        let some = all().any(|(case, _)| holds(case));
        for (case, result) in all().filter(|(case, _)| !some || holds(case)) {
            let (met, because) = check(expect, case, result);
            judgements.push(Judgement {
                expect: expect.clone(),
                label: label.clone(),
                point: case.point,
                met,
                because,
            });
        }
    }
    judgements
}

fn check(expect: &Expect, case: &Case, result: &CaseResult) -> (bool, String) {
    let metric = expect.metric;
    let Some(summary) = result.summary(metric) else {
        return (false, format!("{} has no value here", metric.describe().name));
    };
    let found = with_interval(metric, summary);
    let show = |value: f64| metric.show(value);
    match &expect.wanted {
        Wanted::AtMost(most) => {
            (summary.mean <= most + ROUNDING * most.abs(), format!("{found}, wanted at most {}", show(*most)))
        }
        Wanted::AtLeast(least) => (
            summary.mean >= least - ROUNDING * least.abs(),
            format!("{found}, wanted at least {}", show(*least)),
        ),
        Wanted::Value(value, margin) => {
            let (met, wanted) = near(case, summary, *value, *margin);
            (met, format!("{found}, wanted {wanted}"))
        }
        Wanted::Theory(theory, margin) => match theory.law {
            Law::Bound => holds(theory, case, result),
            Law::Formula(_) => match theory.value(&case.scenario, metric) {
                Ok(None) => (false, format!("`{}` holds for no such parameters", theory.name)),
                Ok(Some(value)) => {
                    let (met, wanted) = near(case, summary, value, *margin);
                    (met, format!("{found}, wanted {wanted} ({})", theory.name))
                }
                Err(why) => (false, format!("`{}` {why}", theory.name)),
            },
        },
    }
}

/// Whether a metric is as near to `value` as `margin` asks, and what was wanted.
fn near(case: &Case, summary: &Summary, value: f64, margin: Margin) -> (bool, String) {
    let metric = summary.metric;
    let (slack, shown) = (slack(case, metric, value), metric.show(value));
    match margin {
        Margin::Relative(part) => {
            let met = (summary.mean - value).abs() <= (part + ROUNDING) * value.abs();
            (met, format!("{shown} within {}", percent(part)))
        }
        Margin::Interval => {
            let (low, high) = summary.ends().unwrap_or((summary.mean, summary.mean));
            (low - slack <= value && value <= high + slack, format!("{shown} in the interval"))
        }
        Margin::Exact => {
            let met = (summary.min - value).abs() <= slack && (summary.max - value).abs() <= slack;
            (met, format!("exactly {shown}"))
        }
    }
}

/// By how much a value may differ and still be the same: a tick, for times.
fn slack(case: &Case, metric: Metric, value: f64) -> f64 {
    let tick = if metric.describe().unit == Unit::Seconds { case.scenario.scale.seconds(1.0) } else { 0.0 };
    tick + ROUNDING * value.abs()
}

/// Whether a theorem holds in every replicate.
fn holds(theory: &Theory, case: &Case, result: &CaseResult) -> (bool, String) {
    let machine = &case.scenario.machine;
    let speed = |at: usize| match machine.cores[at].speed {
        Speed::Given(speed) => Some(speed),
        Speed::Drawn(_) => None,
    };
    let identical = (0..machine.len()).all(|core| speed(core).is_some() && speed(core) == speed(0));
    if !identical || !machine.script.is_empty() {
        return (false, format!("{} needs identical cores", theory.cite));
    }
    let of_graham = |at: &usize| matches!(result.bounds[*at].name, "area" | "critical path");
    let factor = 2.0 - 1.0 / machine.len() as f64;
    let mut worst = 0.0_f64;
    for replicate in &result.replicates {
        let bounds = (0..replicate.bounds.len()).filter(of_graham).filter_map(|at| replicate.bounds[at]);
        let bound = bounds.fold(0.0, f64::max);
        let makespan = replicate.values.get(Metric::Makespan);
        match makespan.filter(|_| bound > 0.0) {
            Some(makespan) => worst = worst.max(makespan / bound),
            None => return (false, "a replicate has no makespan, or no lower bound".into()),
        }
    }
    let because = format!(
        "the makespan is at most {} times its lower bound, wanted at most {}",
        number(worst),
        number(factor)
    );
    (worst <= factor * (1.0 + 1e-9), because)
}

fn with_interval(metric: Metric, summary: &Summary) -> String {
    let name = metric.describe().name;
    match summary.interval.filter(|interval| !interval.is_exact()) {
        Some(interval) => {
            format!(
                "{name} is {} ({} to {})",
                metric.show(interval.mean),
                metric.show(interval.low()),
                metric.show(interval.high())
            )
        }
        None => format!("{name} is {}", metric.show(summary.mean)),
    }
}
