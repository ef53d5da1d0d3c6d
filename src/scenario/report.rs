//! The `[report]` table: what is shown.

use std::sync::LazyLock;

use crate::metrics::{METRICS, Metric};
use crate::source::{AnyField, Context, Field, Fields, Read, Shape, Value};

/// What is shown.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Report {
    /// The charts to draw, by name; the usual ones where empty.
    pub plots: Vec<String>,
    /// The metrics to show, the first being the one that is compared; the usual ones where empty.
    pub metrics: Vec<Metric>,
}

pub(super) const PLOTS: Field<Vec<String>> =
    Field::new("plots", "the charts to draw; the usual ones if empty").default("[]");
const SHOWN: Field<Vec<Metric>> = Field::new(
    "metrics",
    "the metrics to show, the first being the one that is compared; the usual ones if empty",
)
.default("[]");

const FIELDS: &[&dyn AnyField] = &[&PLOTS, &SHOWN];

impl Read for Report {
    fn shape() -> Shape {
        Shape::Table(FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, FIELDS, cx)?;
        let (plots, metrics) = (fields.take(&PLOTS), fields.take(&SHOWN));
        Some(Report { plots: plots?, metrics: metrics? })
    }
}

impl Read for Metric {
    fn shape() -> Shape {
        static NAMES: LazyLock<Vec<&'static str>> =
            LazyLock::new(|| METRICS.iter().map(|metric| metric.name).collect());
        Shape::Word(&NAMES)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let Some(name) = value.text() else {
            cx.wrong_kind(value, "the name of a metric");
            return None;
        };
        let metric = Metric::named(name);
        if metric.is_none() {
            let names: Vec<_> = METRICS.iter().map(|metric| metric.name).collect();
            cx.no_such("metric", name, value, &names);
        }
        metric
    }
}
