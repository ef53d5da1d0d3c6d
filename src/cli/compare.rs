//! `makespan compare`: studies against a baseline, and a gate on what got slower.

use std::path::{Path, PathBuf};

use clap::Args;

use super::lacking::to_do;
use super::request::{Ready, Scenario};
use super::run::{Effort, simulate};
use super::show::Printed;
use super::stop::Stop;
use super::terminal::Choice;
use crate::experiment::{Gate, Measured, Versus};
use crate::metrics::{Better, METRICS, Metric};
use crate::output::answer::{Compared, versus};
use crate::output::finished;
use crate::output::journal::{Kept, NAME};
use crate::units::{Dimension, Scale, parse, percent};

/// The level of all intervals.
const LEVEL: f64 = 0.95;

/// Compare scenarios or finished outputs with a baseline, and fail where something got slower
#[derive(Args)]
pub(super) struct Arguments {
    /// Scenarios, which are simulated, or outputs of runs: a folder or its summary.json; the first is the baseline
    /// unless --baseline names another
    #[arg(required = true, value_name = "SCENARIO|OUTPUT")]
    studies: Vec<PathBuf>,
    /// What all of them are compared with
    #[arg(long, value_name = "SCENARIO|OUTPUT")]
    baseline: Option<PathBuf>,
    /// Exit with 1 where a case is worse by more than this, as far as its interval tells
    #[arg(long, value_name = "PERCENT", value_parser = part)]
    fail_if_slower: Option<f64>,
    /// The metric that is compared; that of the baseline unless given
    #[arg(long, value_name = "NAME", value_parser = metric)]
    metric: Option<Metric>,
    /// The seed of scenarios
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// How many replicates of each case of scenarios
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    replicates: Option<u32>,
    #[command(flatten)]
    effort: Effort,
    #[command(flatten)]
    printed: Printed,
}

/// A part of a whole, such as `5%`.
pub(super) fn part(text: &str) -> Result<f64, String> {
    let part = parse(text, Dimension::Fraction, &Scale::default())
        .map_err(|wrong| format!("{}: {}", wrong.what, wrong.help))?;
    // Whoever writes 5 means a twentieth, and not five times as much.
    if part > 1.0 && !text.contains('%') {
        return Err(format!("{text} is {}: write 5% for five per cent", percent(part)));
    }
    Ok(part)
}

/// A metric by its name.
pub(super) fn metric(text: &str) -> Result<Metric, String> {
    let names = METRICS.iter().map(|entry| entry.name);
    Metric::named(text).ok_or_else(|| match crate::error::nearest(text, names) {
        Some(near) => format!("there is no such metric; did you mean `{near}`?"),
        None => "there is no such metric: `makespan list metrics` shows them".to_owned(),
    })
}

/// Runs the command.
///
/// # Errors
/// Where something can't be read or simulated, nothing can be compared, or a case fails the gate.
pub(super) fn run(arguments: &Arguments, colour: Choice) -> Result<(), Stop> {
    let (first, others) = match &arguments.baseline {
        Some(baseline) => (baseline, &arguments.studies[..]),
        None => match &arguments.studies[..] {
            [first, others @ ..] if !others.is_empty() => (first, others),
            _ => {
                let what =
                    "there is nothing to compare with: name a second scenario or output, or a --baseline";
                return Err(Stop::Wrong(what.to_owned()));
            }
        },
    };
    let baseline = measure(first, arguments, colour)?;
    let metric = arguments.metric.unwrap_or(baseline.compared);
    if arguments.fail_if_slower.is_some() && metric.describe().better == Better::Neither {
        let name = metric.describe().name;
        return Err(Stop::Wrong(format!("neither more nor less {name} is better: name another --metric")));
    }
    if arguments.fail_if_slower.is_some() && !metric.has_ratio() {
        let name = metric.describe().name;
        return Err(Stop::Wrong(format!(
            "{name} may be negative, so that no part of it says how much is too much: name another --metric"
        )));
    }
    let mut studies = Vec::new();
    for path in others {
        let study = measure(path, arguments, colour)?;
        let (cases, lone) = study.against(&baseline, metric, LEVEL);
        if cases.is_empty() {
            let name = metric.describe().name;
            return Err(Stop::Wrong(format!(
                "{} and {} have no case in common that has a {name}",
                study.name, baseline.name
            )));
        }
        let gate = |allowed: f64| cases.iter().map(|one| one.gate(metric, allowed)).collect();
        let gates = arguments.fail_if_slower.map_or_else(Vec::new, gate);
        studies.push(Compared { study, cases, lone, gates });
    }
    let allowed = arguments.fail_if_slower;
    arguments.printed.answer(&versus(&baseline, metric, &studies, LEVEL, allowed), colour)?;
    let failed = allowed.map_or_else(Vec::new, |allowed| judge(&studies, metric, allowed));
    match &*failed {
        [] => Ok(()),
        failed => Err(Stop::Wrong(failed.join("\n"))),
    }
}

/// Reads an output, or simulates a scenario.
fn measure(path: &Path, arguments: &Arguments, colour: Choice) -> Result<Measured, Stop> {
    if path.is_dir() || path.extension().is_some_and(|ending| ending == "json") {
        if let Some(why) = unfinished(path) {
            return Err(Stop::Wrong(why));
        }
        return finished::read(path).map_err(Stop::Wrong);
    }
    let name = path.display().to_string();
    let scenario = Scenario::plain(name.clone(), arguments.seed, arguments.replicates);
    let Ready { study, provenance } = scenario.check(colour)?;
    let results = simulate(&study, &arguments.effort, false)?;
    Ok(Measured::of(&name, &results, &provenance.resolved))
}

/// Why there is nothing to read yet in a folder where a run or a part was begun, and what to do; none of any other.
fn unfinished(path: &Path) -> Option<String> {
    if path.join(finished::SUMMARY).exists() {
        return None;
    }
    let kept = Kept::open(&path.join(NAME)).ok()?;
    let shown = path.display();
    Some(match kept.head().share {
        Some(share) => {
            format!("`{shown}` is part {share} of a run: join all of them with makespan merge first")
        }
        None => {
            format!("the run in `{shown}` isn't finished; go on with\n  {}", to_do(kept.head(), None, path))
        }
    })
}

/// Warns of what can't be told; the cases that fail, in a sentence each.
fn judge(studies: &[Compared], metric: Metric, allowed: f64) -> Vec<String> {
    let name = metric.describe().name;
    let allowed = percent(allowed);
    let mut failed = Vec::new();
    for Compared { study, cases, gates, .. } in studies {
        for (Versus { name: case, verdict, .. }, gate) in cases.iter().zip(gates) {
            match gate {
                Gate::Fails => failed.push(format!(
                    "{case} of {} is too slow: its {name} is {verdict}, and {allowed} is allowed",
                    study.name
                )),
                Gate::Unsure => eprintln!(
                    "warning: whether {case} of {} is worse by more than {allowed} can't be told ({name}: {verdict}): more \
                     replicates would tell",
                    study.name
                ),
                Gate::Passes => {}
            }
        }
    }
    failed
}
