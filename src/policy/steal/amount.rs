//! How much a thief takes.

use std::num::NonZeroU32;

use super::word;
use crate::source::{AnyField, Context, Field, Fields, Read, Shape, Value};

/// How much a thief takes from a deque that holds something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Amount {
    /// One task.
    One,
    /// Half of them, rounded up (Hendler & Shavit 2002).
    Half,
    /// At most so many.
    Chunk(u32),
}

impl Amount {
    /// How many of `queued` tasks, of which there is at least one.
    #[inline]
    pub fn of(self, queued: usize) -> usize {
        match self {
            Amount::One => 1,
            Amount::Half => queued.div_ceil(2),
            Amount::Chunk(most) => queued.min(most as usize),
        }
    }
}

const CHUNK: Field<NonZeroU32> = Field::new("chunk", "the most tasks that move at once");
const FIELDS: &[&dyn AnyField] = &[&CHUNK];

impl Read for Amount {
    fn shape() -> Shape {
        Shape::OneOf(vec![Shape::Word(&["one", "half"]), Shape::Table(FIELDS)])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        if value.table().is_some() {
            let fields = Fields::open(value, FIELDS, cx)?;
            return fields.take(&CHUNK).map(|chunk| Amount::Chunk(chunk.get()));
        }
        word(value, cx, &[("one", Amount::One), ("half", Amount::Half)])
    }
}
