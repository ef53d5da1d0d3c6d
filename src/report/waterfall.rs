//! From ideal time to simulated time, of one variant.

use super::breakdown::{idle, looks};
use super::paper::{Paper, quoted};
use crate::experiment::CaseResult;
use crate::plot::quantity::Quantity;
use crate::plot::state::State as Look;
use crate::plot::waterfall::{Part, Waterfall};
use crate::record::{IDLE, STATES, State};

/// The chart of a case; none where no core spent any time.
pub(super) fn fill(paper: &Paper<'_>, at: usize) -> Option<Waterfall> {
    let case = paper.results.cases.get(at)?;
    let parts = parts(paper, at, case);
    let several = if case.replicates.len() > 1 { ", mean over all replicates" } else { "" };
    let setting = case.setting_text();
    let setting = if setting.is_empty() { setting } else { format!(", {setting}") };
    let subtitle = format!(
        "{}, {} cores{setting}{several}: core time by state over the number of cores",
        quoted(&case.label),
        case.cores
    );
    let mut chart = Waterfall { heading: paper.heading("", ""), parts, whole: "whole run".to_owned() };
    if chart.total() <= 0.0 {
        return None;
    }
    chart.heading = paper.heading(finding(&chart), subtitle);
    Some(chart)
}

/// The states in the order of the breakdown, computing first; idle time by its reasons.
fn parts(paper: &Paper<'_>, at: usize, case: &CaseResult) -> Vec<Part> {
    let scale = paper.study.cases[at].scenario.scale;
    let runs = case.cores as f64 * case.replicates.len() as f64;
    let seconds = |ticks: u128| scale.seconds(ticks as f64 / runs);
    let busy = STATES.iter().filter(|(state, _)| *state != State::Idle);
    let busy = busy.map(|(state, _)| (looks(*state), case.times.get(*state)));
    let waits = IDLE.iter().map(|(reason, _)| (idle(*reason), case.times.idle[*reason as usize]));
    let mut all: Vec<(Look, u128)> = busy.chain(waits).filter(|(_, ticks)| *ticks > 0).collect();
    all.sort_by_key(|(look, _)| look.index());
    let name = |look: Look| match look {
        Look::Compute => "ideal: computing alone".to_owned(),
        _ => look.name().to_owned(),
    };
    all.into_iter().map(|(state, ticks)| Part { name: name(state), seconds: seconds(ticks), state }).collect()
}

/// What the ideal becomes, and the largest loss.
fn finding(chart: &Waterfall) -> String {
    let text = |seconds: f64| Quantity::Time.text(seconds);
    let ideal = chart.parts.iter().find(|part| part.state == Look::Compute).map_or(0.0, |part| part.seconds);
    let losses = chart.parts.iter().filter(|part| part.state != Look::Compute);
    match losses.max_by(|a, b| a.seconds.total_cmp(&b.seconds)) {
        Some(loss) => format!(
            "{} of computing become {}: most of it, {}, is {}",
            text(ideal),
            text(chart.total()),
            text(loss.seconds),
            loss.name
        ),
        None => format!("Nothing is added to {} of computing", text(ideal)),
    }
}
