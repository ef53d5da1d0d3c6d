//! A study from its first replicate to its results.

use super::execute::Execute;
use super::reduce::{Levels, Reached, reduce};
use super::rounds::Rounds;
use super::selection::until_best;
use super::{Failed, Precision, Results, Watch};
use crate::metrics::Metric;
use crate::scenario::{Replicates, Study};
use crate::stats::{Decision, Elimination, Plan};

/// The level of all intervals.
const LEVEL: f64 = 0.95;

/// Brings all cases of `study` to the replicates that they need. The results depend on the study alone, not on how
/// `execute` goes about it, nor on what `watch` knows already. Where it ends the work, they are those of the first
/// replicates, as many of every case as are there, and say so.
///
/// # Errors
/// Where a replicate fails, the first in the order of replicates and cases; where a precision is asked of a metric that
/// has no value; where a record can't be kept or recalled; and where the work was ended before there was a replicate of
/// every case.
pub fn run(study: &Study, execute: &dyn Execute, watch: &dyn Watch) -> Result<Results, Failed> {
    let mut rounds = Rounds::new(study, execute, watch);
    let cases: Vec<usize> = (0..study.cases.len()).collect();
    let (reached, of_each) = bring(&mut rounds, &cases)?;
    if rounds.all.iter().any(|gathered| gathered.replicates.is_empty()) {
        let done = rounds.all.iter().map(|gathered| gathered.replicates.len() as u64).sum();
        return Err(Failed::Ended { done });
    }
    Ok(reduce(study, rounds.all, Levels { stated: LEVEL, of_each }, reached))
}

/// Brings `cases`, which are all those of their points, to the replicates that they need; what was reached, and the level
/// at which intervals are made.
pub(super) fn bring(rounds: &mut Rounds<'_>, cases: &[usize]) -> Result<(Reached, f64), Failed> {
    let study = rounds.study;
    let (mut precision, mut selection) = (None, None);
    let (complete, of_each) = match study.run.replicates {
        Replicates::Fixed(count) => (rounds.extend(cases, count as usize)?, LEVEL),
        Replicates::Best { metric, max } => {
            let variants = study.cases.iter().filter(|case| case.point == 0).count();
            let plan = Elimination::new(variants, 1.0 - LEVEL, max as usize);
            let (complete, found) = until_best(rounds, cases, metric, &plan, 1.0 - LEVEL)?;
            selection = Some(found);
            (complete, plan.level_of_a_look())
        }
        Replicates::Precision { relative, metric, max } => {
            let plan = Plan::new(relative, LEVEL, max as usize);
            let Precise { complete, met } = until_precise(rounds, cases, metric, &plan)?;
            precision = Some(Precision { metric, relative, met });
            (complete, plan.level_of_a_look())
        }
    };
    Ok((Reached { complete, precision, selection }, of_each))
}

/// How far a precision was reached.
struct Precise {
    /// Whether all replicates that it took are there.
    complete: bool,
    /// Whether it was reached, by point.
    met: Vec<bool>,
}

/// Brings `cases` to as many replicates as it takes until `metric` is known as well as `plan` wants it for all variants
/// of a point, which take the same number. A point's replicates depend on no other point.
fn until_precise(
    rounds: &mut Rounds<'_>,
    cases: &[usize],
    metric: Metric,
    plan: &Plan,
) -> Result<Precise, Failed> {
    let study = rounds.study;
    let points = study.cases.last().map_or(0, |case| case.point + 1);
    let mut met: Vec<Option<bool>> = vec![None; points];
    let mut complete = true;
    for count in plan.looks() {
        let open: Vec<usize> =
            cases.iter().copied().filter(|at| met[study.cases[*at].point].is_none()).collect();
        if open.is_empty() {
            break;
        }
        if !rounds.extend(&open, count)? {
            complete = false;
            break;
        }
        let mut precise = vec![true; points];
        for at in open {
            let replicates = &rounds.all[at].replicates;
            let values: Vec<f64> =
                replicates.iter().filter_map(|replicate| replicate.values.get(metric)).collect();
            if values.is_empty() {
                let name = metric.describe().name;
                let why =
                    format!("`run.replicates` asks for the precision of {name}, which has no value here");
                return Err(Failed::case(&study.cases[at], why));
            }
            precise[study.cases[at].point] &= matches!(plan.decide(&values), Decision::Met(_));
        }
        for (met, precise) in met.iter_mut().zip(precise) {
            if met.is_none() && precise {
                *met = Some(true);
            }
        }
    }
    Ok(Precise { complete, met: met.into_iter().map(|met| met.unwrap_or(false)).collect() })
}
