//! How distributions read: the registry of families, and a quantity or a distribution of it.

use super::{Distribution, OutOfRange};
use crate::registry::{Entry, Registered, Registry};
use crate::source::{AnyField, Context, Field, Fields, Kind, Read, Shape, Value, beside, quantity};
use crate::units::Dimension;

/// A parameter in the unit of the quantity that is distributed.
struct Own(f64);

impl Read for Own {
    fn shape() -> Shape {
        Shape::Any
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        quantity(value, cx.dimension(), cx).map(Own)
    }
}

/// The lines of a file of observations.
struct Observed(Vec<(String, Value)>);

impl Read for Observed {
    fn shape() -> Shape {
        Shape::Text("a path")
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let Some(path) = value.text() else {
            cx.wrong_kind(value, "the path of a file");
            return None;
        };
        let path = beside(cx.map.borrow().source(value.place).0, path);
        let bytes = match cx.files.read(&path) {
            Ok(bytes) => bytes,
            Err(why) => {
                cx.fault(value, format!("`{path}` can't be read: {why}"), "named here", "");
                return None;
            }
        };
        let Ok(text) = String::from_utf8(bytes) else {
            cx.fault(
                value,
                format!("`{path}` is not text"),
                "named here",
                "give a file with one value a line",
            );
            return None;
        };
        let line = |line: &str| {
            let line = line.trim();
            let kind = line.parse().map_or_else(|_| Kind::Text(line.to_owned()), Kind::Float);
            (line.to_owned(), Value::new(kind, value.place))
        };
        let lines =
            text.lines().filter(|text| !text.trim().is_empty() && !text.trim_start().starts_with('#'));
        Some(Observed(lines.map(line).collect()))
    }
}

const MEAN: Field<Own> = Field::new("mean", "the mean");
const CV: Field<f64> = Field::new("cv", "the coefficient of variation: standard deviation / mean");
const SHAPE: Field<f64> = Field::new("shape", "the shape parameter");
const LOW: Field<Own> = Field::new("low", "the smallest value");
const HIGH: Field<Own> = Field::new("high", "the largest value");
const RANGE: Field<Vec<Own>> = Field::new("range", "the smallest and the largest value");
const STAGES: Field<u32> = Field::new("k", "the number of exponential stages, at least 1");
const MODES: Field<Vec<Own>> = Field::new("values", "the values");
const WEIGHTS: Field<Vec<f64>> = Field::new("weights", "how often each value comes, in any proportion");
const COUNT: Field<u64> = Field::new("n", "the number of ranks");
const EXPONENT: Field<f64> =
    Field::new("exponent", "how fast the ranks' frequencies fall: rank k has k^-exponent");
const STEP: Field<Own> = Field::new("unit", "what a rank or a step of one is worth").optional();
const FILE: Field<Observed> = Field::new("file", "a file with one value a line");
const LIST: Field<Vec<Own>> = Field::new("list", "the values, taken in turn and then from the start again");

/// Reports a parameter out of range at the table that holds it.
fn built(made: Result<Distribution, OutOfRange>, fields: &Fields<'_>) -> Option<Box<Distribution>> {
    match made {
        Ok(distribution) => Some(Box::new(distribution)),
        Err(wrong) => {
            fields
                .fault(wrong.parameter, format!("`{}.{}` {}", fields.cx.path(), wrong.parameter, wrong.rule));
            None
        }
    }
}

/// What one step of a distribution over whole numbers is worth.
fn step(fields: &Fields<'_>) -> Option<f64> {
    match (fields.maybe(&STEP)?, fields.cx.dimension()) {
        (Some(step), _) => Some(step.0),
        (None, Dimension::Number | Dimension::Fraction) => Some(1.0),
        (None, dimension) => {
            fields.missing(
                "unit",
                &format!("what a step of one is worth, such as \"{}\"", dimension.example()),
            );
            None
        }
    }
}

fn numbers(values: Vec<Own>) -> Vec<f64> {
    values.into_iter().map(|value| value.0).collect()
}

macro_rules! family {
    ($entry:ident, $name:literal, $about:literal, $cite:literal, $bare:expr, [$($field:ident),*], $read:expr) => {
        static $entry: Entry<Distribution> = Entry {
            name: $name,
            about: $about,
            cite: $cite,
            fields: &[$(&$field as &dyn AnyField),*],
            bare: $bare,
            read: $read,
        };
    };
}

family!(
    EXPONENTIAL,
    "exponential",
    "memoryless: the time to the next of many rare events",
    "",
    Some("mean"),
    [MEAN],
    |fields| { built(Distribution::exponential(fields.take(&MEAN)?.0), fields) }
);
family!(UNIFORM, "uniform", "every value of a range alike", "", Some("range"), [RANGE], |fields| {
    match numbers(fields.take(&RANGE)?).as_slice() {
        [low, high] => built(Distribution::uniform(*low, *high), fields),
        _ => {
            fields.fault(
                "range",
                format!("`{}` needs two values: the smallest and the largest", fields.cx.path()),
            );
            None
        }
    }
});
family!(LOGNORMAL, "lognormal", "skewed, from many factors that multiply", "", None, [MEAN, CV], |fields| {
    let (mean, cv) = (fields.take(&MEAN), fields.take(&CV));
    built(Distribution::lognormal(mean?.0, cv?), fields)
});
family!(
    WEIBULL,
    "weibull",
    "life times: early failures below shape 1, wear above",
    "Weibull 1951",
    None,
    [MEAN, SHAPE],
    |fields| {
        let (mean, shape) = (fields.take(&MEAN), fields.take(&SHAPE));
        built(Distribution::weibull(mean?.0, shape?), fields)
    }
);
family!(
    NORMAL,
    "normal",
    "the bell curve, truncated at 0; mean and cv are those before truncation",
    "",
    None,
    [MEAN, CV],
    |fields| {
        let (mean, cv) = (fields.take(&MEAN), fields.take(&CV));
        built(Distribution::normal(mean?.0, cv?), fields)
    }
);
family!(GAMMA, "gamma", "sums of exponentials, also of a fraction of one", "", None, [MEAN, CV], |fields| {
    let (mean, cv) = (fields.take(&MEAN), fields.take(&CV));
    built(Distribution::gamma(mean?.0, cv?), fields)
});
family!(ERLANG, "erlang", "the sum of k exponentials", "Erlang 1917", None, [MEAN, STAGES], |fields| {
    let (mean, k) = (fields.take(&MEAN), fields.take(&STAGES));
    built(Distribution::erlang(mean?.0, k?), fields)
});
family!(
    HYPEREXPONENTIAL,
    "hyperexponential",
    "one of two exponentials with balanced means: cv above 1",
    "",
    None,
    [MEAN, CV],
    |fields| {
        let (mean, cv) = (fields.take(&MEAN), fields.take(&CV));
        built(Distribution::hyperexponential(mean?.0, cv?), fields)
    }
);
family!(
    PARETO,
    "pareto",
    "a power-law tail; the variance is infinite up to shape 2",
    "",
    None,
    [MEAN, SHAPE],
    |fields| {
        let (mean, shape) = (fields.take(&MEAN), fields.take(&SHAPE));
        built(Distribution::pareto(mean?.0, shape?), fields)
    }
);
family!(
    BOUNDED_PARETO,
    "bounded-pareto",
    "a power law between two values",
    "Harchol-Balter et al. 1999",
    None,
    [LOW, HIGH, SHAPE],
    |fields| {
        let (low, high, shape) = (fields.take(&LOW), fields.take(&HIGH), fields.take(&SHAPE));
        built(Distribution::bounded_pareto(low?.0, high?.0, shape?), fields)
    }
);
family!(
    BIMODAL,
    "bimodal",
    "one of a few values, each with its weight",
    "",
    None,
    [MODES, WEIGHTS],
    |fields| {
        let (values, weights) = (fields.take(&MODES), fields.take(&WEIGHTS));
        let (values, weights) = (numbers(values?), weights?);
        if values.len() != weights.len() {
            fields.fault(
                "weights",
                format!("`{}` needs one weight for each of its {} values", fields.cx.path(), values.len()),
            );
            return None;
        }
        built(Distribution::bimodal(&values.into_iter().zip(weights).collect::<Vec<_>>()), fields)
    }
);
family!(
    ZIPF,
    "zipf",
    "ranks 1 to n, rank k coming k^-exponent as often as the first",
    "Zipf 1949",
    None,
    [COUNT, EXPONENT, STEP],
    |fields| {
        let (n, exponent, step) = (fields.take(&COUNT), fields.take(&EXPONENT), step(fields));
        let (n, exponent, step) = (n?, exponent?, step?);
        built(Distribution::zipf(n, exponent).map(|zipf| zipf.scaled(step)), fields)
    }
);
family!(
    GEOMETRIC,
    "geometric",
    "the number of trials up to the first success",
    "",
    None,
    [MEAN, STEP],
    |fields| {
        let (mean, step) = (fields.take(&MEAN), step(fields));
        let (mean, step) = (mean?.0, step?);
        built(Distribution::geometric(mean / step).map(|steps| steps.scaled(step)), fields)
    }
);
family!(
    EMPIRICAL,
    "empirical",
    "what was observed: any line of a file, each alike",
    "",
    Some("file"),
    [FILE, STEP],
    |fields| {
        let (observed, step) = (fields.take(&FILE), fields.maybe(&STEP));
        let step = step?.map(|step| step.0);
        let read = |(_, value): (String, Value)| match (&value.kind, step) {
            (Kind::Float(number), Some(step)) => Some(number * step),
            _ => quantity(&value, fields.cx.dimension(), fields.cx),
        };
        let values: Option<Vec<f64>> = observed?.0.into_iter().map(read).collect();
        built(Distribution::empirical(&values?), fields)
    }
);
family!(VALUES, "values", "a list of values, taken in turn", "", Some("list"), [LIST], |fields| {
    built(Distribution::in_turn(&numbers(fields.take(&LIST)?)), fields)
});

/// The families of distributions.
pub static FAMILIES: Registry<Distribution> = Registry {
    noun: "distribution",
    entries: &[
        &EXPONENTIAL,
        &UNIFORM,
        &LOGNORMAL,
        &WEIBULL,
        &NORMAL,
        &GAMMA,
        &ERLANG,
        &HYPEREXPONENTIAL,
        &PARETO,
        &BOUNDED_PARETO,
        &BIMODAL,
        &ZIPF,
        &GEOMETRIC,
        &EMPIRICAL,
        &VALUES,
    ],
};

impl Registered for Distribution {
    fn registry() -> &'static Registry<Self> {
        &FAMILIES
    }
}

/// Reads a quantity of `dimension` or a distribution of it, in the program's unit.
pub fn law(value: &Value, dimension: Dimension, cx: &Context<'_>) -> Option<Distribution> {
    if value.table().is_some() {
        return cx.with_dimension(dimension, || FAMILIES.read(value, cx)).map(|family| *family);
    }
    let amount = quantity(value, dimension, cx)?;
    match Distribution::constant(amount) {
        Ok(constant) => Some(constant),
        Err(wrong) => {
            cx.fault(value, format!("`{}` {}", cx.path(), wrong.rule), "out of range", "");
            None
        }
    }
}

macro_rules! laws {
    ($($(#[$about:meta])* $name:ident, $dimension:ident;)*) => {$(
        $(#[$about])*
        #[derive(Clone, Debug)]
        pub struct $name(pub Distribution);

        impl Read for $name {
            fn shape() -> Shape {
                Shape::Distribution { dimension: Dimension::$dimension, families: &FAMILIES }
            }

            fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
                law(value, Dimension::$dimension, cx).map($name)
            }
        }
    )*};
}

laws! {
    /// A time or a distribution of times, in ticks.
    TimeLaw, Time;
    /// Work or a distribution of it, in ticks on a core of speed 1.
    WorkLaw, Work;
    /// An amount of data or a distribution of it, in bytes.
    BytesLaw, Bytes;
    /// A number or a distribution of numbers.
    NumberLaw, Number;
}
