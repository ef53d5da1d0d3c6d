//! What work *is*.

pub mod graph;
