//! How much faster work gets with more cores.

use super::plain::Plain;
use super::{Formula, Law, Theory};
use crate::machine::Speed;
use crate::metrics::Metric;
use crate::program::Speedup;
use crate::scenario::Scenario;

/// As much faster as there are cores.
pub(super) static IDEAL: Theory = Theory {
    name: "ideal",
    about: "as many times as fast as there are cores, each counting with its speed relative to the fastest",
    cite: "the area bound",
    law: Law::Formula(Formula {
        parameters: ideal,
        metrics: &[Metric::SpeedUp, Metric::Efficiency],
        value: |parameters, metric| match (parameters, metric) {
            ([cores], Metric::SpeedUp) => Some(*cores),
            ([_], Metric::Efficiency) => Some(1.0),
            _ => None,
        },
        best: None,
    }),
};

/// Cores that the work may use: those of its only task, else the machine's, in units of the fastest.
fn ideal(scenario: &Scenario) -> Result<Vec<f64>, String> {
    if let Ok((kind, _)) = Plain::of(scenario).and_then(|plain| plain.single_task()) {
        return Ok(vec![f64::from(kind.cores)]);
    }
    let mut speeds = Vec::new();
    for core in &scenario.machine.cores {
        match core.speed {
            Speed::Given(speed) => speeds.push(speed),
            Speed::Drawn(_) => return Err("needs cores whose speed is known".to_owned()),
        }
    }
    let fastest = speeds.iter().copied().fold(0.0, f64::max);
    Ok(vec![speeds.iter().sum::<f64>() / fastest])
}

/// A part that only one core can do.
pub(super) static AMDAHL: Theory = Theory {
    name: "amdahl",
    about: "a part f of the work is done by one core, the rest by all c: the speed-up is 1/(f + (1 − f)/c)",
    cite: "Amdahl 1967",
    law: Law::Formula(Formula {
        parameters: of_a_task,
        metrics: &[Metric::SpeedUp, Metric::Efficiency, Metric::Makespan],
        value: amdahl,
        best: None,
    }),
};

/// The serial part, the task's cores, its seconds on one core, the machine's cores.
fn of_a_task(scenario: &Scenario) -> Result<Vec<f64>, String> {
    let plain = Plain::of(scenario)?.sound()?;
    let (kind, work) = plain.single_task()?;
    let serial = match kind.speedup {
        Speedup::Linear => 0.0,
        Speedup::Amdahl { serial } => serial,
    };
    Ok(vec![serial, f64::from(kind.cores), work, scenario.machine.len() as f64])
}

fn amdahl(parameters: &[f64], metric: Metric) -> Option<f64> {
    let [serial, cores, work, machine] = *parameters else { return None };
    let speed_up = 1.0 / (serial + (1.0 - serial) / cores);
    match metric {
        Metric::SpeedUp => Some(speed_up),
        Metric::Efficiency => Some(speed_up / machine),
        Metric::Makespan => Some(work / speed_up),
        _ => None,
    }
}

/// A part of the time that only one core works.
pub(super) static GUSTAFSON: Theory = Theory {
    name: "gustafson",
    about: "one core alone works for a part s of the time on c cores, however much work there is: the speed-up is \
            s + (1 − s)·c",
    cite: "Gustafson 1988",
    law: Law::Formula(Formula {
        parameters: |scenario| {
            let parameters = of_a_task(scenario)?;
            let [serial, cores, ..] = parameters[..] else { return Err("needs a task".to_owned()) };
            Ok(vec![serial / (serial + (1.0 - serial) / cores), cores])
        },
        metrics: &[Metric::SpeedUp],
        value: |parameters, _| {
            let [serial, cores] = *parameters else { return None };
            Some(serial + (1.0 - serial) * cores)
        },
        best: None,
    }),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_of_serial_work_limits_64_cores_to_8_8() {
        let parameters = [0.1, 64.0, 100.0, 64.0];
        let close = |metric, wanted: f64| {
            let value = amdahl(&parameters, metric).unwrap();
            assert!((value - wanted).abs() < 1e-9, "{value}");
        };
        close(Metric::SpeedUp, 1.0 / (0.1 + 0.9 / 64.0));
        close(Metric::Makespan, 11.40625);
        close(Metric::Efficiency, 100.0 / 11.40625 / 64.0);
    }
}
