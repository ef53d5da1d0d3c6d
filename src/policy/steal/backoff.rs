//! How long a thief waits after a failure.

use crate::source::{AnyField, Context, Field, Fields, Read, Shape, Value};
use crate::time::Span;

/// Waits that grow with the number of failures in a row: first, first · factor, first · factor² … up to the longest.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Backoff {
    first: Span,
    factor: f64,
    most: Span,
}

impl Backoff {
    /// The wait after so many failures in a row, at least one.
    pub fn wait(&self, failures: u32) -> Span {
        let grown = self.first.ticks() as f64 * libm::pow(self.factor, f64::from(failures - 1));
        if grown < self.most.ticks() as f64 { Span::round_up(grown) } else { self.most }
    }
}

const FIRST: Field<Span> = Field::new("first", "the wait after the first failure")
    .check(|first| if *first > Span::ZERO { Ok(()) } else { Err("must be above 0: leave `backoff` out") });
const FACTOR: Field<f64> = Field::new("factor", "how many times as long each further one is")
    .default("2")
    .check(|factor| if *factor >= 1.0 { Ok(()) } else { Err("must be at least 1") });
const MOST: Field<Span> = Field::new("most", "the longest wait").default("1 ms");
const FIELDS: &[&dyn AnyField] = &[&FIRST, &FACTOR, &MOST];

impl Read for Backoff {
    fn shape() -> Shape {
        Shape::Table(FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, FIELDS, cx)?;
        let (first, factor, most) = (fields.take(&FIRST), fields.take(&FACTOR), fields.take(&MOST));
        let backoff = Backoff { first: first?, factor: factor?, most: most? };
        if backoff.most < backoff.first {
            fields.fault("most", "the longest wait is shorter than the first");
            return None;
        }
        Some(backoff)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let (first, most) = (Span::from_ticks(10), Span::from_ticks(65));
        let waits = |factor| {
            let backoff = Backoff { first, factor, most };
            [1, 2, 3, 4, 5, 2000].map(|failures| backoff.wait(failures).ticks())
        };
        assert_eq!(waits(2.0), [10, 20, 40, 65, 65, 65]);
        assert_eq!(waits(1.0), [10; 6]);
    }
}
