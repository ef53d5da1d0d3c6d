//! Foreign text to programs, jobs and machines: one file a format.

pub mod wfformat;
