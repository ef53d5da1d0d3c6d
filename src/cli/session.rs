//! A run at its place: claimed, its records kept, told to end at any time.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::interrupt::Interrupt;
use super::overseer::Overseer;
use super::stop::Stop;
use super::syncer::Syncer;
use crate::experiment::{Failed, Share};
use crate::output::folder::{Claim, Folder, Unwritable};
use crate::output::journal::{Head, Journal, Kept, Unusable};
use crate::output::manifest;
use crate::output::provenance::Provenance;

/// What takes less is made again as quickly as a disk could be waited for.
const LONG: Duration = Duration::from_secs(10);

/// What is run at a place.
pub(super) struct Task<'a> {
    /// Where it comes from.
    pub provenance: &'a Provenance,
    /// Which part of it; all of it where none is said.
    pub share: Option<Share>,
    /// Whether what was kept of another run is given up.
    pub restart: bool,
}

/// A run at its place.
pub(super) struct Session {
    claim: Arc<Claim>,
    interrupt: Interrupt,
    journal: Arc<Journal>,
    /// Looks after the journal until the end.
    _syncer: Syncer,
    began: Instant,
    /// What a reader should know, a sentence each.
    pub notices: Vec<String>,
}

impl Session {
    /// Claims `place`, and has `overseer` keep its records there and recall those that were kept.
    ///
    /// # Errors
    /// Where the place is another's or can't be written to, or keeps records of something else.
    pub fn begin(place: &Path, task: &Task<'_>, overseer: &mut Overseer) -> Result<Self, Stop> {
        let claim = Arc::new(Claim::new(place).map_err(wrong)?);
        let head = Head::new(task.provenance, task.share);
        let or = "give them up with --restart";
        let kept = if task.restart { None } else { kept(&claim, &head, or)? };
        // A whole run replaces the one before it; a part would stand beside the results of something else.
        if task.share.is_some() && place.join(manifest::NAME).is_file() {
            return Err(Stop::Wrong(format!(
                "`{}` holds a finished run, which a part doesn't replace: name another folder with --out, or remove that one",
                place.display()
            )));
        }
        claim.make().map_err(wrong)?;
        let path = claim.journal();
        let journal = match &kept {
            Some(kept) => Journal::at(&path, kept.end()),
            None => Journal::create(&path, &head),
        };
        let unwritable = |error: io::Error| Stop::Wrong(format!("can't write `{}`: {error}", path.display()));
        let journal = Arc::new(journal.map_err(unwritable)?);
        let syncer = Syncer::new(Arc::clone(&journal))
            .map_err(|error| Stop::Fault(format!("no thread to look after the journal: {error}")))?;
        let mut notices = Vec::new();
        if let Some(dropped) = kept.as_ref().map(Kept::dropped).filter(|dropped| *dropped > 0) {
            let path = path.display();
            notices
                .push(format!("the last {dropped} bytes of `{path}` were no whole record and are dropped"));
        }
        overseer.keep_in(Arc::clone(&journal), kept);
        let interrupt = {
            let (claim, bar) = (Arc::clone(&claim), overseer.bar().clone());
            let (recalled, made, journal) = (overseer.recalled(), overseer.made(), Arc::clone(&journal));
            Interrupt::new(move || {
                journal.close("the run is being ended");
                // What isn't safe from a power cut is still safe from our end.
                let _ = journal.sync();
                bar.clear();
                let count = recalled + made.load(Ordering::Relaxed);
                if count == 0 {
                    claim.forget();
                }
                claim.abandon();
                match count {
                    0 => "interrupted: nothing was done yet".to_owned(),
                    count => format!("interrupted: {}", goes_on(&claim, count)),
                }
            })
        };
        Ok(Session { claim, interrupt, journal, _syncer: syncer, began: Instant::now(), notices })
    }

    /// Why the run has no results, and what is left of it.
    pub fn failed(&self, failed: &Failed, overseer: &Overseer) -> Stop {
        match failed {
            // It would fail in the same way again.
            Failed::Replicate { .. } | Failed::Case { .. } => {
                self.claim.forget();
                Stop::Wrong(failed.to_string())
            }
            Failed::Record(_) | Failed::Ended { .. } => {
                Stop::Wrong(format!("{failed}; {}", self.what_is_kept(overseer)))
            }
        }
    }

    /// How many replicates are kept here, and how to go on.
    pub fn what_is_kept(&self, overseer: &Overseer) -> String {
        let count = overseer.recalled() + overseer.made().load(Ordering::Relaxed);
        goes_on(&self.claim, count)
    }

    /// Makes what is kept safe from a power cut: it is all that is left of a part.
    ///
    /// # Errors
    /// Where that fails.
    pub fn secure(&self) -> Result<(), Stop> {
        let failed = |error| Stop::unwritten(&format!("`{}`", self.claim.journal().display()), &error);
        self.journal.sync().map_err(failed)
    }

    /// Begins the folder of the results.
    ///
    /// # Errors
    /// Where it can't be made.
    pub fn folder(&self) -> Result<Folder, Stop> {
        self.claim.begin().map_err(wrong)
    }

    /// Puts the folder of the results in its place; the journal stays beside them if `more` is to be done. What took long
    /// is made safe from a power cut before its journal goes.
    ///
    /// # Errors
    /// Where that fails.
    pub fn finish(&self, folder: Folder, more: bool) -> Result<(), Stop> {
        self.interrupt
            .hold(|| {
                if more {
                    folder.keep_journal()?;
                }
                folder.finish(self.began.elapsed() > LONG)
            })
            .map_err(wrong)?;
        self.interrupt.done();
        Ok(())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // What is done when the program is told to end holds the claim.
        self.interrupt.done();
    }
}

fn wrong(error: Unwritable) -> Stop {
    Stop::Wrong(error.to_string())
}

fn goes_on(claim: &Claim, count: u64) -> String {
    let place = claim.place().display();
    let (replicates, are) = if count == 1 { ("replicate", "is") } else { ("replicates", "are") };
    format!("{count} {replicates} {are} kept in `{place}`, and the same command goes on from there")
}

/// What is kept at a place, if it is of the study that `head` is of. If not, `or` says what else can be done than to name
/// another place.
///
/// # Errors
/// Where it can't be read, or is of something else.
pub(super) fn kept(claim: &Claim, head: &Head, or: &str) -> Result<Option<Kept>, Stop> {
    let path = claim.journal();
    let kept = match Kept::open(&path) {
        Ok(kept) => kept,
        Err(Unusable::Empty) => return Ok(None),
        Err(Unusable::Io(error)) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(why) => return Err(Stop::Wrong(format!("`{}` can't be used: {why}", path.display()))),
    };
    let other = match kept.head().differs(head) {
        Some(difference) => difference.0,
        None if kept.head().share != head.share => match kept.head().share {
            Some(share) => format!("is part {share}"),
            None => "is no part".to_owned(),
        },
        None => return Ok(Some(kept)),
    };
    if kept.is_empty() {
        return Ok(None);
    }
    Err(Stop::Wrong(format!(
        "`{}` keeps {} replicates of a run that was ended, which {other}: bring that to its end, name another folder with \
         --out, or {or}",
        claim.place().display(),
        kept.len(),
    )))
}
