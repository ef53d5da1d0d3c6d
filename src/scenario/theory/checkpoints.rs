//! How long work takes that saves its state again and again, and how often it should.

use super::plain::Plain;
use super::{Best, Formula, Law, Theory};
use crate::faults::{Fault, Recover, When, daly, young};
use crate::metrics::Metric;
use crate::scenario::Scenario;

/// The expected makespan of one task.
pub(super) static RENEWAL: Theory = Theory {
    name: "renewal",
    about: "one task with checkpoints and exponential times up: a part of length x takes (M + D)·e^(R/M)·(e^(x/M) − 1)",
    cite: "Daly 2006; with a repair of D, Bougeret, Casanova, Rabie, Robert & Vivien 2011",
    law: Law::Formula(Formula { parameters, metrics: &[Metric::Makespan], value: makespan, best: None }),
};

/// The interval of Young.
pub(super) static YOUNG: Theory = Theory {
    name: "young",
    about: "the best interval between checkpoints is √(2δM)",
    cite: "Young 1974",
    law: Law::Formula(Formula {
        parameters,
        metrics: &[],
        value: |_, _| None,
        best: Some(Best { keys: &["interval"], value: |parameters| best(parameters, young) }),
    }),
};

/// The interval of Daly.
pub(super) static DALY: Theory = Theory {
    name: "daly",
    about: "the best interval between checkpoints is √(2δM)·(1 + √(δ/2M)/3 + (δ/2M)/9) − δ",
    cite: "Daly 2006, eq. 37",
    law: Law::Formula(Formula {
        parameters,
        metrics: &[],
        value: |_, _| None,
        best: Some(Best { keys: &["interval"], value: |parameters| best(parameters, daly) }),
    }),
};

/// Seconds of work, interval, cost, restart, repair, mean time up; and 1 if a checkpoint is taken at the end, else 0.
fn parameters(scenario: &Scenario) -> Result<Vec<f64>, String> {
    let plain = Plain::of(scenario)?;
    let (_, work) = plain.single_task()?;
    let faults = &scenario.faults;
    let Recover::Checkpoint { interval, cost, restart, last } = faults.recover else {
        return Err("needs checkpoints".to_owned());
    };
    let [inject] = &faults.inject[..] else { return Err("needs one injection of faults".to_owned()) };
    let (Fault::Crash, When::Random { uptime, repair }, 1) =
        (&inject.fault, &inject.when, inject.targets.len())
    else {
        return Err("needs crashes of one target at random".to_owned());
    };
    if !uptime.is_exponential() {
        return Err("needs exponential times up".to_owned());
    }
    let Some(repair) = repair else { return Err("needs repairs".to_owned()) };
    let seconds = |ticks: f64| scenario.scale.seconds(ticks);
    let interval = interval.span(cost, uptime.mean());
    Ok(vec![
        work,
        seconds(interval.ticks() as f64),
        seconds(cost.ticks() as f64),
        seconds(restart.ticks() as f64),
        seconds(repair.mean()),
        seconds(uptime.mean()),
        f64::from(u8::from(last)),
    ])
}

fn makespan(parameters: &[f64], _: Metric) -> Option<f64> {
    let [work, interval, cost, restart, repair, mean, last] = *parameters else { return None };
    let saved = (work / interval).ceil() - 1.0;
    let part = |length: f64| (mean + repair) * libm::exp(restart / mean) * libm::expm1(length / mean);
    let rest = work - saved * interval;
    let total = saved * part(interval + cost) + part(rest + last * cost);
    total.is_finite().then_some(total)
}

fn best(parameters: &[f64], formula: fn(f64, f64) -> f64) -> Option<f64> {
    let [_, _, cost, _, _, mean, _] = *parameters else { return None };
    Some(formula(cost, mean))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_an_hour_take_what_the_renewal_equation_says() {
        let hours = |hours: f64| hours * 3600.0;
        let given = |interval: f64| [hours(24.0), hours(interval), 300.0, 600.0, 1200.0, hours(6.0), 0.0];
        let told = |interval: f64| makespan(&given(interval), Metric::Makespan).unwrap() / 3600.0;
        // Worked out in scenarios/faults/checkpoint-young-daly.toml.
        for (interval, wanted) in
            [(1.0, 30.817794272494904), (1.0 / 6.0, 39.802105413857234), (4.0, 37.91521965627395)]
        {
            assert!((told(interval) / wanted - 1.0).abs() < 1e-9, "{interval}: {}", told(interval));
        }
        assert_eq!(best(&given(4.0), young), Some(3600.0));
    }
}
