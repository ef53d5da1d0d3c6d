//! `manifest.json`: all that it takes to run a study again.

use serde_json::{Value, json};

use super::json::pretty;
use super::provenance::{Provenance, VERSION};
use crate::experiment::Results;

/// The version of the manifest's keys.
const SCHEMA: u32 = 1;

/// The name of the manifest in a run's folder, by which a folder is known to be one.
pub const NAME: &str = "manifest.json";

/// The manifest of a run.
pub fn manifest(results: &Results, provenance: &Provenance) -> String {
    let file = |input: &super::provenance::Input| match &input.text {
        Some(text) => json!({ "name": input.name, "hash": input.hash, "text": text }),
        None => json!({ "name": input.name, "hash": input.hash }),
    };
    let files: Vec<Value> = provenance.files.iter().map(file).collect();
    let replicates: Vec<usize> = results.cases.iter().map(|case| case.replicates.len()).collect();
    pretty(&json!({
        "schema": SCHEMA,
        "program": { "name": "makespan", "version": VERSION },
        "scenario": provenance.scenario,
        "set": provenance.sets,
        "sweep": provenance.sweeps,
        "seed": results.seed,
        "replicates": replicates,
        "scenario_hash": provenance.scenario_hash(),
        "files": files,
        "resolved": provenance.resolved,
        "digest": results.digest.to_string(),
    }))
}
