//! Which variant is best, and by how much: the finding of a study in a sentence.

use std::cmp::Ordering;

use super::comparison::{Pairs, compare};
use super::verdict::word;
use super::{CaseResult, Comparison, Results};
use crate::metrics::{Better, Metric};

impl Results {
    /// The case of a point, as [`Results::points`] gives it, that is best by the metric that is compared: the best of
    /// those that are better than the baseline if it can be told from each of them, or the baseline where all others are
    /// worse. One that leaves more tasks undone than the baseline is never the best: it is quicker by doing less. None where
    /// that can't be told, and where neither more nor less is better.
    pub fn best<'a>(&self, point: &'a [CaseResult]) -> Option<&'a CaseResult> {
        let metric = self.primary();
        if self.selection.is_some() {
            let mut inside = point.iter().filter(|case| case.left_out.is_none());
            return inside.next().filter(|_| point.len() > 1 && inside.next().is_none());
        }
        let (baseline, variants) = point.split_first()?;
        let wanted = wanted(metric)?;
        match &*self.leaders(point) {
            [] => {}
            [best] => return Some(best),
            _ => return None,
        }
        let worse = |case: &CaseResult| {
            case.comparison(metric).is_some_and(|comparison| comparison.order == wanted.reverse())
        };
        (!variants.is_empty() && variants.iter().all(worse)).then_some(baseline)
    }

    /// The variants of a point that are better than the baseline and of which none can be told to be better than the
    /// others: that with the best mean first.
    fn leaders<'a>(&self, point: &'a [CaseResult]) -> Vec<&'a CaseResult> {
        let metric = self.primary();
        let Some(((baseline, variants), wanted)) = point.split_first().zip(wanted(metric)) else {
            return Vec::new();
        };
        let order = |case: &CaseResult| case.comparison(metric).map(|comparison| comparison.order);
        let mean = |case: &CaseResult| case.summary(metric).map_or(f64::NAN, |summary| summary.mean);
        let done = |case: &&CaseResult| undone(case) <= undone(baseline);
        let better = variants.iter().filter(|case| order(case) == Some(wanted)).filter(done);
        let mut better: Vec<&CaseResult> = better.collect();
        better.sort_by(|a, b| match wanted {
            Ordering::Less => mean(a).total_cmp(&mean(b)),
            _ => mean(b).total_cmp(&mean(a)),
        });
        let Some((first, others)) = better.split_first() else { return better };
        let values = |case: &CaseResult| -> Vec<Option<f64>> {
            case.replicates.iter().map(|replicate| replicate.values.get(metric)).collect()
        };
        let best = values(first);
        let pairs = |other: &&CaseResult| -> Pairs {
            best.iter().zip(values(other)).filter_map(|(one, other)| (*one).zip(other)).unzip()
        };
        let family: Vec<Pairs> = others.iter().map(pairs).collect();
        let told = compare(metric, &family, self.level, self.random);
        let same = |comparison: &Option<Comparison>| {
            comparison.as_ref().is_none_or(|comparison| comparison.order != wanted.reverse())
        };
        let level_with = others.iter().zip(told).filter(|(_, comparison)| same(comparison));
        std::iter::once(*first).chain(level_with.map(|(case, _)| *case)).collect()
    }

    /// Which case of a point, as [`Results::points`] gives it, is best by the metric that is compared, and by how much,
    /// in a sentence. None of a single case, and of a metric of which neither more nor less is better.
    pub fn finding(&self, point: &[CaseResult]) -> Option<String> {
        if let Some(found) = self.selection.as_ref().and_then(|selection| selection.finding(point)) {
            return Some(found);
        }
        let metric = self.primary();
        let name = metric.describe().name;
        let wanted = wanted(metric)?;
        let (baseline, variants) = point.split_first()?;
        if variants.is_empty() || baseline.summary(metric).is_none() {
            return None;
        }
        let base = quoted(&baseline.label);
        if let Some(best) = self.best(point) {
            let best_label = quoted(&best.label);
            return Some(match best.comparison(metric) {
                Some(comparison) => {
                    format!("{best_label} is best: its {name} is {} than that of {base}.", comparison.verdict)
                }
                None => format!(
                    "{base} is best: every other variant has a {} {name}.",
                    word(metric, wanted.reverse())
                ),
            });
        }
        if let [first, others @ ..] = &*self.leaders(point)
            && let Some(comparison) = first.comparison(metric)
        {
            let verdict = &comparison.verdict;
            let labels = listed(first, others);
            let alike = |case: &&CaseResult| case.values(metric).eq(first.values(metric));
            return Some(match others.iter().all(alike) {
                true => format!("{labels} are best alike: their {name} is {verdict} than that of {base}."),
                false => format!(
                    "Which of {labels} is best can't be told: the {name} of {} is {verdict} than that of {base}.",
                    quoted(&first.label)
                ),
            });
        }
        let quicker =
            |case: &&CaseResult| case.comparison(metric).is_some_and(|comparison| comparison.order == wanted);
        if let Some(idler) = variants.iter().find(quicker) {
            let better = word(metric, wanted);
            let label = quoted(&idler.label);
            return Some(format!(
                "{label} has a {better} {name} than {base}, but it leaves more tasks undone for good."
            ));
        }
        let same = |case: &CaseResult| case.values(metric).eq(baseline.values(metric));
        Some(match baseline.replicates.len() {
            _ if variants.iter().all(same) => format!("All variants have the same {name}."),
            1 if self.random => format!("One replicate can't tell which variant has the best {name}."),
            n if self.random => {
                format!("No variant can be told to have a better {name} than {base} with {n} replicates.")
            }
            _ => format!("No variant has a better {name} than {base}."),
        })
    }
}

/// Tasks that failed or were dropped, over all replicates. (What the horizon cuts off is no loss.)
fn undone(case: &CaseResult) -> u64 {
    case.fates.failed + case.fates.dropped
}

/// How the values of a better variant compare with the baseline's.
fn wanted(metric: Metric) -> Option<Ordering> {
    match metric.describe().better {
        Better::Lower => Some(Ordering::Less),
        Better::Higher => Some(Ordering::Greater),
        Better::Neither => None,
    }
}

/// The names of the first and the others, or how many others there are.
fn listed(first: &CaseResult, others: &[&CaseResult]) -> String {
    const NAMED: usize = 3;
    match others {
        [] => quoted(&first.label),
        others if others.len() > NAMED => format!("{} and {} others", quoted(&first.label), others.len()),
        [between @ .., last] => {
            let names: Vec<String> = std::iter::once(first)
                .chain(between.iter().copied())
                .map(|case| quoted(&case.label))
                .collect();
            format!("{} and {}", names.join(", "), quoted(&last.label))
        }
    }
}

/// A label as the subject of a sentence.
fn quoted(label: &str) -> String {
    format!("“{label}”")
}
