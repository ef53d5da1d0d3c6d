//! Links, and the tables `[network.link.NAME]` that describe them.

use crate::error::Problem;
use crate::ids::NodeId;
use crate::machine::Address;
use crate::place::Place;
use crate::source::{AnyField, Bandwidth, Context, Field, Fields, Read, Shape, Value};
use crate::time::Span;

/// One direction of a link.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its name, such as `a` or `node 3 up`; the way back over `a` is `a back`.
    pub name: String,
    /// Bytes per tick; infinite where unlimited.
    pub bandwidth: f64,
    /// How long a byte takes to cross.
    pub latency: Span,
    /// Which capacity it draws on: both directions of a half-duplex link share one.
    pub capacity: usize,
    /// The node at which it ends, unless that is a switch.
    pub head: Option<NodeId>,
}

/// What follows the name of a link in that of the way back.
pub(super) const BACK: &str = " back";

/// A link as the file describes it, where it leaves out what `[network]` says for all.
#[derive(Clone, Debug)]
pub struct LinkSpec {
    /// Where its table stands.
    pub(super) place: Place,
    /// What it joins.
    pub(super) ends: [Address; 2],
    /// Bytes per tick.
    pub(super) bandwidth: Option<f64>,
    /// How long a byte takes to cross.
    pub(super) latency: Option<Span>,
    /// Whether each direction has the bandwidth to itself.
    pub(super) full: bool,
}

pub(super) const BANDWIDTH: Field<Bandwidth> =
    Field::new("bandwidth", "what a link carries in each direction")
        .optional()
        .check(|bandwidth| if bandwidth.0 > 0.0 { Ok(()) } else { Err("must be above 0") });
pub(super) const LATENCY: Field<Span> =
    Field::new("latency", "how long a byte takes to cross a link").optional();
const ENDS: Field<Ends> =
    Field::new("ends", "the two ends: `node N` is a node of the machine, any other name is a switch");
const DUPLEX: Field<Duplex> =
    Field::new("duplex", "`full`: each direction has the bandwidth to itself; `half`: they share it")
        .default("full");
const FIELDS: &[&dyn AnyField] = &[&ENDS, &BANDWIDTH, &LATENCY, &DUPLEX];

struct Ends([Address; 2]);

impl Read for Ends {
    fn shape() -> Shape {
        Shape::List(Box::new(Address::shape()))
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        match <[Address; 2]>::try_from(Vec::<Address>::read(value, cx)?) {
            Ok(ends) => Some(Ends(ends)),
            Err(ends) => {
                let what = format!("`{}` must name two ends, not {}", cx.path(), ends.len());
                cx.fault(value, what, "here", "such as [\"node 0\", \"router\"]");
                None
            }
        }
    }
}

struct Duplex(bool);

impl Read for Duplex {
    fn shape() -> Shape {
        Shape::Word(&["full", "half"])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        match value.text() {
            Some("full") => Some(Duplex(true)),
            Some("half") => Some(Duplex(false)),
            _ => {
                cx.fault(
                    value,
                    format!("`{}` must be `\"full\"` or `\"half\"`", cx.path()),
                    "neither of them",
                    "",
                );
                None
            }
        }
    }
}

impl Read for LinkSpec {
    fn shape() -> Shape {
        Shape::Table(FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, FIELDS, cx)?;
        let (ends, bandwidth) = (fields.take(&ENDS), fields.maybe(&BANDWIDTH));
        let (latency, duplex) = (fields.maybe(&LATENCY), fields.take(&DUPLEX));
        Some(LinkSpec {
            place: fields.place,
            ends: ends?.0,
            bandwidth: bandwidth?.map(|bandwidth| bandwidth.0),
            latency: latency?,
            full: duplex?.0,
        })
    }
}

/// What `[network]` says of all links.
#[derive(Clone, Copy, Debug)]
pub struct Defaults {
    /// Where it stands.
    pub(super) place: Place,
    /// Bytes per tick.
    pub(super) bandwidth: Option<f64>,
    /// How long a byte takes to cross.
    pub(super) latency: Option<Span>,
}

impl Defaults {
    /// Bandwidth and latency of a link that itself gives these; what is given nowhere is a problem at `place`.
    pub(super) fn complete(
        &self,
        bandwidth: Option<f64>,
        latency: Option<Span>,
        place: Place,
        cx: &Context<'_>,
    ) -> Option<(f64, Span)> {
        let (bandwidth, latency) = (bandwidth.or(self.bandwidth), latency.or(self.latency));
        let absent = |name: &str, example: &str| {
            let whose = if place == self.place { "the links need" } else { "this link needs" };
            let problem =
                Problem::new(format!("{whose} a `{name}`")).at(place, format!("`{name}` is missing"));
            cx.problem(
                problem
                    .help(format!("write `{name} = \"{example}\"` here or, for all links, in `[network]`")),
            );
        };
        if bandwidth.is_none() {
            absent("bandwidth", "100 Gb/s");
        }
        if latency.is_none() {
            absent("latency", "1 us");
        }
        bandwidth.zip(latency)
    }
}
