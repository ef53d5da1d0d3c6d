//! What runs write: one file a format, each streaming into any `Write`.

pub mod cores_csv;
pub mod perfetto;
pub mod records;
mod sheet;
pub mod tasks_csv;

use crate::ids::NodeId;
use crate::machine::Machine;

/// A node in a column of a table: its own name, else its number.
fn node(machine: &Machine, node: NodeId) -> String {
    machine.nodes[node.index()].name.clone().unwrap_or_else(|| node.index().to_string())
}
