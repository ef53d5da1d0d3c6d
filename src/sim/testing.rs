//! For unit tests: scenarios from a few lines of TOML.

use std::sync::Arc;

use super::{Failure, simulate};
use crate::metrics::Metric;
use crate::record::{NoRecord, Outcome};
use crate::scenario::{Request, Scenario, check};
use crate::source::{InMemory, render};

/// The scenario of `text`, its first variant.
pub(crate) fn scenario(text: &str) -> Arc<Scenario> {
    let files = InMemory::new([("test.toml", text)]);
    match check(&files, &Request { path: "test.toml", ..Request::default() }) {
        Ok(checked) => checked.study.cases[0].scenario.clone(),
        Err(refused) => panic!("{}", render(&refused.map, &refused.problems, false)),
    }
}

/// The outcome of replicate 0.
pub(crate) fn outcome(text: &str) -> Outcome {
    run(&scenario(text), 0).unwrap_or_else(|failure| panic!("{failure:?}"))
}

/// The outcome of a replicate.
pub(crate) fn run(scenario: &Scenario, replicate: u64) -> Result<Outcome, Failure> {
    simulate(scenario, replicate, &mut NoRecord)
}

impl Outcome {
    /// The value of a metric that must be there.
    pub(crate) fn value(&self, metric: Metric) -> f64 {
        self.values.get(metric).unwrap_or_else(|| panic!("no {metric:?}"))
    }
}
