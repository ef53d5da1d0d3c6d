//! `decisions.csv`: a row a decision, in the order of time.

use std::io::{self, Write};

use super::sheet::Sheet;
use crate::record::{Choice, Recorder, Why};
use crate::scenario::{Case, Scenario};
use crate::time::Time;
use crate::units::{count, exact_seconds};

/// Most rows of one run.
const MOST: u64 = 1_000_000;

/// The columns: `time` in seconds since the start of the run with every digit it has; `core` the lowest of those chosen,
/// numbered over the whole machine; `from` the core from whose queue it comes, of what goes from one to another; `decision` is
/// `enqueue` (into the core's queue), `move`, `start`, `resume`, `steal`, `give` or `interrupt`; `reason` why this core or task;
/// `waiting` the other tasks that wait.
const COLUMNS: [&str; 12] = [
    "variant",
    "point",
    "replicate",
    "time",
    "workload",
    "task",
    "node",
    "core",
    "from",
    "decision",
    "reason",
    "waiting",
];

/// The file `decisions.csv` while it is being written.
pub struct DecisionsCsv<W: Write> {
    sheet: Sheet<W>,
    left_out: u64,
}

impl<W: Write> DecisionsCsv<W> {
    /// The file with its line of column names.
    pub fn new(writer: W) -> Self {
        DecisionsCsv { sheet: Sheet::new(writer, COLUMNS), left_out: 0 }
    }

    /// Takes the rows of one run.
    pub fn of<'a>(&'a mut self, case: &'a Case, replicate: u64) -> Rows<'a, W> {
        let origin = [case.label.clone(), case.point.to_string(), replicate.to_string()];
        Rows { file: self, origin, scenario: &case.scenario, rows: 0 }
    }

    /// Flushes the file; what was left out, in a sentence.
    ///
    /// # Errors
    /// The first failure of the writer.
    pub fn finish(self) -> io::Result<Option<String>> {
        self.sheet.finish()?;
        Ok((self.left_out > 0).then(|| {
            format!(
                "decisions.csv has the first {} decisions of a run: {} more are left out.",
                count(MOST),
                count(self.left_out)
            )
        }))
    }
}

/// Writes the decisions of one run.
pub struct Rows<'a, W: Write> {
    file: &'a mut DecisionsCsv<W>,
    origin: [String; 3],
    scenario: &'a Scenario,
    rows: u64,
}

impl<W: Write> Recorder for Rows<'_, W> {
    fn choice(&mut self, at: Time, choice: &Choice) {
        if self.rows == MOST {
            self.file.left_out += 1;
            return;
        }
        self.rows += 1;
        let [variant, point, replicate] = self.origin.each_ref().map(String::as_str);
        let machine = &self.scenario.machine;
        let job = &self.scenario.jobs[choice.job as usize];
        let (decision, reason) = code(choice.why);
        self.file.sheet.row([
            variant,
            point,
            replicate,
            &exact_seconds(at.ticks(), self.scenario.scale.tick),
            &job.name,
            &job.workload.task_name(choice.number),
            &super::node(machine, machine.cores[choice.core.index()].node),
            &choice.core.index().to_string(),
            &choice.why.from().map(|core| core.index().to_string()).unwrap_or_default(),
            decision,
            reason,
            &choice.others.to_string(),
        ]);
    }
}

/// What was decided, and why.
fn code(why: Why) -> (&'static str, &'static str) {
    match why {
        Why::Placed(reason) => ("enqueue", reason.describe().0),
        Why::Moved(_, reason) => ("move", reason.describe().0),
        Why::Shared => ("start", "shared-queue"),
        Why::Own => ("start", "own-queue"),
        Why::Together => ("start", "shared-cores"),
        Why::Planned => ("start", "plan"),
        Why::Chunk => ("start", "loop"),
        Why::Stolen(_) => ("steal", "out-of-work"),
        Why::Given(_) => ("give", "lifeline"),
        Why::Interrupted => ("interrupt", "order"),
        Why::Resumed => ("resume", "checkpoint"),
    }
}
