//! Explanations: sentences from a study and its results. Everything that is said follows from numbers that are there.

mod bounds;
pub mod decisions;
mod dispatch;
mod hints;
mod loops;
mod machine;
mod outcome;
mod schedule;
mod rebalance;
mod steals;
mod turns;
pub mod whereabouts;
pub mod words;
mod wrap;

use crate::experiment::{CaseResult, Results};
use crate::record::Story;
use crate::scenario::{Case, Study};
use words::capital;

/// A case with what it came to, and what one of its runs was like.
type Recorded<'a> = (&'a Case, &'a CaseResult, &'a Story);

/// A part of an explanation.
pub struct Section {
    /// What it is about.
    pub title: &'static str,
    /// Lines, each a sentence or a few, or drawn; one that begins with a blank is left as it is.
    pub lines: Vec<String>,
}

/// Explains a study and what it came to, as text: its title and [`sections`]. Lines are at most 100 letters long, but for
/// drawings.
pub fn explain(study: &Study, results: &Results, stories: &[(usize, &Story)]) -> String {
    let mut text = String::new();
    if let Some(title) = &results.title {
        text += &format!("{title}\n\n");
    }
    let first = results.cases.first();
    if let Some(setting) = first.map(CaseResult::setting_text).filter(|text| !text.is_empty()) {
        text += &format!("Of the sweep this is the first point, {setting}.\n\n");
    }
    for section in sections(study, results, stories).iter().filter(|section| !section.lines.is_empty()) {
        text += &format!("{}\n{}\n", section.title, "─".repeat(section.title.chars().count()));
        section.lines.iter().for_each(|line| text += &wrap::wrap(line));
        text += "\n";
    }
    text.truncate(text.trim_end().len());
    text + "\n"
}

/// The parts of an explanation: the machine in a drawing, the work, how it is scheduled, what came out against the
/// lower bounds, where core time went, and what follows from that. Of a sweep the first point is explained. `stories` are
/// those of runs that were recorded, each with the number of its case in the study.
pub fn sections(study: &Study, results: &Results, stories: &[(usize, &Story)]) -> Vec<Section> {
    let cases: Vec<(&Case, &CaseResult)> =
        study.cases.iter().zip(&results.cases).filter(|(case, _)| case.point == 0).collect();
    let recorded: Vec<Recorded<'_>> = stories
        .iter()
        .filter_map(|(at, story)| Some((study.cases.get(*at)?, results.cases.get(*at)?, *story)))
        .filter(|(case, ..)| case.point == 0)
        .collect();
    vec![
        Section { title: "The machine", lines: machines(&cases) },
        Section { title: "The work", lines: schedule::work(&cases) },
        Section { title: "How it is scheduled", lines: schedule::policies(&cases) },
        Section { title: "What came out", lines: outcome::sentences(results, &cases) },
        Section { title: "Lower bounds", lines: bounds::sentences(&cases) },
        Section { title: "Where core time went", lines: whereabouts::sentences(&cases) },
        Section { title: "How the loop was handed out", lines: loops::sentences(&recorded) },
        Section { title: "Where tasks were sent", lines: dispatch::sentences(&recorded) },
        Section { title: "Who waited", lines: turns::sentences(&recorded) },
        Section { title: "What was stolen", lines: steals::sentences(&cases) },
        Section { title: "What was moved", lines: rebalance::sentences(&cases) },
        Section { title: "What follows", lines: hints::sentences(results, &cases) },
        Section { title: "To be known", lines: results.notes.clone() },
    ]
}

/// The machine of the baseline, and those of the variants that have another.
fn machines(cases: &[(&Case, &CaseResult)]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut drawn: Vec<String> = Vec::new();
    for (case, _) in cases {
        let drawing = machine::draw(&case.scenario);
        if drawn.contains(&drawing) {
            continue;
        }
        if !drawn.is_empty() {
            lines.push(format!("{}:", capital(&under(case))));
        }
        lines.extend(drawing.lines().map(str::to_owned));
        drawn.push(drawing);
    }
    lines
}

/// Under which variant.
fn under(case: &Case) -> String {
    format!("under “{}”", case.label)
}

/// Several cases that are told the same are named together, in front of what is told of them; a single case isn't named.
fn told(cases: &[(&Case, &CaseResult)], tell: impl Fn(&Case, &CaseResult) -> Vec<String>) -> Vec<String> {
    grouped(cases.iter().map(|(case, result)| (*case, tell(case, result))).collect())
}

/// The same of what is told of each case.
fn grouped(told: Vec<(&Case, Vec<String>)>) -> Vec<String> {
    let count = told.len();
    let mut groups: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    for (case, lines) in told {
        let label = format!("“{}”", case.label);
        match groups.iter_mut().find(|(_, other)| *other == lines) {
            Some((labels, _)) => labels.push(label),
            None => groups.push((vec![label], lines)),
        }
    }
    groups.retain(|(_, lines)| !lines.is_empty());
    if groups.len() == 1 && groups[0].0.len() == count {
        return groups.remove(0).1;
    }
    groups
        .into_iter()
        .flat_map(|(labels, lines)| {
            let all = format!("{}:", words::list(&labels));
            let item = |line: String| if line.starts_with(' ') { line } else { format!("* {line}") };
            std::iter::once(all).chain(lines.into_iter().map(item))
        })
        .collect()
}
