//! What stands below the table in every format for people, a line each.

use super::grid::Grid;
use crate::experiment::{CaseResult, Judgement, Results};
use crate::record::{IDLE, STATES, State};
use crate::units::{percent, seconds};

/// Below this part of core time a state isn't worth a word.
const LEAST: f64 = 0.0005;

/// Most cases whose core time is told one by one.
const MOST: usize = 24;

/// How many replicates, from which seed, and how sure the intervals are.
pub fn replicates(results: &Results) -> String {
    let count = |case: &CaseResult| case.replicates.len();
    let (least, most) = (
        results.cases.iter().map(count).min().unwrap_or(0),
        results.cases.iter().map(count).max().unwrap_or(0),
    );
    let seed = results.seed;
    match (least, most) {
        (1, 1) if !results.random => "Nothing is drawn at random: one replicate says all.".to_owned(),
        (1, 1) => format!("1 replicate, seed {seed}."),
        _ => {
            let range = if least == most { most.to_string() } else { format!("{least} to {most}") };
            format!(
                "{range} replicates, seed {seed}; mean ± half of the {} interval.",
                percent(results.level)
            )
        }
    }
}

/// How the comparisons of several variants with the baseline hold together, where there are several.
pub(super) fn family(results: &Results) -> Option<String> {
    let several = results.points().any(|point| {
        point.len() > 2 && point.iter().any(|case| case.comparisons.iter().any(|one| one.together.is_some()))
    });
    (several && results.random).then(|| {
        let at_a_point = if results.points().count() > 1 { " of a point" } else { "" };
        format!(
            "Verdicts on all variants{at_a_point} hold together with {} (Holm), and so do their intervals (Bonferroni).",
            percent(results.level)
        )
    })
}

/// Which variant is best: of a sweep, at how many points.
pub fn findings(results: &Results) -> Vec<String> {
    let points: Vec<&[CaseResult]> = results.points().collect();
    if let [point] = points[..] {
        return results.finding(point).into_iter().collect();
    }
    let mut best: Vec<(Option<&str>, usize)> = Vec::new();
    for point in points.iter().filter(|point| point.len() > 1) {
        let label = results.best(point).map(|case| case.label.as_str());
        match best.iter_mut().find(|(other, _)| *other == label) {
            Some((_, count)) => *count += 1,
            None => best.push((label, 1)),
        }
    }
    best.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let name = results.primary().describe().name;
    let line = |(label, count): (Option<&str>, usize)| match label {
        Some(label) => format!("“{label}” has the best {name} at {count} of {} points.", points.len()),
        None => {
            format!("At {count} of {} points no variant can be told to have the best {name}.", points.len())
        }
    };
    best.into_iter().map(line).collect()
}

/// What the bounds in the table assume, and why others are absent.
pub fn bounds(results: &Results, grid: &Grid) -> Vec<String> {
    if !grid.header.iter().any(|column| column == "above bound") {
        return Vec::new();
    }
    let mut lines: Vec<String> = Vec::new();
    for case in &results.cases {
        let Some((bound, _)) = case.best_bound() else { continue };
        let line = format!("Bound “{}”: {}.", bound.name, bound.about);
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// The time that the real system took.
pub fn recorded(results: &Results) -> Option<String> {
    let recorded = results.cases.iter().find_map(|case| case.recorded)?;
    Some(format!("The recorded run took {} in reality.", seconds(recorded)))
}

/// Where core time went, of each case: its name and the states in their order.
pub fn core_times(results: &Results) -> Vec<(String, String)> {
    let cases =
        if results.cases.len() <= MOST { &results.cases[..] } else { results.points().next().unwrap_or(&[]) };
    cases
        .iter()
        .map(|case| {
            let setting = case.setting_text();
            let name =
                if setting.is_empty() { case.label.clone() } else { format!("{} at {setting}", case.label) };
            (name, core_time(case))
        })
        .collect()
}

fn core_time(case: &CaseResult) -> String {
    let total = case.times.total() as f64;
    let part = |ticks: u128| ticks as f64 / total;
    let share = |part: f64| format!("{:.1} %", 100.0 * part);
    let mut words = Vec::new();
    for (state, name) in STATES {
        let ticks = part(case.times.get(state));
        if ticks < LEAST || total == 0.0 {
            continue;
        }
        let mut text = format!("{name} {}", share(ticks));
        if state == State::Idle {
            let reasons = IDLE.iter().map(|(reason, name)| (part(case.times.idle[*reason as usize]), name));
            let reasons: Vec<String> = reasons
                .filter(|(part, _)| *part >= LEAST)
                .map(|(part, name)| format!("{name} {}", share(part)))
                .collect();
            text += &format!(" ({})", reasons.join(", "));
        }
        words.push(text);
    }
    words.join(" · ")
}

/// The expectations in short: whether each is met, and a line about it. One that is met at all points of a sweep has a
/// single line; of others only the points where it is missed have one.
pub fn expectations_in_short(results: &Results) -> Vec<(bool, String)> {
    let points = results.points().count();
    if points <= 1 {
        return expectations(results);
    }
    let mut lines = Vec::new();
    let all = expectations(results);
    let same = |one: &Judgement, next: &Judgement| one.expect.name == next.expect.name;
    let mut at = 0;
    for judgements in results.judgements.chunk_by(same) {
        let whole = &all[at..at + judgements.len()];
        at += judgements.len();
        if let (true, Some(first)) = (judgements.iter().all(|judgement| judgement.met), judgements.first()) {
            let held = match judgements.len() {
                all if all == points => format!("at all {points} points"),
                some => format!("at the {some} of {points} points at which the formula holds"),
            };
            lines.push((true, format!("{} met: “{}” {held}", first.expect.name, first.label)));
        } else {
            lines.extend(whole.iter().filter(|(met, _)| !met).cloned());
        }
    }
    lines
}

/// The expectations: whether each is met, and a line about it.
pub fn expectations(results: &Results) -> Vec<(bool, String)> {
    let several = results.points().count() > 1;
    let line = |judgement: &Judgement| {
        let case = results.cases.iter().find(|case| case.point == judgement.point);
        let setting =
            case.filter(|_| several).map_or(String::new(), |case| format!(" at {}", case.setting_text()));
        let source = judgement.expect.source.as_ref().map_or(String::new(), |source| format!(" [{source}]"));
        let verb = if judgement.met { "met" } else { "MISSED" };
        let Judgement { expect, label, because, .. } = judgement;
        (judgement.met, format!("{} {verb}: “{label}”{setting}: {because}{source}", expect.name))
    };
    results.judgements.iter().map(line).collect()
}
