//! Values of metrics as people and programs read them.

use crate::metrics::{Metric, Unit};
use crate::units::{byte_unit, number, time_unit, with_margin};

/// The unit of a metric in machine output; empty for a plain number.
pub(super) fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Seconds => "s",
        Unit::PerSecond => "1/s",
        Unit::Bytes => "B",
        Unit::Fraction | Unit::Ratio | Unit::Count => "",
    }
}

/// The name of a metric's column in machine output, with its unit: `makespan_s`.
pub(super) fn column_name(metric: Metric) -> String {
    let name = metric.describe().name.replace('-', "_");
    match metric.describe().unit {
        Unit::Seconds => format!("{name}_s"),
        Unit::PerSecond => format!("{name}_per_s"),
        Unit::Bytes | Unit::Fraction | Unit::Ratio | Unit::Count => name,
    }
}

/// A unit that several values are shown in.
#[derive(Clone, Copy)]
pub(crate) struct Shown {
    size: f64,
    /// What stands behind the numbers; empty for a plain number.
    pub name: &'static str,
}

impl Shown {
    /// The unit that suits values of `metric` as large as `largest`.
    pub fn suited(metric: Metric, largest: f64) -> Self {
        let (size, name) = match metric.describe().unit {
            Unit::Seconds => time_unit(largest),
            Unit::Bytes => byte_unit(largest),
            Unit::PerSecond => (1.0, "/s"),
            Unit::Fraction => (0.01, "%"),
            Unit::Ratio | Unit::Count => (1.0, ""),
        };
        Shown { size, name }
    }

    /// `value` without the unit.
    pub fn number(self, value: f64) -> String {
        number(value / self.size)
    }

    /// `value` and the half-width of its interval without the unit: `12.35 ± 0.42`.
    pub fn with_margin(self, value: f64, half: f64) -> String {
        with_margin(value / self.size, half / self.size)
    }
}
