//! Where the core time went, by variant.

use super::paper::Paper;
use crate::experiment::CaseResult;
use crate::explain::whereabouts::{Spent, losses};
use crate::explain::words::{share, some};
use crate::plot::breakdown::{Bar, Breakdown};
use crate::plot::quantity::Quantity;
use crate::plot::state::State;
use crate::record::{CoreTimes, IDLE, STATES};

/// The chart; none where no core spent any time.
pub(super) fn fill(paper: &Paper<'_>) -> Option<Breakdown> {
    let cases: Vec<&CaseResult> = paper.shown().iter().filter(|case| case.times.total() > 0).collect();
    if cases.is_empty() {
        return None;
    }
    let bar = |case: &&CaseResult| Bar {
        name: paper.name(case),
        times: times(&case.times),
        extent: extent(paper, case),
    };
    let variants = cases.iter().map(bar).collect();
    let over = if paper.results.cases.iter().any(|case| case.replicates.len() > 1) {
        ", all replicates together"
    } else {
        ""
    };
    let subtitle = format!("{}The time of all cores by what they did{over}", paper.remark(paper.shown()));
    Some(Breakdown { heading: paper.heading(finding(paper, &cases), subtitle), variants })
}

/// Core time in the order of the chart's states.
fn times(times: &CoreTimes) -> [f64; State::ALL.len()] {
    let mut all = [0.0; State::ALL.len()];
    for (state, _) in STATES.iter().filter(|(state, _)| *state != crate::record::State::Idle) {
        all[looks(*state).index()] = times.get(*state) as f64;
    }
    for (reason, _) in IDLE {
        all[idle(reason).index()] = times.idle[reason as usize] as f64;
    }
    all
}

/// The look of a state; of idleness, that of no work.
pub(super) fn looks(state: crate::record::State) -> State {
    use crate::record::State as Core;
    match state {
        Core::Compute => State::Compute,
        Core::Memory => State::Memory,
        Core::Communicate => State::Communicate,
        Core::Synchronise => State::Synchronise,
        Core::Schedule => State::Schedule,
        Core::Checkpoint => State::Checkpoint,
        Core::Restart => State::Restart,
        Core::Lost => State::Lost,
        Core::Idle => State::IdleNoWork,
        Core::Down => State::Down,
    }
}

/// The look of idleness for a reason.
pub(super) fn idle(reason: crate::record::Idle) -> State {
    use crate::record::Idle;
    match reason {
        Idle::NoWork => State::IdleNoWork,
        Idle::Elsewhere => State::IdleElsewhere,
        Idle::Dependency => State::IdleDependency,
        Idle::Data => State::IdleData,
    }
}

/// How much the whole bar is, for one replicate: `64 cores × 12.3 s`.
fn extent(paper: &Paper<'_>, case: &CaseResult) -> String {
    let runs = case.cores as f64 * case.replicates.len() as f64;
    let scale = paper.study.cases.first().map(|case| case.scenario.scale);
    let seconds = scale.map_or(0.0, |scale| scale.seconds(case.times.total() as f64 / runs));
    format!("{} × {}", some(case.cores as u64, "core"), Quantity::Time.text(seconds))
}

/// The largest loss; of several cases, the one by which they differ most.
fn finding(paper: &Paper<'_>, cases: &[&CaseResult]) -> String {
    let Some((first, last)) = cases.first().zip(cases.last()) else { return String::new() };
    let Some(scenario) = paper.study.cases.first().map(|case| &*case.scenario) else { return String::new() };
    let spread = |kind: Spent| {
        let parts = || cases.iter().map(|case| kind.part(&case.times));
        parts().fold(0.0, f64::max) - parts().fold(1.0, f64::min)
    };
    let widest =
        Spent::all().filter(|kind| !kind.is_useful()).max_by(|a, b| spread(*a).total_cmp(&spread(*b)));
    if let Some(kind) = widest.filter(|kind| cases.len() > 1 && spread(*kind) >= 0.01) {
        let part = |case: &CaseResult| kind.part(&case.times);
        let by_part = |a: &&&CaseResult, b: &&&CaseResult| part(a).total_cmp(&part(b));
        let (least, most) =
            (cases.iter().min_by(by_part).unwrap_or(first), cases.iter().max_by(by_part).unwrap_or(last));
        return format!(
            "{} of core time {} {}, {} {}",
            share(part(most)),
            kind.phrase(scenario),
            paper.under(most),
            share(part(least)),
            paper.under(least)
        );
    }
    match losses(&first.times).first() {
        Some((kind, part)) => format!("{} of core time {}", share(*part), kind.phrase(scenario)),
        None => "Every core computes all the time".to_owned(),
    }
}
