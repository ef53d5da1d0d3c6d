//! Scenarios: from text to what is simulated, with nothing left that can fail.

mod cases;
mod check;
mod expect;
mod fit;
mod keys;
mod labels;
mod load;
mod plot;
mod preset;
mod queues;
mod read;
mod rebalance;
mod report;
mod resolution;
mod run;
mod schema;
mod shared_cores;
mod steal;
mod sweep;
mod theory;
mod variant;
mod workloads;

pub use check::{Checked, Refused, Request, check};
pub use expect::{Expect, Margin, Wanted};
pub use keys::keys;
pub use plot::{Numbers, Plot, PlotKind, PlotMark, Side, Varied};
pub use preset::{PRESETS, Preset};
pub use report::{Report, THEME_NAMES};
pub use resolution::Resolution;
pub use run::{Limits, Replicates, Run, Warmup};
pub use schema::schema;
pub use theory::{Best, Formula, Law, THEORIES, Theory};

use std::sync::Arc;

use crate::faults::Faults;
use crate::machine::Machine;
use crate::network::Network;
use crate::policy::Schedule;
use crate::time::Time;
use crate::units::Scale;
use crate::workload::Workload;

/// One variant of a scenario, checked and resolved.
#[derive(Debug)]
pub struct Scenario {
    /// The machine.
    pub machine: Machine,
    /// The network; without one, communication is free.
    pub network: Option<Network>,
    /// The workloads, in file order.
    pub jobs: Vec<Job>,
    /// How work is scheduled where a job has no schedule of its own.
    pub schedule: Schedule,
    /// What breaks.
    pub faults: Faults,
    /// How it is run.
    pub run: Run,
    /// How its units relate.
    pub scale: Scale,
}

/// A workload and what the scenario says of it.
#[derive(Debug)]
pub struct Job {
    /// Its name: that of its table.
    pub name: String,
    /// What there is to do.
    pub workload: Box<dyn Workload>,
    /// When it begins: its tasks are released so much later than they say.
    pub start: Time,
    /// The cores it may use, from the first up to but without the second.
    pub on: (u32, u32),
    /// Whether the makespan and the end of the run don't wait for it.
    pub background: bool,
    /// Its own schedule, if it has one.
    pub schedule: Option<Schedule>,
}

/// A whole study: variants of one scenario at points of a sweep, and what is asked of them.
#[derive(Debug)]
pub struct Study {
    /// What it is called.
    pub title: Option<String>,
    /// What it is to answer.
    pub question: Option<String>,
    /// All cases: the variants at the first point, then those at the second…
    pub cases: Vec<Case>,
    /// How many replicates, seeds and horizons: the same for all cases.
    pub run: Run,
    /// Whether anything is drawn at random in any case; if not, one replicate says all.
    pub random: bool,
    /// What is shown.
    pub report: Report,
    /// What is expected.
    pub expect: Vec<Expect>,
}

/// One variant at one point.
#[derive(Clone, Debug)]
pub struct Case {
    /// The variant's label; the baseline's is the first at each point.
    pub label: String,
    /// The point of the sweep, from 0.
    pub point: usize,
    /// What the sweep set here, such as `machine.cores = 4`; empty without a sweep.
    pub setting: Vec<(String, String)>,
    /// The values of the setting as they are shown to people: without digits that tell nothing.
    pub shown: Vec<String>,
    /// What is simulated.
    pub scenario: Arc<Scenario>,
}

impl Case {
    /// The case in words, such as `“lpt” at machine.cores = 4`.
    pub fn name(&self) -> String {
        let setting = self.setting_text();
        let label = format!("“{}”", self.label);
        if setting.is_empty() { label } else { format!("{label} at {setting}") }
    }

    /// The setting in one text, such as `machine.cores = 4`; empty without a sweep.
    pub fn setting_text(&self) -> String {
        let settings = self.setting.iter().zip(&self.shown);
        settings.map(|((key, _), value)| format!("{key} = {value}")).collect::<Vec<_>>().join(", ")
    }
}
