//! Which variant is best: what is clearly worse is left out, and takes no more replicates.

use super::rounds::Rounds;
use super::{CaseResult, Failed};
use crate::metrics::{Better, Metric};
use crate::stats::Elimination;

/// What became of the search for the best variant.
#[derive(Clone, PartialEq, Debug)]
pub struct Selection {
    /// By which metric.
    pub metric: Metric,
    /// The probability with which the best variant of a point may have been left out, at most.
    pub error: f64,
    /// The numbers of the cases that are still in, by point.
    pub inside: Vec<Vec<usize>>,
}

/// Brings `cases` to as many replicates as it takes until one variant of each point is left, or the most that `plan`
/// allows; whether all are there, and who is left. One that leaves more tasks undone is better than none.
pub(super) fn until_best(
    rounds: &mut Rounds<'_>,
    cases: &[usize],
    metric: Metric,
    plan: &Elimination,
    error: f64,
) -> Result<(bool, Selection), Failed> {
    let study = rounds.study;
    let mut inside: Vec<Vec<usize>> = Vec::new();
    for &case in cases {
        let point = study.cases[case].point;
        inside.resize(inside.len().max(point + 1), Vec::new());
        inside[point].push(case);
    }
    let mut complete = true;
    for count in plan.looks() {
        let open: Vec<usize> = inside
            .iter()
            .filter(|point| point.len() > 1 || count == first(plan))
            .flatten()
            .copied()
            .collect();
        if open.is_empty() {
            break;
        }
        if !rounds.extend(&open, count)? {
            complete = false;
            break;
        }
        for point in inside.iter_mut().filter(|point| point.len() > 1) {
            let worse =
                |own: &usize| point.iter().any(|other| is_worse(rounds, metric, plan, (*own, *other)));
            let left: Vec<usize> = point.iter().copied().filter(|own| !worse(own)).collect();
            *point = left;
        }
    }
    Ok((complete, Selection { metric, error, inside }))
}

fn first(plan: &Elimination) -> usize {
    plan.looks().next().unwrap_or(0)
}

fn is_worse(rounds: &Rounds<'_>, metric: Metric, plan: &Elimination, (own, other): (usize, usize)) -> bool {
    let sign = if metric.describe().better == Better::Higher { -1.0 } else { 1.0 };
    let (own, other) = (&rounds.all[own], &rounds.all[other]);
    let undone = |fates: &crate::record::Fates| fates.failed + fates.dropped;
    if undone(&other.fates) > undone(&own.fates) {
        return false;
    }
    let pairs = own.replicates.iter().zip(&other.replicates);
    let (own, other): (Vec<f64>, Vec<f64>) = pairs
        .filter_map(|(own, other)| Some((sign * own.values.get(metric)?, sign * other.values.get(metric)?)))
        .unzip();
    plan.is_worse(&own, &other)
}

impl Selection {
    /// What is to be said of a point, as a sentence.
    pub(super) fn finding(&self, point: &[CaseResult]) -> Option<String> {
        let name = self.metric.describe().name;
        let at = point.first()?.point;
        let (inside, outside): (Vec<&CaseResult>, Vec<&CaseResult>) =
            point.iter().partition(|case| case.left_out.is_none());
        let error = crate::units::percent(self.error);
        let counts = || outside.iter().filter_map(|case| case.left_out);
        let after = match (counts().min(), counts().max()) {
            (Some(least), Some(most)) if least < most => format!("after {least} to {most} replicates"),
            (least, _) => format!("after {} replicates", least.unwrap_or(0)),
        };
        let labels: Vec<String> = inside.iter().map(|case| format!("“{}”", case.label)).collect();
        match (&labels[..], outside.len()) {
            _ if self.inside.get(at)?.len() + outside.len() != point.len() || point.len() < 2 => None,
            ([best], _) => Some(format!(
                "{best} has the best {name} of {}: the others were left out {after}; the best of all is among them with a \
                 probability of at most {error}.",
                point.len()
            )),
            (_, 0) => Some(format!(
                "None of the {} can be told to have a worse {name} than another after {} replicates.",
                point.len(),
                inside.first()?.replicates.len()
            )),
            (_, out) => Some(format!(
                "Which of {} has the best {name} can't be told after {} replicates; {out} of {} were left out {after}, the best \
                 of all among them with a probability of at most {error}.",
                labels.join(", "),
                inside.first()?.replicates.len(),
                point.len()
            )),
        }
    }
}
