//! A scenario with one key changed: what would come of it on the same random numbers.

use super::{Execute, Failed, Unwatched, run};
use crate::metrics::{Metric, Values};
use crate::record::Digest;
use crate::scenario::{Checked, Request, Resolution, check};
use crate::source::Files;

/// A scenario whose keys can be changed one by one. Of a sweep it is the first point, of several variants the file as it
/// stands.
pub struct Probe<'a> {
    /// Where files are read.
    pub files: &'a dyn Files,
    /// Which scenario, with what is set already.
    pub request: &'a Request<'a>,
    /// Who runs the replicates.
    pub execute: &'a dyn Execute,
}

/// What the replicates of a changed scenario came to.
#[derive(Clone, Debug)]
pub struct Probed {
    /// One after another.
    pub values: Vec<Values>,
    /// All that happened in them, in a number.
    pub digest: Digest,
    /// Whether anything is drawn at random.
    pub random: bool,
    /// The metric that the scenario compares.
    pub compared: Metric,
    /// What its sweep sets at its first point.
    pub setting: Vec<(String, String)>,
}

impl Probed {
    /// Whether all that happened is the same, and what `metric` says of it: a deadline may be missed or kept by the same
    /// events.
    pub(super) fn is_like(&self, other: &Probed, metric: Metric) -> bool {
        let of = |probed: &Probed| -> Vec<Option<f64>> {
            probed.values.iter().map(|values| values.get(metric)).collect()
        };
        self.digest == other.digest && of(self) == of(other)
    }

    /// The metric to be looked at: `metric`, or the one that the scenario compares.
    pub(super) fn metric(&self, metric: Option<Metric>) -> Result<Metric, Unprobed> {
        let metric = metric.unwrap_or(self.compared);
        let name = metric.describe().name;
        let wrong = if self.values.iter().all(|values| values.get(metric).is_none()) {
            "has no value here"
        } else if !metric.has_ratio() {
            "may be negative, so that no part of it says how much it changes"
        } else {
            return Ok(metric);
        };
        Err(Unprobed::Refused(format!("{name} {wrong}: name another --metric")))
    }
}

/// Why there is nothing to compare.
#[derive(Clone, PartialEq, Debug)]
pub enum Unprobed {
    /// The scenario doesn't allow the change: what is wrong with it.
    Refused(String),
    /// A replicate failed.
    Failed(Failed),
}

impl Probe<'_> {
    /// Runs the scenario with the key assignments `sets` over all that is set already.
    ///
    /// # Errors
    /// Where the scenario doesn't allow it, or a replicate fails.
    pub fn with(&self, sets: &[String]) -> Result<Probed, Unprobed> {
        let study = self.check(sets)?.study;
        let setting = study.cases.first().map_or_else(Vec::new, |case| case.setting.clone());
        let results = run(&study, self.execute, &Unwatched).map_err(Unprobed::Failed)?;
        let compared = results.primary();
        let case = results.cases.into_iter().next();
        let (replicates, digest) =
            case.map_or((Vec::new(), Digest::default()), |case| (case.replicates, case.digest));
        let values = replicates.into_iter().map(|replicate| replicate.values).collect();
        Ok(Probed { values, digest, random: study.random, compared, setting })
    }

    /// What every key of the scenario came to.
    ///
    /// # Errors
    /// Where something is wrong with it.
    pub fn resolution(&self) -> Result<Resolution, Unprobed> {
        self.check(&[]).map(|checked| checked.resolution)
    }

    fn check(&self, own: &[String]) -> Result<Checked, Unprobed> {
        let sets: Vec<String> = self.request.sets.iter().chain(own).cloned().collect();
        // What is varied is swept no more.
        let swept = |sweep: &&String| !own.iter().any(|set| touch(key(set), key(sweep)));
        let sweeps: Vec<String> = self.request.sweeps.iter().filter(swept).cloned().collect();
        let request = Request { sets: &sets, sweeps: &sweeps, alone: true, ..*self.request };
        check(self.files, &request).map_err(|refused| {
            let what = refused.problems.first().map_or(String::new(), |problem| problem.what.clone());
            Unprobed::Refused(what)
        })
    }
}

/// The key of an assignment.
fn key(assignment: &str) -> &str {
    assignment.split_once('=').map_or(assignment, |(key, _)| key).trim()
}

/// Whether one of two keys leads to the other, or through it.
fn touch(one: &str, other: &str) -> bool {
    let leads = |one: &str, other: &str| {
        other.strip_prefix(one).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    leads(one, other) || leads(other, one)
}

/// The value of a key, as TOML spells it, times `factor`, and by which factor it differs then: a number, a quantity or a
/// list of them. A whole number stays whole, and moves at least by one. None of what is no number, or 0.
///
/// ```
/// use makespan::experiment::scaled;
/// assert_eq!(scaled("8", 1.1), Some(("9".into(), 1.125)));
/// assert_eq!(scaled("\"10 ms\"", 1.1), Some(("\"11 ms\"".into(), 1.1)));
/// assert_eq!(scaled("[\"1 s\", 4]", 2.0), Some(("[\"2 s\", 8]".into(), 2.0)));
/// assert_eq!(scaled("\"fifo\"", 2.0), None);
/// ```
pub fn scaled(value: &str, factor: f64) -> Option<(String, f64)> {
    let table: toml::Table = format!("x = {value}").parse().ok()?;
    let (value, factor) = scale(table.get("x")?, factor)?;
    Some((value.to_string(), factor))
}

fn scale(value: &toml::Value, factor: f64) -> Option<(toml::Value, f64)> {
    match value {
        toml::Value::Integer(number) => {
            let moved = (*number as f64 * factor).round() as i64;
            let moved = if moved == *number { number + if factor > 1.0 { 1 } else { -1 } } else { moved };
            (*number > 0 && moved > 0).then(|| (toml::Value::Integer(moved), moved as f64 / *number as f64))
        }
        toml::Value::Float(number) => (*number != 0.0 && number.is_finite())
            .then(|| (toml::Value::Float(short(number * factor)), factor)),
        toml::Value::String(text) => {
            let split = text.find(|c: char| c.is_alphabetic() || c == '/' || c == '%')?;
            let (number, unit) = text.split_at(split);
            let number: f64 = number.trim().replace('_', "").parse().ok()?;
            let moved = short(number * factor);
            (number != 0.0 && number.is_finite())
                .then(|| (toml::Value::String(format!("{moved} {unit}")), factor))
        }
        toml::Value::Array(items) if !items.is_empty() => {
            let scaled: Vec<(toml::Value, f64)> =
                items.iter().map(|item| scale(item, factor)).collect::<Option<_>>()?;
            let factor = scaled.first()?.1;
            Some((toml::Value::Array(scaled.into_iter().map(|(value, _)| value).collect()), factor))
        }
        _ => None,
    }
}

/// Without the last digits, which are rounding: 1.1 × 10 is 11.
fn short(number: f64) -> f64 {
    format!("{number:.12e}").parse().unwrap_or(number)
}
