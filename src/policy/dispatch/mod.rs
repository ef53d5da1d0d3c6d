//! Dispatchers: policies that send each task to a server when it comes.

pub(super) mod consistent_hash;
pub(super) mod jiq;
pub(super) mod jsq;
pub(super) mod knowledge;
pub(super) mod least_connections;
pub(super) mod least_loaded;
pub(super) mod min_tree;
pub(super) mod power_of_d;
pub(super) mod random;
mod ranking;
pub(super) mod round_robin;
pub(super) mod sita;
pub(super) mod up;
pub(super) mod weighted_round_robin;
mod weights;

pub use knowledge::{Dispatchers, Knowledge, Stale};
pub(crate) use min_tree::MinTree;
