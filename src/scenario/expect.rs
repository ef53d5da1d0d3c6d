//! The `[expect]` table: what a scenario says must come out.

use super::theory::{Law, Theory};
use crate::metrics::{Metric, Unit};
use crate::source::{AnyField, Context, Field, Fields, Read, Shape, Value, quantity};
use crate::units::Dimension;

/// Something that a scenario says must come out.
#[derive(Clone, PartialEq, Debug)]
pub struct Expect {
    /// Its name.
    pub name: String,
    /// Which metric.
    pub metric: Metric,
    /// Of which variant; the baseline where absent.
    pub variant: Option<String>,
    /// What it must be.
    pub wanted: Wanted,
    /// Where the value comes from.
    pub source: Option<String>,
}

/// What a metric is expected to be, in the metric's unit.
#[derive(Clone, PartialEq, Debug)]
pub enum Wanted {
    /// This value, within a margin.
    Value(f64, Margin),
    /// At most this, in the mean.
    AtMost(f64),
    /// At least this, in the mean.
    AtLeast(f64),
    /// What a theory says: a bound in every replicate, the value of a formula within a margin.
    Theory(&'static Theory, Margin),
}

/// How near an expected value must be.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Margin {
    /// The interval of the mean contains it.
    Interval,
    /// Relative to the value.
    Relative(f64),
    /// The same to the tick, in every replicate.
    Exact,
}

/// An entry of the table before its name and its variant are known to be right.
pub(super) struct Described {
    pub metric: Metric,
    pub variant: Option<Value>,
    pub wanted: Wanted,
    pub source: Option<String>,
}

const METRIC: Field<Metric> = Field::new("metric", "the metric that is looked at").default("makespan");
const VARIANT: Field<Label> =
    Field::new("variant", "the variant that is looked at; the file as it stands where absent").optional();
const VALUE: Field<Amount> = Field::new("value", "what the metric must be").instead_of("wanted");
const AT_MOST: Field<Amount> = Field::new("at_most", "what the mean must not exceed").instead_of("wanted");
const AT_LEAST: Field<Amount> =
    Field::new("at_least", "what the mean must not fall below").instead_of("wanted");
const THEORY: Field<&'static Theory> =
    Field::new("theory", "the [theory](#theories) that must hold").instead_of("wanted");
const WITHIN: Field<Margin> = Field::new(
    "within",
    "how near `value`, or that of a theory, must be: \"interval\" (the interval of the mean contains it), \"exact\", or a percentage",
)
.optional();
const SOURCE: Field<String> = Field::new("source", "where the value comes from").optional();

const FIELDS: &[&dyn AnyField] = &[&METRIC, &VARIANT, &VALUE, &AT_MOST, &AT_LEAST, &THEORY, &WITHIN, &SOURCE];

impl Read for Described {
    fn shape() -> Shape {
        Shape::Table(FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, FIELDS, cx)?;
        let metric = fields.take(&METRIC)?;
        let amounts = cx.with_dimension(metric.dimension(), || {
            (fields.maybe(&VALUE), fields.maybe(&AT_MOST), fields.maybe(&AT_LEAST))
        });
        let (theory, within) = (fields.maybe(&THEORY), fields.maybe(&WITHIN));
        let (variant, source) = (fields.maybe(&VARIANT), fields.maybe(&SOURCE));
        let unit = |Amount(amount): Amount| match metric.describe().unit {
            Unit::Seconds => cx.scale().seconds(amount),
            Unit::PerSecond => amount * cx.scale().ticks_per_second(),
            _ => amount,
        };
        let within = within?;
        let value = amounts.0?.map(|value| Wanted::Value(unit(value), within.unwrap_or(Margin::Interval)));
        let at_most = amounts.1?.map(|most| Wanted::AtMost(unit(most)));
        let at_least = amounts.2?.map(|least| Wanted::AtLeast(unit(least)));
        let theory = theory?.map(|theory| Wanted::Theory(theory, within.unwrap_or(Margin::Interval)));
        let given: Vec<_> = [value, at_most, at_least, theory].into_iter().flatten().collect();
        let [wanted] = <[Wanted; 1]>::try_from(given)
            .map_err(|given| {
                if given.is_empty() {
                    fields.missing("value", "what the metric must be; or `at_most`, `at_least`, `theory`");
                } else {
                    let what =
                        format!("{} must say one of `value`, `at_most`, `at_least`, `theory`", cx.owner());
                    fields.fault("theory", what);
                }
            })
            .ok()?;
        let near = match &wanted {
            Wanted::Value(..) => true,
            Wanted::Theory(theory, _) => matches!(theory.law, Law::Formula(_)),
            Wanted::AtMost(_) | Wanted::AtLeast(_) => false,
        };
        if within.is_some() && !near {
            let what =
                "`within` says how near `value`, or that of a formula, must be: nothing else has a margin";
            fields.fault("within", what);
            return None;
        }
        if let Wanted::Theory(theory, _) = &wanted
            && let Law::Formula(formula) = &theory.law
            && !formula.metrics.contains(&metric)
        {
            let name = metric.describe().name;
            fields
                .fault("theory", format!("`{}` says nothing of {name}: it {}", theory.name, theory.tells()));
            return None;
        }
        let variant = variant?.map(|Label(label)| label);
        Some(Described { metric, variant, wanted, source: source? })
    }
}

/// A value of the metric.
struct Amount(f64);

impl Read for Amount {
    fn shape() -> Shape {
        Shape::Any
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        quantity(value, cx.dimension(), cx).map(Amount)
    }
}

/// A label with its place, so that it can be reported once the variants are known.
struct Label(Value);

impl Read for Label {
    fn shape() -> Shape {
        Shape::Text("the label of a variant")
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        String::read(value, cx).map(|_| Label(value.clone()))
    }
}

impl Read for Margin {
    fn shape() -> Shape {
        Shape::OneOf(vec![Shape::Word(&["interval", "exact"]), Shape::Quantity(Dimension::Fraction)])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        match value.text() {
            Some("interval") => Some(Margin::Interval),
            Some("exact") => Some(Margin::Exact),
            Some(text) if text.trim_start().starts_with(|c: char| c.is_ascii_alphabetic()) => {
                let what = format!("`{}` must be \"interval\", \"exact\" or a percentage", cx.path());
                cx.fault(value, what, "none of them", "write, for example, within = \"1 %\"");
                None
            }
            _ => quantity(value, Dimension::Fraction, cx).map(Margin::Relative),
        }
    }
}
