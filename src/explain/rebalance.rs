//! What rebalancing did, in words.

use super::told;
use super::words::some;
use crate::experiment::CaseResult;
use crate::metrics::Metric;
use crate::scenario::Case;
use crate::units::bytes;

/// How often loads were asked for, how much moved, and what went with it.
pub(super) fn sentences(cases: &[(&Case, &CaseResult)]) -> Vec<String> {
    told(cases, |_, result| {
        let mean = |metric: Metric| result.summary(metric).map(|summary| summary.mean);
        let (Some(probes), Some(moved)) = (mean(Metric::Probes), mean(Metric::Migrations)) else {
            return Vec::new();
        };
        let asked = format!("Loads were asked for {}", some(probes.round() as u64, "time"));
        if moved == 0.0 {
            return vec![format!("{asked}, and no task moved.")];
        }
        let done = mean(Metric::Done).filter(|done| *done > 0.0);
        let part = done.map_or(String::new(), |done| {
            let each = crate::units::number((moved / done * 100.0).round() / 100.0);
            format!(", {each} times for each that was done")
        });
        let times = some(moved.round() as u64, "time");
        let mut lines = vec![format!("{asked}. Tasks went over to the queue of another core {times}{part}.")];
        if let Some(data) = mean(Metric::MigratedBytes).filter(|data| *data > 0.0) {
            lines.push(format!("With what moved went {}.", bytes(data)));
        }
        lines
    })
}
