//! Trees of tasks that unfold while they run.

use crate::rng::Split;

/// A node of a tree: a task that spawns its children one by one, waits for them and joins what they bring.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Node {
    /// Its randomness, from which that of its children follows.
    pub key: Split,
    /// How far it is from the root.
    pub depth: u32,
    /// How much it stands for, in the unit of the tree's shape: a height, a number of elements.
    pub size: u64,
    /// How many children it has; a leaf has none.
    pub children: u32,
    /// What it does before it spawns them, in ticks at speed 1.
    pub work: f64,
    /// What must move with it when another node of the machine runs it, in bytes.
    pub bytes: f64,
}

/// Makes the nodes of a tree one by one, so that no more are held than are in flight. The tree is the same in whatever
/// order it is unfolded.
pub trait Unfold {
    /// Where it begins.
    fn root(&self) -> Node;

    /// The child of `parent` at `index`, from 0.
    fn child(&self, parent: &Node, index: u32) -> Node;

    /// What spawning a child takes its parent, in ticks at speed 1.
    fn spawn(&self) -> f64;

    /// What a node does after its children have ended, in ticks at speed 1.
    fn join(&self) -> f64;
}
