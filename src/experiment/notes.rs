//! What a reader of results must know beside the numbers.

use super::{CaseResult, Precision};
use crate::scenario::{Replicates, Study};
use crate::units::{number, percent};

/// The notes, a sentence each.
pub(super) fn notes(
    study: &Study,
    cases: &[CaseResult],
    precision: Option<&Precision>,
    complete: bool,
) -> Vec<String> {
    let mut notes = Vec::new();
    if !complete {
        notes.push(ended(study, cases));
    }
    let free = |case: &crate::scenario::Case| {
        case.scenario.machine.nodes.len() > 1 && case.scenario.network.is_none()
    };
    if study.cases.iter().any(free) {
        notes.push("Communication between nodes is free: the scenario has no [network].".into());
    }
    let replicates = || cases.iter().flat_map(|case| &case.replicates);
    let all = replicates().count();
    let short = replicates().filter(|replicate| replicate.warmup.is_none()).count();
    if short > 0 {
        notes.push(format!(
            "MSER-5 found no end of the warm-up in {short} of {all} runs: they are too short, and nothing was left out."
        ));
    }
    if replicates().any(|replicate| !replicate.exact_quantiles) {
        notes.push(
            "Quantiles of more than a million observations are from a histogram of three significant digits."
                .into(),
        );
    }
    let cut = replicates().filter(|replicate| replicate.cut).count();
    let closed = study.cases.iter().all(|case| case.scenario.jobs.iter().all(|job| !job.workload.arrives()));
    if cut > 0 && closed {
        notes.push(format!("The horizon ended {cut} of {all} runs before their work was done."));
    }
    if let Some(precision) = precision {
        let missed = precision.met.iter().filter(|met| !**met).count();
        let name = precision.metric.describe().name;
        let wanted = percent(precision.relative);
        if missed > 0 && complete {
            let most = cases.iter().map(|case| case.replicates.len()).max().unwrap_or(0);
            let at = if precision.met.len() > 1 { format!(" at {missed} points") } else { String::new() };
            notes.push(format!(
                "The {name} is not known to {wanted}{at}, although {} replicates were run.",
                number(most as f64)
            ));
        }
    }
    if study.random && cases.iter().all(|case| case.replicates.len() == 1) {
        notes.push("One replicate of something random says nothing about its spread: ask for more.".into());
    }
    notes
}

/// How far a study came that was ended.
fn ended(study: &Study, cases: &[CaseResult]) -> String {
    let counts = || cases.iter().map(|case| case.replicates.len());
    let (least, most) = (counts().min().unwrap_or(0), counts().max().unwrap_or(0));
    match study.run.replicates {
        Replicates::Fixed(count) => {
            format!("The run was ended: these are the first {least} of {count} replicates of every case.")
        }
        Replicates::Best { metric, .. } => {
            let name = metric.describe().name;
            format!(
                "The run was ended before the variant of best {name} was known, after at most {most} replicates a case."
            )
        }
        Replicates::Precision { relative, metric, .. } => {
            let name = metric.describe().name;
            let wanted = percent(relative);
            let number = if least == most { format!("{most}") } else { format!("{least} to {most}") };
            format!(
                "The run was ended before {name} was known to {wanted}, after {number} replicates a case."
            )
        }
    }
}
