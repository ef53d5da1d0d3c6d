//! Queue length and busy cores over time in the recorded runs.

use super::paper::{Paper, quoted};
use crate::metrics::Metric;
use crate::output::records::Recorded;
use crate::plot::quantity::Quantity;
use crate::plot::timeseries::{Panel, Steps, TimeSeries};
use crate::record::{Profile, State};

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
        lines: shown.iter().map(|run| line(paper, run, &means(&run.profile), duration)).collect(),
        most: None,
        between: None,
    };
    let mut panels = vec![panel("Tasks waiting", &Profile::waiting), panel("Busy cores", &Profile::busy)];
    let sent = |run: &Recorded| run.profile.bytes().iter().any(|(_, mean)| *mean > 0.0);
    if shown.iter().any(sent) {
        let mut bytes = panel("Data under way", &Profile::bytes);
        bytes.quantity = Quantity::Si("B".to_owned());
        panels.push(bytes);
    }
    let uneven: Vec<Steps> = shown.iter().filter_map(|run| imbalance(paper, run, duration)).collect();
    if !uneven.is_empty() {
        let metric = "Load of the busiest core above the mean".to_owned();
        panels.push(Panel { metric, quantity: Quantity::Share, lines: uneven, most: None, between: None });
    }
    let left_out = recorded.len() - shown.len();
    let mut parts = vec!["Over time".to_owned()];
    parts.extend(shown.first().and_then(|run| paper.part(run.case)));
    if left_out > 0 {
        parts.push(format!("{left_out} more variants are left out"));
    }
    let subtitle = parts.join("; ");
    Some(TimeSeries { heading: paper.heading(finding(paper, shown), subtitle), duration, panels })
}

fn seconds(paper: &Paper<'_>, run: &Recorded, ticks: u64) -> f64 {
    paper.study.cases[run.case].scenario.scale.seconds(ticks as f64)
}

fn line(paper: &Paper<'_>, run: &Recorded, means: &[(u64, f64)], duration: f64) -> Steps {
    let name = paper.study.cases[run.case].label.clone();
    let steps = means.iter().map(|(ticks, mean)| (seconds(paper, run, *ticks), *mean)).collect();
    Steps { name, steps: ended(steps, seconds(paper, run, run.profile.end().ticks()), duration) }
}

/// The steps of a run that ends at `end`: from there on nothing is there, in a picture that goes on to `duration`.
pub(super) fn ended(mut steps: Vec<(f64, f64)>, end: f64, duration: f64) -> Vec<(f64, f64)> {
    if end < duration {
        steps.push((end, 0.0));
    }
    steps
}

/// Into how many stretches a run is divided to see how evenly its cores are loaded.
const STRETCHES: usize = 100;

/// Most cores whose loads are followed.
const CORES: usize = 4096;

/// How much busier the busiest core is than the mean, in stretches of equal length; none of a single core, of a run whose
/// intervals aren't all kept, and in stretches without any load.
fn imbalance(paper: &Paper<'_>, run: &Recorded, duration: f64) -> Option<Steps> {
    let cores = paper.study.cases[run.case].scenario.machine.len();
    let width = run.profile.end().ticks().div_ceil(STRETCHES as u64);
    if !(2..=CORES).contains(&cores) || run.timeline.until.is_some() || width == 0 {
        return None;
    }
    let mut loads = vec![0_u64; cores * STRETCHES];
    for interval in &run.timeline.intervals {
        if matches!(interval.state, State::Idle | State::Down) {
            continue;
        }
        let (mut from, to) = (interval.from.ticks(), interval.to.ticks());
        while from < to {
            let stretch = from / width;
            let end = to.min((stretch + 1) * width);
            loads[stretch as usize * cores + interval.core.index()] += end - from;
            from = end;
        }
    }
    let steps = loads.chunks(cores).zip(0..).filter_map(|(loads, stretch)| {
        let sum: u64 = loads.iter().sum();
        let most = loads.iter().max().filter(|most| **most > 0)?;
        Some((seconds(paper, run, stretch * width), *most as f64 * cores as f64 / sum as f64 - 1.0))
    });
    let end = seconds(paper, run, run.profile.end().ticks());
    let steps = ended(steps.collect(), end, duration);
    Some(Steps { name: paper.study.cases[run.case].label.clone(), steps })
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
