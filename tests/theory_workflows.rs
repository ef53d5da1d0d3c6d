//! Recorded workflows under every bound that theory knows.

mod common;

use std::path::{Path, PathBuf};

use common::{Log, value};
use makespan::ids::TaskId;
use makespan::import::wfformat;
use makespan::metrics::Metric;
use makespan::program::graph::{Graph, Work};
use makespan::record::Outcome;
use makespan::scenario::{Request, check};
use makespan::sim::simulate;
use makespan::source::{Disk, render};

/// Calls `test` with each recorded workflow, or says that there are none.
fn each_workflow(test: impl Fn(&Path, &Graph)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/wfformat");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: there are no recorded workflows in {}", folder.display());
        return;
    };
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.expect("a folder that can be read").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    for path in paths {
        let bytes = std::fs::read(&path).expect("a file that can be read");
        let workflow = wfformat::read(&bytes).expect("a workflow");
        test(&path, &workflow.graph);
    }
}
