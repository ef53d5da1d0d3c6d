//! The records of a case's replicates, taken in one after another.

use super::{MeanBound, Record, Replicate};
use crate::record::{CoreTimes, Digest, Fates};

/// What the replicates of a case have come to so far.
#[derive(Default)]
pub(super) struct Gathered {
    /// One after another.
    pub replicates: Vec<Replicate>,
    /// The core time of all of them.
    pub times: CoreTimes,
    /// The fates of all their tasks.
    pub fates: Fates,
    /// Their digests joined.
    pub digest: Digest,
    bounds: Vec<(&'static str, &'static str)>,
}

impl Gathered {
    /// Takes in the record of the next replicate.
    pub fn take(&mut self, record: Record) {
        let mut bounds = vec![None; self.bounds.len()];
        for bound in &record.bounds {
            let at = self.bounds.iter().position(|(name, _)| *name == bound.name).unwrap_or_else(|| {
                self.bounds.push((bound.name, bound.about));
                bounds.push(None);
                self.bounds.len() - 1
            });
            bounds[at] = bound.seconds;
            if bound.seconds.is_none() {
                self.bounds[at].1 = bound.about;
            }
        }
        for (sum, time) in self.times.states.iter_mut().zip(record.times.states) {
            *sum += time;
        }
        for (sum, time) in self.times.idle.iter_mut().zip(record.times.idle) {
            *sum += time;
        }
        self.fates.done += record.fates.done;
        self.fates.failed += record.fates.failed;
        self.fates.dropped += record.fates.dropped;
        self.fates.unfinished += record.fates.unfinished;
        self.digest.join(record.digest);
        self.replicates.push(Replicate {
            values: record.values,
            bounds,
            cut: record.cut,
            warmup: record.warmup,
            exact_quantiles: record.exact_quantiles,
            batches: record.batches,
            events: record.events,
            digest: record.digest,
        });
    }

    /// The means of the bounds that hold in every replicate, and the names of those that don't.
    pub fn bounds(&self) -> Vec<MeanBound> {
        let mean = |at: usize| {
            let seconds: Option<Vec<f64>> =
                self.replicates.iter().map(|replicate| replicate.bounds.get(at).copied().flatten()).collect();
            crate::stats::Moments::of(&seconds?).mean()
        };
        let bound = |(at, (name, about)): (usize, &(&'static str, &'static str))| MeanBound {
            name,
            about,
            seconds: mean(at),
        };
        self.bounds.iter().enumerate().map(bound).collect()
    }
}
