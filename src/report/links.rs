//! How much of its bandwidth each link used over time in a recorded run.

use super::paper::{Paper, quoted};
use crate::explain::words::{share, some};
use crate::metrics::Metric;
use crate::output::records::Recorded;
use crate::plot::heatmap::{HeatMap, Key};
use crate::plot::quantity::Quantity;

/// Into how many stretches a run is divided.
const STRETCHES: usize = 40;

/// Most links that a chart has room for.
const LINKS: usize = 24;

/// The chart of a recorded run; none where no link with a bandwidth carried anything.
pub(super) fn fill(paper: &Paper<'_>, run: &Recorded) -> Option<HeatMap> {
    let case = &paper.study.cases[run.case];
    let scenario = &case.scenario;
    let network = scenario.network.as_ref()?;
    let duration = run.outcome.values.get(Metric::Duration).filter(|seconds| *seconds > 0.0)?;
    let width = duration / STRETCHES as f64;
    let mut bytes = vec![[0.0; STRETCHES]; network.links.len()];
    let mut carried = vec![0.0; network.links.len()];
    let mut way = Vec::new();
    for row in &run.messages.rows {
        way.clear();
        network.route(row.from, row.to, &mut way);
        way.iter().for_each(|link| carried[link.index()] += row.bytes);
        let (from, to) = (row.sent.ticks() as f64, row.end.ticks() as f64);
        let (from, to) = (scenario.scale.seconds(from), scenario.scale.seconds(to));
        let last = ((to / width) as usize).min(STRETCHES - 1);
        let first = ((from / width) as usize).min(last);
        // What of the message falls into each stretch of its time.
        let part = |stretch: usize| {
            let begin = (stretch as f64 * width).max(from);
            let end = if stretch == last { to } else { (stretch + 1) as f64 * width };
            if to > from { (end - begin) / (to - from) } else { 1.0 }
        };
        for link in &way {
            let stretches = bytes[link.index()].iter_mut().enumerate().take(last + 1).skip(first);
            stretches.for_each(|(stretch, sum)| *sum += part(stretch) * row.bytes);
        }
    }
    let per_second = |link: usize| network.links[link].bandwidth * scenario.scale.ticks_per_second();
    let total = |link: usize| carried[link] / (per_second(link) * duration);
    let mut links: Vec<usize> = (0..bytes.len()).filter(|link| total(*link) > 0.0).collect();
    links.sort_by(|a, b| total(*b).total_cmp(&total(*a)));
    let busiest = *links.first()?;
    let (most, used) = (&network.links[busiest].name, links.len());
    let title = format!("{most} is the busiest link: it uses {} of its bandwidth", share(total(busiest)));
    links.truncate(LINKS);
    links.sort_unstable();
    let mut parts = vec!["Part of its bandwidth that each link uses, over time and in total".to_owned()];
    parts.push("each message spread evenly over its time".to_owned());
    if used > links.len() {
        parts.push(format!("the {} busiest of {}", links.len(), some(used as u64, "link")));
    }
    if run.messages.left_out > 0 {
        parts.push(format!("{} are left out", some(run.messages.left_out, "later message")));
    }
    parts.extend(paper.part(run.case));
    let whose =
        if paper.first_point().len() > 1 { format!("{}: ", quoted(&case.label)) } else { String::new() };
    let name = |link: &usize| format!("{} ({})", network.links[*link].name, whole(total(*link)));
    let values =
        |link: &usize| bytes[*link].iter().map(|sum| Some(sum / (per_second(*link) * width))).collect();
    Some(HeatMap {
        heading: paper.heading(title, format!("{whose}{}", parts.join("; "))),
        metric: "Utilisation".to_owned(),
        quantity: Quantity::Share,
        across: Key {
            name: "time from".to_owned(),
            values: (0..STRETCHES).map(|at| time(at as f64 * width, duration)).collect(),
        },
        down: Key { name: "link (in total)".to_owned(), values: links.iter().map(name).collect() },
        values: links.iter().map(values).collect(),
        range: Some((0.0, 1.0)),
    })
}

/// A part in whole per cent.
fn whole(part: f64) -> String {
    Quantity::Share.tick((100.0 * part).round() / 100.0)
}

/// An instant in the unit that suits the whole run.
fn time(at: f64, duration: f64) -> String {
    Quantity::Time.unit(duration).text(at, 3)
}
