//! When others notice a crash: `faults.detect`.

use crate::source::{AnyField, Context, Field, Fields, Read, Shape, Value};
use crate::time::Span;

/// When others notice a crash.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Detect {
    /// At once.
    #[default]
    AtOnce,
    /// After a fixed delay.
    Delay(Span),
    /// When nothing was heard for `timeout` since the last heartbeat that was received; heartbeats leave at 0 and at
    /// every multiple of `heartbeat`.
    Heartbeat {
        /// Time between heartbeats, above 0.
        heartbeat: Span,
        /// Silence after which a target is taken for dead, not less than `heartbeat`.
        timeout: Span,
    },
}

const DELAY: Field<Span> =
    Field::new("delay", "the time from a crash to its notice").on_side("detect", "a fixed delay");
const HEARTBEAT: Field<Span> =
    Field::new("heartbeat", "the time between two signs of life").on_side("detect", "heartbeats");
const TIMEOUT: Field<Span> = Field::new("timeout", "the silence after which a target is taken for dead")
    .on_side("detect", "heartbeats");
const FIELDS: &[&dyn AnyField] = &[&DELAY, &HEARTBEAT, &TIMEOUT];

impl Read for Detect {
    fn shape() -> Shape {
        Shape::Table(FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, FIELDS, cx)?;
        let (delay, heartbeat, timeout) =
            (fields.maybe(&DELAY), fields.maybe(&HEARTBEAT), fields.maybe(&TIMEOUT));
        match (delay?, heartbeat?, timeout?) {
            (Some(delay), None, None) => Some(Detect::Delay(delay)),
            (None, Some(heartbeat), Some(timeout)) if heartbeat > Span::ZERO && timeout >= heartbeat => {
                Some(Detect::Heartbeat { heartbeat, timeout })
            }
            (None, Some(Span::ZERO), Some(_)) => {
                fields.fault("heartbeat", format!("`{}.heartbeat` must be above 0", cx.path()));
                None
            }
            (None, Some(_), Some(_)) => {
                let path = cx.path();
                fields.fault(
                    "timeout",
                    format!("`{path}.timeout` is less than `{path}.heartbeat`: whoever is alive would be suspected"),
                );
                None
            }
            (Some(_), _, _) => {
                fields.fault(
                    "delay",
                    format!("`{}` is either a `delay` or a `heartbeat` with its `timeout`", cx.path()),
                );
                None
            }
            (None, Some(_), None) => {
                fields.missing("timeout", TIMEOUT.about());
                None
            }
            (None, None, Some(_)) => {
                fields.missing("heartbeat", HEARTBEAT.about());
                None
            }
            (None, None, None) => {
                fields.missing(
                    "delay",
                    "the time from a crash to its notice; or give a `heartbeat` with its `timeout`",
                );
                None
            }
        }
    }
}
