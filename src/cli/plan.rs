//! What a run would take, from a pilot.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::stop::Stop;
use super::terminal::print;
use crate::experiment::{Execute, Missing, Share, Threads, Unwatched, missing};
use crate::record::NoRecord;
use crate::scenario::{Replicates, Study};
use crate::sim::simulate;
use crate::stats::Moments;
use crate::units::{count, percent, seconds};

/// No case is tried after so long.
const LONGEST: Duration = Duration::from_secs(5);

/// Most cases that are tried.
const MOST: usize = 64;

/// Fewest replicates of a case where their number follows from a precision.
const FEWEST: u64 = 10;

/// Prints how much of `study` there is to simulate, and about how long that takes on `threads`.
///
/// # Errors
/// Where a replicate of the pilot fails.
pub(super) fn tell(study: &Study, share: Share, threads: &Threads) -> Result<(), Stop> {
    let points = study.cases.last().map_or(0, |case| case.point + 1);
    let variants = study.cases.len() / points.max(1);
    let mut size = format!("{} × {}", plural(points as u64, "point"), plural(variants as u64, "variant"));
    let (least, most) = units(study, share)?;
    match study.run.replicates {
        Replicates::Best { metric, max } => {
            let name = metric.describe().name;
            size += &format!(", replicates until the best {name} is known, at most {}", count(max.into()));
        }
        Replicates::Fixed(each) => size += &format!(" × {}", plural(each.into(), "replicate")),
        Replicates::Precision { relative, metric, max } => {
            let (name, wanted) = (metric.describe().name, percent(relative));
            size += &format!(", replicates until {name} is known to {wanted}, at most {}", count(max.into()));
        }
    }
    let part = if share == Share::WHOLE { String::new() } else { format!("; in part {share}") };
    size += &format!("{part}: {}", range(least, most, |number| plural(number, "replicate")));
    let pilot = pilot(study, threads)?;
    let mean = pilot.mean().unwrap_or(0.0);
    let time = |replicates: u64| replicates as f64 * mean / threads.count() as f64;
    let spread = match (pilot.min(), pilot.max()) {
        (Some(min), Some(max)) if pilot.count() > 1 => format!(", {} to {}", seconds(min), seconds(max)),
        _ => String::new(),
    };
    let about = range(least, most, |replicates| seconds(time(replicates)));
    let threads = plural(threads.count() as u64, "thread");
    let of = if pilot.count() < study.cases.len() as u64 {
        format!("{} of {} cases", pilot.count(), study.cases.len())
    } else {
        "every case".to_owned()
    };
    print(|out| {
        writeln!(out, "{size}")?;
        writeln!(
            out,
            "about {about} on {threads}: a replicate takes {}{spread}, by one of {of}",
            seconds(mean)
        )
    })
}

/// The least and the most replicates of a part.
fn units(study: &Study, share: Share) -> Result<(u64, u64), Stop> {
    let lacking = missing(study, share, &Unwatched).map_err(|failed| Stop::Wrong(failed.to_string()))?;
    Ok(match (lacking, study.run.replicates) {
        (Missing::Points(points, _), Replicates::Precision { max, .. } | Replicates::Best { max, .. }) => {
            let own = |point: usize| study.cases.iter().filter(|case| case.point == point).count() as u64;
            let cases: u64 = points.into_iter().map(own).sum();
            (cases * FEWEST.min(max.into()), cases * u64::from(max))
        }
        (Missing::Units(units, _), _) => (units.len() as u64, units.len() as u64),
        (Missing::Points(..), Replicates::Fixed(_)) => (0, 0),
    })
}

/// The seconds that one replicate of each of some cases takes, chosen evenly among all; as many as there is time for.
fn pilot(study: &Study, threads: &Threads) -> Result<Moments, Stop> {
    let (began, tried) = (Instant::now(), study.cases.len().min(MOST));
    let taken: Mutex<Vec<Result<f64, String>>> = Mutex::new(Vec::new());
    threads.each(tried, &|at| {
        if began.elapsed() > LONGEST {
            return;
        }
        let case = &study.cases[at * study.cases.len() / tried];
        let start = Instant::now();
        let outcome = simulate(&case.scenario, 0, &mut NoRecord);
        let failed = |failure: crate::sim::Failure| {
            format!("replicate 0 of {} failed: {}", case.name(), failure.describe(&case.scenario))
        };
        let seconds = outcome.map(|_| start.elapsed().as_secs_f64()).map_err(failed);
        taken.lock().unwrap_or_else(PoisonError::into_inner).push(seconds);
    });
    let taken = taken.into_inner().unwrap_or_else(PoisonError::into_inner);
    let seconds: Vec<f64> = taken.into_iter().collect::<Result<_, _>>().map_err(Stop::Wrong)?;
    Ok(Moments::of(&seconds))
}

fn range(least: u64, most: u64, show: impl Fn(u64) -> String) -> String {
    if least == most { show(most) } else { format!("{} to {}", show(least), show(most)) }
}

fn plural(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", count(number), if number == 1 { "" } else { "s" })
}
