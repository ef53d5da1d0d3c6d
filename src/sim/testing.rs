//! For unit tests: a scenario from a few lines of TOML.

use super::{Failure, simulate};
use crate::faults::Faults;
use crate::machine;
use crate::policy::Schedule;
use crate::record::{NoRecord, Outcome};
use crate::scenario::{Job, Limits, Replicates, Run, Scenario, Warmup};
use crate::source::testing::read_with;
use crate::source::{Context, Read, Value};
use crate::time::Time;
use crate::workload::WORKLOADS;

/// Reads the tables `machine`, `schedule` and one `workload`.
pub(crate) fn scenario(text: &str) -> Scenario {
    read_with(text, read).unwrap_or_else(|problems| panic!("{problems}"))
}

/// The outcome of replicate 0.
pub(crate) fn outcome(text: &str) -> Outcome {
    run(&scenario(text), 0).unwrap_or_else(|failure| panic!("{failure:?}"))
}

pub(crate) fn run(scenario: &Scenario, replicate: u64) -> Result<Outcome, Failure> {
    simulate(scenario, replicate, &mut NoRecord)
}

fn read(value: &Value, cx: &Context<'_>) -> Option<Scenario> {
    let table = value.table()?;
    let machine = match machine::Described::read(table.get("machine")?, cx)? {
        machine::Described::Built(machine) => machine,
        machine::Described::FromWorkload => return None,
    };
    let (key, workload) = table.get("workload")?.table()?.only()?;
    let choice = crate::source::Table { entries: vec![(key.clone(), workload.clone())] };
    let choice = Value::new(crate::source::Kind::Table(choice), workload.place);
    let workload = WORKLOADS.read(&choice, cx)?.resolve(&machine, cx)?;
    let schedule = Schedule::read(table.get("schedule")?, cx)?;
    let limits = Limits { events: 1 << 40, memory: 1 << 33, rounds: 1000 };
    let run = Run { seed: 1, replicates: Replicates::Fixed(1), horizon: Time::NEVER, warmup: Warmup::Until(Time::ZERO), limits };
    let on = (0, machine.len() as u32);
    let job = Job { name: key.name.clone(), workload, on, background: false, schedule: None };
    Some(Scenario { machine, network: None, jobs: vec![job], schedule, faults: Faults::default(), run, scale: cx.scale() })
}

#[test]
fn tasks_run_one_after_another_on_one_core() {
    let outcome = outcome(
        "machine.cores = 1\nworkload.tasks = { count = 5, work = \"2 ms\" }\nschedule.policy = \"fifo\"",
    );
    assert_eq!(outcome.end.ticks(), 10_000_000_000);
    assert_eq!(outcome.fates.done, 5);
}

#[test]
fn an_mm1_queue_has_its_mean() {
    let outcome = outcome(
        "machine.cores = 1\nworkload.tasks = { count = 300000, work = { exponential = \"1 ms\" }, arrivals = { poisson = \"500 /s\" } }\nschedule.policy = \"fifo\"",
    );
    let mean = outcome.values.get(crate::metrics::Metric::Response).unwrap();
    assert!((mean - 0.002).abs() < 0.0001, "{mean}");
}
