//! Independent tasks gathered into a graph without edges, for policies that plan all of them.

use std::sync::Arc;

use super::job::work_of;
use crate::ids::NodeId;
use crate::program::graph::{Graph, GraphBuilder, Work};
use crate::program::{Kind, Stream};

/// The graph of all tasks of `stream`, none of which may be released after time 0.
pub(super) fn graph(stream: &mut dyn Stream, kinds: &[Kind], node_of: impl Fn(u32) -> NodeId) -> Arc<Graph> {
    let mut builder = GraphBuilder::default();
    let stem = builder.stem("task");
    let mut number = 0;
    while let Some(spec) = stream.next() {
        let kind = &kinds[spec.kind as usize];
        let work = work_of(&spec.body) / kind.speedup.on(kind.cores);
        let task = builder.numbered(stem, &[number], Work::Uniform(work));
        builder.cores(task, kind.cores);
        if let Some((first, _)) = kind.pin {
            builder.pin(task, node_of(first));
        }
        number += 1;
    }
    Arc::new(builder.build().expect("tasks without edges make no cycle"))
}
