//! From parameters or a file to a program: one file a kind.

pub mod generate;
