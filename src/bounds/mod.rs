//! Lower bounds that no schedule can beat, each with what it assumes.

pub mod graph;
