//! `links.csv`: a row a direction of a link, with what it carried.

use std::io::{self, Write};

use super::sheet::Sheet;
use crate::ids::LinkId;
use crate::record::{MessageRow, Recorder};
use crate::scenario::{Case, Scenario};

/// The columns. Bandwidth is in bytes a second, empty where unlimited; so is `utilisation` then, which is bytes over
/// bandwidth × duration of the run.
const COLUMNS: [&str; 8] =
    ["variant", "point", "replicate", "link", "bandwidth_bytes_per_s", "messages", "bytes", "utilisation"];

/// The file `links.csv` while it is being written: what messages that arrived carried over each link, those within a node
/// apart. The directions of a half-duplex link share its bandwidth.
pub struct LinksCsv<W: Write> {
    sheet: Sheet<W>,
}

impl<W: Write> LinksCsv<W> {
    /// The file with its line of column names.
    pub fn new(writer: W) -> Self {
        LinksCsv { sheet: Sheet::new(writer, COLUMNS) }
    }

    /// Takes the messages of one run; [`Rows::finish`] writes its rows.
    pub fn of<'a>(&'a mut self, case: &'a Case, replicate: u64) -> Rows<'a, W> {
        let links = case.scenario.network.as_ref().map_or(0, |network| network.links.len());
        let origin = [case.label.clone(), case.point.to_string(), replicate.to_string()];
        Rows { file: self, origin, scenario: &case.scenario, carried: vec![(0, 0.0); links], way: Vec::new() }
    }

    /// Flushes the file.
    ///
    /// # Errors
    /// The first failure of the writer.
    pub fn finish(self) -> io::Result<()> {
        self.sheet.finish().map(|_| ())
    }
}

/// Adds up what the links of one run carried.
pub struct Rows<'a, W: Write> {
    file: &'a mut LinksCsv<W>,
    origin: [String; 3],
    scenario: &'a Scenario,
    /// Messages and bytes by link.
    carried: Vec<(u64, f64)>,
    /// Room for a route.
    way: Vec<LinkId>,
}

impl<W: Write> Rows<'_, W> {
    /// Writes the rows of a run that took so many `seconds`.
    pub fn finish(self, seconds: f64) {
        let Some(network) = &self.scenario.network else { return };
        for (link, (messages, bytes)) in network.links.iter().zip(&self.carried) {
            let bandwidth = link.bandwidth * self.scenario.scale.ticks_per_second();
            let known = |value: f64| if value.is_finite() { value.to_string() } else { String::new() };
            let used = if bandwidth.is_finite() { bytes / (bandwidth * seconds) } else { f64::NAN };
            let own =
                [link.name.clone(), known(bandwidth), messages.to_string(), bytes.to_string(), known(used)];
            self.file.sheet.row(self.origin.iter().cloned().chain(own));
        }
    }
}

impl<W: Write> Recorder for Rows<'_, W> {
    fn message(&mut self, row: &MessageRow) {
        let Some(network) = &self.scenario.network else { return };
        if row.from == row.to || !row.delivered {
            return;
        }
        self.way.clear();
        network.route(row.from, row.to, &mut self.way);
        for link in &self.way {
            let (messages, bytes) = &mut self.carried[link.index()];
            *messages += 1;
            *bytes += row.bytes;
        }
    }
}
