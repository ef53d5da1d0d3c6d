//! The registry of shapes: how a tree branches, and how the work lies in it.

mod balanced;
mod binomial;
mod fib;
mod geometric;
mod quicksort;

use std::fmt::Debug;

use crate::registry::{Registered, Registry};
use crate::rng::Split;

/// A shape as the scenario chooses it. A node is told by its randomness, its distance from the root, and its size, a
/// number whose meaning is the shape's own.
pub trait Shape: Debug + Send + Sync {
    /// The size of the root.
    fn root(&self) -> u64;

    /// How many children a node has.
    fn children(&self, key: Split, depth: u32, size: u64) -> u32;

    /// The size of the child at `index` of a node with children.
    fn part(&self, key: Split, size: u64, index: u32) -> u64;

    /// How many inner nodes' and how many leaves' work a node of so many children does.
    fn weight(&self, _depth: u32, _size: u64, children: u32) -> (f64, f64) {
        if children > 0 { (1.0, 0.0) } else { (0.0, 1.0) }
    }

    /// How many nodes there are, where that is the same in every replicate.
    fn count(&self) -> Option<u64>;

    /// Whether another replicate has another tree.
    fn is_random(&self) -> bool;
}

/// The shapes.
pub static SHAPES: Registry<dyn Shape> = Registry {
    noun: "shape of a tree",
    entries: &[&balanced::ENTRY, &fib::ENTRY, &geometric::ENTRY, &binomial::ENTRY, &quicksort::ENTRY],
};

impl Registered for dyn Shape {
    fn registry() -> &'static Registry<Self> {
        &SHAPES
    }
}
