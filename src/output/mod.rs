//! What runs write: one file a format, each streaming into any `Write`.

pub mod answer;
pub mod cores_csv;
mod csv;
pub mod finished;
pub mod decisions_csv;
pub mod folder;
pub mod format;
pub mod grid;
pub mod journal;
mod json;
pub mod links_csv;
mod lock;
pub mod manifest;
pub mod markdown;
#[cfg(feature = "parquet")]
pub mod parquet;
pub mod perfetto;
pub mod provenance;
pub mod records;
pub mod remarks;
mod sheet;
mod table;
pub mod tasks_csv;
pub(crate) mod value;

use crate::ids::NodeId;
use crate::machine::Machine;

/// A node in a column of a table: its own name, else its number.
fn node(machine: &Machine, node: NodeId) -> String {
    machine.nodes[node.index()].name.clone().unwrap_or_else(|| node.index().to_string())
}
