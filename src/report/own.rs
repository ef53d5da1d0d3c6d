//! The scenario's own plots.

use super::curves::{self, Laid, Placed};
use super::paper::{Paper, quantity, quoted, title};
use super::trend::{self, Step};
use crate::experiment::CaseResult;
use crate::explain::words::some;
use crate::plot::quantity::Quantity;
use crate::plot::relation::{Across, Curve, Kind, Line, Mark, Panel, Point, Relation};
use crate::scenario::{Plot, PlotKind, Varied};
use crate::units::Dimension;

/// A plot with what it shows laid out; none where its metric has no value anywhere.
pub(super) fn fill(paper: &Paper<'_>, plot: &Plot) -> Option<Relation> {
    let layout = Layout::new(paper, plot);
    let panels: Vec<Panel> = layout.panels.iter().map(|panel| layout.panel(panel.as_deref())).collect();
    if panels.iter().all(|panel| panel.lines.is_empty()) {
        return None;
    }
    let found = || finding(&layout, &panels);
    let subtitle = format!("{}: {}", title(plot.metric), plot.metric.describe().about);
    let mut relation = Relation {
        heading: paper.heading(plot.title.clone().unwrap_or_else(found), subtitle),
        kind: match plot.kind {
            PlotKind::Line => Kind::Line,
            PlotKind::Points => Kind::Points,
            PlotKind::Bars => Kind::Bars,
        },
        level: paper.results.level,
        across: layout.across(),
        theories: plot
            .theories
            .iter()
            .filter(|theory| {
                panels.iter().any(|panel| panel.curves.iter().any(|curve| curve.name == theory.name))
            })
            .map(|theory| curves::named(theory))
            .collect(),
        panels,
    };
    let lost = relation.without_place();
    if lost > 0 {
        let zeros = some(lost as u64, "value");
        relation.heading.small_print += &format!(" · {zeros} of zero or less can't be shown on a log scale");
    }
    Some(relation)
}

/// What a plot shows, by what varies.
struct Layout<'a> {
    paper: &'a Paper<'a>,
    plot: &'a Plot,
    /// The values of the level axis with their places, from left to right.
    places: Vec<(String, f64)>,
    /// The value of each group; a single absent one where nothing makes groups.
    groups: Vec<Option<String>>,
    /// Likewise of each panel.
    panels: Vec<Option<String>>,
}

impl<'a> Layout<'a> {
    fn new(paper: &'a Paper<'a>, plot: &'a Plot) -> Self {
        let mut places: Vec<(String, f64)> = match &plot.numbers {
            Some(numbers) => numbers.at.clone(),
            None => {
                let names = values(paper, &plot.against);
                names.into_iter().enumerate().map(|(at, name)| (name, at as f64)).collect()
            }
        };
        places.sort_by(|a, b| a.1.total_cmp(&b.1));
        let each = |varied: &Option<Varied>| match varied {
            Some(varied) => values(paper, varied).into_iter().map(Some).collect(),
            None => vec![None],
        };
        Layout { paper, plot, places, groups: each(&plot.group), panels: each(&plot.panels) }
    }

    /// The case at a place, of a group in a panel, by its number.
    fn case(&self, place: &str, group: Option<&str>, panel: Option<&str>) -> Option<usize> {
        let is = |case: &CaseResult, varied: Option<&Varied>, wanted: Option<&str>| {
            varied.is_none_or(|varied| value(case, varied) == wanted)
        };
        let plot = self.plot;
        self.paper.results.cases.iter().position(|case| {
            value(case, &plot.against) == Some(place)
                && is(case, plot.group.as_ref(), group)
                && is(case, plot.panels.as_ref(), panel)
        })
    }

    /// What counts as 1 going across and up.
    fn units(&self) -> (f64, f64) {
        (self.plot.x.unit.unwrap_or(1.0), self.plot.y.unit.unwrap_or(1.0))
    }

    fn across(&self) -> Across {
        let plot = self.plot;
        let key = match &plot.against {
            Varied::Variants => String::new(),
            Varied::Key(key) => key.clone(),
        };
        let label = plot.x.named(key);
        let quantity = match (&plot.numbers, plot.x.unit) {
            (Some(numbers), None) => measured(numbers.dimension),
            _ => Quantity::Number(String::new()),
        };
        let names = if plot.numbers.is_some() {
            Vec::new()
        } else {
            self.places.iter().map(|(name, _)| self.shown(&plot.against, name).to_owned()).collect()
        };
        Across { label, quantity, log: plot.x.log, names }
    }

    fn panel(&self, panel: Option<&str>) -> Panel {
        let (plot, paper) = (self.plot, self.paper);
        let (wide, high) = self.units();
        let mut lines = Vec::new();
        let mut theory: Vec<Vec<Curve>> = Vec::new();
        let mut marks: Vec<Mark> = plot
            .marks
            .iter()
            .map(|mark| Mark {
                x: mark.x.map(|x| x / wide),
                y: mark.y.map(|y| y / high),
                text: mark.text.clone(),
            })
            .collect();
        let laid = Laid { numbers: plot.numbers.is_some(), log: plot.x.log };
        for group in &self.groups {
            let cases: Vec<Placed> = self
                .places
                .iter()
                .filter_map(|(place, x)| {
                    Some(Placed { x: *x, case: self.case(place, group.as_deref(), panel)? })
                })
                .collect();
            let point = |placed: &Placed| {
                let summary = paper.results.cases[placed.case].summary(plot.metric)?;
                let interval = summary.ends().map(|(low, high_end)| (low / high, high_end / high));
                Some(Point { x: placed.x / wide, value: summary.mean / high, interval })
            };
            let points: Vec<Point> = cases.iter().filter_map(point).collect();
            if points.is_empty() {
                continue;
            }
            let scaled = |mut curve: Curve| {
                curve.pieces.iter_mut().flatten().for_each(|(x, y)| (*x, *y) = (*x / wide, *y / high));
                curve
            };
            let own = plot
                .theories
                .iter()
                .filter_map(|theory| curves::curve(paper, theory, plot.metric, &cases, laid).map(scaled));
            theory.push(own.collect());
            for theory in &plot.theories {
                let best = cases.first().and_then(|placed| curves::best(paper, theory, placed.case));
                let Some(best) = best.filter(|_| plot.numbers.is_some()) else { continue };
                let shown = self.across().quantity.text(best / wide);
                let mark = Mark {
                    x: Some(best / wide),
                    y: None,
                    text: format!("{}: {shown}", theory_name(theory.name)),
                };
                if !marks.contains(&mark) {
                    marks.push(mark);
                }
            }
            lines.push(Line { name: self.group_name(group.as_deref()), points });
        }
        Panel {
            name: match (&plot.panels, panel) {
                (Some(varied @ Varied::Key(key)), Some(value)) => {
                    format!("{key} = {}", self.shown(varied, value))
                }
                (_, value) => value.unwrap_or_default().to_owned(),
            },
            metric: plot.y.named(title(plot.metric)),
            quantity: match plot.y.unit {
                Some(_) => Quantity::Number(String::new()),
                None => quantity(plot.metric),
            },
            log: plot.y.log,
            lines,
            curves: curves::merged(theory),
            marks,
        }
    }

    /// What a group is called: a variant's label, or the key's last part with its value.
    fn group_name(&self, value: Option<&str>) -> String {
        match (&self.plot.group, value) {
            (Some(varied @ Varied::Key(key)), Some(value)) => {
                format!("{} = {}", key.rsplit('.').next().unwrap_or(key), self.shown(varied, value))
            }
            (_, value) => value.unwrap_or_default().to_owned(),
        }
    }

    /// What the value at a place is called.
    fn place(&self, x: f64) -> &str {
        let wide = self.units().0;
        let place = self.places.iter().find(|(_, at)| at / wide == x);
        place.map_or("", |(name, _)| self.shown(&self.plot.against, name))
    }

    /// A value of what varies as it is shown to people.
    fn shown<'b>(&'b self, varied: &Varied, value: &'b str) -> &'b str {
        let Varied::Key(key) = varied else { return value };
        let of = |case: &'b CaseResult| {
            let at = case.setting.iter().position(|(own, set)| own == key && set == value)?;
            case.shown.get(at).map(String::as_str)
        };
        self.paper.results.cases.iter().find_map(of).unwrap_or(value)
    }

    /// A place once it is known what goes across: `at 4`, `under “lpt”`.
    fn again(&self, x: f64) -> String {
        match (&self.plot.against, &self.plot.x.label, self.plot.x.unit) {
            (Varied::Variants, ..) => format!("under {}", quoted(self.place(x))),
            (_, Some(_), Some(_)) => format!("at {}", Quantity::Number(String::new()).tick(x)),
            _ => format!("at {}", self.place(x)),
        }
    }

    /// A place in a sentence: `at machine.cores = 4`, `under “lpt”`.
    fn at(&self, x: f64) -> String {
        let name = self.place(x);
        match (&self.plot.against, &self.plot.x.label, self.plot.x.unit) {
            (Varied::Variants, ..) => format!("under {}", quoted(name)),
            (_, Some(label), Some(_)) => format!("at {label} = {}", Quantity::Number(String::new()).tick(x)),
            (_, Some(label), None) => format!("at {label} = {name}"),
            (Varied::Key(key), None, _) => format!("at {key} = {name}"),
        }
    }
}

/// The name of who found a theory, where that is what the theory is called.
fn theory_name(name: &str) -> String {
    match name {
        "young" | "daly" => crate::explain::words::capital(name),
        name => format!("{name}, best"),
    }
}

/// The values of what varies, in the order of the study.
fn values(paper: &Paper<'_>, varied: &Varied) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for case in &paper.results.cases {
        let own = value(case, varied).map(str::to_owned);
        values.extend(own.filter(|own| !values.contains(own)));
    }
    values
}

fn value<'a>(case: &'a CaseResult, varied: &Varied) -> Option<&'a str> {
    match varied {
        Varied::Variants => Some(&case.label),
        Varied::Key(key) => case.setting.iter().find(|(own, _)| own == key).map(|(_, value)| value.as_str()),
    }
}

/// What numbers of a dimension measure.
fn measured(dimension: Dimension) -> Quantity {
    match dimension {
        Dimension::Time => Quantity::Time,
        Dimension::Work => Quantity::Si("op".into()),
        Dimension::Bytes => Quantity::Si("B".into()),
        Dimension::Bandwidth => Quantity::Si("B/s".into()),
        Dimension::Frequency => Quantity::Si("/s".into()),
        Dimension::Speed => Quantity::Si("op/s".into()),
        Dimension::Fraction => Quantity::Share,
        Dimension::Number => Quantity::Number(String::new()),
    }
}

/// How a single line goes, or where several differ most.
fn finding(layout: &Layout<'_>, panels: &[Panel]) -> String {
    let metric = layout.plot.metric;
    let by_ratio = |panel: &&Panel| widest(panel).map_or(0.0, |(_, least, most)| most.1 / least.1);
    let panel = panels.iter().max_by(|a, b| by_ratio(a).total_cmp(&by_ratio(b)));
    let Some(panel) = panel else { return title(metric) };
    // Without a name of the scenario's own for what is counted, values carry their units.
    let (measured, high) = match layout.plot.y.label {
        Some(_) => (panel.quantity.clone(), 1.0),
        None => (quantity(metric), layout.units().1),
    };
    let text = |value: f64| measured.text(value * high);
    let inside = if panel.name.is_empty() { String::new() } else { format!(", {}", panel.name) };
    let what = layout.plot.y.label.clone().unwrap_or_else(|| title(metric));
    if let Some((x, least, most)) = widest(panel).filter(|_| panel.lines.len() > 1) {
        let (at, what) = (crate::explain::words::capital(&layout.at(x)), layout.plot.y.label.clone());
        let what = what.unwrap_or_else(|| crate::explain::words::noun(metric));
        return format!(
            "{at}{inside}, {what} is {} for {} and {} for {}",
            text(least.1),
            least.0,
            text(most.1),
            most.0
        );
    }
    let Some(line) = panel.lines.first() else { return title(metric) };
    let step = |point: &Point| {
        let at = format!("{}{inside}", layout.at(point.x));
        Step {
            at,
            again: layout.again(point.x),
            value: point.value * high,
            interval: point.interval.map(|(from, to)| (from * high, to * high)),
        }
    };
    let steps: Vec<Step> = line.points.iter().map(step).collect();
    trend::sentence(&what, &measured, metric.describe().better, &steps).unwrap_or_else(|| title(metric))
}

/// A line's name with its value.
type Named<'a> = (&'a str, f64);

/// The place at which the lines of a panel differ most, with the line of the least and of the greatest value there.
fn widest(panel: &Panel) -> Option<(f64, Named<'_>, Named<'_>)> {
    let places = panel.lines.iter().flat_map(|line| line.points.iter().map(|point| point.x));
    let there = |x: f64| {
        let named = |line: &'_ Line| line.points.iter().find(|point| point.x == x).map(|point| point.value);
        let mut all: Vec<(&str, f64)> =
            panel.lines.iter().filter_map(|line| Some((line.name.as_str(), named(line)?))).collect();
        all.sort_by(|a, b| a.1.total_cmp(&b.1));
        let (least, most) = (*all.first()?, *all.last()?);
        (least.1 > 0.0 && all.len() > 1).then_some((x, least, most))
    };
    places.filter_map(there).max_by(|a, b| (a.2.1 / a.1.1).total_cmp(&(b.2.1 / b.1.1)))
}
