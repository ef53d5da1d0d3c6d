//! A discrete-event simulator of parallel systems.
//!
//! The modules stand in reading order: each may use those above it and none below.

#![cfg_attr(
    test,
    allow(
        clippy::disallowed_methods,
        reason = "unit tests may look at files, and compare with the system's mathematics"
    )
)]

pub mod time;
pub mod ids;
pub mod place;
pub mod error;
pub mod units;
pub mod source;
pub mod registry;
pub mod rng;
pub mod stats;
pub mod metrics;
pub mod engine;
pub mod sharing;
pub mod program;
pub mod machine;
pub mod network;
pub mod import;
pub mod workload;
pub mod policy;
pub mod faults;
pub mod scenario;
pub mod record;
pub mod bounds;
pub mod sim;
pub mod experiment;
pub mod explain;
#[cfg(feature = "native")]
#[allow(clippy::disallowed_methods, reason = "writes files")]
pub mod output;
#[cfg(feature = "native")]
pub mod plot;
#[cfg(feature = "native")]
pub mod report;
#[cfg(feature = "native")]
#[allow(clippy::disallowed_methods, reason = "the outside world: files, clocks, the environment")]
pub mod cli;
