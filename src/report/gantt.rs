//! What the cores of one recorded run did over time.

use std::collections::BTreeMap;

use super::breakdown::{idle, looks};
use super::paper::{Paper, quoted};
use crate::explain::words::{above, some};
use crate::metrics::Metric;
use crate::output::records::Recorded;
use crate::plot::gantt::{Arrow, Fault, Gantt, Segment, kind_of};
use crate::plot::quantity::Quantity;
use crate::record::{Interval, Marker, State, StealRow};
use crate::scenario::Scenario;
use crate::time::Time;

/// What cores do that several tasks share.
const SHARED: &str = "several tasks at once";

/// Beyond so many intervals none would have room for the name of its task.
const NAMED: usize = 5_000;

/// The kind of the chunks of loops.
const CHUNKS: &str = "chunks of so many iterations";

/// The chart of a recorded run.
pub(super) fn fill(paper: &Paper<'_>, run: &Recorded) -> Gantt {
    let case = &paper.study.cases[run.case];
    let scenario = &*case.scenario;
    let until = run.timeline.until;
    let at = |time: Time| scenario.scale.seconds(time.ticks() as f64);
    let makespan = run.outcome.values.get(Metric::Makespan).filter(|_| until.is_none());
    let bounds = run.outcome.bounds.iter().filter_map(|bound| Some((bound.seconds?, bound.name.to_owned())));
    let sizes = run.story.loops.chunks.iter().map(|row| ((row.job, row.number), row.size)).collect();
    let mut tasks = Tasks { scenario, sizes, kinds: BTreeMap::new(), names: Vec::new(), labels: Vec::new() };
    let named = run.timeline.intervals.len() <= NAMED;
    let segments: Vec<Segment> =
        run.timeline.intervals.iter().map(|interval| tasks.segment(interval, named)).collect();
    let struck = run.timeline.marks.iter().filter_map(|(time, marker)| match marker {
        Marker::Crash(first, end) => Some((first.index()..end.index(), at(*time))),
        _ => None,
    });
    let faults = struck.flat_map(|(cores, at)| cores.map(move |core| Fault { core: Some(core as u32), at }));
    let faults = faults.collect();
    let theft = |row: &StealRow| Arrow {
        from: row.victim.index() as u32,
        to: row.thief.index() as u32,
        at: at(row.at),
    };
    Gantt {
        heading: paper.heading(finding(run, scenario), subtitle(paper, run)),
        cores: cores(scenario),
        kinds: match tasks.names.len() {
            // Of a single kind there is nothing to tell apart.
            1 if ![SHARED, CHUNKS].contains(&tasks.names[0].as_str()) => vec!["tasks".to_owned()],
            _ => tasks.names,
        },
        labels: tasks.labels,
        segments,
        faults,
        arrows: run.timeline.steals.iter().map(theft).collect(),
        makespan,
        bounds: bounds.filter(|_| makespan.is_some()).collect(),
    }
}

/// The kinds and names of tasks as they come up.
struct Tasks<'a> {
    scenario: &'a Scenario,
    /// How many iterations each chunk of a loop is.
    sizes: BTreeMap<(u32, u64), u64>,
    kinds: BTreeMap<String, u32>,
    names: Vec<String>,
    labels: Vec<String>,
}

impl Tasks<'_> {
    fn segment(&mut self, interval: &Interval, named: bool) -> Segment {
        let seconds = |time: Time| self.scenario.scale.seconds(time.ticks() as f64);
        let (start, end) = (seconds(interval.from), seconds(interval.to));
        let state = if interval.state == State::Idle { idle(interval.idle) } else { looks(interval.state) };
        let mut segment =
            Segment { core: interval.core.index() as u32, start, end, state, kind: 0, label: None };
        if interval.task.is_none() && interval.state == State::Compute {
            segment.kind = self.kind(SHARED);
            if named {
                self.labels.push(some(interval.sharers.into(), "task"));
                segment.label = Some(self.labels.len() as u32 - 1);
            }
        }
        if let (Some((job, number)), State::Compute) = (interval.task, interval.state) {
            let (size, job) = (self.sizes.get(&(job, number)).copied(), &self.scenario.jobs[job as usize]);
            let name = job.workload.task_name(number);
            let plain = kind_of(&name) == "task";
            let is_chunk = job.workload.shape().is_some();
            segment.kind = self.kind(if is_chunk {
                CHUNKS
            } else if plain {
                &job.name
            } else {
                kind_of(&name)
            });
            if named {
                self.labels.push(match size {
                    Some(size) => size.to_string(),
                    None if plain => number.to_string(),
                    None => name,
                });
                segment.label = Some(self.labels.len() as u32 - 1);
            }
        }
        segment
    }

    fn kind(&mut self, name: &str) -> u32 {
        if let Some(kind) = self.kinds.get(name) {
            return *kind;
        }
        let kind = self.names.len() as u32;
        self.kinds.insert(name.to_owned(), kind);
        self.names.push(name.to_owned());
        kind
    }
}

/// The names of all cores.
pub(super) fn cores(scenario: &Scenario) -> Vec<String> {
    let machine = &scenario.machine;
    let name = |at: usize| {
        let node = machine.cores[at].node;
        match machine.nodes.len() {
            1 => format!("core {at}"),
            _ => {
                let own = at - machine.nodes[node.index()].cores.0.index();
                format!("{} core {own}", machine.node_name(node))
            }
        }
    };
    (0..machine.len()).map(name).collect()
}

fn subtitle(paper: &Paper<'_>, run: &Recorded) -> String {
    let case = &paper.study.cases[run.case];
    let mut parts = vec![some(case.scenario.machine.len() as u64, "core")];
    if paper.first_point().len() > 1 {
        parts.insert(0, quoted(&case.label));
    }
    parts.extend(paper.part(run.case));
    if let Some(until) = run.timeline.until {
        let end = case.scenario.scale.seconds(until.ticks() as f64);
        let whole = case.scenario.scale.seconds(run.outcome.end.ticks() as f64);
        let text = |seconds: f64| Quantity::Time.text(seconds);
        parts.push(format!("the first {} of {}, which is all that is kept", text(end), text(whole)));
    }
    parts.join(", ")
}

/// When all was done, and what that means.
fn finding(run: &Recorded, scenario: &Scenario) -> String {
    let fates = run.outcome.fates;
    let text = |seconds: f64| Quantity::Time.text(seconds);
    let end = text(scenario.scale.seconds(run.outcome.end.ticks() as f64));
    if run.outcome.cut {
        return format!("The run is cut at {end} with {} unfinished", some(fates.unfinished, "task"));
    }
    let makespan = run.outcome.values.get(Metric::Makespan);
    let done = makespan.map_or(end, text);
    if fates.failed + fates.dropped > 0 {
        let lost = fates.failed + fates.dropped;
        return format!(
            "{} of {} never finish, the others within {done}",
            lost,
            some(lost + fates.done, "task")
        );
    }
    let present = run.outcome.bounds.iter().filter_map(|bound| Some((bound.name, bound.seconds?)));
    let best = present.max_by(|a, b| a.1.total_cmp(&b.1)).filter(|(_, bound)| *bound > 0.0);
    match makespan.zip(best) {
        Some((makespan, (name, bound))) => {
            format!("All work is done after {done}: {} the {name} bound", above(makespan, bound))
        }
        None => format!("All work is done after {done}"),
    }
}
