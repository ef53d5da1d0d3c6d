//! A discrete-event simulator of parallel systems.
//!
//! The modules stand in reading order: each may use those above it and none below.

pub mod time;
pub mod ids;
pub mod program;
pub mod workload;
