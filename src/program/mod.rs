//! What work is: tasks, the operations of which their bodies are made, graphs of tasks, and
//! the iterations of loops.
//!
//! Every workload compiles to this vocabulary, and the simulation interprets nothing else.

pub mod graph;
mod iterations;
mod service;
mod task;
pub mod tree;

pub use iterations::Iterations;
pub use service::{Hedge, Service, Users};
pub use task::{Body, Home, Kind, Op, Program, Speedup, Standing, Stream, TaskSpec};
