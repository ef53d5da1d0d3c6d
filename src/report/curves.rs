//! What theories say along an axis: at the points of a sweep, and between them.

use super::paper::Paper;
use crate::metrics::Metric;
use crate::plot::relation::Curve;
use crate::scenario::{Formula, Law, Theory};

/// Into how many steps the way from one point to the next is divided.
const STEPS: usize = 64;

/// A case with its place on the axis.
#[derive(Clone, Copy)]
pub(super) struct Placed {
    /// Where on the axis.
    pub x: f64,
    /// The number of the case in the study.
    pub case: usize,
}

/// How an axis is laid out.
#[derive(Clone, Copy)]
pub(super) struct Laid {
    /// Whether it is one of numbers, so that there is something between two of its points.
    pub numbers: bool,
    /// Whether equal lengths are equal ratios.
    pub log: bool,
}

/// What `theory` says of `metric` at `cases`, which go from left to right, and between them; none where it says nothing of
/// any.
pub(super) fn curve(
    paper: &Paper<'_>,
    theory: &Theory,
    metric: Metric,
    cases: &[Placed],
    laid: Laid,
) -> Option<Curve> {
    let formula = formula(theory).filter(|formula| formula.metrics.contains(&metric))?;
    let parameters = |placed: &Placed| (formula.parameters)(&paper.study.cases[placed.case].scenario).ok();
    let all: Vec<Option<Vec<f64>>> = cases.iter().map(parameters).collect();
    let mut pieces: Vec<Vec<(f64, f64)>> = vec![Vec::new()];
    let mut add = |x: f64, parameters: Option<&[f64]>| {
        let value = parameters.and_then(|parameters| (formula.value)(parameters, metric));
        match (value.filter(|value| value.is_finite()), pieces.last_mut()) {
            (Some(value), Some(piece)) => piece.push((x, value)),
            (None, Some(piece)) if !piece.is_empty() => pieces.push(Vec::new()),
            _ => {}
        }
    };
    for (at, placed) in cases.iter().enumerate() {
        add(placed.x, all[at].as_deref());
        let Some(next) = cases.get(at + 1).filter(|_| laid.numbers) else { continue };
        let (Some(from), Some(to)) = (&all[at], &all[at + 1]) else {
            add(placed.x, None);
            continue;
        };
        for step in 1..STEPS {
            let part = step as f64 / STEPS as f64;
            let x = match laid.log && placed.x > 0.0 {
                true => placed.x * libm::pow(next.x / placed.x, part),
                false => placed.x + part * (next.x - placed.x),
            };
            let share = (x - placed.x) / (next.x - placed.x);
            let between: Vec<f64> = from.iter().zip(to).map(|(a, b)| a + share * (b - a)).collect();
            // A formula that knows only whole numbers of something is a straight line from one to the next.
            if (formula.value)(&between, metric).is_some_and(f64::is_finite) {
                add(x, Some(&between));
            }
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    (!pieces.is_empty()).then(|| Curve { name: theory.name.to_owned(), line: None, pieces })
}

/// The best value of the key by `theory` in a case, in the unit of its axis.
pub(super) fn best(paper: &Paper<'_>, theory: &Theory, case: usize) -> Option<f64> {
    let formula = formula(theory)?;
    let parameters = (formula.parameters)(&paper.study.cases[case].scenario).ok()?;
    (formula.best.as_ref()?.value)(&parameters)
}

/// The name of a theory with who found it: `supermarket (Mitzenmacher 2001)`.
pub(super) fn named(theory: &Theory) -> String {
    let who = theory.cite.split([',', ';']).next().unwrap_or_default();
    format!("{} ({who})", theory.name)
}

fn formula(theory: &Theory) -> Option<&Formula> {
    if let Law::Formula(formula) = &theory.law { Some(formula) } else { None }
}

/// What is said of all lines alike, once and of none in particular.
pub(super) fn merged(curves: Vec<Vec<Curve>>) -> Vec<Curve> {
    let mut all = Vec::new();
    let mut lines = curves.iter().filter(|curves| !curves.is_empty());
    let first = lines.next().cloned().unwrap_or_default();
    let everywhere = |curve: &Curve| curves.iter().all(|curves| curves.contains(curve));
    all.extend(first.iter().filter(|curve| curves.len() > 1 && everywhere(curve)).cloned());
    let shared = all.clone();
    for (line, curves) in curves.into_iter().enumerate() {
        let own = curves.into_iter().filter(|curve| !shared.contains(curve));
        all.extend(own.map(|curve| Curve { line: Some(line), ..curve }));
    }
    all
}
