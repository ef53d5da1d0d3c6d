//! What can be wrong with a graph. Errors keep indices, so that the caller can show the text they came from.

use std::fmt;

use crate::ids::{DatumId, TaskId};

/// A task as an error names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedTask {
    /// Its index, by which the caller finds the text that it came from.
    pub id: TaskId,
    /// Its name.
    pub name: String,
}

/// Why the parts make no graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GraphError {
    /// An edge or datum names a task that was never added.
    UnknownTask(TaskId),
    /// A task reads a datum that was never added.
    UnknownDatum(DatumId),
    /// A task waits for itself.
    SelfEdge(NamedTask),
    /// Tasks that wait for each other: each one for that before it, the first for the last; the lowest comes first.
    Cycle(Vec<NamedTask>),
    /// Work is negative or not finite.
    Work(NamedTask),
    /// A task that asks for no core.
    NoCores(NamedTask),
    /// A cost per core of another length than the first such cost.
    PerCoreLength {
        /// The task with the odd row.
        task: NamedTask,
        /// The length of its row.
        found: usize,
        /// The length of the first row in the graph, or 1 if that was empty.
        expected: usize,
    },
}

impl fmt::Display for GraphError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownTask(task) => write!(out, "there is no task number {}", task.index()),
            Self::UnknownDatum(datum) => write!(out, "there is no datum number {}", datum.index()),
            Self::SelfEdge(task) => write!(out, "`{}` waits for itself", task.name),
            Self::Cycle(tasks) => {
                out.write_str("tasks wait for each other: ")?;
                for task in tasks {
                    write!(out, "`{}` → ", task.name)?;
                }
                write!(out, "`{}`", tasks[0].name)
            }
            Self::Work(task) => write!(out, "the work of `{}` must be finite and not negative", task.name),
            Self::NoCores(task) => write!(out, "`{}` must use at least one core", task.name),
            Self::PerCoreLength { task, found, expected } => {
                write!(out, "`{}` has costs for {found} cores where {expected} are expected", task.name)
            }
        }
    }
}

impl std::error::Error for GraphError {}
