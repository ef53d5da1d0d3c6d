//! `makespan compare`: studies against a baseline, and a gate on what got slower.

use std::path::{Path, PathBuf};

use clap::Args;

use super::request::{Ready, Scenario};
use super::run::{Effort, simulate};
use super::stop::Stop;
use super::terminal::{Choice, print};
use crate::experiment::{Gate, Measured, Versus};
use crate::metrics::{Better, METRICS, Metric};
use crate::output::finished;
use crate::output::value::Shown;
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
}

/// A part of a whole, such as `5%`.
pub(super) fn part(text: &str) -> Result<f64, String> {
    parse(text, Dimension::Fraction, &Scale::default())
        .map_err(|wrong| format!("{} {}", wrong.what, wrong.help))
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
    let mut failed = Vec::new();
    for path in others {
        let study = measure(path, arguments, colour)?;
        let (versus, lone) = study.against(&baseline, metric, LEVEL);
        if versus.is_empty() {
            let name = metric.describe().name;
            return Err(Stop::Wrong(format!(
                "{} and {} have no case in common that has a {name}",
                study.name, baseline.name
            )));
        }
        print(|out| out.write_all(told(&study, &baseline, metric, &versus, &lone).as_bytes()))?;
        if let Some(allowed) = arguments.fail_if_slower {
            failed.extend(judge(&versus, &study, metric, allowed)?);
        }
    }
    match &*failed {
        [] => Ok(()),
        failed => Err(Stop::Wrong(failed.join("\n"))),
    }
}

/// Reads an output, or simulates a scenario.
fn measure(path: &Path, arguments: &Arguments, colour: Choice) -> Result<Measured, Stop> {
    if path.is_dir() || path.extension().is_some_and(|ending| ending == "json") {
        return finished::read(path).map_err(Stop::Wrong);
    }
    let name = path.display().to_string();
    let scenario = Scenario::plain(name.clone(), arguments.seed, arguments.replicates);
    let Ready { study, provenance } = scenario.check(colour)?;
    let results = simulate(&study, &arguments.effort, false)?;
    Ok(Measured::of(&name, &results, &provenance.resolved))
}

/// A table of the cases that both have, and how they were compared.
fn told(study: &Measured, baseline: &Measured, metric: Metric, versus: &[Versus], lone: &[String]) -> String {
    let largest = versus.iter().map(|one| one.base.abs().max(one.mean.abs())).fold(0.0, f64::max);
    let shown = Shown::suited(metric, largest);
    let unit = if shown.name.is_empty() { String::new() } else { format!(" ({})", shown.name) };
    let mut text = format!("{} against {}: {}{unit}\n", study.name, baseline.name, metric.describe().name);
    let rows: Vec<[String; 4]> = versus
        .iter()
        .map(|one| {
            let number = |value: f64| shown.number(value);
            [one.name.clone(), number(one.base), number(one.mean), one.verdict.clone()]
        })
        .collect();
    let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0);
    for row in &rows {
        let padded = |at: usize| " ".repeat(width(at) - row[at].chars().count());
        let [name, base, mean, verdict] = row;
        text += &format!("  {name}{}  {}{base} → {}{mean}  {verdict}\n", padded(0), padded(1), padded(2));
    }
    text += &format!("{}\n", how(study, baseline, versus));
    if let (Some(own), Some(other)) = (&study.workload, &baseline.workload)
        && own != other
    {
        text += "Their workloads differ: so much the less says a difference of one policy or machine from another.\n";
    }
    for line in lone {
        text += &format!("{line}.\n");
    }
    text
}

fn how(study: &Measured, baseline: &Measured, versus: &[Versus]) -> String {
    let together = if versus.len() > 1 { " for all cases together (Bonferroni)" } else { "" };
    let level = percent(LEVEL);
    match versus.iter().find_map(|one| one.pairs) {
        _ if !study.random && !baseline.random => "Nothing is drawn at random: values are exact.".to_owned(),
        Some(_) => format!(
            "Paired, replicate by replicate: both have the seed {}. Intervals are at {level}{together}.",
            study.seed
        ),
        None if study.seed == baseline.seed => format!(
            "Unpaired (Welch), although both have the seed {}: the values of single replicates aren't there. Intervals are \
             at {level}{together}.",
            study.seed
        ),
        None => format!(
            "Unpaired (Welch): the seeds {} and {} share nothing. Intervals are at {level}{together}.",
            baseline.seed, study.seed
        ),
    }
}

/// Warns of what can't be told; the cases that fail, in a sentence each.
fn judge(versus: &[Versus], study: &Measured, metric: Metric, allowed: f64) -> Result<Vec<String>, Stop> {
    let name = metric.describe().name;
    let allowed_text = percent(allowed);
    let mut failed = Vec::new();
    for one in versus {
        let Versus { name: case, verdict, .. } = one;
        match one.gate(metric, allowed) {
            Gate::Fails => failed.push(format!(
                "{case} of {} is too slow: its {name} is {verdict}, and {allowed_text} is allowed",
                study.name
            )),
            Gate::Unsure => eprintln!(
                "warning: whether {case} of {} is worse by more than {allowed_text} can't be told ({name}: {verdict}): more \
                 replicates would tell",
                study.name
            ),
            Gate::Passes => {
                print(|out| {
                    writeln!(out, "{case} passes: its {name} is not worse by more than {allowed_text}.")
                })?;
            }
        }
    }
    Ok(failed)
}
