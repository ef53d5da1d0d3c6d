//! A plot as the scenario says it, before it is known what the study varies.

use super::PlotKind;
use crate::metrics::Metric;
use crate::scenario::Theory;
use crate::source::{AnyField, Context, Field, Fields, Kind, Read, Shape, Value};

/// A plot as the scenario says it.
pub(in crate::scenario) struct Described {
    pub title: Option<String>,
    pub kind: PlotKind,
    pub metric: Option<Metric>,
    pub against: Option<Value>,
    pub group: Option<Value>,
    pub panels: Option<Value>,
    pub x: Side,
    pub y: Side,
    pub theories: Vec<(&'static Theory, Value)>,
    pub marks: Vec<Mark>,
    /// Where the table stands.
    pub whole: Value,
}

/// An axis as the scenario says it.
pub(in crate::scenario) struct Side {
    pub label: Option<String>,
    /// Whether its scale is logarithmic, and where that is said.
    pub log: Option<Value>,
    pub unit: Option<Value>,
}

/// A mark as the scenario says it.
pub(in crate::scenario) struct Mark {
    pub x: Option<Value>,
    pub y: Option<Value>,
    pub text: String,
}

/// A value that is looked at once it is known what it must be.
struct Later(Value);

impl Read for Later {
    fn shape() -> Shape {
        Shape::Any
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        if matches!(value.kind, Kind::Table(_) | Kind::List(_) | Kind::Datetime | Kind::Boolean(_)) {
            cx.wrong_kind(value, "a number, or a text with a unit");
            return None;
        }
        Some(Later(value.clone()))
    }
}

/// The name of something that the study varies.
struct Name(Value);

impl Read for Name {
    fn shape() -> Shape {
        Shape::Text("a swept key, or \"variant\"")
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        String::read(value, cx).map(|_| Name(value.clone()))
    }
}

macro_rules! words {
    ($name:ident($inner:ty), $noun:literal, $($word:literal => $value:expr),*) => {
        struct $name($inner);

        impl Read for $name {
            fn shape() -> Shape {
                Shape::Word(&[$($word),*])
            }

            fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
                match value.text() {
                    $(Some($word) => Some($name($value)),)*
                    Some(other) => {
                        cx.no_such($noun, other, value, &[$($word),*]);
                        None
                    }
                    None => {
                        cx.wrong_kind(value, concat!("a ", $noun));
                        None
                    }
                }
            }
        }
    };
}

words!(Drawn(PlotKind), "kind of plot", "line" => PlotKind::Line, "points" => PlotKind::Points, "bars" => PlotKind::Bars);
words!(ScaleName(bool), "scale", "linear" => false, "log" => true);

/// One theory or several, with their places.
struct Theories(Vec<(&'static Theory, Value)>);

impl Read for Theories {
    fn shape() -> Shape {
        let one = <&'static Theory>::shape;
        Shape::OneOf(vec![one(), Shape::List(Box::new(one()))])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let items = match &value.kind {
            Kind::List(items) => items.as_slice(),
            _ => std::slice::from_ref(value),
        };
        let read: Vec<Option<_>> = items
            .iter()
            .map(|item| <&'static Theory>::read(item, cx).map(|theory| (theory, item.clone())))
            .collect();
        read.into_iter().collect::<Option<Vec<_>>>().map(Theories)
    }
}

const TITLE: Field<String> = Field::new("title", "its title; what was found if absent").optional();
const KIND: Field<Drawn> =
    Field::new("kind", "what stands for a mean: marks with a line through them, marks alone, or bars")
        .default("line");
const METRIC: Field<Metric> =
    Field::new("metric", "what goes up; the first of `report.metrics` if absent").optional();
const AGAINST: Field<Name> =
    Field::new("against", "what goes across: a swept key, or \"variant\"; the first swept key if absent")
        .optional();
const GROUP: Field<Name> = Field::new(
    "group",
    "what makes a line each: \"variant\", or a swept key; the variants if absent, or else a key that is left",
)
.optional();
const PANELS: Field<Name> =
    Field::new("panels", "what makes a panel each: a swept key, or \"variant\"").optional();
const X: Field<Side> = Field::new("x", "how the level axis is shown").default("{}");
const Y: Field<Side> = Field::new("y", "how the upright axis is shown").default("{}");
const THEORY: Field<Theories> = Field::new(
    "theory",
    "the theories to draw beside what was simulated: curves, or lines at the best value of the key",
)
.optional();
const MARK: Field<Vec<Mark>> =
    Field::new("mark", "what to mark: a line at an `x` or a `y`, or a text at both").default("[]");

const FIELDS: &[&dyn AnyField] = &[&TITLE, &KIND, &METRIC, &AGAINST, &GROUP, &PANELS, &X, &Y, &THEORY, &MARK];

const LABEL: Field<String> =
    Field::new("label", "what the axis is called; as the key or the metric if absent").optional();
const SCALE: Field<Scale> = Field::new("scale", "`log`: equal lengths are equal ratios").default("linear");
const UNIT: Field<Later> = Field::new(
    "unit",
    "what counts as 1 on it, such as \"1 ms\"; numbers are shown with their units if absent",
)
.optional();
const SIDE: &[&dyn AnyField] = &[&LABEL, &SCALE, &UNIT];

const AT_X: Field<Later> = Field::new("x", "where on the level axis").optional();
const AT_Y: Field<Later> = Field::new("y", "where on the upright axis").optional();
const TEXT: Field<String> = Field::new("text", "what is written there").default("\"\"");
const MARKS: &[&dyn AnyField] = &[&AT_X, &AT_Y, &TEXT];

/// A scale with its place.
struct Scale(Option<Value>);

impl Read for Scale {
    fn shape() -> Shape {
        ScaleName::shape()
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        ScaleName::read(value, cx).map(|ScaleName(log)| Scale(log.then(|| value.clone())))
    }
}

impl Read for Side {
    fn shape() -> Shape {
        Shape::Table(SIDE)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, SIDE, cx)?;
        let (label, scale, unit) = (fields.maybe(&LABEL), fields.take(&SCALE), fields.maybe(&UNIT));
        Some(Side { label: label?, log: scale?.0, unit: unit?.map(|Later(value)| value) })
    }
}

impl Read for Mark {
    fn shape() -> Shape {
        Shape::Table(MARKS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, MARKS, cx)?;
        let (x, y, text) = (fields.maybe(&AT_X), fields.maybe(&AT_Y), fields.take(&TEXT));
        let value_of = |later: Option<Later>| later.map(|Later(value)| value);
        let (x, y) = (value_of(x?), value_of(y?));
        if x.is_none() && y.is_none() {
            fields.missing("x", "where the mark is; or `y`, or both");
            return None;
        }
        Some(Mark { x, y, text: text? })
    }
}

impl Read for Described {
    fn shape() -> Shape {
        Shape::Table(FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, FIELDS, cx)?;
        let (title, kind, metric) = (fields.maybe(&TITLE), fields.take(&KIND), fields.maybe(&METRIC));
        let (against, group, panels) = (fields.maybe(&AGAINST), fields.maybe(&GROUP), fields.maybe(&PANELS));
        let (x, y, theory, marks) =
            (fields.take(&X), fields.take(&Y), fields.maybe(&THEORY), fields.take(&MARK));
        let name = |name: Option<Name>| name.map(|Name(value)| value);
        Some(Described {
            title: title?,
            kind: kind?.0,
            metric: metric?,
            against: name(against?),
            group: name(group?),
            panels: name(panels?),
            x: x?,
            y: y?,
            theories: theory?.map_or(Vec::new(), |Theories(all)| all),
            marks: marks?,
            whole: value.clone(),
        })
    }
}
