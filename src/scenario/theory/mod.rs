//! The theories: what theorems say of a scenario. An expectation may ask for one, and a plot may draw it beside what was
//! simulated. One file a family.

mod checkpoints;
mod chunks;
mod plain;
mod queues;
mod speedups;

use std::sync::LazyLock;

use super::Scenario;
use crate::metrics::Metric;
use crate::source::{Context, Read, Shape, Value};

/// A theory.
#[derive(Debug)]
pub struct Theory {
    /// The name by which scenarios ask for it.
    pub name: &'static str,
    /// What it says.
    pub about: &'static str,
    /// Author, year and place.
    pub cite: &'static str,
    /// How it says it.
    pub law: Law,
}

/// How a theory says what it says.
#[derive(Debug)]
pub enum Law {
    /// It bounds the makespan of each replicate by that replicate's own lower bounds, and so is no function of a
    /// scenario.
    Bound,
    /// It is a formula.
    Formula(Formula),
}

/// A formula in parameters of a scenario, each in seconds or a plain number, in an order of its own.
///
/// Between two points of a sweep the parameters are taken to change evenly with the swept key: which is exact where the
/// key is one of them, or proportional to one.
#[derive(Debug)]
pub struct Formula {
    /// The parameters that a scenario comes to, or why the theory says nothing of it.
    pub parameters: fn(&Scenario) -> Result<Vec<f64>, String>,
    /// The metrics of which it tells the mean.
    pub metrics: &'static [Metric],
    /// The value of such a metric, in its unit; none where the parameters are beyond what it holds for.
    pub value: fn(&[f64], Metric) -> Option<f64>,
    /// The value of a key that is best by it, if it is about that.
    pub best: Option<Best>,
}

/// The best value of a key.
#[derive(Debug)]
pub struct Best {
    /// The last parts of the keys of which it is one.
    pub keys: &'static [&'static str],
    /// The best value, in seconds where the key is a time.
    pub value: fn(&[f64]) -> Option<f64>,
}

impl PartialEq for Theory {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

static GRAHAM: Theory = Theory {
    name: "graham",
    about: "the makespan is at most (2 − 1/m) times the lower bound of area and critical path on m identical cores",
    cite: "Graham 1969, eq. 2",
    law: Law::Bound,
};

/// The theories.
pub static THEORIES: &[&Theory] = &[
    &GRAHAM,
    &speedups::IDEAL,
    &speedups::AMDAHL,
    &speedups::GUSTAFSON,
    &queues::MM1,
    &queues::MMC,
    &queues::MG1,
    &queues::SUPERMARKET,
    &checkpoints::RENEWAL,
    &checkpoints::YOUNG,
    &checkpoints::DALY,
    &chunks::KRUSKAL_WEISS,
];

impl Theory {
    /// The theory called `name`.
    pub fn named(name: &str) -> Option<&'static Theory> {
        THEORIES.iter().find(|theory| theory.name == name).copied()
    }

    /// What it says of `metric` in `scenario`, in the metric's unit; none where the parameters are beyond what it holds for.
    ///
    /// # Errors
    /// Why it says nothing of such a scenario, to be read after its name.
    pub fn value(&self, scenario: &Scenario, metric: Metric) -> Result<Option<f64>, String> {
        let Law::Formula(formula) = &self.law else {
            return Err("bounds replicates, each by its own lower bounds".to_owned());
        };
        if !formula.metrics.contains(&metric) {
            return Err(self.tells());
        }
        let parameters = (formula.parameters)(scenario)?;
        Ok((formula.value)(&parameters, metric))
    }

    /// What it tells of, to be read after its name.
    pub fn tells(&self) -> String {
        match &self.law {
            Law::Bound => "bounds the makespan of each replicate".to_owned(),
            Law::Formula(Formula { metrics: [], best: Some(best), .. }) => {
                format!("tells the best `{}`, and no metric", best.keys[0])
            }
            Law::Formula(formula) => {
                let names: Vec<&str> = formula.metrics.iter().map(|metric| metric.describe().name).collect();
                format!("tells {}", names.join(", "))
            }
        }
    }
}

impl Read for &'static Theory {
    fn shape() -> Shape {
        static NAMES: LazyLock<Vec<&'static str>> =
            LazyLock::new(|| THEORIES.iter().map(|theory| theory.name).collect());
        Shape::Word(&NAMES)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let Some(name) = value.text() else {
            cx.wrong_kind(value, "the name of a theory");
            return None;
        };
        let found = Theory::named(name);
        if found.is_none() {
            let names: Vec<_> = THEORIES.iter().map(|theory| theory.name).collect();
            cx.no_such("theory", name, value, &names);
        }
        found
    }
}
