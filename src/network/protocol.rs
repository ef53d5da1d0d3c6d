//! What a message costs at its ends: `network.protocol`.

use crate::source::{AnyField, Bytes, Context, Field, Fields, Later, Read, Shape, Value};
use crate::time::Span;

/// What a message costs at its ends (LogP's o; Culler et al. 1993).
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Protocol {
    /// Time at the sender before the message leaves.
    pub send_overhead: Span,
    /// Time at the receiver after its last byte.
    pub receive_overhead: Span,
}

const SEND: Field<Span> =
    Field::new("send_overhead", "time at the sender before a message leaves").default("0 s");
const RECEIVE: Field<Span> =
    Field::new("receive_overhead", "time at the receiver after its last byte").default("0 s");
// Data of task graphs and transfers never wait for a network interface and need no posted receive: until ranks send
// messages, only the values that do nothing have a meaning.
const GAP: Field<Span> =
    Field::new("gap", "the least time between two sends of a node; only \"0 s\" is built yet")
        .default("0 s")
        .check(|gap| if *gap == Span::ZERO { Ok(()) } else { Err("only \"0 s\" is built yet") });
const EAGER: Field<Bytes> = Field::new(
    "eager_limit",
    "above this size a message first asks the receiver; only \"unlimited\" is built yet",
)
.default("unlimited")
.check(|limit| if limit.0.is_infinite() { Ok(()) } else { Err("only \"unlimited\" is built yet") });
const FIRST_BYTE: Field<Later> = Field::later("first_byte", "whether the first byte costs time");
const BLOCKING: Field<Later> = Field::later("blocking", "until when a sender waits");
const NIC: Field<Later> = Field::later("nic", "whether the sends of a node leave one at a time");
const FIELDS: &[&dyn AnyField] = &[&SEND, &RECEIVE, &GAP, &EAGER, &FIRST_BYTE, &BLOCKING, &NIC];

impl Read for Protocol {
    fn shape() -> Shape {
        Shape::Table(FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, FIELDS, cx)?;
        let (send, receive) = (fields.take(&SEND), fields.take(&RECEIVE));
        let (gap, eager) = (fields.take(&GAP), fields.take(&EAGER));
        gap.zip(eager)?;
        Some(Protocol { send_overhead: send?, receive_overhead: receive? })
    }
}
