//! Which keys of a scenario matter: each varied a little, on the same random numbers.

use super::Failed;
use super::probe::{Probe, Probed, Unprobed, scaled};
use crate::metrics::Metric;
use crate::stats::{Paired, Ratio, bonferroni};

/// How a metric reacts to a key.
#[derive(Clone, PartialEq, Debug)]
pub struct Reaction {
    /// The dotted key.
    pub key: String,
    /// Its value.
    pub value: String,
    /// The values that it was given instead.
    pub tried: Vec<String>,
    /// What came of it.
    pub effect: Effect,
}

/// What came of varying a key.
#[derive(Clone, PartialEq, Debug)]
pub enum Effect {
    /// Nothing at all: every event of every replicate was the same.
    Nothing,
    /// The elasticity: by how many per cent the metric is longer where the key is one per cent larger. Its interval holds
    /// together with those of all other keys.
    Elasticity(Ratio),
    /// The metric has no ratio that could be told.
    Unknown,
    /// It could not be varied: why.
    Fixed(String),
}

/// How the metric of a scenario reacts to its keys.
#[derive(Clone, PartialEq, Debug)]
pub struct Sensitivity {
    /// Which metric.
    pub metric: Metric,
    /// How many replicates each was given.
    pub replicates: usize,
    /// What the scenario's sweep sets at its first point, which is the one that was varied.
    pub setting: Vec<(String, String)>,
    /// The keys that matter most first; those without an elasticity last.
    pub reactions: Vec<Reaction>,
}

/// Varies every numeric key of the scenario of `probe` by a part `step` up and down. `level` is that of all intervals
/// together. The metric is the one that the scenario compares, unless `metric` says.
///
/// # Errors
/// Where something is wrong with the scenario as it is, or one of its replicates fails.
pub fn sensitivity(
    probe: &Probe<'_>,
    metric: Option<Metric>,
    step: f64,
    level: f64,
) -> Result<Sensitivity, Unprobed> {
    let base = probe.with(&[])?;
    let metric = base.metric(metric)?;
    let keys: Vec<(String, String)> = probe
        .resolution()?
        .keys()
        .iter()
        .filter(|key| is_of_the_model(&key.path))
        .filter(|key| scaled(&key.value, 1.0 + step).is_some() || is_zero(&key.value))
        .map(|key| (key.path.join("."), key.value.clone()))
        .collect();
    let level = bonferroni(level, keys.len());
    let mut reactions = Vec::new();
    for (key, value) in keys {
        let (tried, effect) =
            vary(probe, &base, metric, (&key, &value), step, level).map_err(Unprobed::Failed)?;
        reactions.push(Reaction { key, value, tried, effect });
    }
    let size = |reaction: &Reaction| match &reaction.effect {
        Effect::Elasticity(ratio) => ratio.estimate.abs(),
        _ => -1.0,
    };
    reactions.sort_by(|one, other| size(other).total_cmp(&size(one)));
    Ok(Sensitivity { metric, replicates: base.values.len(), setting: base.setting, reactions })
}

/// Whether a key says something of the system, not of how it is studied.
fn is_of_the_model(path: &[String]) -> bool {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let of_the_run = matches!(path[..], ["run", "horizon" | "warmup", ..]);
    of_the_run || matches!(path[..], ["machine" | "network" | "workload" | "schedule" | "faults", ..])
}

fn is_zero(value: &str) -> bool {
    let number: String = value.trim_matches('"').chars().take_while(|c| !c.is_whitespace()).collect();
    number.parse::<f64>() == Ok(0.0)
}

fn vary(
    probe: &Probe<'_>,
    base: &Probed,
    metric: Metric,
    (key, value): (&str, &str),
    step: f64,
    level: f64,
) -> Result<(Vec<String>, Effect), Failed> {
    if is_zero(value) {
        return Ok((Vec::new(), Effect::Fixed("it is 0".to_owned())));
    }
    if key.ends_with(".weights") {
        return Ok((Vec::new(), Effect::Fixed("only its proportions count".to_owned())));
    }
    let mut tried = Vec::new();
    let mut ends: Vec<(f64, Probed)> = Vec::new();
    let mut refused = String::new();
    for factor in [1.0 / (1.0 + step), 1.0 + step] {
        let Some((moved, factor)) = scaled(value, factor) else { continue };
        match probe.with(&[format!("{key}={moved}")]) {
            Ok(found) => {
                tried.push(moved);
                ends.push((factor, found));
            }
            Err(Unprobed::Refused(what)) => refused = what,
            Err(Unprobed::Failed(failed)) => return Err(failed),
        }
    }
    let effect = match &ends[..] {
        [] => Effect::Fixed(if refused.is_empty() { "it can't be less or more".to_owned() } else { refused }),
        ends if ends.iter().all(|(_, end)| end.is_like(base, metric)) => Effect::Nothing,
        [(factor, end)] => elasticity(base, end, metric, *factor, level),
        [(low, below), (high, above), ..] => elasticity(below, above, metric, high / low, level),
    };
    Ok((tried, effect))
}

/// The elasticity between two values of a key, the second `factor` times the first.
fn elasticity(from: &Probed, to: &Probed, metric: Metric, factor: f64, level: f64) -> Effect {
    let Some(ratio) = ratio(from, to, metric, level) else { return Effect::Unknown };
    let ends = [ratio.low, ratio.estimate, ratio.high].map(|ratio| libm::log(ratio) / libm::log(factor));
    if ends.iter().any(|end| !end.is_finite()) {
        return Effect::Unknown;
    }
    Effect::Elasticity(Ratio { low: ends[0].min(ends[2]), estimate: ends[1], high: ends[0].max(ends[2]) })
}

/// The ratio of a metric's means, replicate by replicate; of a single one that says all, without an interval.
pub(super) fn ratio(from: &Probed, to: &Probed, metric: Metric, level: f64) -> Option<Ratio> {
    let pairs = from.values.iter().zip(&to.values);
    let (base, other): (Vec<f64>, Vec<f64>) =
        pairs.filter_map(|(from, to)| Some((from.get(metric)?, to.get(metric)?))).unzip();
    if !(from.random || to.random) {
        let ratio = other.first()? / base.first().filter(|base| **base > 0.0)?;
        return Some(Ratio { estimate: ratio, low: ratio, high: ratio });
    }
    Paired::of(&base, &other, level)?.ratio
}
