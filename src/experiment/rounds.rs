//! Records by the round: what is known recalled, the rest simulated, all taken in the order of units.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::execute::Execute;
use super::gather::Gathered;
use super::{Failed, Record, Unit, Watch};
use crate::record::NoRecord;
use crate::scenario::Study;
use crate::sim::simulate;

/// Most replicates whose records are held at once before they are taken in, where there aren't more cases.
pub(super) const BATCH: usize = 4096;

/// A study while its records are gathered.
pub(super) struct Rounds<'a> {
    /// What is simulated.
    pub study: &'a Study,
    /// By whom.
    pub execute: &'a dyn Execute,
    /// Under whose watch.
    pub watch: &'a dyn Watch,
    /// What every case has come to.
    pub all: Vec<Gathered>,
}

/// What became of a unit that was to be simulated.
type Attempt = Result<Record, Failed>;

impl<'a> Rounds<'a> {
    /// Nothing is gathered yet.
    pub fn new(study: &'a Study, execute: &'a dyn Execute, watch: &'a dyn Watch) -> Self {
        let all = study.cases.iter().map(|_| Gathered::default()).collect();
        Rounds { study, execute, watch, all }
    }

    /// Brings `cases`, which all have the same number of replicates, to `count` of them, or as far as the watch lets
    /// them go, all to the same number; whether that is `count`.
    pub fn extend(&mut self, cases: &[usize], count: usize) -> Result<bool, Failed> {
        let Some(first) = cases.first().map(|case| self.all[*case].replicates.len()) else { return Ok(true) };
        let units = |from: usize, to: usize| -> Vec<Unit> {
            let row = |replicate| cases.iter().map(move |case| unit(*case, replicate));
            (from..to).flat_map(row).collect()
        };
        cases.iter().for_each(|case| self.all[*case].replicates.reserve(count - first));
        let missing = |replicate: usize| {
            cases.iter().filter(|case| !self.watch.has(unit(**case, replicate))).count() as u64
        };
        self.watch.expect((first..count).map(missing).sum());
        let rows = (BATCH / cases.len()).max(1);
        for from in (first..count).step_by(rows) {
            let units = units(from, count.min(from + rows));
            let records = self.simulate(&units)?;
            // Of a replicate that some cases lack, none counts: variants have the same replicates.
            let whole = |row: &[Option<Record>], units: &[Unit]| {
                row.iter().zip(units).all(|(record, unit)| record.is_some() || self.watch.has(*unit))
            };
            let mut records = records.into_iter();
            for row in units.chunks(cases.len()) {
                let made: Vec<Option<Record>> = records.by_ref().take(cases.len()).collect();
                if !whole(&made, row) {
                    return Ok(false);
                }
                for (record, unit) in made.into_iter().zip(row) {
                    let record = match record {
                        Some(record) => record,
                        None => self.watch.recall(*unit).map_err(Failed::Record)?,
                    };
                    self.all[unit.case as usize].take(record);
                }
            }
        }
        Ok(true)
    }

    /// Simulates those of `units` that aren't known; the records, none of those that are known or weren't begun.
    pub fn simulate(&self, units: &[Unit]) -> Result<Vec<Option<Record>>, Failed> {
        // Behind the first failure nothing needs to run, and whatever comes before it does: so it is always the same
        // failure that is reported.
        let failed = AtomicUsize::new(usize::MAX);
        let stopped = AtomicBool::new(false);
        let attempts: Vec<OnceLock<Attempt>> = units.iter().map(|_| OnceLock::new()).collect();
        self.execute.each(units.len(), &|at| {
            let unit = units[at];
            let skip = at > failed.load(Ordering::Relaxed) || stopped.load(Ordering::Relaxed);
            if skip || self.watch.has(unit) {
                return;
            }
            if !self.watch.begin(unit) {
                stopped.store(true, Ordering::Relaxed);
                return;
            }
            let _end = End { watch: self.watch, unit };
            let attempt = self.one(unit);
            if attempt.is_err() {
                failed.fetch_min(at, Ordering::Relaxed);
            }
            let filled = attempts[at].set(attempt);
            debug_assert!(filled.is_ok(), "a unit was simulated twice");
        });
        attempts.into_iter().map(|attempt| attempt.into_inner().transpose()).collect()
    }

    fn one(&self, unit: Unit) -> Attempt {
        let scenario = &self.study.cases[unit.case as usize].scenario;
        let outcome = simulate(scenario, unit.replicate.into(), &mut NoRecord);
        let record = Record::from(outcome.map_err(|failure| Failed::replicate(self.study, unit, &failure))?);
        self.watch.keep(unit, &record).map_err(Failed::Record)?;
        Ok(record)
    }
}

/// The unit of a case and a replicate.
pub(super) fn unit(case: usize, replicate: usize) -> Unit {
    Unit { replicate: replicate as u32, case: case as u32 }
}

/// Says that a unit has ended, also where a bug unwinds: nobody waits for room that never comes.
struct End<'a> {
    watch: &'a dyn Watch,
    unit: Unit,
}

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.watch.end(self.unit);
    }
}
