//! Streams of random numbers, each the keystream of a cipher under the key that says what it is for.

use super::special::ln;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// What a stream is drawn for. The numbers are part of every result that was ever published: a new purpose takes a
/// new number, and none is changed or used again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u64)]
pub enum Purpose {
    /// How much there is to compute.
    Work = 0,
    /// When work arrives.
    Arrival = 1,
    /// How much arrives together, or how many bytes there are.
    Size = 2,
    /// The shape of generated work: which edges a graph has, how a tree branches.
    Structure = 3,
    /// When something fails.
    Failure = 4,
    /// How long a repair takes.
    Repair = 5,
    /// When and how much something slows down.
    Slowdown = 6,
    /// What a policy picks, such as a victim or two queues to compare.
    Choice = 7,
    /// Which of equals is taken.
    Tie = 8,
    /// The speed of a core.
    Speed = 9,
    /// The work of another attempt or a copy.
    Retry = 10,
    /// How wrong an estimate is.
    EstimateError = 11,
    /// Where data or work lies at the start.
    Placement = 12,
    /// How many bytes a task asks of memory.
    Traffic = 13,
    /// How many bytes a task needs where it runs.
    Data = 14,
    /// How long a user thinks.
    Think = 15,
    /// Whom a core asks for its load.
    Probe = 16,
    /// Which dispatcher gets a request.
    Dispatcher = 17,
    /// When a server first says how much it has.
    Offset = 18,
}

/// Names one stream. Its four words, little-endian and in this order, are the 32 bytes of the cipher's key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Key {
    /// The scenario's seed.
    pub seed: u64,
    /// The index of the replicate.
    pub replicate: u64,
    /// Who draws: a number that stays the same under every variant, such as the index of a workload.
    pub source: u64,
    /// What for.
    pub purpose: Purpose,
}

/// A sequence of independent random words that its key determines (ChaCha8; Bernstein 2008).
///
/// ```
/// use makespan::rng::{Key, Purpose, Stream};
/// let key = Key { seed: 1, replicate: 0, source: 0, purpose: Purpose::Work };
/// let mut stream = Stream::new(key);
/// let u = stream.uniform();
/// assert!(0.0 < u && u < 1.0);
/// assert_eq!(Stream::new(key).uniform(), u);
/// ```
#[derive(Clone, Debug)]
pub struct Stream {
    cipher: ChaCha8Rng,
    /// Words drawn ahead, and which of them is the next; [`AHEAD`] if none is left.
    ahead: Option<Box<Ahead>>,
    next: usize,
    /// How many exponentials were drawn one by one.
    singly: u32,
}

/// So many words are drawn ahead at once: what the cipher makes of them at once.
const AHEAD: usize = 32;
/// So many exponentials are drawn one by one before any is drawn ahead: many streams are there for a few draws.
const SINGLY: u32 = 8;

/// Words, and the exponentials of mean 1 that they come to.
#[derive(Clone, Debug)]
struct Ahead {
    words: [u64; AHEAD],
    exponentials: [f64; AHEAD],
}

/// The width of the cells into which uniforms fall.
pub(super) const CELL: f64 = 1.0 / (1_u64 << 52) as f64;

impl Stream {
    /// The smallest uniform that is ever drawn.
    pub(super) const LEAST: f64 = 0.5 * CELL;

    /// The stream of `key` from its first word, for draws made in an order that no run changes.
    pub fn new(key: Key) -> Self {
        let words = [key.seed, key.replicate, key.source, key.purpose as u64];
        let mut bytes = [0; 32];
        for (eight, word) in bytes.chunks_exact_mut(8).zip(words) {
            eight.copy_from_slice(&word.to_le_bytes());
        }
        Stream { cipher: ChaCha8Rng::from_seed(bytes), ahead: None, next: AHEAD, singly: 0 }
    }

    /// The stream of `key` that belongs to one entity, from its first word, for draws whose order among the entities
    /// depends on the run (failures of a target, retries of a task). Entity 0 has another stream than
    /// [`Stream::new`].
    ///
    /// `entity` must be less than 2⁶⁴ − 1.
    pub fn of_entity(key: Key, entity: u64) -> Self {
        debug_assert!(entity < u64::MAX, "no stream is left for entity {entity}");
        let mut stream = Stream::new(key);
        // Nothing was drawn yet, so that the word position, which `set_stream` keeps, is 0.
        stream.cipher.set_stream(entity.wrapping_add(1));
        stream
    }

    /// 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        match &self.ahead {
            Some(ahead) if self.next < AHEAD => {
                self.next += 1;
                ahead.words[self.next - 1]
            }
            _ => self.cipher.next_u64(),
        }
    }

    /// A number between 0 and 1, neither of which it ever is: the middle of one of 2⁵² equal cells, so that `1 − u`
    /// is exact and has the same distribution. (With 2⁵³ cells the last middle would round to 1.)
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        uniform(self.bits())
    }

    /// An exponential of mean 1: −ln(1 − u) for the next uniform u. Many are worked out at once; a draw of another kind in
    /// between takes the word of one of them.
    #[inline(always)]
    pub(super) fn exponential(&mut self) -> f64 {
        match &self.ahead {
            Some(ahead) if self.next < AHEAD => {
                self.next += 1;
                ahead.exponentials[self.next - 1]
            }
            _ => self.draw_exponentials(),
        }
    }

    /// The same where none was drawn ahead.
    #[inline(never)]
    fn draw_exponentials(&mut self) -> f64 {
        if self.singly < SINGLY {
            self.singly += 1;
            return exponential(self.bits());
        }
        let ahead = self
            .ahead
            .get_or_insert_with(|| Box::new(Ahead { words: [0; AHEAD], exponentials: [0.0; AHEAD] }));
        let mut bytes = [0; 8 * AHEAD];
        self.cipher.fill_bytes(&mut bytes);
        ahead.words = std::array::from_fn(|at| u64::from_le_bytes(bytes.as_chunks().0[at]));
        for (exponential, word) in ahead.exponentials.iter_mut().zip(ahead.words) {
            *exponential = self::exponential(word);
        }
        self.next = 1;
        ahead.exponentials[0]
    }

    /// One of 0, 1, …, `n` − 1, each equally likely (Lemire 2019, algorithm 5). `n` must not be 0.
    #[inline]
    pub fn below(&mut self, n: u64) -> u64 {
        debug_assert!(n > 0, "a choice among nothing");
        let mut product = u128::from(self.bits()) * u128::from(n);
        if (product as u64) < n {
            let rejected = n.wrapping_neg() % n;
            while (product as u64) < rejected {
                product = u128::from(self.bits()) * u128::from(n);
            }
        }
        (product >> 64) as u64
    }

    /// Puts `items` in an order that is equally likely to be any (Fisher & Yates; Durstenfeld 1964).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last as u64 + 1) as usize;
            items.swap(last, other);
        }
    }
}

/// The middle of the cell that a word says.
#[inline(always)]
fn uniform(word: u64) -> f64 {
    // One more than the lower edge of the cell, whose fraction is the upper bits of the word.
    f64::from_bits(1.0_f64.to_bits() | word >> 12) - (1.0 - 0.5 * CELL)
}

/// The exponential of mean 1 that a word comes to.
#[inline(always)]
fn exponential(word: u64) -> f64 {
    -ln(1.0 - uniform(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = Key { seed: 2026, replicate: 3, source: 5, purpose: Purpose::Failure };

    /// The first block of the keystream, written down from Bernstein's description of ChaCha.
    fn chacha8_block(key: [u64; 4], stream: u64) -> [u32; 16] {
        let mut start = [0_u32; 16];
        start[..4].copy_from_slice(&[0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574]);
        for (i, word) in key.into_iter().enumerate() {
            start[4 + 2 * i] = word as u32;
            start[5 + 2 * i] = (word >> 32) as u32;
        }
        start[14] = stream as u32;
        start[15] = (stream >> 32) as u32;
        let mut x = start;
        let mut quarter = |a: usize, b: usize, c: usize, d: usize| {
            for (left, right) in [(16, 12), (8, 7)] {
                x[a] = x[a].wrapping_add(x[b]);
                x[d] = (x[d] ^ x[a]).rotate_left(left);
                x[c] = x[c].wrapping_add(x[d]);
                x[b] = (x[b] ^ x[c]).rotate_left(right);
            }
        };
        for _ in 0..4 {
            for i in 0..4 {
                quarter(i, 4 + i, 8 + i, 12 + i);
            }
            for i in 0..4 {
                quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
            }
        }
        std::array::from_fn(|i| x[i].wrapping_add(start[i]))
    }

    fn first_words(mut stream: Stream) -> [u64; 8] {
        std::array::from_fn(|_| stream.bits())
    }

    fn pairs(words: [u32; 16]) -> [u64; 8] {
        std::array::from_fn(|i| u64::from(words[2 * i]) | u64::from(words[2 * i + 1]) << 32)
    }

    #[test]
    fn the_four_words_are_the_key_and_streams_begin_at_word_0() {
        let key = [2026, 3, 5, Purpose::Failure as u64];
        assert_eq!(first_words(Stream::new(KEY)), pairs(chacha8_block(key, 0)));
        assert_eq!(first_words(Stream::of_entity(KEY, 0)), pairs(chacha8_block(key, 1)));
        assert_eq!(first_words(Stream::of_entity(KEY, 41)), pairs(chacha8_block(key, 42)));
    }

    #[test]
    fn another_seed_replicate_source_purpose_or_entity_gives_other_draws() {
        let streams = [
            Stream::new(KEY),
            Stream::new(Key { seed: 2027, ..KEY }),
            Stream::new(Key { replicate: 4, ..KEY }),
            Stream::new(Key { source: 6, ..KEY }),
            Stream::new(Key { purpose: Purpose::Repair, ..KEY }),
            Stream::of_entity(KEY, 0),
            Stream::of_entity(KEY, 1),
        ];
        let mut words: Vec<u64> = streams.into_iter().flat_map(first_words).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), 7 * 8);
        assert_eq!(first_words(Stream::of_entity(KEY, 1)), first_words(Stream::of_entity(KEY, 1)));
    }

    #[test]
    fn exponentials_take_a_word_each_between_whatever_else_is_drawn() {
        let (mut mixed, mut words) = (Stream::new(KEY), Stream::new(KEY));
        let mut which = Stream::of_entity(KEY, 7);
        for _ in 0..1_000 {
            let word = words.bits();
            if which.below(3) > 0 {
                let expected = -libm::log(1.0 - ((word >> 12) as f64 + 0.5) * CELL);
                assert_eq!(mixed.exponential().to_bits(), expected.to_bits());
            } else {
                assert_eq!(mixed.bits(), word);
            }
        }
        assert_eq!(mixed.clone().bits(), mixed.bits());
    }

    #[test]
    fn neighbouring_streams_are_uncorrelated() {
        // |z| < 4.5 for each of six pairs: a false alarm once in 24,000 seeds, and the seed is fixed.
        let neighbours = [
            (Stream::new(KEY), Stream::new(Key { replicate: 4, ..KEY })),
            (Stream::new(KEY), Stream::new(Key { source: 4, ..KEY })),
            (Stream::new(KEY), Stream::new(Key { purpose: Purpose::Repair, ..KEY })),
            (Stream::new(KEY), Stream::of_entity(KEY, 0)),
            (Stream::of_entity(KEY, 0), Stream::of_entity(KEY, 1)),
            (Stream::new(KEY), Stream::new(Key { seed: 2027, ..KEY })),
        ];
        let n = 10_000;
        for (mut a, mut b) in neighbours {
            let sum: f64 = (0..n).map(|_| (a.uniform() - 0.5) * (b.uniform() - 0.5)).sum();
            let z = sum * 12.0 / f64::from(n).sqrt();
            assert!(z.abs() < 4.5, "z = {z}");
        }
    }

    #[test]
    fn below_is_uniform_and_shuffles_reach_every_order() {
        // χ² with 5 degrees of freedom exceeds 30 once in 70,000.
        let chi_square = |counts: [u32; 6], n: u32| -> f64 {
            let expected = f64::from(n) / 6.0;
            counts.iter().map(|&c| (f64::from(c) - expected).powi(2) / expected).sum()
        };
        let mut stream = Stream::new(KEY);
        let (mut faces, mut orders) = ([0; 6], [0; 6]);
        for _ in 0..12_000 {
            faces[stream.below(6) as usize] += 1;
            let mut items = [0, 1, 2];
            stream.shuffle(&mut items);
            orders[2 * items[0] + usize::from(items[1] > items[2])] += 1;
        }
        assert!(chi_square(faces, 12_000) < 30.0, "{faces:?}");
        assert!(chi_square(orders, 12_000) < 30.0, "{orders:?}");
    }

    #[test]
    fn below_rejects_what_would_make_it_unfair() {
        // With n = 3·2⁶² a plain multiply would give every third number twice as often.
        let mut stream = Stream::new(KEY);
        let n = 3 << 62;
        let doubled = (0..8_000).filter(|_| stream.below(n).is_multiple_of(3)).count() as f64;
        let z = (doubled - 8_000.0 / 3.0) / (8_000.0_f64 * 2.0 / 9.0).sqrt();
        assert!(z.abs() < 4.5, "z = {z}");
    }
}
