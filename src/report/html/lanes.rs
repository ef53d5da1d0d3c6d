//! What the cores of recorded runs did, as the report's canvas reads it: numbers in a compact text, and words once.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::super::gantt;
use super::super::paper::Paper;
use crate::explain::decisions::sentence;
use crate::explain::words::some;
use crate::output::records::Recorded;
use crate::plot::gantt::{Gantt, Style};
use crate::plot::quantity::Quantity;
use crate::record::{ChunkRow, Marker, StealRow, Step};
use crate::scenario::{Job, Scenario};
use crate::time::Time;

/// Most tasks of all runs together whose intervals and decisions are kept in a report.
pub(super) const TASKS: usize = 100_000;

/// The runs with what is said where not all of them fits.
pub(super) fn runs(paper: &Paper<'_>, recorded: &[&Recorded]) -> Vec<Value> {
    let mut room = TASKS;
    recorded.iter().map(|run| one(paper, run, &mut room)).collect()
}

fn one(paper: &Paper<'_>, run: &Recorded, room: &mut usize) -> Value {
    let scenario = &*paper.study.cases[run.case].scenario;
    let chart = gantt::fill(paper, run);
    let shown = Shown::new(run, *room);
    *room -= shown.tasks;
    let styles = chart.styles();
    let mut steps = Steps::new(scenario);
    run.log.steps.iter().take_while(|(at, _)| shown.until.is_none_or(|until| *at < until)).for_each(
        |(at, step)| {
            steps.add(*at, step);
        },
    );
    let seconds = |ticks: u64| scenario.scale.seconds(ticks as f64);
    let end = shown.until.unwrap_or(run.outcome.end);
    let ticks = |at: f64| at / seconds(1);
    let (count, intervals) = intervals(run, &chart, &styles.of, &shown, scenario.machine.len());
    let bounds = chart.bounds.iter().map(|(at, name)| json!([ticks(*at), name]));
    let makespan = chart.makespan.map(|at| json!([ticks(at), "makespan"]));
    let faults = run.timeline.marks.iter().filter_map(|(at, marker)| match marker {
        Marker::Crash(first, end) => Some(json!([at.ticks(), first.index(), end.index()])),
        _ => None,
    });
    let shown_arrow = |row: &&StealRow| shown.until.is_none_or(|until| row.at < until);
    let thefts = run.timeline.steals.iter().filter(shown_arrow);
    let mut arrows = Bytes::default();
    let mut before = Time::ZERO;
    for row in thefts.clone() {
        arrows.push((row.at - before).ticks());
        arrows.push(row.victim.index() as u64);
        arrows.push(row.thief.index() as u64);
        before = row.at;
    }
    let label = &paper.study.cases[run.case].label;
    json!({
        "label": label,
        "spoken": format!(
            "What {} did over time under “{label}”. Arrow keys move, plus and minus zoom, Home shows all, n and p step.",
            some(scenario.machine.len() as u64, "core")
        ),
        "notice": notice(run, scenario, &shown),
        "tick": seconds(1),
        "end": end.ticks(),
        "cores": chart.cores,
        "looks": styles.looks.iter().map(look).collect::<Vec<_>>(),
        "jobs": scenario.jobs.iter().map(|job| names(job, scenario, run)).collect::<Vec<_>>(),
        "bounds": bounds.chain(makespan).collect::<Vec<_>>(),
        "faults": faults.collect::<Vec<_>>(),
        "arrowCount": thefts.count(),
        "arrows": arrows.text(),
        "count": count,
        "intervals": intervals,
        "stepCount": steps.count,
        "steps": steps.bytes.text(),
        "phrases": steps.phrases,
    })
}

/// What of a run there is room for.
struct Shown {
    /// The instant up to which it is shown, unless it is shown whole.
    until: Option<Time>,
    /// How many tasks begin before that.
    tasks: usize,
}

impl Shown {
    fn new(run: &Recorded, room: usize) -> Self {
        let begun = |interval: &&crate::record::Interval| interval.first;
        let mut firsts: Vec<Time> = run.timeline.intervals.iter().filter(begun).map(|one| one.from).collect();
        let mut until = run.timeline.until;
        if firsts.len() > room {
            firsts.sort_unstable();
            until = Some(firsts[room]);
            firsts.truncate(room);
        }
        // Steps are kept only so far, too.
        let last = run.log.steps.last().filter(|_| run.log.left_out > 0).map(|(at, _)| *at);
        Shown { until: until.into_iter().chain(last).min(), tasks: firsts.len() }
    }
}

fn notice(run: &Recorded, scenario: &Scenario, shown: &Shown) -> String {
    let text = |at: Time| Quantity::Time.text(scenario.scale.seconds(at.ticks() as f64));
    match shown.until {
        Some(until) => format!(
            "Shown are the first {} of {}, {}: there is no room for more.",
            text(until),
            text(run.outcome.end),
            some(shown.tasks as u64, "task")
        ),
        None => String::new(),
    }
}

fn look(style: &Style) -> Value {
    json!({
        "name": style.name,
        "ground": style.fill.ground.hex(),
        "ink": style.fill.ink.hex(),
        "pattern": style.fill.pattern.name(),
        "work": style.work,
    })
}

/// The names of a job's tasks: all of them, what stands before a number, or of a loop the sizes of its chunks, each with its
/// number less that of the one before.
fn names(job: &Job, scenario: &Scenario, run: &Recorded) -> Value {
    let whose = if scenario.jobs.len() > 1 { format!("{} ", job.name) } else { String::new() };
    let plain = |number: u64| job.workload.task_name(number) == format!("task {number}");
    let most = run.log.steps.iter().filter_map(|(_, step)| match step {
        Step::Choice(choice) => Some(choice.number),
        Step::End(_, number, ..) => Some(*number),
        Step::Mark(_) => None,
    });
    let most = most.max().unwrap_or(0);
    if let Some(shape) = job.workload.shape() {
        let own = |row: &&ChunkRow| scenario.jobs[row.job as usize].name == job.name;
        let chunks: BTreeMap<u64, u64> =
            run.story.loops.chunks.iter().filter(own).map(|row| (row.number, row.size)).collect();
        let mut bytes = Bytes::default();
        let mut before = 0;
        for (number, size) in &chunks {
            bytes.push(number - before);
            bytes.push(*size);
            before = *number;
        }
        return json!({
            "prefix": whose, "iterations": shape.iterations, "steps": shape.steps, "count": chunks.len(),
            "chunks": bytes.text(),
        });
    }
    if plain(0) && plain(most) {
        return json!({ "prefix": format!("{whose}task ") });
    }
    let last = job.workload.count().map_or(most + 1, |count| count.min(most + 1));
    let name = |number| format!("{whose}{}", job.workload.task_name(number));
    json!({ "tasks": (0..last).map(name).collect::<Vec<_>>() })
}

/// The intervals of each core in turn: how many there are; of each the time since the one before, its length, its look,
/// and its job and task.
fn intervals(run: &Recorded, chart: &Gantt, looks: &[u8], shown: &Shown, cores: usize) -> (usize, String) {
    let mut by_core: Vec<Vec<usize>> = vec![Vec::new(); cores];
    for (at, interval) in run.timeline.intervals.iter().enumerate() {
        if shown.until.is_none_or(|until| interval.from < until) {
            by_core[interval.core.index()].push(at);
        }
    }
    debug_assert_eq!(chart.segments.len(), run.timeline.intervals.len());
    let mut bytes = Bytes::default();
    let mut count = 0;
    for core in by_core {
        count += core.len();
        bytes.push(core.len() as u64);
        let (mut before, mut number) = (Time::ZERO, 0);
        for at in core {
            let interval = &run.timeline.intervals[at];
            let to = shown.until.map_or(interval.to, |until| interval.to.min(until));
            bytes.push((interval.from - before).ticks());
            bytes.push((to - interval.from).ticks());
            bytes.push(u64::from(looks[at]));
            before = to;
            match interval.task {
                Some((job, task)) => {
                    bytes.push(u64::from(job) + 1);
                    bytes.push_signed(task as i64 - number);
                    number = task as i64;
                }
                None => bytes.push(0),
            }
        }
    }
    (count, bytes.text())
}

/// What was decided and happened: of each step the time since the one before, its sentence, its core, its job and task, and
/// how many tasks wait, and from which core the task comes if it does.
struct Steps<'a> {
    scenario: &'a Scenario,
    bytes: Bytes,
    phrases: Vec<String>,
    known: BTreeMap<String, u64>,
    count: usize,
    before: Time,
    number: i64,
}

impl<'a> Steps<'a> {
    fn new(scenario: &'a Scenario) -> Self {
        Steps {
            scenario,
            bytes: Bytes::default(),
            phrases: Vec::new(),
            known: BTreeMap::new(),
            count: 0,
            before: Time::ZERO,
            number: 0,
        }
    }

    fn add(&mut self, at: Time, step: &Step) {
        let phrase = self.phrase(sentence(self.scenario, step));
        let (core, job, number, others) = match step {
            Step::Choice(choice) => (Some(choice.core), choice.job + 1, choice.number as i64, choice.others),
            Step::End(job, number, core, _) => (*core, job + 1, *number as i64, 0),
            Step::Mark(
                Marker::Crash(first, _)
                | Marker::Repair(first, _)
                | Marker::Speed(first, _)
                | Marker::Noticed(first, _),
            ) => (Some(*first), 0, self.number, 0),
            Step::Mark(Marker::Checkpoint(_) | Marker::Rollback(_)) => (None, 0, self.number, 0),
        };
        self.bytes.push((at - self.before).ticks());
        self.bytes.push(phrase);
        self.bytes.push(core.map_or(0, |core| core.index() as u64 + 1));
        self.bytes.push(u64::from(job));
        self.bytes.push_signed(number - self.number);
        self.bytes.push(others);
        let from = if let Step::Choice(choice) = step { choice.why.from() } else { None };
        self.bytes.push(from.map_or(0, |core| core.index() as u64 + 1));
        (self.before, self.number) = (at, number);
        self.count += 1;
    }

    fn phrase(&mut self, phrase: String) -> u64 {
        if let Some(known) = self.known.get(&phrase) {
            return *known;
        }
        let new = self.phrases.len() as u64;
        self.known.insert(phrase.clone(), new);
        self.phrases.push(phrase);
        new
    }
}

/// Numbers in as few bytes as they need: seven bits each, the least significant first, the eighth set on all but the last.
#[derive(Default)]
struct Bytes(Vec<u8>);

impl Bytes {
    fn push(&mut self, mut number: u64) {
        while number >= 128 {
            self.0.push(number as u8 | 128);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    /// Numbers around zero: 0, −1, 1, −2, … are 0, 1, 2, 3, …
    fn push_signed(&mut self, number: i64) {
        self.push(((number << 1) ^ (number >> 63)) as u64);
    }

    fn text(&self) -> String {
        STANDARD.encode(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_take_as_few_bytes_as_they_need() {
        let mut bytes = Bytes::default();
        for number in [0, 127, 128, 300, u64::MAX] {
            bytes.push(number);
        }
        assert_eq!(bytes.0[..6], [0, 127, 128, 1, 172, 2]);
        assert_eq!(bytes.0.len(), 6 + 10);
        let mut signed = Bytes::default();
        [0, -1, 1, -2, 2].into_iter().for_each(|number| signed.push_signed(number));
        assert_eq!(signed.0, [0, 1, 2, 3, 4]);
    }
}
