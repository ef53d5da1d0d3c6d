//! How long the queues of the servers are over time in the recorded runs.

use super::paper::{Paper, quoted};
use super::timeseries::ended;
use crate::explain::words::some;
use crate::output::records::Recorded;
use crate::plot::quantity::Quantity;
use crate::plot::timeseries::{Between, Panel, Steps, TimeSeries};
use crate::record::{Lengths, Means};

/// Most panels there is room for.
const PANELS: usize = 4;

/// The chart; none where no server has a queue of its own.
pub(super) fn fill(paper: &Paper<'_>, recorded: &[Recorded]) -> Option<TimeSeries> {
    let all: Vec<(&Recorded, Lengths)> =
        recorded.iter().filter_map(|run| Some((run, run.story.queues.lengths()?))).collect();
    let shown = &all[..all.len().min(PANELS)];
    let seconds =
        |run: &Recorded, ticks: u64| paper.study.cases[run.case].scenario.scale.seconds(ticks as f64);
    let duration = shown.iter().map(|(run, _)| seconds(run, run.story.queues.held.time)).fold(0.0, f64::max);
    if duration == 0.0 {
        return None;
    }
    let mut panels: Vec<Panel> =
        shown.iter().map(|(run, lengths)| panel(paper, run, lengths, duration)).collect();
    // One scale for all: the panels are there to be compared.
    let steps = panels.iter().flat_map(|panel| &panel.lines).flat_map(|line| &line.steps);
    let most = steps.map(|step| step.1).fold(0.0, f64::max);
    panels.iter_mut().for_each(|panel| panel.most = Some(most));
    let mut parts = vec!["Tasks at a server, waiting and in service".to_owned()];
    parts.extend(shown.first().and_then(|(run, _)| paper.part(run.case)));
    let left_out = all.len() - shown.len();
    if left_out > 0 {
        parts.push(format!("{} left out", some(left_out as u64, "more variant")));
    }
    let subtitle = parts.join("; ");
    Some(TimeSeries { heading: paper.heading(finding(paper, shown), subtitle), duration, panels })
}

fn panel(paper: &Paper<'_>, run: &Recorded, lengths: &Lengths, duration: f64) -> Panel {
    let case = &paper.study.cases[run.case];
    let end = case.scenario.scale.seconds(run.story.queues.held.time as f64);
    let at = |means: &Means| -> Vec<(f64, f64)> {
        let steps = means.iter().map(|(tick, mean)| (case.scenario.scale.seconds(*tick as f64), *mean));
        ended(steps.collect(), end, duration)
    };
    let queues = &run.story.queues;
    let (lines, between) = match lengths {
        Lengths::Each(lines) => {
            let of = |((core, cores), means): (&(crate::ids::CoreId, u32), &Means)| {
                let noun = if *cores > 1 { "from core" } else { "core" };
                Steps { name: format!("{noun} {}", core.index()), steps: at(means) }
            };
            (queues.servers.iter().zip(lines).map(of).collect(), None)
        }
        Lengths::Many { mean, longest, upper, lower } => {
            let line = |name: &str, means: &Means| Steps { name: name.to_owned(), steps: at(means) };
            let between = Between { low: at(lower), high: at(upper) };
            (vec![line("longest", longest), line("mean", mean)], Some(between))
        }
    };
    let what = match (&between, paper.first_point().len()) {
        (Some(_), 1) => "Tasks at a server; tinted: four in five servers".to_owned(),
        (Some(_), _) => format!("{}; tinted: four in five servers", case.label),
        (None, 1) => "Tasks at each server".to_owned(),
        (None, _) => case.label.clone(),
    };
    Panel { metric: what, quantity: Quantity::Number(String::new()), lines, most: None, between }
}

/// How far queues are apart.
fn finding(paper: &Paper<'_>, shown: &[(&Recorded, Lengths)]) -> String {
    let mean = |run: &Recorded| {
        let held = &run.story.queues.held;
        held.spread as f64 / (held.time as f64).max(1.0)
    };
    let mut all: Vec<(f64, &str)> =
        shown.iter().map(|(run, _)| (mean(run), paper.study.cases[run.case].label.as_str())).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let text = |value: f64| Quantity::Number(String::new()).text(value);
    match all[..] {
        [] => "Queues of the servers over time".to_owned(),
        [(spread, _)] => {
            format!("On average the longest queue holds {} more than the shortest", text(spread))
        }
        [(least, best), .., (most, worst)] => format!(
            "On average the longest queue holds {} more than the shortest under {}, {} under {}",
            text(least),
            quoted(best),
            text(most),
            quoted(worst)
        ),
    }
}
