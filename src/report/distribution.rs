//! How response times are distributed in the recorded runs.

use super::paper::{Paper, quoted};
use crate::experiment::CaseResult;
use crate::metrics::Metric;
use crate::output::records::Recorded;
use crate::plot::distribution::{Curve, Distribution};
use crate::plot::quantity::Quantity;

/// The chart; none where no task was done.
pub(super) fn fill(paper: &Paper<'_>, recorded: &[Recorded]) -> Option<Distribution> {
    let curves: Vec<Curve> = recorded.iter().filter_map(|run| curve(paper, run)).collect();
    if curves.is_empty() {
        return None;
    }
    let part = recorded.first().and_then(|run| paper.part(run.case));
    let one = part.map_or_else(String::new, |part| format!(", {part}"));
    let bars = match curves.iter().any(|curve| !curve.intervals.is_empty()) {
        true => format!(
            "; level bars: the {} interval of each quantile, over all replicates",
            crate::units::percent(paper.results.level)
        ),
        false => String::new(),
    };
    let subtitle = format!("End − release of the tasks done after the warm-up{one}{bars}");
    Some(Distribution {
        heading: paper.heading(finding(paper, recorded), subtitle),
        metric: "Response time".to_owned(),
        quantity: Quantity::Time,
        curves,
    })
}

fn curve(paper: &Paper<'_>, run: &Recorded) -> Option<Curve> {
    // A share that is less than one observation can't be seen.
    let least = 1.0 / (run.outcome.fates.done.max(1)) as f64;
    let mut steps: Vec<(f64, f64)> = Vec::new();
    for (part, value) in run.outcome.tail.points.iter().filter(|(part, _)| 1.0 - part >= least) {
        let greater = 1.0 - part;
        match steps.last_mut() {
            Some(last) if last.0 == *value => last.1 = greater,
            _ => steps.push((*value, greater)),
        }
    }
    if let (Some(last), Some(largest)) = (steps.last().copied(), run.outcome.values.get(Metric::ResponseMax))
    {
        if largest > last.0 {
            steps.push((largest, 0.0));
        } else if let Some(last) = steps.last_mut() {
            last.1 = 0.0;
        }
    }
    let name = paper.study.cases[run.case].label.clone();
    let intervals = intervals(&paper.results.cases[run.case]);
    (!steps.is_empty()).then_some(Curve { name, steps, intervals })
}

/// The intervals of the quantiles that are marked.
fn intervals(case: &CaseResult) -> Vec<(f64, (f64, f64))> {
    let of = |(metric, share): (Metric, f64)| {
        let interval = case.summary(metric)?.interval.filter(|interval| !interval.is_exact())?;
        Some((share, (interval.low().max(0.0), interval.high())))
    };
    let marked = [(Metric::ResponseP50, 0.5), (Metric::ResponseP95, 0.05), (Metric::ResponseP99, 0.01)];
    marked.into_iter().filter_map(of).collect()
}

/// What one task in a hundred exceeds, over all replicates.
fn finding(paper: &Paper<'_>, recorded: &[Recorded]) -> String {
    let tail = |run: &&Recorded| {
        let case = &paper.results.cases[run.case];
        Some((case.summary(Metric::ResponseP99)?.mean, case.summary(Metric::ResponseP50)?.mean, &case.label))
    };
    let mut tails: Vec<_> = recorded.iter().filter_map(|run| tail(&run)).collect();
    tails.sort_by(|a, b| a.0.total_cmp(&b.0));
    let text = |seconds: f64| Quantity::Time.text(seconds);
    match tails[..] {
        [] => "Response times".to_owned(),
        [(p99, p50, _)] => {
            format!("Half of the tasks respond within {}, 99 % within {}", text(p50), text(p99))
        }
        [(least, _, best), .., (most, _, worst)] => format!(
            "99 % respond within {} under {}, within {} under {}",
            text(least),
            quoted(best),
            text(most),
            quoted(worst)
        ),
    }
}
