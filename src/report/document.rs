//! A study with all that came of it, as reports tell it.

use super::paper::Paper;
use super::{Figure, comparison, shown_lanes};
use crate::experiment::Results;
use crate::output::provenance::Provenance;
use crate::output::records::Recorded;
use crate::record::Story;
use crate::scenario::Study;

/// What a report is written from.
pub struct Document<'a> {
    /// The name of the scenario.
    pub scenario: &'a str,
    /// What was simulated.
    pub study: &'a Study,
    /// What it came to.
    pub results: &'a Results,
    /// Where it comes from.
    pub provenance: &'a Provenance,
    /// Replicate 0 of each variant at the first point, where runs were recorded.
    pub recorded: &'a [Recorded],
    /// Its pictures.
    pub figures: &'a [Figure],
}

impl Document<'_> {
    pub(super) fn paper(&self) -> Paper<'_> {
        Paper { scenario: self.scenario, study: self.study, results: self.results }
    }

    /// What the study is called.
    pub(super) fn title(&self) -> String {
        self.results.title.clone().unwrap_or_else(|| self.scenario.to_owned())
    }

    /// The finding in a sentence.
    pub(super) fn answer(&self) -> String {
        comparison::finding(&self.paper(), &self.results.cases) + "."
    }

    /// The recorded runs whose cores are shown step by step.
    pub(super) fn lanes(&self) -> Vec<&Recorded> {
        let uses_cores = |run: &&Recorded| {
            self.study.cases[run.case].scenario.jobs.iter().any(|job| job.workload.uses_cores())
        };
        shown_lanes(&self.paper(), self.recorded).filter(uses_cores).collect()
    }

    /// What is worth a sentence in the recorded runs, each with the number of its case.
    pub(super) fn stories(&self) -> Vec<(usize, &Story)> {
        self.recorded.iter().map(|run| (run.case, &run.story)).collect()
    }

    /// The command that gives the same results.
    pub(super) fn command(&self) -> String {
        let quoted = |text: &str| {
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
            if text.chars().all(plain) {
                text.to_owned()
            } else {
                format!("'{}'", text.replace('\'', "'\\''"))
            }
        };
        let mut words = vec!["makespan run".to_owned(), quoted(&self.provenance.scenario)];
        words.extend(self.provenance.sets.iter().map(|set| format!("--set {}", quoted(set))));
        words.extend(self.provenance.sweeps.iter().map(|sweep| format!("--sweep {}", quoted(sweep))));
        words.join(" ")
    }
}
