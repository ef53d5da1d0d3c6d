//! `cores.csv`: a row a core, with the time it spent in each state.

use std::io::{self, Write};

use super::sheet::Sheet;
use crate::record::{CoreRow, IDLE, Interval, Recorder, STATES, State};
use crate::scenario::{Case, Scenario};
use crate::units::exact_seconds;

const ORIGIN: [&str; 6] = ["variant", "point", "replicate", "node", "core", "speed"];

/// The idle time by reason, in the order of [`IDLE`].
const REASONS: [&str; IDLE.len()] = ["idle_no_work", "idle_elsewhere", "idle_dependency", "idle_data"];

/// The file `cores.csv` while it is being written: node, core, speed (its own, which a script or a fault may change for a
/// while), and seconds by state with every digit they have. The states of a core add up to the length of the run exactly,
/// and the reasons of idleness to its idle time.
pub struct CoresCsv<W: Write> {
    sheet: Sheet<W>,
}

impl<W: Write> CoresCsv<W> {
    /// The file with its line of column names.
    pub fn new(writer: W) -> Self {
        let states = STATES.iter().map(|(_, name)| *name);
        CoresCsv { sheet: Sheet::new(writer, ORIGIN.into_iter().chain(states).chain(REASONS)) }
    }

    /// Takes the rows of one run.
    pub fn of<'a>(&'a mut self, case: &'a Case, replicate: u64) -> Rows<'a, W> {
        let origin = [case.label.clone(), case.point.to_string(), replicate.to_string()];
        let idle = vec![[0; IDLE.len()]; case.scenario.machine.len()];
        Rows { file: self, origin, scenario: &case.scenario, idle }
    }

    /// Flushes the file.
    ///
    /// # Errors
    /// The first failure of the writer.
    pub fn finish(self) -> io::Result<()> {
        self.sheet.finish().map(|_| ())
    }
}

/// Writes the cores of one run.
pub struct Rows<'a, W: Write> {
    file: &'a mut CoresCsv<W>,
    origin: [String; 3],
    scenario: &'a Scenario,
    /// Idle ticks by core and reason.
    idle: Vec<[u64; IDLE.len()]>,
}

impl<W: Write> Recorder for Rows<'_, W> {
    fn interval(&mut self, interval: &Interval) {
        if interval.state == State::Idle {
            self.idle[interval.core.index()][interval.idle as usize] += (interval.to - interval.from).ticks();
        }
    }

    fn core(&mut self, row: &CoreRow) {
        let machine = &self.scenario.machine;
        let node = super::node(machine, machine.cores[row.core.index()].node);
        let idle = self.idle[row.core.index()];
        let times =
            row.times.iter().chain(&idle).map(|ticks| exact_seconds(*ticks, self.scenario.scale.tick));
        let named = [node, row.core.index().to_string(), row.speed.to_string()];
        self.file.sheet.row(self.origin.iter().cloned().chain(named).chain(times));
    }
}
