//! Pictures: each chart is a plain struct of numbers and labels that gives a [`Drawing`](drawing::Drawing), which is
//! rendered to SVG text or PNG bytes, and a Vega-Lite specification for browsers. No file is touched here, so that a failed
//! picture leaves none half written.
//!
//! The modules stand in reading order: each may use those above it and none below. Every chart follows the same
//! rules: the title states the finding, axes carry units, lines and bars carry their labels, colours are those of Okabe
//! & Ito (2008) with patterns and dashes beside them, so that a picture survives colour blindness and a grey printer.

pub mod quantity;
pub mod theme;

pub mod font;

pub mod drawing;
pub mod hatch;
pub mod render;

pub mod axis;
pub mod marker;

pub mod legend;
pub mod page;
pub mod picture;
pub mod spread;
pub mod state;

mod vega;

pub mod breakdown;
pub mod chunks;
pub mod comparison;
pub mod distribution;
pub mod gantt;
pub mod heatmap;
pub mod relation;
pub mod steals;
pub mod timeseries;
pub mod tornado;
pub mod waterfall;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

use picture::{Picture, read};

/// A chart that can be asked for by name.
#[derive(Debug)]
pub struct Chart {
    /// The name on the command line, which is also the file's stem.
    pub name: &'static str,
    /// One line on what it shows.
    pub about: &'static str,
    /// Makes it from data that were kept.
    pub read: fn(serde_json::Value) -> serde_json::Result<Box<dyn Picture>>,
}

/// Every chart there is.
pub const CHARTS: &[Chart] = &[
    Chart {
        name: "comparison",
        about: "a metric by variant: means with intervals, each replicate, bounds, and paired differences",
        read: read::<comparison::Comparison>,
    },
    Chart {
        name: "gantt",
        about: "cores over time: tasks, overhead, idle by reason, lost work and faults",
        read: read::<gantt::Gantt>,
    },
    Chart {
        name: "breakdown",
        about: "where the core time went: one stacked bar a variant",
        read: read::<breakdown::Breakdown>,
    },
    Chart {
        name: "distribution",
        about: "how likely a response time is exceeded, its tail on a log axis",
        read: read::<distribution::Distribution>,
    },
    Chart {
        name: "timeseries",
        about: "queue length, busy cores and the like over time",
        read: read::<timeseries::TimeSeries>,
    },
    Chart {
        name: "waterfall",
        about: "from ideal time to simulated time: each loss on top of the one before",
        read: read::<waterfall::Waterfall>,
    },
    Chart {
        name: "speedup",
        about: "speed-up and efficiency over a sweep of cores, with the ideal and Amdahl's law where it applies",
        read: read::<relation::Relation>,
    },
    Chart {
        name: "plot",
        about: "a metric against a swept key or the variants, as `[report.plot.NAME]` says, each NAME a picture",
        read: read::<relation::Relation>,
    },
    Chart {
        name: "tornado",
        about: "how a metric reacts to each key of the scenario; `makespan sensitivity --out FOLDER` draws it",
        read: read::<tornado::Tornado>,
    },
    Chart {
        name: "heatmap",
        about: "a metric over two swept keys: a field a point, the darker the larger",
        read: read::<heatmap::HeatMap>,
    },
    Chart {
        name: "links",
        about: "how much of its bandwidth each link uses, over time and in total",
        read: read::<heatmap::HeatMap>,
    },
    Chart {
        name: "chunks",
        about: "how loops were handed out: the size of each chunk against the time at which a core asked for it",
        read: read::<chunks::Chunks>,
    },
    Chart {
        name: "queues",
        about: "how long the queue of each server is over time; of many servers the longest, the mean and most of them",
        read: read::<timeseries::TimeSeries>,
    },
    Chart {
        name: "steals",
        about: "how many tasks went from core to core, stolen or moved, as a matrix of cores",
        read: read::<steals::Steals>,
    },
];

/// The names of the charts that a scenario can ask for in `report.plots`: the others are made where they are described.
pub fn charts_of_runs() -> Vec<&'static str> {
    let described = ["plot", "tornado"];
    CHARTS.iter().map(|chart| chart.name).filter(|name| !described.contains(name)).collect()
}
