//! Whether Student's intervals can be believed, in sentences.

use super::{CaseResult, Results};
use crate::metrics::Metric;
use crate::stats::{Departure, FEWEST, departure};
use crate::units::number;

/// The probability that a study whose values are all normal gets a note.
const ERROR: f64 = 0.01;

/// Most cases that a note names.
const NAMED: usize = 3;

/// What is wrong with the values of the metric that is compared, and with its differences to the baseline: too few to
/// see, skewed, or one far from all others.
pub(super) fn notes(results: &Results) -> Vec<String> {
    let metric = results.primary();
    let name = metric.describe().name;
    let samples = samples(results, metric);
    let tested = samples.iter().filter(|sample| sample.values.len() >= FEWEST).count();
    let mut notes = Vec::new();
    let counts = || results.cases.iter().map(|case| case.replicates.len());
    if let (true, Some(fewest)) = (results.random, counts().filter(|n| (2..FEWEST).contains(n)).min()) {
        notes.push(format!(
            "With {fewest} replicates it can't be seen whether values are near enough to normal for Student's intervals: \
             take {FEWEST} or more."
        ));
    }
    let found = |sample: &Sample| departure(&sample.values, ERROR / tested.max(1) as f64);
    let departures: Vec<(&Sample, Departure)> =
        samples.iter().filter_map(|sample| found(sample).map(|departure| (sample, departure))).collect();
    let (outliers, skewed): (Vec<_>, Vec<_>) =
        departures.into_iter().partition(|(_, departure)| departure.outlier.is_some());
    if let Some((sample, departure)) = outliers.first() {
        let (replicate, others) = (departure.outlier.unwrap_or(0), outliers.len() - 1);
        let also = match others {
            0 => String::new(),
            1 => " (and so does one elsewhere)".to_owned(),
            _ => format!(" (and so do single ones in {others} other places)"),
        };
        notes.push(format!(
            "Replicate {replicate} stands far from all others in {}{also}: the interval holds only if such values are as \
             rare as they seem here.",
            sample.name
        ));
    }
    if let Some(most) = skewed.iter().map(|(_, departure)| departure.needed).max() {
        let part = |(sample, departure): &(&Sample, Departure)| {
            format!("{} ({})", sample.name, number((10.0 * departure.skewness).round() / 10.0))
        };
        let mut parts: Vec<String> = skewed.iter().take(NAMED).map(part).collect();
        if skewed.len() > NAMED {
            parts.push(format!("{} more", skewed.len() - NAMED));
        }
        notes.push(format!(
            "Skewed, so that intervals cover less often than they say: {}. About {} replicates would make up for it \
             (Cochran's rule of 25 times the squared skewness, on the {name}).",
            parts.join(", "),
            number(most as f64)
        ));
    }
    notes
}

/// Values of which an interval is made.
struct Sample {
    name: String,
    values: Vec<f64>,
}

/// The values of `metric` under every case, and their differences to the baseline.
fn samples(results: &Results, metric: Metric) -> Vec<Sample> {
    let name = metric.describe().name;
    let mut samples = Vec::new();
    for point in results.points() {
        let Some((baseline, variants)) = point.split_first() else { continue };
        for case in point {
            samples.push(Sample {
                name: format!("{name} of {}", case.name()),
                values: case.values(metric).collect(),
            });
        }
        for case in variants {
            let pairs = baseline.replicates.iter().zip(&case.replicates);
            let difference =
                pairs.filter_map(|(base, own)| Some(own.values.get(metric)? - base.values.get(metric)?));
            samples.push(Sample {
                name: format!("the difference of {}", case.name()),
                values: difference.collect(),
            });
        }
    }
    samples
}

impl CaseResult {
    /// The case in words: `“lpt” at machine.cores = 4`.
    pub fn name(&self) -> String {
        match self.setting.is_empty() {
            true => format!("“{}”", self.label),
            false => format!("“{}” at {}", self.label, self.setting_text()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::experiment::{Results, Sequential, Unwatched, run};
    use crate::scenario::{Request, check};
    use crate::source::InMemory;

    fn results(text: &str) -> Results {
        let files = InMemory::new([("s.toml", text)]);
        let request = Request { path: "s.toml", ..Request::default() };
        let Ok(checked) = check(&files, &request) else { panic!("refused: {text}") };
        let study = checked.study;
        run(&study, &Sequential, &Unwatched).unwrap()
    }

    /// The makespan of a task that is done again whenever its node fails: a geometric number of exponential attempts.
    const SKEWED: &str = "machine.cores = 1\nworkload.tasks = { count = 1, work = \"10 s\" }\n\
        [faults.inject.x]\ntarget = \"node 0\"\nfault = \"crash\"\nmtbf.exponential = \"5 s\"\nrepair = \"0 s\"\n\
        [faults]\nrecover = \"retry\"\n[run]\nseed = 5\nreplicates = ";

    #[test]
    fn skewed_makespans_are_said_to_be_and_how_many_replicates_they_ask_for() {
        let notes = results(&format!("{SKEWED}60")).notes;
        assert!(notes.iter().any(|note| note.starts_with("Skewed") && note.contains("Cochran")), "{notes:?}");
        let many = results(&format!("{SKEWED}600")).notes;
        assert!(!many.iter().any(|note| note.starts_with("Skewed")), "{many:?}");
    }

    #[test]
    fn few_replicates_are_said_to_be_few() {
        let notes = results(&format!("{SKEWED}5")).notes;
        assert!(notes.iter().any(|note| note.starts_with("With 5 replicates")), "{notes:?}");
    }

    #[test]
    fn near_normal_makespans_need_no_note() {
        let text =
            "machine.cores = 1\nworkload.tasks = { count = 40, work = { uniform = [\"1 s\", \"5 s\"] } }";
        assert_eq!(results(text).notes, [""; 0]);
    }
}
