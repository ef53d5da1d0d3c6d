//! Plots of the scenario's own, `[report.plot.NAME]`: a metric against what the study varies.

mod number;
mod read;
mod settle;

pub(super) use read::Described;
pub(super) use settle::{Asked, Known};

use super::Theory;
use crate::metrics::Metric;
use crate::units::Dimension;

/// A plot of the scenario's own.
#[derive(Clone, PartialEq, Debug)]
pub struct Plot {
    /// Its name, which is also the stem of its files.
    pub name: String,
    /// Its title, if it isn't what was found.
    pub title: Option<String>,
    /// What stands for a value.
    pub kind: PlotKind,
    /// What goes up.
    pub metric: Metric,
    /// What goes across.
    pub against: Varied,
    /// What makes a line each, or a bar beside others.
    pub group: Option<Varied>,
    /// What makes a panel each.
    pub panels: Option<Varied>,
    /// The numbers that the values of `against` are, in the order of its values; none where they are names.
    pub numbers: Option<Numbers>,
    /// How the level axis is shown.
    pub x: Side,
    /// How the upright axis is shown.
    pub y: Side,
    /// The theories to be drawn beside what was simulated.
    pub theories: Vec<&'static Theory>,
    /// What is marked.
    pub marks: Vec<PlotMark>,
}

/// What stands for a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PlotKind {
    /// A mark, and a line from each to the next.
    Line,
    /// A mark.
    Points,
    /// A bar from 0.
    Bars,
}

/// What a study varies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Varied {
    /// Its variants.
    Variants,
    /// A key of its sweep.
    Key(String),
}

/// Numbers on an axis, in seconds, bytes, or per second of them.
#[derive(Clone, PartialEq, Debug)]
pub struct Numbers {
    /// What they measure.
    pub dimension: Dimension,
    /// The values as they are shown, each with its number, in the order of the sweep.
    pub at: Vec<(String, f64)>,
}

/// How an axis is shown.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Side {
    /// What it is called, if not as the key or the metric is.
    pub label: Option<String>,
    /// Whether equal lengths are equal ratios.
    pub log: bool,
    /// What counts as 1, in the unit of the axis; numbers are shown as they are where absent.
    pub unit: Option<f64>,
    /// What to write behind the name of the axis where that is what its numbers count: `ms`, `in units of 5 ms`.
    pub counted: Option<String>,
}

impl Side {
    /// What the axis is called: by the scenario, or as `other` with what its numbers count.
    pub fn named(&self, other: String) -> String {
        match (&self.label, &self.counted) {
            (Some(label), _) => label.clone(),
            (None, Some(counted)) => format!("{other} ({counted})"),
            (None, None) => other,
        }
    }
}

/// Something marked: a line across where one place is given, a text at the spot where both are.
#[derive(Clone, PartialEq, Debug)]
pub struct PlotMark {
    /// Where on the level axis: a number of it, or the position of a name.
    pub x: Option<f64>,
    /// Where on the upright axis.
    pub y: Option<f64>,
    /// What is written there.
    pub text: String,
}
