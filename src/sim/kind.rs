//! The cores, the width and the least times that tasks of a kind share in a run.

use super::core::Core;
use crate::program::{Kind, Standing};

/// What tasks of a kind have in common in a run.
pub(super) struct KindState {
    /// The cores they may run on, from the first up to but without the second.
    pub allowed: (u32, u32),
    /// How many cores each occupies.
    pub width: u32,
    /// How much faster it is on them than on one.
    pub parallel: f64,
    /// How it stands against others.
    pub standing: Standing,
    /// Ticks that a tick of work takes at least, on the fastest cores they may use.
    pub least: f64,
    /// The same at the greatest speeds that the machine's script ever gives those cores.
    pub least_ever: f64,
}

impl KindState {
    /// Those of `kind` in a workload that may use the cores `on`.
    pub fn new(kind: &Kind, on: (u32, u32), cores: &[Core]) -> Self {
        let allowed = kind.pin.map_or(on, |pin| (pin.0.max(on.0), pin.1.min(on.1)));
        let allowed_cores = &cores[allowed.0 as usize..allowed.1 as usize];
        let fastest = allowed_cores.iter().map(|core| core.own).fold(0.0, f64::max);
        let ever = allowed_cores.iter().map(|core| core.greatest).fold(0.0, f64::max);
        let parallel = kind.speedup.on(kind.cores);
        let (least, least_ever) = (1.0 / (parallel * fastest), 1.0 / (parallel * ever));
        KindState { allowed, width: kind.cores, parallel, standing: kind.standing, least, least_ever }
    }
}
