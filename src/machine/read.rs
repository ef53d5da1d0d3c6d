//! Reading the `[machine]` table.

use super::Machine;

/// The `[machine]` table as read.
#[derive(Debug)]
pub enum Described {
    /// A machine of its own.
    Built(Machine),
    /// The machines that the recorded workload names.
    FromWorkload,
}
