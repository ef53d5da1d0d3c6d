//! What all pictures of a study have in common.

use std::cmp::Ordering;

use crate::experiment::{CaseResult, Results};
use crate::explain::words::{capital, noun, some};
use crate::metrics::{Better, Metric, Unit};
use crate::plot::page::Heading;
use crate::plot::quantity::Quantity;
use crate::scenario::Study;

/// Most rows that a chart has room for.
pub(super) const ROWS: usize = 30;

/// A study with what it came to.
pub(super) struct Paper<'a> {
    pub scenario: &'a str,
    pub study: &'a Study,
    pub results: &'a Results,
}

impl Paper<'_> {
    /// The words of a picture.
    pub fn heading(&self, title: impl Into<String>, subtitle: impl Into<String>) -> Heading {
        let mut parts = vec![self.scenario.to_owned(), format!("seed {}", self.results.seed)];
        let replicates = self.results.cases.iter().map(|case| case.replicates.len());
        if let (Some(least), Some(most)) = (replicates.clone().min(), replicates.max()) {
            parts.push(match least == most {
                true => some(most as u64, "replicate"),
                false => format!("{least} to {}", some(most as u64, "replicate")),
            });
        }
        parts.push(format!("makespan {}", env!("CARGO_PKG_VERSION")));
        // A number keeps its sign where a title is broken.
        let title = title.into().replace(" %", "\u{a0}%").replace(" ± ", " ±\u{a0}");
        Heading { title, subtitle: subtitle.into(), small_print: parts.join(" · ") }
    }

    /// The cases of the first point, the baseline first.
    pub fn first_point(&self) -> &[CaseResult] {
        self.results.points().next().unwrap_or(&[])
    }

    /// The cases that a chart shows: all, if there is room for them, else those of the first point.
    pub fn shown(&self) -> &[CaseResult] {
        if self.results.cases.len() <= ROWS {
            &self.results.cases
        } else {
            let first = self.first_point();
            &first[..first.len().min(ROWS)]
        }
    }

    /// What is said where `shown` aren't all cases.
    pub fn remark(&self, shown: &[CaseResult]) -> String {
        let (shown, all) = (shown.len(), self.results.cases.len());
        if shown == all { String::new() } else { format!("{shown} of {all} cases. ") }
    }

    /// The name of a case in a chart.
    pub fn name(&self, case: &CaseResult) -> String {
        let alone = self.first_point().len() == 1;
        match (case.setting.is_empty(), alone) {
            (true, _) => case.label.clone(),
            (false, true) => short(case),
            (false, false) => format!("{}, {}", case.label, short(case)),
        }
    }

    /// The case in a sentence: `under “fifo”`, `at machine.cores = 4`.
    pub fn under(&self, case: &CaseResult) -> String {
        match (case.setting.is_empty(), self.first_point().len() == 1) {
            (true, _) => format!("under “{}”", case.label),
            (false, true) => format!("at {}", case.setting_text()),
            (false, false) => format!("under “{}” at {}", case.label, case.setting_text()),
        }
    }

    /// Which part of the study a recorded run of case number `at` is: `machine.cores = 1, replicate 0`; none where it is
    /// all of its variant.
    pub fn part(&self, at: usize) -> Option<String> {
        let case = &self.results.cases[at];
        let several = self.results.cases.iter().any(|case| case.replicates.len() > 1);
        let replicate = several.then(|| "replicate 0".to_owned());
        let setting = Some(case.setting_text()).filter(|text| !text.is_empty());
        let parts: Vec<String> = setting.into_iter().chain(replicate).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// Where a variant of the first point stands that is better than the baseline, the best of them.
    pub fn best(&self) -> Option<usize> {
        let metric = self.results.primary();
        let sign = match metric.describe().better {
            Better::Lower => 1.0,
            Better::Higher => -1.0,
            Better::Neither => return None,
        };
        let point = self.first_point().iter().enumerate().skip(1);
        let better = point.filter(|(_, case)| {
            case.comparison(metric).is_some_and(|comparison| {
                comparison.order == if sign > 0.0 { Ordering::Less } else { Ordering::Greater }
            })
        });
        let mean =
            |case: &CaseResult| case.summary(metric).map_or(f64::INFINITY, |summary| sign * summary.mean);
        better.min_by(|a, b| mean(a.1).total_cmp(&mean(b.1))).map(|(at, _)| at)
    }
}

/// What the sweep set in few letters: the last part of each key, where that tells them apart.
fn short(case: &CaseResult) -> String {
    let last = |key: &str| key.rsplit('.').next().unwrap_or(key).to_owned();
    let mut keys: Vec<String> = case.setting.iter().map(|(key, _)| last(key)).collect();
    keys.sort_unstable();
    keys.dedup();
    if keys.len() < case.setting.len() {
        return case.setting_text();
    }
    let settings = case.setting.iter().zip(&case.shown);
    settings.map(|((key, _), value)| format!("{} = {value}", last(key))).collect::<Vec<_>>().join(", ")
}

/// A metric's name as a title.
pub(super) fn title(metric: Metric) -> String {
    capital(&noun(metric))
}

/// What a metric measures.
pub(super) fn quantity(metric: Metric) -> Quantity {
    match metric.describe().unit {
        Unit::Seconds => Quantity::Time,
        Unit::PerSecond => Quantity::Si("/s".into()),
        Unit::Fraction => Quantity::Share,
        Unit::Ratio | Unit::Count => Quantity::Number(String::new()),
        Unit::Bytes => Quantity::Si("B".into()),
    }
}

/// Labels as they stand in a sentence.
pub(super) fn quoted(label: &str) -> String {
    format!("“{label}”")
}
