//! What `makespan compare` answers.

use serde_json::{Value, json};

use super::{Answer, Part, figure, text};
use crate::experiment::{Gate, Measured, Versus};
use crate::metrics::Metric;
use crate::output::value::{Shown, unit_name};
use crate::stats::Ratio;
use crate::units::percent;

/// A study compared with the baseline.
pub struct Compared {
    /// The study.
    pub study: Measured,
    /// The cases that both have.
    pub cases: Vec<Versus>,
    /// What is said of cases that only one of them has, a sentence each without a full stop.
    pub lone: Vec<String>,
    /// What the gate says of each of `cases`, if there is one.
    pub gates: Vec<Gate>,
}

/// Studies against `baseline` by `metric`, with intervals at `level`; `allowed` is what the gate allows.
pub fn versus(
    baseline: &Measured,
    metric: Metric,
    studies: &[Compared],
    level: f64,
    allowed: Option<f64>,
) -> Answer {
    let described = metric.describe();
    Answer {
        asked: "compare",
        head: vec![
            ("baseline", json!(baseline.name)),
            ("metric", json!(described.name)),
            ("unit", json!(unit_name(described.unit))),
            ("confidence_level", json!(level)),
            ("allowed", json!(allowed)),
        ],
        columns: vec![
            "study", "case", "metric", "unit", "baseline", "mean", "ratio", "low", "high", "pairs",
            "verdict", "gate",
        ],
        parts: studies.iter().map(|compared| part(baseline, metric, compared, level, allowed)).collect(),
    }
}

fn part(baseline: &Measured, metric: Metric, compared: &Compared, level: f64, allowed: Option<f64>) -> Part {
    let Compared { study, cases, .. } = compared;
    let largest = cases.iter().map(|one| one.base.abs().max(one.mean.abs())).fold(0.0, f64::max);
    let shown = Shown::suited(metric, largest);
    let unit = if shown.name.is_empty() { String::new() } else { format!(" ({})", shown.name) };
    let row = |one: &Versus| {
        vec![one.name.clone(), shown.number(one.base), shown.number(one.mean), one.verdict.clone()]
    };
    Part {
        above: format!("{} against {}: {}{unit}", study.name, baseline.name, metric.describe().name),
        header: vec![text("case"), figure("baseline"), figure("here"), text("verdict")],
        rows: cases.iter().map(row).collect(),
        below: below(baseline, metric, compared, level, allowed),
        records: (0..cases.len()).map(|at| record(metric, compared, at)).collect(),
    }
}

fn below(
    baseline: &Measured,
    metric: Metric,
    compared: &Compared,
    level: f64,
    allowed: Option<f64>,
) -> Vec<String> {
    let Compared { study, cases, lone, gates } = compared;
    let mut lines = vec![how(study, baseline, cases, level)];
    if let (Some(own), Some(other)) = (&study.workload, &baseline.workload)
        && own != other
    {
        lines.push(
            "Their workloads differ: so much the less says a difference of one policy or machine from another.".into(),
        );
    }
    lines.extend(lone.iter().map(|line| format!("{line}.")));
    if let Some(allowed) = allowed {
        let passes = cases.iter().zip(gates).filter(|(_, gate)| **gate == Gate::Passes);
        let (name, allowed) = (metric.describe().name, percent(allowed));
        lines.extend(
            passes.map(|(one, _)| {
                format!("{} passes: its {name} is not worse by more than {allowed}.", one.name)
            }),
        );
    }
    lines
}

fn how(study: &Measured, baseline: &Measured, cases: &[Versus], level: f64) -> String {
    let together = if cases.len() > 1 { " for all cases together (Bonferroni)" } else { "" };
    let level = percent(level);
    match cases.iter().find_map(|one| one.pairs) {
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

fn record(metric: Metric, compared: &Compared, at: usize) -> Vec<Value> {
    let one = &compared.cases[at];
    let gate = compared.gates.get(at).map(|gate| match gate {
        Gate::Fails => "fails",
        Gate::Passes => "passes",
        Gate::Unsure => "unsure",
    });
    let of = |number: fn(&Ratio) -> f64| json!(one.ratio.as_ref().map(number));
    vec![
        json!(compared.study.name),
        json!(one.name),
        json!(metric.describe().name),
        json!(unit_name(metric.describe().unit)),
        json!(one.base),
        json!(one.mean),
        of(|ratio| ratio.estimate),
        of(|ratio| ratio.low),
        of(|ratio| ratio.high),
        json!(one.pairs),
        json!(one.verdict),
        json!(gate),
    ]
}
