//! How likely a response time is exceeded: one falling line a variant, probabilities on a log axis so that the tail shows.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::axis::{Axis, extremes};
use super::drawing::{Anchor, Drawing, Type};
use super::page::{Heading, Page};
use super::picture::{Picture, Table};
use super::quantity::Quantity;
use super::theme::{self, INK, QUIET, Theme, WHITE, size};
use super::vega;

/// Distributions of one quantity.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Distribution {
    /// Title, subtitle, small print.
    pub heading: Heading,
    /// What is distributed, as a title: `Response time`.
    pub metric: String,
    /// What it measures.
    pub quantity: Quantity,
    /// One line each.
    pub curves: Vec<Curve>,
}

/// One variant's distribution.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Curve {
    /// The variant's name.
    pub name: String,
    /// Values in rising order, in base units, each with the share of observations that are greater (falling, from at
    /// most 1 to 0 at the greatest observation). Between two values the share stays.
    pub steps: Vec<(f64, f64)>,
    /// The share above a quantile, with the interval of that quantile's mean over replicates, in base units; none where
    /// there is one replicate.
    #[serde(default)]
    pub intervals: Vec<(f64, (f64, f64))>,
}

impl Curve {
    /// The empirical distribution of `sample` (any order; values that aren't finite are left out).
    ///
    /// ```
    /// use makespan::plot::distribution::Curve;
    /// let curve = Curve::from_sample("fifo", &[3.0, 1.0, 1.0, 2.0]);
    /// assert_eq!(curve.steps, [(1.0, 0.5), (2.0, 0.25), (3.0, 0.0)]);
    /// ```
    pub fn from_sample(name: &str, sample: &[f64]) -> Curve {
        let mut sorted: Vec<f64> = sample.iter().copied().filter(|v| v.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let count = sorted.len() as f64;
        let mut steps: Vec<(f64, f64)> = Vec::new();
        for (i, &value) in sorted.iter().enumerate() {
            let greater = (count - 1.0 - i as f64) / count;
            match steps.last_mut() {
                Some(last) if last.0 == value => last.1 = greater,
                _ => steps.push((value, greater)),
            }
        }
        Curve { name: name.to_owned(), steps, intervals: Vec::new() }
    }

    /// The least value that at most a share of `exceeding` is greater than; none without observations.
    pub(super) fn quantile(&self, exceeding: f64) -> Option<f64> {
        self.steps.iter().find(|s| s.1 <= exceeding + 1e-12).map(|s| s.0)
    }

    /// The smallest share above zero: how far down the line can be drawn.
    fn least_share(&self) -> f64 {
        self.steps.iter().rev().map(|s| s.1).find(|&p| p > 0.0).unwrap_or(1.0)
    }
}

/// The quantiles that are marked: their name and the share above them.
pub(super) const MARKS: [(&str, f64); 3] = [("p50", 0.5), ("p95", 0.05), ("p99", 0.01)];
/// A ratio of the largest value to the median from which on values are laid out on a log axis, too.
pub(super) const LOG_FROM: f64 = 20.0;
const PLOT_HEIGHT: f64 = 640.0;

impl Picture for Distribution {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn draw(&self, theme: &Theme) -> Drawing {
        draw(self, theme)
    }

    fn vega(&self) -> Vec<Value> {
        vega::distribution::panels(self)
    }

    fn table(&self) -> Table {
        table(self)
    }
}

fn draw(data: &Distribution, theme: &Theme) -> Drawing {
    let mut page = Page::new(&data.heading, theme);
    let labels = Labels::new(data, theme);
    let top = page.top + 40.0;
    let bottom = top + (PLOT_HEIGHT * theme.tall).max(labels.height() * data.curves.len() as f64);
    let least = data.curves.iter().map(Curve::least_share).fold(0.1, f64::min).max(1e-9);
    let shares = Axis::log(Quantity::Share, [least, 1.0], (bottom, top));
    let (from, to) = theme.content();
    let left = from + shares.room_on_the_left();
    let right = to - labels.room - 60.0;
    let values = value_axis(data, (left, right));

    let bold = Type::bold(size::LABEL, INK);
    let axis_title = format!("Probability that {} is greater (log scale)", data.metric.to_lowercase());
    page.drawing.text((from, top - 16.0), Anchor::Start, bold, bold.fit(&axis_title, to - from));
    values.draw_below(&mut page.drawing, top, bottom);
    shares.draw_left(&mut page.drawing, left, right);
    let title = bold.fit(&values.title(&data.metric), right - left);
    page.drawing.text(((left + right) / 2.0, bottom + 66.0), Anchor::Middle, bold, title);
    for (name, share) in MARKS.into_iter().filter(|m| m.1 >= least) {
        let y = shares.at(share);
        page.drawing.dashed(&[(left, y), (right, y)], QUIET, 1.5, theme::SHORT);
        let set = Type::regular(size::SMALL, QUIET);
        page.drawing.boxed_text((right - 8.0, y - 6.0), Anchor::End, set, name);
    }
    for (i, curve) in data.curves.iter().enumerate() {
        whiskers(&mut page.drawing, i, curve, &values, &shares);
    }
    for (i, curve) in data.curves.iter().enumerate() {
        line(&mut page.drawing, i, curve, &values, &shares);
    }
    name_lines(&mut page.drawing, data, &values, &shares, right);
    labels.draw(&mut page.drawing, data, (right, top));
    page.finish(bottom + 78.0, "")
}

/// The quantiles that are marked, the greatest, and the intervals of the marked ones.
fn table(data: &Distribution) -> Table {
    let mut table = Table::of(["variant"].into_iter().chain(MARKS.map(|mark| mark.0)).chain(["greatest"]));
    let intervals = data.curves.iter().any(|curve| !curve.intervals.is_empty());
    if intervals {
        table.columns.extend(MARKS.map(|mark| format!("{}, interval over replicates", mark.0)));
    }
    for curve in &data.curves {
        let text = |value: Option<f64>| value.map_or(String::new(), |value| data.quantity.text(value));
        let mut row = vec![curve.name.clone()];
        row.extend(MARKS.iter().map(|(_, share)| text(curve.quantile(*share))));
        row.push(text(curve.steps.last().map(|step| step.0)));
        if intervals {
            row.extend(MARKS.iter().map(|(_, share)| {
                let own = curve.intervals.iter().find(|(other, _)| other == share);
                own.map_or(String::new(), |(_, (low, high))| {
                    format!("{} to {}", data.quantity.text(*low), data.quantity.text(*high))
                })
            }));
        }
        table.rows.push(row);
    }
    table
}

fn value_axis(data: &Distribution, place: (f64, f64)) -> Axis {
    let ends = |curve: &Curve| curve.intervals.iter().flat_map(|(_, (l, h))| [*l, *h]).collect::<Vec<_>>();
    let all = || data.curves.iter().flat_map(move |c| c.steps.iter().map(|s| s.0).chain(ends(c)));
    let (_, high) = extremes(all());
    let (_, median) = extremes(data.curves.iter().filter_map(|c| c.quantile(0.5)));
    // A heavy tail would press everything else against the left end.
    if median > 0.0 && high > LOG_FROM * median {
        // The first percent of the observations may be smaller by orders of magnitude, and tell nothing here.
        let (start, _) = extremes(data.curves.iter().filter_map(|c| c.quantile(0.99)).filter(|&v| v > 0.0));
        Axis::log(data.quantity.clone(), all().filter(|&v| v >= start), place)
    } else {
        Axis::linear(data.quantity.clone(), all(), place)
    }
}

/// Draws one line with its marks.
fn line(drawing: &mut Drawing, i: usize, curve: &Curve, values: &Axis, shares: &Axis) {
    let (colour, dash) = theme::line(i);
    let mut points = vec![(values.at(f64::NEG_INFINITY), shares.at(1.0))];
    let mut y = shares.at(1.0);
    for &(value, share) in &curve.steps {
        let x = values.at(value);
        // Steps that fall on the same pixel are one.
        if points.last().is_none_or(|last| x - last.0 >= 1.0) {
            points.push((x, y));
        }
        if share > 0.0 {
            y = shares.at(share);
            let merged = points.len() >= 2 && points[points.len() - 2].0 == points[points.len() - 1].0;
            match points.last_mut() {
                Some(last) if merged => last.1 = y,
                _ => points.push((points[points.len() - 1].0, y)),
            }
        }
    }
    drawing.dashed(&points, colour, 4.0, dash);
    for (_, share) in MARKS {
        if let Some(value) = curve.quantile(share).filter(|_| share >= curve.least_share()) {
            drawing.ring((values.at(value), shares.at(share)), 7.5, colour, WHITE);
        }
    }
}

/// Draws the intervals of the quantiles that are marked. Those of several lines are a little apart.
fn whiskers(drawing: &mut Drawing, i: usize, curve: &Curve, values: &Axis, shares: &Axis) {
    let colour = theme::line(i).0;
    for (share, (low, high)) in &curve.intervals {
        let y = shares.at(*share) - 3.0 * (i % 4) as f64 + 4.0;
        let (from, to) = (values.at(*low), values.at(*high));
        drawing.line(vec![(from, y), (to, y)], colour, 3.0);
        for x in [from, to] {
            drawing.line(vec![(x, y - 9.0), (x, y + 9.0)], colour, 2.5);
        }
    }
}

/// Writes each line's name beside it, at the first height where no other line is near. A name that finds no such place is
/// still in the list on the right.
fn name_lines(drawing: &mut Drawing, data: &Distribution, values: &Axis, shares: &Axis, right: f64) {
    let set = Type::bold(size::TICK, INK);
    // Where a curve is between two shares, from its left end to its right.
    let extent = |curve: &Curve, upper: f64, lower: f64| {
        let at = |share| curve.quantile(share).map_or(right, |v| values.at(v));
        (at(upper) - 9.0, at(lower) + 9.0)
    };
    let mut taken: Vec<((f64, f64), f64)> = Vec::new();
    for (i, curve) in data.curves.iter().enumerate().filter(|c| !c.1.steps.is_empty()) {
        let width = set.width(&curve.name);
        for step in 0..40 {
            // Down from 30 % in twelve steps a decade; a name is about 1.6 steps high on most axes.
            let share = 0.3 * libm::pow(10.0, -f64::from(step) / 12.0);
            let y = shares.at(share);
            let height_of = |factor: f64| (shares.at(share * factor) - y).abs();
            let reach = 1.0 + 0.3 * (0.9 * set.em / height_of(1.3)).max(1.0);
            let (upper, lower) = (share * reach, share / reach);
            if lower < curve.least_share() {
                break;
            }
            let own = extent(curve, upper, lower);
            let from = own.1 + 4.0;
            let to = from + width;
            let free = to < right - 60.0
                && MARKS.iter().all(|m| (shares.at(m.1) - y).abs() > 0.9 * set.em)
                && data.curves.iter().enumerate().all(|(other, c)| {
                    let (l, r) = extent(c, upper, lower);
                    other == i || r < own.0 || l > to
                })
                && taken.iter().all(|((l, r), at)| *r < from || *l > to || (at - y).abs() > 1.1 * set.em);
            if free {
                let colour = theme::line(i).0;
                let set = Type { colour, ..set };
                drawing.boxed_text((from, y + 0.36 * set.em), Anchor::Start, set, curve.name.as_str());
                taken.push(((from, to), y));
                break;
            }
        }
    }
}

/// The list of lines on the right, with their quantiles where there is room; the slowest, whose line is the highest, first.
struct Labels {
    room: f64,
    details: bool,
}

const MOST: f64 = 380.0;

impl Labels {
    fn new(data: &Distribution, theme: &Theme) -> Labels {
        let most = theme.at_most(MOST, 0.26);
        let name = Type::bold(size::LABEL, INK);
        let small = Type::regular(size::SMALL, INK);
        let fits = |curve: &Curve| small.width(&Self::quantiles(data, curve)) <= most;
        let details = data.curves.len() <= 8 && data.curves.iter().all(fits);
        let wide = |curve: &Curve| {
            let detail = if details { small.width(&Self::quantiles(data, curve)) } else { 0.0 };
            name.width(&curve.name).max(detail)
        };
        Labels { room: data.curves.iter().map(wide).fold(0.0, f64::max).min(most), details }
    }

    fn height(&self) -> f64 {
        if self.details { 60.0 } else { 30.0 }
    }

    fn quantiles(data: &Distribution, curve: &Curve) -> String {
        let told = |&(name, share): &(&str, f64)| {
            curve.quantile(share).map(|v| format!("{name}\u{a0}{}", data.quantity.text(v)))
        };
        let told: Vec<String> = MARKS.iter().filter_map(told).collect();
        if told.is_empty() { "no observations".to_owned() } else { told.join(", ") }
    }

    fn draw(&self, drawing: &mut Drawing, data: &Distribution, (right, top): (f64, f64)) {
        let mut order: Vec<usize> = (0..data.curves.len()).collect();
        let tail = |i: usize| data.curves[i].quantile(0.01).unwrap_or(f64::NEG_INFINITY);
        order.sort_by(|&a, &b| tail(b).total_cmp(&tail(a)));
        for (place, i) in order.into_iter().enumerate() {
            let (colour, dash) = theme::line(i);
            let y = top + self.height() * (place as f64 + 0.5);
            drawing.dashed(&[(right + 16.0, y), (right + 52.0, y)], colour, 4.0, dash);
            let x = right + 60.0;
            let bold = Type::bold(size::LABEL, INK);
            let name = bold.fit(&data.curves[i].name, self.room);
            if self.details {
                drawing.text((x, y - 2.0), Anchor::Start, bold, name);
                let small = Type::regular(size::SMALL, QUIET);
                let detail = small.fit(&Self::quantiles(data, &data.curves[i]), self.room);
                drawing.text((x, y + 21.0), Anchor::Start, small, detail);
            } else {
                drawing.text((x, y + 0.36 * bold.em), Anchor::Start, bold, name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::super::theme::THEMES;
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_sample() {
        let sample: Vec<f64> = (1..=1000).rev().map(f64::from).collect();
        let curve = Curve::from_sample("all", &sample);
        assert_eq!(curve.quantile(0.5), Some(500.0));
        assert_eq!(curve.quantile(0.01), Some(990.0));
        assert_eq!(curve.quantile(0.0), Some(1000.0));
        assert_eq!(curve.least_share(), 0.001);
        assert_eq!(Curve::from_sample("none", &[f64::NAN]).quantile(0.5), None);
    }

    #[test]
    fn lines_are_labelled_with_their_quantiles() {
        let drawing = draw(&samples::distribution(3, 20_000), Theme::USUAL);
        for part in ["Probability that response time is greater", "Response time (ms)", "p50", "p95", "p99 "]
        {
            assert!(drawing.says(part), "{part} is missing");
        }
        drawing.assert_readable();
    }

    #[test]
    fn a_heavy_tail_gets_a_log_axis() {
        let mut data = samples::distribution(1, 10_000);
        data.curves[0].steps.push((1e3, 0.0));
        assert!(draw(&data, Theme::USUAL).says("Response time (log scale)"));
    }

    #[test]
    fn tiny_empty_and_many_curves_are_readable() {
        for (curves, size) in [(0, 0), (1, 0), (1, 1), (2, 3), (8, 100), (30, 1000)] {
            let data = samples::distribution(curves, size);
            THEMES.iter().for_each(|theme| draw(&data, theme).assert_readable());
        }
    }
}
