//! Who decides which core does what, and when.

pub mod plan;
