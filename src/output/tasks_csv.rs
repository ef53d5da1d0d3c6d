//! `tasks.csv`: a row a task, in the order of their ends.

use std::io::{self, Write};

use super::sheet::Sheet;
use crate::record::{ChunkRow, ChunkSizes, Fate, Recorder, TaskRow};
use crate::scenario::{Case, Scenario};
use crate::time::Time;
use crate::units::{count, exact_seconds};

/// Most rows of one run.
const MOST: u64 = 1_000_000;

/// The columns. Times are in seconds since the start of the run, with every digit they have; `release` is empty
/// where a task never was ready, `start`, `node` and `core` where it never ran; `core` is the lowest of its cores, numbered over the whole machine; `iterations` is the
/// size of a chunk of a loop, empty of other tasks.
const COLUMNS: [&str; 15] = [
    "variant",
    "point",
    "replicate",
    "workload",
    "task",
    "number",
    "iterations",
    "release",
    "start",
    "end",
    "node",
    "core",
    "cores",
    "attempts",
    "fate",
];

/// The file `tasks.csv` while it is being written.
pub struct TasksCsv<W: Write> {
    sheet: Sheet<W>,
    left_out: u64,
}

impl<W: Write> TasksCsv<W> {
    /// The file with its line of column names.
    pub fn new(writer: W) -> Self {
        TasksCsv { sheet: Sheet::new(writer, COLUMNS), left_out: 0 }
    }

    /// Takes the rows of one run.
    pub fn of<'a>(&'a mut self, case: &'a Case, replicate: u64) -> Rows<'a, W> {
        let origin = [case.label.clone(), case.point.to_string(), replicate.to_string()];
        Rows { file: self, origin, scenario: &case.scenario, rows: 0, chunks: ChunkSizes::default() }
    }

    /// Flushes the file; what was left out, in a sentence.
    ///
    /// # Errors
    /// The first failure of the writer.
    pub fn finish(self) -> io::Result<Option<String>> {
        self.sheet.finish()?;
        Ok((self.left_out > 0).then(|| {
            format!(
                "tasks.csv has the first {} tasks of a run: {} more are left out.",
                count(MOST),
                count(self.left_out)
            )
        }))
    }
}

/// Writes the tasks of one run.
pub struct Rows<'a, W: Write> {
    file: &'a mut TasksCsv<W>,
    origin: [String; 3],
    scenario: &'a Scenario,
    rows: u64,
    chunks: ChunkSizes,
}

impl<W: Write> Recorder for Rows<'_, W> {
    fn chunk(&mut self, row: &ChunkRow) {
        self.chunks.begin(row);
    }

    fn task(&mut self, row: &TaskRow) {
        let iterations = self.chunks.end((row.job, row.number));
        if self.rows == MOST {
            self.file.left_out += 1;
            return;
        }
        self.rows += 1;
        let [variant, point, replicate] = self.origin.each_ref().map(String::as_str);
        let machine = &self.scenario.machine;
        let job = &self.scenario.jobs[row.job as usize];
        let time = |at: Time| exact_seconds(at.ticks(), self.scenario.scale.tick);
        let node = row.core.map(|core| super::node(machine, machine.cores[core.index()].node));
        self.file.sheet.row([
            variant,
            point,
            replicate,
            &job.name,
            &job.workload.task_name(row.number),
            &row.number.to_string(),
            &iterations.map(|size| size.to_string()).unwrap_or_default(),
            &row.release.map(time).unwrap_or_default(),
            &row.start.map(time).unwrap_or_default(),
            &time(row.end),
            &node.unwrap_or_default(),
            &row.core.map(|core| core.index().to_string()).unwrap_or_default(),
            &row.cores.to_string(),
            &row.attempts.to_string(),
            fate(row.fate),
        ]);
    }
}

fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Done => "done",
        Fate::Failed => "failed",
        Fate::Dropped => "dropped",
        Fate::Cancelled => "cancelled",
        Fate::Unfinished => "unfinished",
    }
}
