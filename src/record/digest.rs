//! What happened in a run, folded into a number.

use serde::{Deserialize, Serialize};

use crate::time::Time;

/// A running digest of facts: equal digests mean equal facts in equal order, but for one chance in 2⁶⁴.
///
/// Each step multiplies to 128 bits and folds the halves together, so that every bit of a fact reaches every bit of
/// the digest.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Digest(u64);

impl Default for Digest {
    fn default() -> Self {
        Digest(0x243f_6a88_85a3_08d3) // the first digits of π: nothing up the sleeve
    }
}

impl Digest {
    /// Takes in that at `at` something of `kind` happened to the entities `a` and `b`.
    #[inline]
    pub fn fact(&mut self, at: Time, kind: u8, a: u64, b: u64) {
        self.mix(at.ticks() ^ (u64::from(kind) << 56));
        self.mix(a ^ b.rotate_left(32));
    }

    /// Takes in another digest, such as that of the next replicate.
    pub fn join(&mut self, other: Digest) {
        self.mix(other.0);
    }

    #[inline]
    fn mix(&mut self, word: u64) {
        const ODD: u64 = 0x9e37_79b9_7f4a_7c15; // 2⁶⁴ / the golden ratio
        let product = u128::from(self.0 ^ word) * u128::from(ODD);
        self.0 = (product as u64) ^ ((product >> 64) as u64).rotate_left(23) ^ word.wrapping_mul(ODD);
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_change_of_any_fact_or_of_their_order_changes_the_digest() {
        let digest = |facts: &[(u64, u8, u64, u64)]| {
            let mut digest = Digest::default();
            facts.iter().for_each(|(at, kind, a, b)| digest.fact(Time::from_ticks(*at), *kind, *a, *b));
            digest
        };
        let all = [
            digest(&[(1, 2, 3, 4), (5, 6, 7, 8)]),
            digest(&[(5, 6, 7, 8), (1, 2, 3, 4)]),
            digest(&[(1, 2, 3, 4), (5, 6, 7, 9)]),
            digest(&[(1, 2, 3, 4), (5, 7, 7, 8)]),
            digest(&[(2, 2, 3, 4), (5, 6, 7, 8)]),
            digest(&[(1, 2, 4, 3), (5, 6, 7, 8)]),
            digest(&[(1, 2, 3, 4)]),
        ];
        for (at, one) in all.iter().enumerate() {
            assert!(all[at + 1..].iter().all(|other| one != other), "facts {at} collide");
        }
        assert_eq!(all[0], digest(&[(1, 2, 3, 4), (5, 6, 7, 8)]));
    }
}
