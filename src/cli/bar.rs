//! A bar on standard error that says how far the replicates are.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::experiment::{Unit, Watch};

/// A bar; hidden where nobody would see it.
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// A bar, which shows itself only if `wanted` and on a terminal.
    pub fn new(wanted: bool) -> Self {
        let shown = wanted && std::io::stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        if let Ok(style) =
            ProgressStyle::with_template("{bar:30} {pos} of {len} replicates, {per_sec}, {eta} left")
        {
            bar.set_style(style);
        }
        if shown {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Bar(bar)
    }

    /// Takes the bar off the screen.
    pub fn clear(&self) {
        self.0.finish_and_clear();
    }
}

impl Watch for Bar {
    fn expect(&self, replicates: u64) {
        self.0.inc_length(replicates);
    }

    fn end(&self, _: Unit) {
        self.0.inc(1);
    }
}
