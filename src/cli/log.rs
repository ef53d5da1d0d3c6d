//! `run.log`: what of a run depends on where and when it ran. No other output does.

use std::sync::atomic::Ordering;
use std::time::{Instant, SystemTime};

use super::overseer::Overseer;
use crate::output::provenance::{SOURCES, VERSION};
use crate::units::seconds;

/// The name of the log in a run's folder.
pub(super) const NAME: &str = "run.log";

/// What of a run depends on where and when it ran.
pub(super) struct Log<'a> {
    /// When it began.
    pub at: SystemTime,
    /// The same on a clock that never goes back.
    pub began: Instant,
    /// On how many threads.
    pub threads: usize,
    /// Who watched over it.
    pub overseer: &'a Overseer,
}

impl Log<'_> {
    /// A sentence a line.
    pub fn text(&self) -> String {
        let Log { at, began, threads, overseer } = self;
        let plural = if *threads == 1 { "" } else { "s" };
        let mut text = begin(*at, &format!("with {threads} thread{plural}"));
        let made = overseer.made().load(Ordering::Relaxed);
        text += &format!("simulated {made} replicates; {} were there already\n", overseer.recalled());
        if overseer.held_back() {
            text += "ran fewer replicates at once to stay within run.limits.memory\n";
        }
        text + &end(*began)
    }
}

/// The log of parts, so many, that were joined.
pub(super) fn merged(at: SystemTime, began: Instant, parts: usize) -> String {
    begin(at, &format!("from {parts} parts")) + &end(began)
}

fn begin(at: SystemTime, how: &str) -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname");
    let host = host.map_or(String::new(), |name| format!(" on {}", name.trim()));
    let time = humantime::format_rfc3339_seconds(at);
    format!("makespan {VERSION}, sources {SOURCES}\nbegan {time}{host} {how}\n")
}

fn end(began: Instant) -> String {
    format!("took {} until the results were written\n", seconds(began.elapsed().as_secs_f64()))
}
