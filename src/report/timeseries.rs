//! Queue length and busy cores over time in the recorded runs.

use super::paper::{Paper, quoted};
use crate::metrics::Metric;
use crate::output::records::Recorded;
use crate::plot::quantity::Quantity;
use crate::plot::timeseries::{Panel, Steps, TimeSeries};
use crate::record::Profile;

/// Most lines that can be told apart.
const LINES: usize = 6;

/// The chart; none where nothing was recorded.
pub(super) fn fill(paper: &Paper<'_>, recorded: &[Recorded]) -> Option<TimeSeries> {
    let shown = &recorded[..recorded.len().min(LINES)];
    let duration = shown.iter().map(|run| seconds(paper, run, run.profile.end().ticks())).fold(0.0, f64::max);
    if duration == 0.0 {
        return None;
    }
    let panel = |metric: &str, means: &dyn Fn(&Profile) -> Vec<(u64, f64)>| Panel {
        metric: metric.to_owned(),
        quantity: Quantity::Number(String::new()),
        lines: shown.iter().map(|run| line(paper, run, &means(&run.profile))).collect(),
    };
    let panels = vec![panel("Tasks waiting", &Profile::waiting), panel("Busy cores", &Profile::busy)];
    let left_out = recorded.len() - shown.len();
    let more = if left_out > 0 { format!("; {left_out} more variants are left out") } else { String::new() };
    let subtitle = format!("Replicate 0{more}");
    Some(TimeSeries { heading: paper.heading(finding(paper, shown), subtitle), duration, panels })
}

fn seconds(paper: &Paper<'_>, run: &Recorded, ticks: u64) -> f64 {
    paper.study.cases[run.case].scenario.scale.seconds(ticks as f64)
}

fn line(paper: &Paper<'_>, run: &Recorded, means: &[(u64, f64)]) -> Steps {
    let name = paper.study.cases[run.case].label.clone();
    Steps { name, steps: means.iter().map(|(ticks, mean)| (seconds(paper, run, *ticks), *mean)).collect() }
}

/// How many tasks waited in the mean, over all replicates.
fn finding(paper: &Paper<'_>, shown: &[Recorded]) -> String {
    let waiting = |run: &&Recorded| {
        let case = &paper.results.cases[run.case];
        Some((case.summary(Metric::Waiting)?.mean, &case.label))
    };
    let mut all: Vec<_> = shown.iter().filter_map(|run| waiting(&run)).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let text = |mean: f64| Quantity::Number(String::new()).text(mean);
    match all[..] {
        [] => "Queue length and busy cores over time".to_owned(),
        [(mean, _)] => format!("On average {} tasks wait", text(mean)),
        [(least, best), .., (most, worst)] => {
            format!(
                "On average {} tasks wait under {}, {} under {}",
                text(least),
                quoted(best),
                text(most),
                quoted(worst)
            )
        }
    }
}
