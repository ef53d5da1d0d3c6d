//! Speed-up and efficiency over a sweep of cores.

use super::curves::{self, Laid, Placed};
use super::paper::{Paper, quoted};
use crate::experiment::CaseResult;
use crate::metrics::Metric;
use crate::plot::quantity::Quantity;
use crate::plot::relation::{Across, Curve, Kind, Line, Panel, Point, Relation};
use crate::scenario::Theory;
use crate::stats::Paired;

/// A variant at each number of cores, from the fewest to the most.
struct Scaling {
    /// For each variant its label and its cases.
    variants: Vec<(String, Vec<Placed>)>,
    /// The fewest cores.
    base: f64,
}

/// Whether the study is a sweep of cores alone.
pub(super) fn fits(paper: &Paper<'_>) -> bool {
    scaling(paper).is_some()
}

/// The chart; none where the study is no sweep of cores alone, or its work has no makespan.
pub(super) fn fill(paper: &Paper<'_>) -> Option<Relation> {
    let scaling = scaling(paper)?;
    let mut lines: Vec<(Line, Line)> = Vec::new();
    let mut laws: Vec<[Vec<Curve>; 2]> = Vec::new();
    for (label, cases) in &scaling.variants {
        let (speed_up, efficiency) = measured(paper, cases, scaling.base);
        if speed_up.is_empty() {
            continue;
        }
        let line = |points| Line { name: label.clone(), points };
        lines.push((line(speed_up), line(efficiency)));
        laws.push(theory(paper, cases, scaling.base));
    }
    let largest = |(line, _): &(Line, Line)| line.points.last().map_or(0.0, |point| point.value);
    let best = lines.iter().max_by(|a, b| largest(a).total_cmp(&largest(b)))?;
    let last = best.0.points.last()?;
    let whose = if lines.len() > 1 { format!(" under {}", quoted(&best.0.name)) } else { String::new() };
    let unit = if scaling.base == 1.0 { "1 core".to_owned() } else { format!("{} cores", scaling.base) };
    let number = Quantity::Number(String::new());
    let title = format!(
        "{} cores are {} times as fast as {unit}{whose}: an efficiency of {}",
        number.tick(last.x),
        match last.interval {
            Some(_) => number.unit(1.0).with_interval(last.value, last.interval),
            None => number.text(last.value),
        },
        Quantity::Share.tick((last.value * scaling.base / last.x * 1000.0).round() / 1000.0),
    );
    let subtitle = format!(
        "Mean makespan on {unit} over mean makespan; intervals of that ratio by Fieller's theorem, paired by replicate"
    );
    let theories = ["amdahl"].into_iter().filter_map(Theory::named);
    let has = |name: &str| laws.iter().flatten().flatten().any(|curve| curve.name == name);
    let theories = theories.filter(|theory| has(theory.name)).map(curves::named).collect();
    let (first, second): (Vec<_>, Vec<_>) = lines.into_iter().unzip();
    let (upper, lower): (Vec<_>, Vec<_>) = laws.into_iter().map(|[one, other]| (one, other)).unzip();
    let panel = |metric: &str, quantity, log, lines, laws: Vec<Vec<Curve>>, ideal: Curve| Panel {
        name: String::new(),
        metric: metric.to_owned(),
        quantity,
        log,
        lines,
        curves: [vec![ideal], curves::merged(laws)].concat(),
        marks: Vec::new(),
    };
    let ends: Vec<f64> =
        scaling.variants.iter().flat_map(|(_, cases)| cases.iter().map(|placed| placed.x)).collect();
    let (least, most) =
        ends.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), x| (low.min(*x), high.max(*x)));
    let (steps, log) = (64, most > 8.0 * least);
    let ideal = |value: &dyn Fn(f64) -> f64| {
        let at = |step: i32| least * libm::pow(most / least, f64::from(step) / f64::from(steps));
        let points = (0..=steps).map(at).chain(ends.iter().copied());
        let mut points: Vec<(f64, f64)> = points.map(|x| (x, value(x))).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        Curve { name: "ideal".to_owned(), line: None, pieces: vec![points] }
    };
    Some(Relation {
        heading: paper.heading(title, subtitle),
        kind: Kind::Line,
        level: paper.results.level,
        across: Across { label: "cores".to_owned(), quantity: number.clone(), log, names: Vec::new() },
        panels: vec![
            panel("Speed-up", number, log, first, upper, ideal(&|x| x / scaling.base)),
            panel("Efficiency", Quantity::Share, false, second, lower, ideal(&|_| 1.0)),
        ],
        theories,
    })
}

/// The variants over a sweep that changes the number of cores and nothing else.
fn scaling(paper: &Paper<'_>) -> Option<Scaling> {
    let cases = &paper.results.cases;
    let setting = &cases.first()?.setting;
    // Work that grows with the cores is another question.
    if setting.len() != 1 {
        return None;
    }
    let number = |value: &str| value.replace('_', "").parse::<f64>().ok().filter(|number| *number >= 1.0);
    let (at, _) = setting.iter().enumerate().find(|(_, (key, _))| is_cores(key))?;
    let variants = paper.first_point().len();
    let mut all: Vec<(String, Vec<Placed>)> =
        paper.first_point().iter().map(|case| (case.label.clone(), Vec::new())).collect();
    for (case, result) in cases.iter().enumerate() {
        let given = number(&result.setting.get(at)?.1)?;
        // Nodes and groups have several cores each.
        let x = if result.cores == cases.first()?.cores { given } else { result.cores as f64 };
        let own = &mut all.get_mut(case % variants)?.1;
        if own.iter().any(|placed| placed.x == x) {
            return None;
        }
        own.push(Placed { x, case });
    }
    all.iter_mut().for_each(|(_, cases)| cases.sort_by(|a, b| a.x.total_cmp(&b.x)));
    let base = all.first()?.1.first()?.x;
    (all.first()?.1.len() > 1).then_some(Scaling { variants: all, base })
}

/// Whether a key is a number of cores, or of nodes with cores.
fn is_cores(key: &str) -> bool {
    matches!(key.rsplit('.').next(), Some("cores" | "nodes"))
}

/// Speed-up over the fewest cores and the efficiency that it makes, with their intervals.
fn measured(paper: &Paper<'_>, cases: &[Placed], base: f64) -> (Vec<Point>, Vec<Point>) {
    let Some(first) = cases.first() else { return (Vec::new(), Vec::new()) };
    let first = &paper.results.cases[first.case];
    let point = |placed: &Placed| {
        let case = &paper.results.cases[placed.case];
        let (value, interval) = ratio(paper, case, first)?;
        Some(Point { x: placed.x, value, interval })
    };
    let speed_up: Vec<Point> = cases.iter().filter_map(point).collect();
    let share = |point: &Point| {
        let per_core = base / point.x;
        Point {
            x: point.x,
            value: point.value * per_core,
            interval: point.interval.map(|(low, high)| (low * per_core, high * per_core)),
        }
    };
    let efficiency = speed_up.iter().map(share).collect();
    (speed_up, efficiency)
}

/// How many times as fast `case` is as `first`: the ratio of mean makespans, with its interval.
fn ratio(paper: &Paper<'_>, case: &CaseResult, first: &CaseResult) -> Option<(f64, Option<(f64, f64)>)> {
    let value = |case: &CaseResult| case.summary(Metric::Makespan).map(|summary| summary.mean);
    let plain = value(first)? / value(case).filter(|mean| *mean > 0.0)?;
    if case.point == first.point {
        return Some((1.0, Some((1.0, 1.0)).filter(|_| case.replicates.len() > 1)));
    }
    let pairs = case.replicates.iter().zip(&first.replicates);
    let (own, base): (Vec<f64>, Vec<f64>) = pairs
        .filter_map(|(own, base)| {
            Some((own.values.get(Metric::Makespan)?, base.values.get(Metric::Makespan)?))
        })
        .unzip();
    let interval = Paired::of(&own, &base, paper.results.level).and_then(|paired| paired.ratio);
    Some((plain, interval.map(|ratio| (ratio.low, ratio.high))))
}

/// Amdahl's law, where the part is known that only one core can do: relative to the fewest cores.
fn theory(paper: &Paper<'_>, cases: &[Placed], base: f64) -> [Vec<Curve>; 2] {
    let Some(law) = Theory::named("amdahl") else { return [Vec::new(), Vec::new()] };
    let laid = Laid { numbers: true, log: true };
    let curve = curves::curve(paper, law, Metric::SpeedUp, cases, laid);
    let first = curve.as_ref().and_then(|curve| curve.pieces.first()?.first().map(|at| at.1));
    let (Some(curve), Some(first)) = (curve, first) else { return [Vec::new(), Vec::new()] };
    let with = |value: &dyn Fn(f64, f64) -> f64| {
        let pieces = curve.pieces.iter().map(|piece| piece.iter().map(|&(x, y)| (x, value(x, y))).collect());
        Curve { pieces: pieces.collect(), ..curve.clone() }
    };
    [vec![with(&|_, y| y / first)], vec![with(&|x, y| y / first * base / x)]]
}
