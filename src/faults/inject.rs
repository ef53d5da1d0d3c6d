//! Injections: the tables `[faults.inject.NAME]`.

use super::{Fault, FaultTarget};
use crate::error::Problem;
use crate::machine::{Address, Machine};
use crate::place::Place;
use crate::rng::{Distribution, TimeLaw};
use crate::source::{AnyField, Context, Field, Fields, Kind, Later, Read, Shape, Value};
use crate::time::{Span, Time};
use crate::units::Dimension;

/// One named injection.
#[derive(Clone, Debug)]
pub struct Inject {
    /// Its name.
    pub name: String,
    /// What it strikes; each target fails by itself.
    pub targets: Vec<FaultTarget>,
    /// What happens to it.
    pub fault: Fault,
    /// When.
    pub when: When,
}

/// When a target fails, and until when.
#[derive(Clone, Debug)]
pub enum When {
    /// At random: up for a time, then down until repaired.
    Random {
        /// Time up between a repair and the next failure, in ticks; its mean is above 0.
        uptime: Distribution,
        /// Time until it is repaired, in ticks; never where absent.
        repair: Option<Distribution>,
    },
    /// At given instants, each for a time; for ever where absent.
    Scripted {
        /// When, in order, none before the one before is over.
        at: Vec<Time>,
        /// For how long.
        lasting: Option<Span>,
    },
}

const TARGET: Field<Address> =
    Field::new("target", "what fails; `every node`, `every core` and a group fail one by one");
const FAULT: Field<Box<Fault>> = Field::new("fault", "what happens to it");
const MTBF: Field<Uptime> =
    Field::new("mtbf", "at random: the distribution of the time up between a repair and the next failure")
        .on_side("when", "random");
const REPAIR: Field<TimeLaw> =
    Field::new("repair", "at random: the time until it is repaired; never if absent")
        .on_side("when", "random");
const AT: Field<Instants> =
    Field::new("at", "scripted: when, an instant or a list of them").on_side("when", "scripted");
const FOR: Field<Span> =
    Field::new("for", "scripted: for how long; for ever if absent").on_side("when", "scripted");
const CLOCK: Field<Later> = Field::later("clock", "whether idle time counts");
const REROUTE: Field<Later> = Field::later("reroute", "whether messages find another way");
const FIELDS: &[&dyn AnyField] = &[&TARGET, &FAULT, &MTBF, &REPAIR, &AT, &FOR, &CLOCK, &REROUTE];

/// A distribution of times up: a bare time would be taken for one too easily.
struct Uptime(Distribution);

impl Read for Uptime {
    fn shape() -> Shape {
        TimeLaw::shape()
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        if value.table().is_none() {
            let what = format!("`{}` is a distribution, and a time alone doesn't say which", cx.path());
            let (time, key) = (value.inline(), cx.path());
            let key = key.rsplit('.').next().unwrap_or_default();
            let help =
                format!("write `{key} = {{ exponential = {time} }}`, or `at = {time}` for a known instant");
            cx.fault(value, what, "a mean of what?", help);
            return None;
        }
        let law = TimeLaw::read(value, cx)?.0;
        if law.mean() <= 0.0 {
            cx.fault(value, format!("the mean of `{}` must be above 0", cx.path()), "always failing", "");
            return None;
        }
        Some(Uptime(law))
    }
}

/// One instant or several.
struct Instants(Vec<Time>);

impl Read for Instants {
    fn shape() -> Shape {
        let time = || Shape::Quantity(Dimension::Time);
        Shape::OneOf(vec![time(), Shape::List(Box::new(time()))])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        if !matches!(value.kind, Kind::List(_)) {
            return Time::read(value, cx).map(|at| Instants(vec![at]));
        }
        let instants = Vec::<Time>::read(value, cx)?;
        if instants.is_empty() || instants.windows(2).any(|pair| pair[0] >= pair[1]) {
            let what = format!("`{}` must be instants in order of time", cx.path());
            cx.fault(value, what, "here", "write each later than the one before");
            return None;
        }
        Some(Instants(instants))
    }
}

/// An injection whose target isn't looked up yet.
#[derive(Debug)]
pub(super) struct Spec {
    target: Address,
    fault: Fault,
    when: When,
}

impl Read for Spec {
    fn shape() -> Shape {
        Shape::Table(FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, FIELDS, cx)?;
        let (target, fault, when) = (fields.take(&TARGET), fields.take(&FAULT), when(&fields));
        Some(Spec { target: target?, fault: *fault?, when: when? })
    }
}

fn when(fields: &Fields<'_>) -> Option<When> {
    let (mtbf, repair) = (fields.maybe(&MTBF), fields.maybe(&REPAIR));
    let (at, lasting) = (fields.maybe(&AT), fields.maybe(&FOR));
    let (mtbf, repair, at, lasting) = (mtbf?, repair?, at?, lasting?);
    let place = |value: Option<&Value>| value.map_or(fields.place, |value| value.place);
    let misfit = |what: &str, at: Place, label: &str, help: &str| {
        fields.cx.problem(Problem::new(what).at(at, label).help(help));
        None
    };
    match (mtbf, at) {
        (Some(_), Some(_)) => misfit(
            "`mtbf` and `at` both say when it fails",
            place(fields.given(&AT)),
            "scripted",
            "keep `mtbf` for random failures, or `at` for known instants",
        ),
        (Some(_), None) if lasting.is_some() => misfit(
            "`for` goes with `at`",
            place(fields.given(&FOR)),
            "these failures are random",
            "give `repair`, how long a random failure lasts",
        ),
        (Some(Uptime(uptime)), None) => {
            Some(When::Random { uptime, repair: repair.map(|TimeLaw(repair)| repair) })
        }
        (None, Some(_)) if repair.is_some() => misfit(
            "`repair` goes with `mtbf`",
            place(fields.given(&REPAIR)),
            "these failures are scripted",
            "give `for`, how long a scripted failure lasts",
        ),
        (None, Some(Instants(at))) => {
            let last = |pair: &[Time]| lasting.map_or(Time::NEVER, |lasting| pair[0] + lasting) > pair[1];
            if at.windows(2).any(last) {
                return misfit(
                    "it fails again while it hasn't come back",
                    place(fields.given(&AT)),
                    "these are too close to each other",
                    "give a `for` that is over before the next of them",
                );
            }
            Some(When::Scripted { at, lasting })
        }
        (None, None) => {
            fields.missing(
                "mtbf",
                "when it fails: `mtbf`, a distribution of the time up, or `at`, known instants",
            );
            None
        }
    }
}

impl Spec {
    /// The injection called `name` on `machine`; problems, such as a target that isn't there, go to `cx`.
    pub(super) fn resolve(self, name: String, machine: &Machine, cx: &Context<'_>) -> Option<Inject> {
        let targets = self.target.targets(machine, cx)?;
        Some(Inject { name, targets, fault: self.fault, when: self.when })
    }
}
