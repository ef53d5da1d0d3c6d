//! A class of requests.

use crate::rng::Distribution;
use crate::source::{AnyField, Context, Field, Fields, Fraction, Frequency, Read, Shape, Value};
use crate::workload::arriving::Arriving;
use crate::workload::task::{DATA, DEADLINE, ESTIMATE, Given, MEMORY, PRIORITY, WEIGHT, WORK};

const SHARE: Field<Fraction> =
    Field::new("share", "what part of all requests they are, in any proportion to the others")
        .instead_of("often");
const RATE: Field<Frequency> =
    Field::new("rate", "how many come in a time, at random instants").instead_of("often");

const FIELDS: &[&dyn AnyField] =
    &[&SHARE, &RATE, &WORK, &ESTIMATE, &MEMORY, &DATA, &PRIORITY, &DEADLINE, &WEIGHT];

/// A class of requests as the scenario describes it.
#[derive(Debug)]
pub(super) struct Class {
    /// How often they come: arrivals a tick where `arrives`, else in any proportion.
    pub often: f64,
    arrives: bool,
    pub given: Given,
}

impl Read for Class {
    fn shape() -> Shape {
        Shape::Table(FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, FIELDS, cx)?;
        let (share, rate, given) = (fields.maybe(&SHARE), fields.maybe(&RATE), Given::take_request(&fields));
        let (often, arrives) = match (share?, rate?) {
            (Some(share), None) => (share.0, false),
            (None, Some(rate)) => (rate.0, true),
            (None, None) => (1.0, false),
            (Some(_), Some(_)) => {
                fields.fault("rate", "`share` and `rate`: each says how often requests of a class come");
                return None;
            }
        };
        if !(often > 0.0 && often.is_finite()) {
            let name = if arrives { "rate" } else { "share" };
            fields.fault(name, format!("`{}.{name}` must be above 0", cx.path()));
            return None;
        }
        Some(Class { often, arrives, given: given? })
    }
}

/// The arrivals of classes that say their rates: independent Poisson streams together are one.
pub(super) fn arrivals(classes: &[(String, Class)], cx: &Context<'_>) -> Option<Option<Arriving>> {
    let rated = classes.iter().filter(|(_, class)| class.arrives).count();
    if rated == 0 {
        return Some(None);
    }
    if rated < classes.len() {
        let what = format!("some classes of `{}` have a `rate` and others don't", cx.path());
        cx.problem(
            crate::error::Problem::new(what).help("give all of them a `rate`, or all of them a `share`"),
        );
        return None;
    }
    let rate: f64 = classes.iter().map(|(_, class)| class.often).sum();
    Some(Distribution::exponential(1.0 / rate).ok().map(Arriving::Renewal))
}
