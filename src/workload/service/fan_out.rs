//! How many parts a request has.

use std::num::NonZeroU32;

use crate::source::{AnyField, Context, Field, Fields, Kind, Read, Shape, Value};

const PARTS: Field<NonZeroU32> = Field::new("parts", "how many parts a request has");
const WAIT: Field<NonZeroU32> =
    Field::new("wait", "how many of them must end: the others are cancelled then; all if absent").optional();

const FIELDS: &[&dyn AnyField] = &[&PARTS, &WAIT];

/// How many parts a request has, and how many of them must end.
pub(super) struct FanOut {
    pub parts: u32,
    pub needed: u32,
}

impl Read for FanOut {
    fn shape() -> Shape {
        Shape::OneOf(vec![NonZeroU32::shape(), Shape::Table(FIELDS)])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        if !matches!(value.kind, Kind::Table(_)) {
            let parts = NonZeroU32::read(value, cx)?.get();
            return Some(FanOut { parts, needed: parts });
        }
        let fields = Fields::open(value, FIELDS, cx)?;
        let (parts, wait) = (fields.take(&PARTS), fields.maybe(&WAIT));
        let (parts, wait) = (parts?.get(), wait?.map(NonZeroU32::get));
        let needed = wait.unwrap_or(parts);
        if needed > parts {
            fields.fault("wait", format!("a request of {parts} parts can't wait for {needed} of them"));
            return None;
        }
        Some(FanOut { parts, needed })
    }
}
