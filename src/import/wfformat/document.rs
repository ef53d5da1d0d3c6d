//! The keys of the format that are read, as they stand in the file.

use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Document {
    pub name: Option<String>,
    pub workflow: Parts,
}

#[derive(Deserialize)]
pub(super) struct Parts {
    pub specification: Specification,
    /// Absent from a workflow that was described but never run.
    pub execution: Option<Execution>,
}

#[derive(Deserialize)]
pub(super) struct Specification {
    pub tasks: Vec<Task>,
    #[serde(default)]
    pub files: Vec<File>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Task {
    pub id: String,
    #[serde(default)]
    pub parents: Vec<String>,
    #[serde(default)]
    pub children: Vec<String>,
    #[serde(default)]
    pub input_files: Vec<String>,
    #[serde(default)]
    pub output_files: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct File {
    pub id: String,
    pub size_in_bytes: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Execution {
    pub makespan_in_seconds: Option<f64>,
    pub tasks: Vec<Record>,
    #[serde(default)]
    pub machines: Vec<MachineRecord>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    pub id: String,
    pub runtime_in_seconds: f64,
    pub core_count: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MachineRecord {
    pub node_name: String,
    pub cpu: Option<Cpu>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cpu {
    pub core_count: Option<f64>,
}
