//! The `[report]` table: what is shown.

use std::sync::LazyLock;

use super::plot::{self, Plot};
use crate::metrics::{METRICS, Metric};
use crate::source::{AnyField, Context, Field, Fields, Key, Named, Read, Shape, Value};

/// What is shown.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Report {
    /// The charts to draw, by name; the usual ones where empty.
    pub plots: Vec<String>,
    /// The metrics to show, the first being the one that is compared; the usual ones where empty.
    pub metrics: Vec<Metric>,
    /// What the pictures are made for: one of [`THEME_NAMES`], or empty for the usual.
    pub theme: &'static str,
    /// Whether they are drawn in shades of grey.
    pub grey: bool,
    /// The scenario's own plots, in file order, which are drawn beside the charts.
    pub own: Vec<Plot>,
}

/// The table before it is known what the study varies.
pub(super) struct Described {
    /// All but the scenario's own plots.
    pub report: Report,
    /// Those, by name.
    pub own: Vec<(Key, plot::Described)>,
}

/// What pictures can be made for; `makespan list themes` says what each is.
pub static THEME_NAMES: &[&str] = &["screen", "slide", "column", "page"];

/// One of [`THEME_NAMES`].
struct Theme(&'static str);

impl Read for Theme {
    fn shape() -> Shape {
        Shape::Word(THEME_NAMES)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let Some(name) = value.text() else {
            cx.wrong_kind(value, "the name of a theme");
            return None;
        };
        let theme = THEME_NAMES.iter().find(|theme| **theme == name);
        if theme.is_none() {
            cx.no_such("theme", name, value, THEME_NAMES);
        }
        theme.map(|theme| Theme(theme))
    }
}

pub(super) const PLOTS: Field<Vec<String>> =
    Field::new("plots", "the charts to draw; the usual ones if empty").default("[]");
const SHOWN: Field<Vec<Metric>> = Field::new(
    "metrics",
    "the metrics to show, the first being the one that is compared; the usual ones if empty",
)
.default("[]");

const THEME: Field<Theme> =
    Field::new("theme", "what the pictures are made for: the screen, a slide, a paper's column or page")
        .default("screen");
const GREY: Field<bool> = Field::new("grey", "whether they are drawn in shades of grey").default("false");
const OWN: Field<Named<plot::Described>> =
    Field::new("plot", "plots of the scenario's own by name, drawn beside the charts").optional();

const FIELDS: &[&dyn AnyField] = &[&PLOTS, &SHOWN, &THEME, &GREY, &OWN];

impl Read for Described {
    fn shape() -> Shape {
        Shape::Table(FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, FIELDS, cx)?;
        let (plots, metrics) = (fields.take(&PLOTS), fields.take(&SHOWN));
        let (theme, grey, own) = (fields.take(&THEME), fields.take(&GREY), fields.maybe(&OWN));
        let (plots, metrics, theme) = (plots?, metrics?, theme?.0);
        let report = Report { plots, metrics, theme, grey: grey?, own: Vec::new() };
        Some(Described { report, own: own?.map_or(Vec::new(), |Named(own)| own) })
    }
}

impl Read for Metric {
    fn shape() -> Shape {
        static NAMES: LazyLock<Vec<&'static str>> =
            LazyLock::new(|| METRICS.iter().map(|metric| metric.name).collect());
        Shape::Word(&NAMES)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let Some(name) = value.text() else {
            cx.wrong_kind(value, "the name of a metric");
            return None;
        };
        let metric = Metric::named(name);
        if metric.is_none() {
            let names: Vec<_> = METRICS.iter().map(|metric| metric.name).collect();
            cx.no_such("metric", name, value, &names);
        }
        metric
    }
}
