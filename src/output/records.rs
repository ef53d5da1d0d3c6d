//! The records of runs: each made by running a replicate again, which is a pure function, and streamed to files.

use std::fmt;
use std::io::{self, BufWriter, Write};

use super::cores_csv::CoresCsv;
use super::decisions_csv::DecisionsCsv;
use super::links_csv::LinksCsv;
use super::perfetto::TraceRecorder;
use super::tasks_csv::TasksCsv;
use crate::metrics::Metric;
use crate::record::{Hindsight, Log, Messages, Outcome, Profile, Recorder, Story, Timeline};
use crate::scenario::{Case, Scenario, Study};
use crate::sim::{Failure, simulate};

/// Most intervals that are held back until it is known whether their work is lost.
const HELD: usize = 1 << 16;

/// Most intervals that are kept for a picture.
const KEPT: usize = 300_000;

/// Most decisions, ends of tasks and faults that are kept to be told one by one.
const TOLD: usize = 400_000;

/// What a recorded run leaves for pictures and explanations.
pub struct Recorded {
    /// Its case, counted in the study.
    pub case: usize,
    /// What it came to.
    pub outcome: Outcome,
    /// What the cores did.
    pub timeline: Timeline,
    /// How much waited and ran over time.
    pub profile: Profile,
    /// What was decided, and what happened to tasks and machine.
    pub log: Log,
    /// What nodes sent to one another.
    pub messages: Messages,
    /// What is worth a sentence in it.
    pub story: Story,
}

/// Records that have been written.
pub struct Records {
    /// Replicate 0 of each variant at the first point.
    pub recorded: Vec<Recorded>,
    /// What was left out, a sentence each.
    pub notices: Vec<String>,
}

/// Why there are no records.
#[derive(Debug)]
pub enum Unrecorded {
    /// The run failed.
    Run(String),
    /// A file can't be written.
    File(String, io::Error),
}

impl fmt::Display for Unrecorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unrecorded::Run(why) => write!(f, "{why}"),
            Unrecorded::File(name, error) => write!(f, "`{name}` can't be written: {error}"),
        }
    }
}

impl std::error::Error for Unrecorded {}

/// Which runs are recorded.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Which {
    /// Replicate 0 of each variant at the first point.
    #[default]
    First,
    /// Every replicate of every case.
    All,
}

/// Opens a file of a run's folder by its name.
pub type Open<'a> = dyn FnMut(&str) -> io::Result<Box<dyn Write>> + 'a;

/// Runs replicate number `replicate` of `scenario`, telling `recorder` the facts, lost work told as lost.
///
/// # Errors
/// Where the run can't come to an end.
pub fn observe<R: Recorder>(
    scenario: &Scenario,
    replicate: u64,
    recorder: R,
) -> Result<(Outcome, R), Failure> {
    let held = if scenario.faults.inject.is_empty() { 0 } else { HELD };
    let mut hindsight = Hindsight::new(scenario.machine.len(), held, recorder);
    let outcome = simulate(scenario, replicate, &mut hindsight)?;
    Ok((outcome, hindsight.into_inner()))
}

/// Runs a replicate of `case`, number `at` of the study, for pictures only.
///
/// # Errors
/// Where the run can't come to an end.
pub fn recorded(at: usize, case: &Case, replicate: u64) -> Result<Recorded, Unrecorded> {
    record(at, case, replicate, ()).map(|(recorded, ())| recorded)
}

/// What is worth a sentence in replicate 0 of each variant at the first point of `study`, each with the number of its case.
///
/// # Errors
/// Where a run can't come to an end.
pub fn stories(study: &Study) -> Result<Vec<(usize, Story)>, Unrecorded> {
    let first = study.cases.iter().enumerate().filter(|(_, case)| case.point == 0);
    let story = |(at, case): (usize, &Case)| match observe(&case.scenario, 0, Story::new(&case.scenario)) {
        Ok((_, story)) => Ok((at, story)),
        Err(failure) => Err(Unrecorded::Run(failure.describe(&case.scenario))),
    };
    first.map(story).collect()
}

impl Recorder for () {}

fn record<R: Recorder>(at: usize, case: &Case, replicate: u64, more: R) -> Result<(Recorded, R), Unrecorded> {
    let told = (Log::new(TOLD), (Messages::new(KEPT), Story::new(&case.scenario)));
    let kept = ((Timeline::new(KEPT), Profile::default()), told);
    let run = observe(&case.scenario, replicate, (more, kept));
    let (outcome, (more, ((timeline, profile), (log, (messages, story))))) =
        run.map_err(|failure| Unrecorded::Run(failure.describe(&case.scenario)))?;
    Ok((Recorded { case: at, outcome, timeline, profile, log, messages, story }, more))
}

/// Writes `tasks.csv`, `cores.csv`, `decisions.csv`, `links.csv` and a trace a run. `replicates` is the number of replicates of each case.
///
/// # Errors
/// Where a file can't be written or a run can't come to an end.
pub fn write(
    study: &Study,
    which: Which,
    replicates: &[usize],
    open: &mut Open<'_>,
) -> Result<Records, Unrecorded> {
    let mut file =
        |name: &str| open(name).map(BufWriter::new).map_err(|error| Unrecorded::File(name.into(), error));
    let (mut tasks, mut cores) = (TasksCsv::new(file(TASKS)?), CoresCsv::new(file(CORES)?));
    let mut decisions = DecisionsCsv::new(file(DECISIONS)?);
    let networked = study.cases.iter().any(|case| case.scenario.network.is_some());
    let mut links = if networked { Some(LinksCsv::new(file(LINKS)?)) } else { None };
    let mut records = Records { recorded: Vec::new(), notices: Vec::new() };
    for (at, case) in study.cases.iter().enumerate() {
        let count = match which {
            Which::First => usize::from(case.point == 0),
            Which::All => replicates.get(at).copied().unwrap_or(0),
        };
        for replicate in 0..count as u64 {
            let name = trace_name(study, at, replicate);
            let failed = |error| Unrecorded::File(name.clone(), error);
            let trace = TraceRecorder::new(file(&name)?, &case.scenario).map_err(failed)?;
            let sheets =
                ((tasks.of(case, replicate), cores.of(case, replicate)), decisions.of(case, replicate));
            let carried = links.as_mut().map(|links| links.of(case, replicate));
            let (recorded, ((_, carried), trace)) = record(at, case, replicate, ((sheets, carried), trace))?;
            if let Some(carried) = carried {
                carried.finish(recorded.outcome.values.get(Metric::Duration).unwrap_or(0.0));
            }
            let notice = trace.finish().map_err(failed)?;
            records.notices.extend(notice.map(|notice| format!("{name}: {notice}")));
            if case.point == 0 && replicate == 0 {
                records.recorded.push(recorded);
            }
        }
    }
    records.notices.extend(tasks.finish().map_err(|error| Unrecorded::File(TASKS.into(), error))?);
    records.notices.extend(decisions.finish().map_err(|error| Unrecorded::File(DECISIONS.into(), error))?);
    cores.finish().map_err(|error| Unrecorded::File(CORES.into(), error))?;
    if let Some(links) = links {
        links.finish().map_err(|error| Unrecorded::File(LINKS.into(), error))?;
    }
    Ok(records)
}

const TASKS: &str = "tasks.csv";
const CORES: &str = "cores.csv";
const DECISIONS: &str = "decisions.csv";
const LINKS: &str = "links.csv";

/// The name of a trace: `trace.pftrace` of the baseline, `trace-lpt.pftrace` of a variant; points and replicates but the
/// first are numbered.
fn trace_name(study: &Study, at: usize, replicate: u64) -> String {
    let case = &study.cases[at];
    let variant = study.cases[..at].iter().filter(|other| other.point == case.point).count();
    let mut name = String::from("trace");
    if variant > 0 {
        name += &format!("-{}", stem(study, at));
    }
    if case.point > 0 {
        name += &format!("-point-{}", case.point);
    }
    if replicate > 0 {
        name += &format!("-replicate-{replicate}");
    }
    name + ".pftrace"
}

/// The label of a case as part of a file's name: small letters and digits. Where two labels of a point look alike then, it
/// is numbered.
pub fn stem(study: &Study, at: usize) -> String {
    let case = &study.cases[at];
    let own = plain(&case.label);
    let twins =
        study.cases[..at].iter().filter(|other| other.point == case.point && plain(&other.label) == own);
    match twins.count() {
        0 => own,
        twins => format!("{own}-{}", twins + 1),
    }
}

fn plain(label: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' };
    let words: String = label.chars().map(letter).collect();
    let words: Vec<&str> = words.split_whitespace().collect();
    if words.is_empty() { "variant".into() } else { words.join("-") }
}
