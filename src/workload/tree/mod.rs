//! Recursive fork and join: a task spawns its children, waits for them, and joins what they bring.

mod shape;
#[cfg(test)]
mod tests;

use std::fmt::Debug;
use std::sync::Arc;

use super::{Described, Draws, Workload};
use crate::machine::Machine;
use crate::program::tree::{Node, Unfold};
use crate::program::{Kind, Program, Speedup, Standing};
use crate::registry::Entry;
use crate::rng::{BytesLaw, Distribution, Purpose, Split, WorkLaw};
use crate::source::{Context, Field, Fields, Work};
use shape::Shape;

pub use shape::SHAPES;

const SHAPE: Field<Box<dyn Shape>> = Field::new("shape", "how the tree branches");
const WORK: Field<WorkLaw> = Field::new(
    "work",
    "what a node does before it spawns its children; of quicksort, what partitioning takes for each element",
);
const LEAF: Field<WorkLaw> =
    Field::new("leaf", "what a leaf does, where that differs from `work`").optional();
const SPAWN: Field<Work> = Field::new("spawn", "what spawning a child takes the parent").default("0 s");
const JOIN: Field<Work> = Field::new("join", "what a node does after its children have ended").default("0 s");
const DATA: Field<BytesLaw> =
    Field::new("data", "what moves with a task when it runs on another node of the machine").default("0 B");

/// The workload `tree`.
pub(super) static TREE: Entry<dyn Described> = Entry {
    name: "tree",
    about: "recursive fork and join: a task spawns others, waits for them and joins what they bring",
    cite: "Blumofe & Leiserson 1999",
    fields: &[&SHAPE, &WORK, &LEAF, &SPAWN, &JOIN, &DATA],
    bare: None,
    read,
};

fn read(fields: &Fields<'_>) -> Option<Box<dyn Described>> {
    let (shape, work, leaf) = (fields.take(&SHAPE), fields.take(&WORK), fields.maybe(&LEAF));
    let (spawn, join, data) = (fields.take(&SPAWN), fields.take(&JOIN), fields.take(&DATA));
    let (work, leaf, data) = (work?.0, leaf?.map(|law| law.0), data?.0);
    for (key, law) in [("work", Some(&work)), ("leaf", leaf.as_ref()), ("data", Some(&data))] {
        if law.is_some_and(Distribution::comes_in_turn) {
            let what = format!("`{key}` takes its values in turn, but the nodes of a tree have no order");
            fields.fault(key, what + ": draw them, such as `{ empirical = … }` does");
            return None;
        }
    }
    Some(Box::new(Tree {
        growth: Arc::new(Growth { shape: shape?, leaf, work, spawn: spawn?.0, join: join?.0, data }),
        kinds: [Kind {
            name: None,
            cores: 1,
            speedup: Speedup::Linear,
            pin: None,
            standing: Standing::default(),
        }],
    }))
}

/// A tree, and how its nodes are made.
#[derive(Debug)]
struct Growth {
    shape: Box<dyn Shape>,
    work: Distribution,
    leaf: Option<Distribution>,
    spawn: f64,
    join: f64,
    data: Distribution,
}

/// Which of a node's uniforms is for what; the shape has the first.
const OF_WORK: u32 = 1;
const OF_DATA: u32 = 2;

impl Growth {
    fn node(&self, key: Split, depth: u32, size: u64) -> Node {
        let children = self.shape.children(key, depth, size);
        let law = match &self.leaf {
            Some(leaf) if children == 0 => leaf,
            _ => &self.work,
        };
        let draw = |law: &Distribution, turn| match law.is_random() {
            true => law.quantile(key.uniform(turn)).unwrap_or_else(|| law.mean()),
            false => law.mean(),
        };
        let (inner, leaves) = self.shape.weight(depth, size, children);
        let mut work = inner * draw(&self.work, OF_WORK);
        if leaves > 0.0 {
            work += leaves * draw(law, OF_WORK);
        }
        Node { key, depth, size, children, work, bytes: draw(&self.data, OF_DATA).round() }
    }
}

/// The growth of one replicate's tree.
struct Growing {
    growth: Arc<Growth>,
    root: Split,
}

impl Unfold for Growing {
    fn root(&self) -> Node {
        self.growth.node(self.root, 0, self.growth.shape.root())
    }

    fn child(&self, parent: &Node, index: u32) -> Node {
        let size = self.growth.shape.part(parent.key, parent.size, index);
        self.growth.node(parent.key.child(index), parent.depth + 1, size)
    }

    fn spawn(&self) -> f64 {
        self.growth.spawn
    }

    fn join(&self) -> f64 {
        self.growth.join
    }
}

/// A tree on a machine.
#[derive(Clone, Debug)]
struct Tree {
    growth: Arc<Growth>,
    kinds: [Kind; 1],
}

impl Described for Tree {
    fn resolve(self: Box<Self>, _machine: &Machine, _cx: &Context<'_>) -> Option<Box<dyn Workload>> {
        Some(self)
    }
}

impl Workload for Tree {
    fn start(&self, draws: &Draws) -> Program {
        let root = Split::root(&mut draws.stream(Purpose::Structure));
        Program::Tree(Box::new(Growing { growth: self.growth.clone(), root }))
    }

    fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    fn count(&self) -> Option<u64> {
        self.growth.shape.count()
    }

    fn is_random(&self) -> bool {
        let Growth { shape, work, leaf, data, .. } = &*self.growth;
        shape.is_random()
            || [Some(work), leaf.as_ref(), Some(data)].into_iter().flatten().any(Distribution::is_random)
    }

    fn unfolds(&self) -> bool {
        true
    }

    fn task_name(&self, number: u64) -> String {
        format!("node {number}")
    }
}
