//! Which variant is best, and by how much: the finding of a study in a sentence.

use std::cmp::Ordering;

use super::verdict::word;
use super::{CaseResult, Results};
use crate::metrics::Better;

impl Results {
    /// Which case of a point, as [`Results::points`] gives it, is best by the metric that is compared, and by how much,
    /// in a sentence. None of a single case, and of a metric of which neither more nor less is better.
    pub fn finding(&self, point: &[CaseResult]) -> Option<String> {
        let metric = self.primary();
        let (baseline, variants) = point.split_first()?;
        let name = metric.describe().name;
        let wanted = match metric.describe().better {
            Better::Lower => Ordering::Less,
            Better::Higher => Ordering::Greater,
            Better::Neither => return None,
        };
        if variants.is_empty() || baseline.summary(metric).is_none() {
            return None;
        }
        let order = |case: &CaseResult| case.comparison(metric).map(|comparison| comparison.order);
        let mean = |case: &CaseResult| case.summary(metric).map_or(f64::NAN, |summary| summary.mean);
        let better = variants.iter().filter(|case| order(case) == Some(wanted));
        let best = better.min_by(|a, b| match wanted {
            Ordering::Less => mean(a).total_cmp(&mean(b)),
            _ => mean(b).total_cmp(&mean(a)),
        });
        let base = quoted(&baseline.label);
        if let Some(best) = best {
            let verdict = &best.comparison(metric)?.verdict;
            return Some(format!(
                "{} is best: its {name} is {verdict} than that of {base}.",
                quoted(&best.label)
            ));
        }
        if variants.iter().all(|case| order(case) == Some(Ordering::Equal)) {
            let same = variants.iter().all(|case| case.values(metric).eq(baseline.values(metric)));
            return Some(match (same, baseline.replicates.len()) {
                (true, _) => format!("All variants have the same {name}."),
                (false, 1) => format!("One replicate can't tell which variant has the best {name}."),
                (false, n) => {
                    format!("No variant can be told from {base} by its {name} with {n} replicates.")
                }
            });
        }
        Some(format!("{base} is best: no variant has a {} {name}.", word(metric, wanted)))
    }
}

/// A label as the subject of a sentence.
fn quoted(label: &str) -> String {
    format!("“{label}”")
}
