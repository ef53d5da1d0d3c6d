//! Plots once it is known what the study varies: whether what they name is there, and what it means.

use super::number::{amount, numbers};
use super::read::{self, Described};
use super::{Numbers, Plot, PlotKind, PlotMark, Side, Varied};
use crate::error::Problem;
use crate::metrics::Metric;
use crate::scenario::theory::Law;
use crate::scenario::{Case, Theory};
use crate::source::{Context, Key, Kind, Value};
use crate::units::{Dimension, Wrong, plain};

/// How a plot calls the variants.
const VARIANT: &str = "variant";
/// Most panels of a plot, and most groups in each.
const MOST_PANELS: usize = 12;
/// See [`MOST_PANELS`].
const MOST_GROUPS: usize = 24;

/// What a study varies.
pub(in crate::scenario) struct Known<'a> {
    /// For each axis of the sweep its keys with their values.
    pub axes: &'a [Vec<(String, &'a [Value])>],
    /// The labels of the variants, the baseline's first.
    pub labels: &'a [String],
    /// The metrics to show.
    pub metrics: &'a [Metric],
    /// The names of charts, which no plot may take.
    pub charts: &'a [&'a str],
}

/// A plot with the places of its theories, to be asked whether they say anything of the cases.
pub(in crate::scenario) struct Asked {
    pub plot: Plot,
    theories: Vec<(&'static Theory, Value)>,
}

/// What goes where.
struct Layout {
    against: Varied,
    group: Option<Varied>,
    panels: Option<Varied>,
}

impl Described {
    /// The plot called `key`; problems go to `cx`.
    pub fn settle(self, key: &Key, known: &Known<'_>, cx: &Context<'_>) -> Option<Asked> {
        check_name(key, known, cx)?;
        let layout = self.layout(known, cx)?;
        let metric = self.metric.or(known.metrics.first().copied());
        let Some(metric) = metric else {
            let problem = Problem::new(format!("the plot `{}` doesn't say which metric it shows", key.name));
            cx.problem(problem.at(key.place, "no `metric`").help("give its `metric`, or `report.metrics`"));
            return None;
        };
        let shown = match &layout.against {
            Varied::Variants => None,
            Varied::Key(key) => values(key, known).and_then(numbers),
        };
        let upright = metric.dimension();
        let x = self.x.settle(shown.as_ref().map(|numbers| numbers.dimension), "x", cx);
        let y = self.y.settle(Some(upright), "y", cx);
        if let (PlotKind::Bars, Some(log)) = (self.kind, &self.y.log) {
            let help = "draw points or lines, or leave the axis linear";
            cx.fault(log, "bars begin at 0, which a log axis doesn't have", "a log axis", help);
        }
        let (x, y) = (x?, y?);
        let names = names(&layout.against, known);
        let mark = |mark: read::Mark| {
            let across = mark.x.map(|value| spot(&value, shown.as_ref(), &names, &x, cx));
            let up = mark.y.map(|value| above_zero(&value, on_axis(&value, upright, y.unit, cx)?, y.log, cx));
            Some(PlotMark {
                x: across.map_or(Some(None), |x| x.map(Some))?,
                y: up.map_or(Some(None), |y| y.map(Some))?,
                text: mark.text,
            })
        };
        let marks: Vec<Option<PlotMark>> = self.marks.into_iter().map(mark).collect();
        for (theory, place) in &self.theories {
            fits(theory, metric, &layout.against, place, cx);
        }
        let plot = Plot {
            name: key.name.clone(),
            title: self.title,
            kind: self.kind,
            metric,
            against: layout.against,
            group: layout.group,
            panels: layout.panels,
            numbers: shown,
            x,
            y,
            theories: self.theories.iter().map(|(theory, _)| *theory).collect(),
            marks: marks.into_iter().collect::<Option<_>>()?,
        };
        Some(Asked { plot, theories: self.theories })
    }

    fn layout(&self, known: &Known<'_>, cx: &Context<'_>) -> Option<Layout> {
        let mut left: Vec<Varied> = known
            .axes
            .iter()
            .filter_map(|axis| axis.iter().find(|(_, values)| values.len() > 1))
            .map(|(key, _)| Varied::Key(key.clone()))
            .collect();
        let several = known.labels.len() > 1;
        let against = match &self.against {
            Some(value) => named(value, known, cx)?,
            None => left.first().cloned().unwrap_or(Varied::Variants),
        };
        let mut taken: Vec<(&'static str, Varied)> = vec![("against", against.clone())];
        let mut take = |role: &'static str, value: &Value| {
            let varied = named(value, known, cx)?;
            if let Some((other, _)) = taken.iter().find(|(_, other)| same_axis(other, &varied, known)) {
                let what = format!("`{role}` varies together with `{other}`");
                cx.fault(value, what, "already shown", "name something else, or leave it out");
                return None;
            }
            taken.push((role, varied.clone()));
            Some(varied)
        };
        let panels = self.panels.as_ref().map(|value| take("panels", value));
        let group = self.group.as_ref().map(|value| take("group", value));
        let (mut panels, mut group) =
            (panels.map_or(Some(None), |p| p.map(Some))?, group.map_or(Some(None), |g| g.map(Some))?);
        if several {
            left.insert(0, Varied::Variants);
        }
        left.retain(|varied| !taken.iter().any(|(_, other)| same_axis(other, varied, known)));
        let mut left = left.into_iter();
        if group.is_none() {
            group = left.next();
        }
        if panels.is_none() {
            panels = left.next();
        }
        if let Some(over) = left.next() {
            let what = format!("the plot leaves {} out, and they differ", over.words());
            let help = "a plot shows three things that vary at most: `against`, `group` and `panels`";
            cx.fault(&self.whole, what, "", help);
            return None;
        }
        for (varied, most, what) in [(&panels, MOST_PANELS, "panels"), (&group, MOST_GROUPS, "groups")] {
            let count = varied.as_ref().map_or(0, |varied| names(varied, known).len());
            if count > most {
                cx.fault(
                    &self.whole,
                    format!("{count} {what} are too many to be read: at most {most}"),
                    "",
                    "",
                );
                return None;
            }
        }
        Some(Layout { against, group, panels })
    }
}

impl Asked {
    /// Reports theories that say nothing of any case.
    pub fn check_theories(&self, cases: &[Case], cx: &Context<'_>) {
        for (theory, place) in &self.theories {
            let Law::Formula(formula) = &theory.law else { continue };
            let mut reasons = cases.iter().map(|case| (formula.parameters)(&case.scenario).err());
            let Some(Some(first)) = reasons.next() else { continue };
            if reasons.all(|reason| reason.is_some()) {
                let what = format!("`{}` {first}", theory.name);
                let about = format!("{}: {}", theory.cite, theory.about);
                cx.fault(place, what, "says nothing of this scenario", about);
            }
        }
    }
}

impl Varied {
    fn words(&self) -> String {
        match self {
            Varied::Variants => "the variants".to_owned(),
            Varied::Key(key) => format!("the values of `{key}`"),
        }
    }
}

/// Reports a name that would not do as that of a file, or is that of a chart.
fn check_name(key: &Key, known: &Known<'_>, cx: &Context<'_>) -> Option<()> {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let chart =
        known.charts.iter().find(|chart| key.name == **chart || key.name.starts_with(&format!("{chart}-")));
    let problem = match chart {
        _ if key.name.is_empty() || !key.name.chars().all(good) => {
            Problem::new(format!("`{}` is no name of a plot", key.name))
                .help("use letters, digits, `-` and `_`: files are named for it")
        }
        Some(chart) => {
            Problem::new(format!("`{}` is the name of a picture of the chart `{chart}`", key.name))
                .help("call the plot otherwise")
        }
        None => return Some(()),
    };
    cx.problem(problem.at(key.place, "not a name for a plot"));
    None
}

/// What `value` names.
fn named(value: &Value, known: &Known<'_>, cx: &Context<'_>) -> Option<Varied> {
    let text = value.text().unwrap_or_default();
    if text == VARIANT {
        return Some(Varied::Variants);
    }
    let keys: Vec<&str> = known.axes.iter().flatten().map(|(key, _)| key.as_str()).collect();
    if keys.contains(&text) {
        return Some(Varied::Key(text.to_owned()));
    }
    if keys.is_empty() {
        let help = "sweep a key, or write \"variant\"";
        cx.fault(value, format!("`{text}` is not swept: this scenario sweeps no key"), "not swept", help);
    } else {
        cx.no_such("swept key", text, value, &[keys, vec![VARIANT]].concat());
    }
    None
}

/// Whether two things that vary go together.
fn same_axis(one: &Varied, other: &Varied, known: &Known<'_>) -> bool {
    let axis = |varied: &Varied| match varied {
        Varied::Variants => None,
        Varied::Key(key) => known.axes.iter().position(|axis| axis.iter().any(|(own, _)| own == key)),
    };
    axis(one) == axis(other)
}

fn values<'a>(key: &str, known: &Known<'a>) -> Option<&'a [Value]> {
    known.axes.iter().flatten().find(|(own, _)| own == key).map(|(_, values)| *values)
}

/// What it is called that `varied` takes, in its order.
fn names(varied: &Varied, known: &Known<'_>) -> Vec<String> {
    match varied {
        Varied::Variants => known.labels.to_vec(),
        Varied::Key(key) => values(key, known)
            .unwrap_or_default()
            .iter()
            .map(|value| crate::scenario::variant::plain(&value.inline()))
            .collect(),
    }
}

/// Reports a theory that tells nothing of what the plot shows.
fn fits(theory: &Theory, metric: Metric, against: &Varied, place: &Value, cx: &Context<'_>) {
    let curve = matches!(&theory.law, Law::Formula(formula) if formula.metrics.contains(&metric));
    let is_key = |name: &str| matches!(against, Varied::Key(key) if key.rsplit('.').next() == Some(name));
    let place_of_best = matches!(
        &theory.law,
        Law::Formula(formula) if formula.best.as_ref().is_some_and(|best| best.keys.iter().any(|name| is_key(name)))
    );
    if !curve && !place_of_best {
        let what = format!("`{}` says nothing of {}", theory.name, metric.describe().name);
        cx.fault(place, what, "nothing to draw", format!("it {}", theory.tells()));
    }
}

impl read::Side {
    /// The axis, of numbers of `dimension`, or of names.
    fn settle(&self, dimension: Option<Dimension>, name: &str, cx: &Context<'_>) -> Option<Side> {
        let Some(dimension) = dimension else {
            if let Some(said) = self.log.as_ref().or(self.unit.as_ref()) {
                let what = format!("`{name}` shows names, not numbers of one kind");
                cx.fault(said, what, "needs numbers", "leave it out");
                return None;
            }
            return Some(Side { label: self.label.clone(), ..Side::default() });
        };
        let unit = match &self.unit {
            Some(value) => match on_axis(value, dimension, None, cx)? {
                unit if unit > 0.0 => Some(unit),
                _ => {
                    cx.fault(value, format!("`{name}.unit` must be above 0"), "nothing counts as 1", "");
                    return None;
                }
            },
            None => None,
        };
        let counted = self.unit.as_ref().and_then(counted);
        Some(Side { label: self.label.clone(), log: self.log.is_some(), unit, counted })
    }
}

/// What an axis counts on which `unit` counts as 1; none of plain numbers as they are.
fn counted(unit: &Value) -> Option<String> {
    let text = crate::scenario::variant::plain(&unit.inline());
    match text.trim().strip_prefix("1 ") {
        Some(name) => Some(name.trim().to_owned()),
        None if matches!(text.as_str(), "1" | "1.0") => None,
        None => Some(format!("in units of {text}")),
    }
}

/// Where `value` stands on an axis of `dimension` on which `unit` counts as 1: a plain number counts these.
fn on_axis(value: &Value, dimension: Dimension, unit: Option<f64>, cx: &Context<'_>) -> Option<f64> {
    let wrong = |Wrong { what, help }: Wrong| cx.fault(value, what, "", help);
    let number = match &value.kind {
        Kind::Text(text) => return amount(text, dimension).map_err(wrong).ok(),
        Kind::Integer(number) => *number as f64,
        Kind::Float(number) => *number,
        _ => return None,
    };
    match unit {
        Some(unit) if number.is_finite() => Some(number * unit),
        _ => plain(number, dimension).map_err(wrong).ok(),
    }
}

/// `at`, where `value` stands, if it has a place on the axis: on a log axis only what is above 0 has one.
fn above_zero(value: &Value, at: f64, log: bool, cx: &Context<'_>) -> Option<f64> {
    if log && at <= 0.0 {
        let help = "mark a place above 0, or leave the axis linear";
        cx.fault(value, "a log axis has no place for what isn't above 0", "no place on the axis", help);
        return None;
    }
    Some(at)
}

/// Where `value` stands on the level axis: of names, at the position of one.
fn spot(
    value: &Value,
    numbers: Option<&Numbers>,
    names: &[String],
    side: &Side,
    cx: &Context<'_>,
) -> Option<f64> {
    if let Some(numbers) = numbers {
        return above_zero(value, on_axis(value, numbers.dimension, side.unit, cx)?, side.log, cx);
    }
    let name = crate::scenario::variant::plain(&value.inline());
    let found = names.iter().position(|known| *known == name);
    if found.is_none() {
        let known: Vec<&str> = names.iter().map(String::as_str).collect();
        cx.no_such("value", &name, value, &known);
    }
    found.map(|at| at as f64)
}
