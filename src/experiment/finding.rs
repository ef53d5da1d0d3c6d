//! Which variant is best, and by how much: the finding of a study in a sentence.

use std::cmp::Ordering;

use super::verdict::word;
use super::{CaseResult, Results};
use crate::metrics::{Better, Metric};

impl Results {
    /// The case of a point, as [`Results::points`] gives it, that is best by the metric that is compared: the best of
    /// those that are better than the baseline, or the baseline where all others are worse. One that leaves more tasks
    /// undone than the baseline is never the best: it is quicker by doing less. None where that can't be told, and
    /// where neither more nor less is better.
    pub fn best<'a>(&self, point: &'a [CaseResult]) -> Option<&'a CaseResult> {
        let metric = self.primary();
        if self.selection.is_some() {
            let mut inside = point.iter().filter(|case| case.left_out.is_none());
            return inside.next().filter(|_| point.len() > 1 && inside.next().is_none());
        }
        let (baseline, variants) = point.split_first()?;
        let wanted = wanted(metric)?;
        let order = |case: &CaseResult| case.comparison(metric).map(|comparison| comparison.order);
        let mean = |case: &CaseResult| case.summary(metric).map_or(f64::NAN, |summary| summary.mean);
        let done = |case: &&CaseResult| undone(case) <= undone(baseline);
        let better = variants.iter().filter(|case| order(case) == Some(wanted)).filter(done);
        let best = better.min_by(|a, b| match wanted {
            Ordering::Less => mean(a).total_cmp(&mean(b)),
            _ => mean(b).total_cmp(&mean(a)),
        });
        let worse = |case: &CaseResult| order(case) == Some(wanted.reverse());
        best.or_else(|| (!variants.is_empty() && variants.iter().all(worse)).then_some(baseline))
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

/// A label as the subject of a sentence.
fn quoted(label: &str) -> String {
    format!("“{label}”")
}
