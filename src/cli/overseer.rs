//! Watches over a run: keeps its records, shows how far it is, holds it to its memory and its time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use super::bar::Bar;
use super::memory::{Gate, of_this_process};
use crate::experiment::{Record, Unit, Watch};
use crate::output::journal::{Journal, Kept};
use crate::scenario::Study;

/// Watches over a run.
pub(super) struct Overseer {
    kept: Option<Kept>,
    journal: Option<Arc<Journal>>,
    bar: Bar,
    gate: Option<Gate>,
    deadline: Option<Instant>,
    ended: AtomicBool,
    made: Arc<AtomicU64>,
}

impl Overseer {
    /// Of `study`, simulated on so many threads; with a bar if that is wanted.
    pub fn new(study: &Study, threads: usize, bar: bool) -> Self {
        let limit = study.run.limits.memory;
        let gate = (threads > 1).then(|| Gate::new(limit, study.cases.len(), of_this_process));
        Overseer {
            kept: None,
            journal: None,
            bar: Bar::new(study, bar),
            gate: gate.flatten(),
            deadline: None,
            ended: AtomicBool::new(false),
            made: Arc::default(),
        }
    }

    /// Recalls what `kept` holds, and keeps in `journal` what is made.
    pub fn keep_in(&mut self, journal: Arc<Journal>, kept: Option<Kept>) {
        self.journal = Some(journal);
        self.kept = kept;
    }

    /// Begins nothing after `deadline`.
    pub fn until(&mut self, deadline: Instant) {
        self.deadline = Some(deadline);
    }

    /// The bar.
    pub fn bar(&self) -> &Bar {
        &self.bar
    }

    /// The number of records made, as it grows.
    pub fn made(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.made)
    }

    /// The number of records that were there already.
    pub fn recalled(&self) -> u64 {
        self.kept.as_ref().map_or(0, |kept| kept.len() as u64)
    }

    /// Whether the time was over before the work was.
    pub fn out_of_time(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }

    /// Whether replicates had to wait for memory.
    pub fn held_back(&self) -> bool {
        self.gate.as_ref().is_some_and(Gate::held_back)
    }
}

impl Watch for Overseer {
    fn has(&self, unit: Unit) -> bool {
        self.kept.as_ref().is_some_and(|kept| kept.has(unit))
    }

    fn recall(&self, unit: Unit) -> Result<Record, String> {
        let kept = self.kept.as_ref().ok_or("nothing is kept")?;
        kept.recall(unit).map_err(|why| format!("the journal can't be read: {why}"))
    }

    fn expect(&self, replicates: u64) {
        self.bar.expect(replicates);
    }

    fn begin(&self, unit: Unit) -> bool {
        if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            self.ended.store(true, Ordering::Relaxed);
            return false;
        }
        if let Some(gate) = &self.gate {
            gate.enter(unit.case);
        }
        self.bar.begin(unit);
        true
    }

    fn keep(&self, unit: Unit, record: &Record) -> Result<(), String> {
        if let Some(journal) = &self.journal {
            let failed = |why| format!("the journal can't be written: {why}");
            journal.append(unit, record).map_err(failed)?;
            self.made.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    fn end(&self, unit: Unit) {
        if let Some(gate) = &self.gate {
            gate.leave(unit.case);
        }
        self.bar.end();
    }
}
