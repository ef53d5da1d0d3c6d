//! Lifelines: after some failures a thief asks a few others to be given work, and waits.

use std::num::NonZeroU32;

use crate::source::{AnyField, Context, Field, Fields, Read, Shape, Value};

/// After so many failures a thief tries its neighbours in a cyclic hypercube, each of which remembers it, and shares with
/// it what it gets (Saraswat et al. 2011, Lifeline-based global load balancing).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lifelines {
    /// How often a thief fails before that.
    pub tries: u32,
    /// How many cores a line of the hypercube has.
    pub base: u32,
}

impl Lifelines {
    /// The neighbours of number `at` among `count`, lowest digit first: with `at` written to the base, each differs in one
    /// digit, which is the next one up, or 0 after the last that exists. None is `at` itself, and from every number a
    /// way leads to every other.
    pub fn of(&self, at: u32, count: u32) -> impl Iterator<Item = u32> + use<> {
        let (base, at, count) = (u64::from(self.base), u64::from(at), u64::from(count));
        let places = std::iter::successors(Some(1u64), move |place| Some(place * base));
        places.take_while(move |place| *place < count).filter_map(move |place| {
            let digit = at / place % base;
            let without = at - digit * place;
            let up = without + (digit + 1) % base * place;
            let next = if up < count { up } else { without };
            (next != at).then_some(next as u32)
        })
    }
}

const TRIES: Field<NonZeroU32> =
    Field::new("tries", "how often a thief fails before it relies on its lifelines").default("1");
const BASE: Field<u32> = Field::new("base", "how many cores a line of the hypercube has")
    .default("2")
    .check(|base| if *base >= 2 { Ok(()) } else { Err("must be at least 2") });
const FIELDS: &[&dyn AnyField] = &[&TRIES, &BASE];

impl Read for Lifelines {
    fn shape() -> Shape {
        Shape::Table(FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, FIELDS, cx)?;
        let (tries, base) = (fields.take(&TRIES), fields.take(&BASE));
        Some(Lifelines { tries: tries?.get(), base: base? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_everywhere_a_way_leads_everywhere_over_few_lifelines() {
        for base in [2, 3, 5] {
            for count in (1..=40).chain([125, 128, 1000]) {
                let lines = Lifelines { tries: 1, base };
                let mut reached = vec![false; count as usize];
                let mut next = vec![0];
                while let Some(at) = next.pop() {
                    if !std::mem::replace(&mut reached[at as usize], true) {
                        next.extend(lines.of(at, count));
                    }
                }
                assert!(reached.iter().all(|reached| *reached), "base {base}, {count} cores");
                // Backwards too: a cycle closes each line.
                let into_0 = (1..count).any(|at| lines.of(at, count).any(|to| to == 0));
                assert!(into_0 || count == 1);
                assert!(
                    (0..count)
                        .all(|at| lines.of(at, count).count() <= 10
                            && lines.of(at, count).all(|to| to < count))
                );
            }
        }
        let lines = Lifelines { tries: 1, base: 3 };
        assert_eq!(lines.of(5, 27).collect::<Vec<_>>(), [3, 8, 14]);
    }
}
