//! What work is: tasks, the operations of which their bodies are made, and graphs of tasks.
//!
//! Every workload compiles to this vocabulary, and the simulation interprets nothing else.

pub mod graph;
mod task;

pub use task::{Body, Home, Kind, Op, Program, Speedup, Stream, TaskSpec};
