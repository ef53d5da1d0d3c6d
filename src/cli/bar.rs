//! A bar on standard error that says how far the replicates are.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::experiment::Unit;
use crate::scenario::Study;

/// What the bar shows: how far, at which rate, for how long still, and what was begun last.
const TEMPLATE: &str = "{bar:24} {pos} of {len} replicates, {per_sec}, {eta} left: {on}";

/// A bar; hidden where nobody would see it.
#[derive(Clone)]
pub(super) struct Bar {
    bar: ProgressBar,
    /// The unit begun last: the case in the upper half, the replicate in the lower.
    last: Arc<AtomicU64>,
}

impl Bar {
    /// A bar, which shows itself only if `wanted` and on a terminal.
    pub fn new(study: &Study, wanted: bool) -> Self {
        let shown = wanted && std::io::stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        let last = Arc::new(AtomicU64::new(0));
        if shown {
            if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
                // Looked up when the bar is drawn, so that a replicate costs no more than two counters.
                let names: Vec<String> = study.cases.iter().map(|case| case.name()).collect();
                let last = Arc::clone(&last);
                let on = move |_: &ProgressState, out: &mut dyn std::fmt::Write| {
                    let last = last.load(Ordering::Relaxed);
                    let name = names.get((last >> 32) as usize).map_or("", String::as_str);
                    // Half a line of a bar is no failure.
                    let _ = write!(out, "{name}, replicate {}", last as u32);
                };
                bar.set_style(style.with_key("on", on));
            }
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Bar { bar, last }
    }

    /// So many more replicates are to be simulated.
    pub fn expect(&self, replicates: u64) {
        self.bar.inc_length(replicates);
    }

    /// One has begun.
    pub fn begin(&self, unit: Unit) {
        self.last.store(u64::from(unit.case) << 32 | u64::from(unit.replicate), Ordering::Relaxed);
    }

    /// One more is done.
    pub fn end(&self) {
        self.bar.inc(1);
    }

    /// Takes the bar off the screen.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
