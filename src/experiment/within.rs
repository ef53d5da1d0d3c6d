//! What single runs say of themselves, where tasks keep coming: whether they are long against the memory of their queues.

use super::CaseResult;
use crate::scenario::Study;
use crate::stats::BatchMeans;
use crate::units::{number, percent};

/// The probability with which a long enough run is taken for a short one.
const ERROR: f64 = 0.01;

/// Most cases that a note names.
const NAMED: usize = 3;

/// What to say of cases in which tasks arrive: of a single replicate what its own batch means tell, of several only if most of
/// them are too short. Intervals at `level`.
pub(super) fn notes(study: &Study, cases: &[CaseResult], level: f64) -> Vec<String> {
    let open = |case: &crate::scenario::Case| case.scenario.jobs.iter().any(|job| job.workload.arrives());
    let (mut known, mut single, mut several) = (Vec::new(), Vec::new(), Vec::new());
    for (_, result) in study.cases.iter().zip(cases).filter(|(case, _)| open(case)) {
        let batches: Vec<BatchMeans> =
            result.replicates.iter().filter_map(|replicate| replicate.batches).collect();
        let short = batches.iter().filter(|batches| !batches.independent(ERROR)).count();
        let name = result.name();
        match &batches[..] {
            [] => {}
            [only] if short == 0 && only.relative_error > 0.0 => {
                known.push(format!("{name} ± {}", percent(only.relative_half_width(level))));
            }
            [_] if short == 0 => {}
            [only] => {
                let correlation = number((100.0 * only.correlation).round() / 100.0);
                single.push(format!("{name} ({correlation})"));
            }
            all if 2 * short > all.len() => several.push(format!("{name} ({short} of {})", all.len())),
            _ => {}
        }
    }
    let mut notes = Vec::new();
    if !known.is_empty() {
        notes.push(format!(
            "Batch means within the only run put the mean response of {} ({}).",
            list(&known),
            percent(level)
        ));
    }
    if !single.is_empty() {
        notes.push(format!(
            "A 32nd of the run still knows of the one before it (correlation of batch means): {}. It is too short to say from \
             within how well its mean response is known: run longer, or more replicates.",
            list(&single)
        ));
    }
    if !several.is_empty() {
        notes.push(format!(
            "Most runs are short against the memory of their queues, so that how they begin weighs in the mean response: {}. \
             Make them longer, or leave out a warm-up.",
            list(&several)
        ));
    }
    notes
}

fn list(parts: &[String]) -> String {
    let mut text = parts[..parts.len().min(NAMED)].join(", ");
    if parts.len() > NAMED {
        text += &format!(", {} more", parts.len() - NAMED);
    }
    text
}

#[cfg(test)]
mod tests {
    use crate::experiment::{Sequential, Unwatched, run};
    use crate::scenario::{Request, check};
    use crate::source::InMemory;

    fn notes(load: f64, customers: u32, replicates: u32) -> Vec<String> {
        let text = format!(
            "machine.cores = 1\nworkload.tasks = {{ count = {customers}, work = {{ exponential = \"1 ms\" }}, \
             arrivals = {{ poisson = \"{} /s\" }} }}\nrun.replicates = {replicates}",
            1000.0 * load
        );
        let files = InMemory::new([("s.toml", text.as_str())]);
        let Ok(checked) = check(&files, &Request { path: "s.toml", ..Request::default() }) else {
            panic!("refused: {text}")
        };
        run(&checked.study, &Sequential, &Unwatched).unwrap().notes
    }

    #[test]
    fn one_long_run_says_how_well_its_mean_is_known_and_a_short_one_that_it_cannot() {
        let long = notes(0.5, 40_000, 1);
        assert!(long.iter().any(|note| note.starts_with("Batch means within the only run")), "{long:?}");
        let short = notes(0.95, 1_500, 1);
        assert!(short.iter().any(|note| note.starts_with("A 32nd of the run still knows")), "{short:?}");
        let tiny = notes(0.5, 100, 1);
        assert!(!tiny.iter().any(|note| note.contains("atch means")), "{tiny:?}");
    }

    #[test]
    fn replicates_that_are_short_against_their_queues_are_said_to_be() {
        let short = notes(0.95, 1_500, 10);
        assert!(short.iter().any(|note| note.starts_with("Most runs are short")), "{short:?}");
        let long = notes(0.5, 40_000, 10);
        assert!(!long.iter().any(|note| note.contains("short against")), "{long:?}");
    }
}
