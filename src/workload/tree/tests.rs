//! Trees by counting their nodes.

use crate::program::Program;
use crate::program::tree::Node;
use crate::source::testing::read_with;
use crate::workload::{Draws, Workload};

/// The workload of the keys `text`.
fn tree(text: &str) -> Result<Box<dyn Workload>, String> {
    read_with(text, |document, cx| {
        let fields = crate::source::Fields::open(document, super::TREE.fields, cx)?;
        let described = (super::TREE.read)(&fields)?;
        described.resolve(&crate::machine::Machine::default(), cx)
    })
}

/// The nodes of a replicate, depth first; no more than a million.
fn nodes(workload: &dyn Workload, replicate: u64) -> Vec<Node> {
    let Program::Tree(growing) = workload.start(&Draws { seed: 5, replicate, source: 0 }) else {
        panic!("a tree makes a tree");
    };
    let mut found = Vec::new();
    let mut open = vec![growing.root()];
    while let Some(node) = open.pop() {
        open.extend((0..node.children).rev().map(|index| growing.child(&node, index)));
        found.push(node);
        assert!(found.len() <= 1_000_000, "the tree has no end");
    }
    found
}

fn work(nodes: &[Node]) -> f64 {
    nodes.iter().map(|node| node.work).sum()
}

#[test]
fn balanced_trees_and_fibonacci_calls_have_as_many_nodes_as_they_say() {
    for (text, count, leaves) in [
        ("shape.balanced = 0", 1, 1),
        ("shape.balanced = 10", 2047, 1024),
        ("shape.balanced = { depth = 4, branching = 3 }", 121, 81),
        ("shape.balanced = { depth = 6, branching = 1 }", 7, 1),
        ("shape.balanced = { depth = 10, cutoff = 3 }", 255, 128),
        ("shape.fib = 1", 1, 1),
        ("shape.fib = 12", 465, 233),
        ("shape.fib = { n = 12, cutoff = 4 }", 109, 55),
    ] {
        let tree = tree(&format!("work = \"1 us\"\n{text}")).unwrap();
        let nodes = nodes(&*tree, 0);
        assert_eq!(tree.count(), Some(count), "{text}");
        assert_eq!(nodes.len() as u64, count, "{text}");
        assert_eq!(nodes.iter().filter(|node| node.children == 0).count(), leaves, "{text}");
        assert!(!tree.is_random());
    }
}

#[test]
fn a_cut_off_moves_work_into_leaves_and_loses_none() {
    for shape in ["balanced = { depth = 9, cutoff = CUT }", "fib = { n = 16, cutoff = CUT }"] {
        let total = |cut: u32| {
            let text =
                format!("work = \"3 us\"\nleaf = \"1 us\"\nshape.{}", shape.replace("CUT", &cut.to_string()));
            work(&nodes(&*tree(&text).unwrap(), 0))
        };
        for cut in 2..8 {
            assert_eq!(
                total(cut),
                total(1).max(if shape.starts_with('b') { total(0) } else { total(1) }),
                "{shape}"
            );
        }
    }
}

#[test]
fn quicksort_sorts_every_element_once_and_takes_as_long_as_theory_says() {
    // Partitions look at 2 (n + 1) H(n) − 4 n + n elements on average: comparisons n − 1 a node, and the pivot.
    let n = 400u64;
    let tree = tree(&format!("work = \"1 us\"\nleaf = \"0 s\"\nshape.quicksort = {n}")).unwrap();
    let harmonic: f64 = (1..=n).map(|k| 1.0 / k as f64).sum();
    let comparisons = 2.0 * (n as f64 + 1.0) * harmonic - 4.0 * n as f64;
    let mut sum = 0.0;
    let replicates = 400;
    for replicate in 0..replicates {
        let nodes = nodes(&*tree, replicate);
        // A leaf holds its elements, an inner node its pivot.
        let elements: u64 = nodes.iter().map(|node| if node.children > 0 { 1 } else { node.size }).sum();
        assert_eq!(elements, n);
        let inner = nodes.iter().filter(|node| node.children > 0).count() as f64;
        sum += work(&nodes) * 1e-6 - inner;
    }
    let mean = sum / f64::from(replicates as u32);
    // The standard deviation of quicksort's comparisons is 0.648 n (Knuth 1998, section 5.2.2).
    let sigma = 0.648 * n as f64 / f64::from(replicates as u32).sqrt();
    assert!((mean - comparisons).abs() < 4.5 * sigma, "{mean} against {comparisons} ± {sigma}");
}

#[test]
fn binomial_and_geometric_trees_have_their_expected_sizes() {
    let size = |text: &str, replicates: u64| {
        let tree = tree(&format!("work = \"1 us\"\n{text}")).unwrap();
        let sizes: Vec<f64> =
            (0..replicates).map(|replicate| nodes(&*tree, replicate).len() as f64).collect();
        let mean = sizes.iter().sum::<f64>() / replicates as f64;
        let variance = sizes.iter().map(|size| (size - mean).powi(2)).sum::<f64>() / (replicates - 1) as f64;
        (mean, (variance / replicates as f64).sqrt())
    };
    // 1 + root / (1 − m q).
    let (mean, sigma) = size("shape.binomial = { root = 50, branching = 4, probability = 0.2 }", 300);
    assert!((mean - 251.0).abs() < 4.5 * sigma && sigma < 10.0, "{mean} ± {sigma}");
    // Σ over depths of the product of the means; the cap at 100 children is out of reach.
    let (mean, sigma) = size("shape.geometric = { branching = 2, depth = 5, profile = \"fixed\" }", 600);
    assert!((mean - 63.0).abs() < 4.5 * sigma && sigma < 4.0, "{mean} ± {sigma}");
    let (mean, sigma) = size("shape.geometric = { branching = 3, depth = 4 }", 600);
    let expected = 1.0 + 3.0 + 3.0 * 2.25 + 3.0 * 2.25 * 1.5 + 3.0 * 2.25 * 1.5 * 0.75;
    assert!((mean - expected).abs() < 4.5 * sigma && sigma < 2.0, "{mean} ± {sigma}, not {expected}");
}

#[test]
fn a_tree_is_the_same_however_it_is_unfolded_and_another_in_each_replicate() {
    let tree = tree(
        "work = { exponential = \"1 us\" }\nshape.binomial = { root = 30, branching = 2, probability = 0.4 }",
    )
    .unwrap();
    let Program::Tree(growing) = tree.start(&Draws { seed: 5, replicate: 0, source: 0 }) else { panic!() };
    let mut found = Vec::new();
    let mut open = std::collections::VecDeque::from([growing.root()]);
    while let Some(node) = open.pop_front() {
        open.extend((0..node.children).map(|index| growing.child(&node, index)));
        found.push(node);
    }
    let key = |node: &Node| (node.depth, node.work.to_bits(), node.children);
    let sorted = |nodes: &[Node]| {
        let mut keys: Vec<_> = nodes.iter().map(key).collect();
        keys.sort_unstable();
        keys
    };
    assert_eq!(sorted(&found), sorted(&nodes(&*tree, 0)));
    assert_ne!(sorted(&found), sorted(&nodes(&*tree, 1)));
}

#[test]
fn what_has_no_end_or_no_order_is_refused() {
    for (text, why) in [
        (
            "shape.binomial = { root = 9, branching = 4, probability = 0.25 }",
            "1 children on average: the tree may never end",
        ),
        ("shape.balanced = 60", "more than 2^52 nodes"),
        ("shape.fib = 80", "must be at most 73"),
        (
            "shape.geometric = { branching = 1, depth = 9, profile = \"exponential\" }",
            "falls to 1 at `depth`",
        ),
        ("shape = \"bushy\"", "there is no shape of a tree `bushy`"),
        ("shape.fib = 9\nleaf = { values = [\"1 us\", \"2 us\"] }", "the nodes of a tree have no order"),
    ] {
        let told = tree(&format!("work = \"1 us\"\n{text}")).expect_err(text);
        assert!(told.contains(why), "{text} lacks {why:?}:\n{told}");
    }
}
