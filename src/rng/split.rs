//! Random numbers for the nodes of a tree, which belong to their place in it and not to the order of the run.

use super::Stream;

/// The randomness of a node: it follows from that of its parent and its place among its siblings, so that a tree is the
/// same whoever unfolds it, in whatever order, and nothing of it need be kept (splittable generators: Claessen & Pałka
/// 2013; Steele, Lea & Flood 2014, whose mixing function this is; UTS does the same with SHA-1, Olivier et al. 2006).
///
/// ```
/// use makespan::rng::{Key, Purpose, Split, Stream};
/// let key = Key { seed: 1, replicate: 0, source: 0, purpose: Purpose::Structure };
/// let root = Split::root(&mut Stream::new(key));
/// assert_eq!(root.child(3).child(0).uniform(1), root.child(3).child(0).uniform(1));
/// assert_ne!(root.child(3).uniform(0), root.child(4).uniform(0));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Split(u64);

/// 2⁶⁴ / the golden ratio: the step of Weyl's sequence.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl Split {
    /// The randomness of a root, which `stream` draws.
    pub fn root(stream: &mut Stream) -> Self {
        Split(stream.bits())
    }

    /// That of the child at `index`, from 0.
    #[inline]
    pub fn child(self, index: u32) -> Self {
        // Mixed twice: uniforms are mixed once, so that none of them is the key of a child.
        Split(mix(mix(self.0).wrapping_add(STEP.wrapping_mul(u64::from(index) + 1))))
    }

    /// The node's uniform number `turn`, between 0 and 1, neither of which it ever is.
    #[inline]
    pub fn uniform(self, turn: u32) -> f64 {
        let bits = mix(self.0 ^ STEP.wrapping_mul(u64::from(turn) + 1));
        ((bits >> 12) as f64 + 0.5) * super::stream::CELL
    }
}

/// A bijection in which every bit of the result depends on every bit of `z` (Stafford's thirteenth).
#[inline]
fn mix(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Key, Purpose};
    use std::collections::BTreeSet;

    fn root() -> Split {
        Split::root(&mut Stream::new(Key { seed: 7, replicate: 0, source: 0, purpose: Purpose::Structure }))
    }

    /// The nodes of the first `levels` below `from`, each with `width` children.
    fn nodes(from: Split, width: u32, levels: u32) -> Vec<Split> {
        let mut all = vec![from];
        let mut last = vec![from];
        for _ in 0..levels {
            last = last.iter().flat_map(|node| (0..width).map(|index| node.child(index))).collect();
            all.extend(&last);
        }
        all
    }

    #[test]
    fn no_two_nodes_of_a_tree_share_their_randomness() {
        let all = nodes(root(), 3, 11);
        let keys: BTreeSet<u64> = all.iter().map(|node| node.0).collect();
        assert_eq!(keys.len(), all.len());
        let draws: BTreeSet<u64> =
            all.iter().flat_map(|node| (0..3).map(|turn| node.uniform(turn).to_bits())).collect();
        // 52 bits: of 8·10⁵ draws some 7·10⁻⁵ pairs meet.
        assert_eq!(draws.len(), 3 * all.len());
    }

    #[test]
    fn the_uniforms_of_nodes_fill_the_unit_interval_evenly() {
        // χ² with 99 degrees of freedom exceeds 160 once in 10,000.
        let all = nodes(root(), 2, 16);
        for turn in 0..3 {
            let mut counts = [0u32; 100];
            all.iter().for_each(|node| counts[(node.uniform(turn) * 100.0) as usize] += 1);
            let expected = all.len() as f64 / 100.0;
            let chi: f64 = counts.iter().map(|&c| (f64::from(c) - expected).powi(2) / expected).sum();
            assert!(chi < 160.0, "turn {turn}: {chi}");
        }
    }

    #[test]
    fn relatives_are_uncorrelated() {
        // |z| < 4.5: a false alarm once in 147,000 for each of four.
        let all = nodes(root(), 2, 15);
        let z = |pairs: &dyn Fn(Split) -> (f64, f64)| {
            let sum: f64 = all.iter().map(|node| pairs(*node)).map(|(a, b)| (a - 0.5) * (b - 0.5)).sum();
            sum * 12.0 / (all.len() as f64).sqrt()
        };
        for (what, z) in [
            ("siblings", z(&|node| (node.child(0).uniform(0), node.child(1).uniform(0)))),
            ("parent and child", z(&|node| (node.uniform(0), node.child(0).uniform(0)))),
            ("turns", z(&|node| (node.uniform(0), node.uniform(1)))),
            ("cousins", z(&|node| (node.child(0).child(1).uniform(0), node.child(1).child(1).uniform(0)))),
        ] {
            assert!(z.abs() < 4.5, "{what}: z = {z}");
        }
    }
}
