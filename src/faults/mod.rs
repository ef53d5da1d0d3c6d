//! Faults: what is injected, when others notice, and how work recovers.

mod detect;
mod inject;
mod interval;
mod kind;
mod read;
mod recover;

pub use crate::machine::Target as FaultTarget;
pub use detect::Detect;
pub use inject::{Inject, When};
pub use interval::{Interval, daly, young};
pub use kind::{FAULT_KINDS, Fault};
pub use read::Described;
pub use recover::{RECOVERIES, Recover};

use crate::ids::CoreId;

/// The `[faults]` table.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// What is injected, in file order.
    pub inject: Vec<Inject>,
    /// When others notice a crash.
    pub detect: Detect,
    /// What becomes of lost work.
    pub recover: Recover,
}

impl Faults {
    /// The mean time in ticks between random crashes that hit any of the cores from the first up to but without the
    /// second: failures of independent targets add up. Infinite where none is to come.
    pub fn mean_between_losses(&self, cores: (CoreId, CoreId)) -> f64 {
        let hits = |target: &&FaultTarget| target.cores.0 < cores.1 && cores.0 < target.cores.1;
        let rate = |inject: &Inject| match (&inject.fault, &inject.when) {
            (Fault::Crash, When::Random { uptime, .. }) => {
                inject.targets.iter().filter(hits).count() as f64 / uptime.mean()
            }
            _ => 0.0,
        };
        1.0 / self.inject.iter().map(rate).sum::<f64>()
    }
}
