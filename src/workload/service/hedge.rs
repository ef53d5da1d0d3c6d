//! When a request gets a copy.

use crate::program::Hedge;
use crate::source::{AnyField, Context, Field, Fields, Read, Shape, Value};
use crate::time::Span;

const AFTER: Field<After> = Field::new(
    "after",
    "how long after its release a request gets a copy; or `p95`, as long as 95 % of its class have taken so far",
);
const FIELDS: &[&dyn AnyField] = &[&AFTER];

/// The table `hedge`.
pub(super) struct Copies(pub Hedge);

impl Read for Copies {
    fn shape() -> Shape {
        Shape::Table(FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        Fields::open(value, FIELDS, cx)?.take(&AFTER).map(|after| Copies(after.0))
    }
}

struct After(Hedge);

impl Read for After {
    fn shape() -> Shape {
        Shape::OneOf(vec![Span::shape(), Shape::Text("a quantile, such as `p95`")])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let Some(percent) = value.text().and_then(|text| text.strip_prefix('p')) else {
            return Span::read(value, cx).map(|after| After(Hedge::After(after)));
        };
        match percent.parse::<f64>() {
            Ok(percent) if percent > 0.0 && percent < 100.0 => Some(After(Hedge::Quantile(percent / 100.0))),
            _ => {
                let what = format!("`{}`: a quantile is `p` and a percentage between 0 and 100", cx.path());
                cx.fault(
                    value,
                    what,
                    "none",
                    "write `\"p95\"` for the time that 95 % of requests take at most",
                );
                None
            }
        }
    }
}
