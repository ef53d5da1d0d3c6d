//! A study done in parts, by whoever has the time.

use serde::{Deserialize, Serialize};

use super::execute::{Execute, Sequential};
use super::rounds::{BATCH, Rounds, unit};
use super::run::bring;
use super::{Failed, Record, Unit, Watch};
use crate::scenario::{Replicates, Study};

/// A part of a study: number `index` of `count` that are about as large, from 1 on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Share {
    index: u32,
    count: u32,
}

impl Share {
    /// All of it.
    pub const WHOLE: Share = Share { index: 1, count: 1 };

    /// Number `index` of `count` parts.
    ///
    /// # Errors
    /// Where there is none, in a few words.
    pub fn new(index: u32, count: u32) -> Result<Self, String> {
        match (index, count) {
            (_, 0) => Err("there is no part of 0 parts".into()),
            (index, count) if (1..=count).contains(&index) => Ok(Share { index, count }),
            (index, 1) => Err(format!("there is no part {index} of 1; it is 1/1")),
            (index, count) => Err(format!(
                "there is no part {index} of {count}; the parts are 1/{count} to {count}/{count}"
            )),
        }
    }

    /// Which it is, from 1.
    pub fn index(self) -> u32 {
        self.index
    }

    /// How many there are.
    pub fn count(self) -> u32 {
        self.count
    }

    /// Whether a unit of `study` is in it. Where the number of replicates is given, a part is a run of units, so that
    /// parts have equally many of every case. Where it follows from what comes out, it does so for each point by itself,
    /// and a part is every so many of the points.
    pub fn holds(self, study: &Study, unit: Unit) -> bool {
        match study.run.replicates {
            Replicates::Fixed(_) => {
                let at = u64::from(unit.replicate) * study.cases.len() as u64 + u64::from(unit.case);
                let (from, to) = self.range(size(study));
                (from..to).contains(&at)
            }
            Replicates::Precision { .. } | Replicates::Best { .. } => {
                self.holds_point(study.cases[unit.case as usize].point)
            }
        }
    }

    /// Whether a point of a study whose numbers of replicates follow from what comes out is in it.
    pub fn holds_point(self, point: usize) -> bool {
        point as u64 % u64::from(self.count) == u64::from(self.index - 1)
    }

    /// From which to before which of `total` units.
    fn range(self, total: u64) -> (u64, u64) {
        let until = |index: u32| (u128::from(total) * u128::from(index) / u128::from(self.count)) as u64;
        (until(self.index - 1), until(self.index))
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

impl std::str::FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |text: &str| text.trim().parse::<u32>().ok();
        let parts = text.split_once('/').and_then(|(index, count)| Some((number(index)?, number(count)?)));
        let (index, count) =
            parts.ok_or("a part and the number of parts with / between them, such as 2/7")?;
        Share::new(index, count)
    }
}

/// Most units of a study: as many as there are where their number is given.
fn size(study: &Study) -> u64 {
    let (Replicates::Fixed(most)
    | Replicates::Precision { max: most, .. }
    | Replicates::Best { max: most, .. }) = study.run.replicates;
    study.cases.len() as u64 * u64::from(most)
}

/// Makes all records of a part of `study` that `watch` doesn't have, for it to keep; whether all are there then.
///
/// # Errors
/// As those of [`run`](super::run).
pub fn run_share(
    study: &Study,
    share: Share,
    execute: &dyn Execute,
    watch: &dyn Watch,
) -> Result<bool, Failed> {
    let mut rounds = Rounds::new(study, execute, watch);
    match study.run.replicates {
        Replicates::Fixed(_) => {
            let missing: Vec<Unit> = units(study, share).filter(|unit| !watch.has(*unit)).collect();
            watch.expect(missing.len() as u64);
            for batch in missing.chunks(BATCH) {
                if rounds.simulate(batch)?.iter().any(Option::is_none) {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        Replicates::Precision { .. } | Replicates::Best { .. } => {
            let cases = cases(study, |point| share.holds_point(point));
            Ok(bring(&mut rounds, &cases)?.0.complete)
        }
    }
}

/// All units of a part of a study whose number of replicates is given.
fn units(study: &Study, share: Share) -> impl Iterator<Item = Unit> {
    let cases = study.cases.len() as u64;
    let (from, to) = share.range(size(study));
    (from..to).map(move |at| unit((at % cases) as usize, (at / cases) as usize))
}

/// The cases of the points that are wanted.
fn cases(study: &Study, wanted: impl Fn(usize) -> bool) -> Vec<usize> {
    (0..study.cases.len()).filter(|at| wanted(study.cases[*at].point)).collect()
}

/// What a part of a study lacks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Missing {
    /// These units, of so many.
    Units(Vec<Unit>, u64),
    /// These points, of so many, need more replicates.
    Points(Vec<usize>, usize),
}

impl Missing {
    /// Whether it lacks nothing.
    pub fn is_empty(&self) -> bool {
        match self {
            Missing::Units(units, _) => units.is_empty(),
            Missing::Points(points, _) => points.is_empty(),
        }
    }
}

/// What `watch` lacks of a part of `study`.
///
/// # Errors
/// Where a record can't be read, or a precision is asked of a metric that has no value.
pub fn missing(study: &Study, share: Share, watch: &dyn Watch) -> Result<Missing, Failed> {
    match study.run.replicates {
        Replicates::Fixed(_) => {
            let (from, to) = share.range(size(study));
            let lacking = units(study, share).filter(|unit| !watch.has(*unit));
            Ok(Missing::Units(lacking.collect(), to - from))
        }
        Replicates::Precision { .. } | Replicates::Best { .. } => {
            let points = study.cases.last().map_or(0, |case| case.point + 1);
            let own: Vec<usize> = (0..points).filter(|point| share.holds_point(*point)).collect();
            let mut lacking = Vec::new();
            for point in own.iter().copied() {
                let watch = OnlyKnown(watch);
                let mut rounds = Rounds::new(study, &Sequential, &watch);
                if !bring(&mut rounds, &cases(study, |at| at == point))?.0.complete {
                    lacking.push(point);
                }
            }
            Ok(Missing::Points(lacking, own.len()))
        }
    }
}

/// Has what another has, and lets nothing be simulated.
pub struct OnlyKnown<'a>(pub &'a dyn Watch);

impl Watch for OnlyKnown<'_> {
    fn has(&self, unit: Unit) -> bool {
        self.0.has(unit)
    }

    fn recall(&self, unit: Unit) -> Result<Record, String> {
        self.0.recall(unit)
    }

    fn begin(&self, _: Unit) -> bool {
        false
    }
}
