//! From results and recorded runs to pictures: each file maps them to one chart's plain struct, under a title that states
//! the finding.

mod breakdown;
mod chunks;
mod comparison;
mod curves;
mod distribution;
mod document;
mod gantt;
mod heatmap;
pub mod html;
mod links;
pub mod markdown;
mod own;
mod paper;
mod queues;
mod speedup;
mod steals;
mod timeseries;
mod tornado;
mod trend;
mod waterfall;

use crate::experiment::{CaseResult, Results};
use crate::metrics::Metric;
use crate::output::records::{Recorded, stem};
use crate::plot::CHARTS;
use crate::plot::picture::Picture;
use crate::scenario::Study;
pub use document::Document;
use paper::Paper;
pub use tornado::tornado;

/// A picture with the stem of its file.
#[derive(Debug)]
pub struct Figure {
    /// Its chart's name, followed by that of a variant where it shows only one that isn't the baseline; of a plot of the
    /// scenario's own the name that it has there.
    pub name: String,
    /// The name of its chart.
    pub chart: &'static str,
    /// What is to be drawn.
    pub picture: Box<dyn Picture>,
}

impl Figure {
    /// Its data with the name of its chart, from which [`kept`] makes it again.
    ///
    /// # Errors
    /// Where a chart holds what JSON can't, which none does.
    pub fn keep(&self) -> serde_json::Result<String> {
        Ok(serde_json::json!({ "chart": self.chart, "data": self.picture.data()? }).to_string() + "\n")
    }
}

/// The picture called `name` from what [`Figure::keep`] gave.
///
/// # Errors
/// Why it can't be made, in a few words.
pub fn kept(name: &str, bytes: &[u8]) -> Result<Figure, String> {
    let mut kept: serde_json::Value = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    let chart = kept["chart"].as_str().ok_or("it names no chart")?;
    let chart = CHARTS
        .iter()
        .find(|known| known.name == chart)
        .ok_or_else(|| format!("there is no chart `{chart}`"))?;
    let picture = (chart.read)(kept["data"].take()).map_err(|error| error.to_string())?;
    Ok(Figure { name: name.to_owned(), chart: chart.name, picture })
}

/// The pictures of a study: those that `report.plots` names, else the usual ones of its kind. `scenario` is its name in
/// small print, `recorded` the recorded runs of the first point; a chart for which nothing was recorded, or which has
/// nothing to show, is left out.
pub fn figures(scenario: &str, study: &Study, results: &Results, recorded: &[Recorded]) -> Vec<Figure> {
    let paper = Paper { scenario, study, results };
    let wanted = |name: &str| match study.report.plots.is_empty() {
        // Who describes a plot wants it, whatever else is drawn.
        _ if name == "plot" => true,
        true => is_usual(name, study, results),
        false => study.report.plots.iter().any(|plot| plot == name),
    };
    let mut figures = Vec::new();
    for chart in CHARTS.iter().filter(|chart| wanted(chart.name)) {
        let one = |picture: Box<dyn Picture>| vec![(chart.name.to_owned(), picture)];
        let filled: Vec<(String, Box<dyn Picture>)> = match chart.name {
            "comparison" => boxed(comparison::fill(&paper)).map(one),
            "gantt" => Some(gantts(&paper, recorded)),
            "breakdown" => boxed(breakdown::fill(&paper)).map(one),
            "distribution" => boxed(distribution::fill(&paper, recorded)).map(one),
            "timeseries" => boxed(timeseries::fill(&paper, recorded)).map(one),
            "waterfall" => Some(each(&paper, chart.name, |at| boxed(waterfall::fill(&paper, at)))),
            "speedup" => boxed(speedup::fill(&paper)).map(one),
            "plot" => Some(own_plots(&paper)),
            "heatmap" => Some(each(&paper, chart.name, |at| boxed(heatmap::fill(&paper, at)))),
            "chunks" => boxed(chunks::fill(&paper, recorded)).map(one),
            "queues" => boxed(queues::fill(&paper, recorded)).map(one),
            "steals" => Some(thefts(&paper, recorded)),
            "links" => Some(links(&paper, recorded)),
            _ => None,
        }
        .unwrap_or_default();
        figures.extend(filled.into_iter().map(|(name, picture)| Figure { name, chart: chart.name, picture }));
    }
    figures
}

fn boxed<P: Picture + 'static>(picture: Option<P>) -> Option<Box<dyn Picture>> {
    picture.map(|picture| Box::new(picture) as Box<dyn Picture>)
}

/// Whether a chart is drawn for a study that doesn't say which.
fn is_usual(name: &str, study: &Study, results: &Results) -> bool {
    let jobs = || study.cases.iter().flat_map(|case| &case.scenario.jobs);
    let arriving = jobs().any(|job| job.workload.arrives());
    let cores = jobs().any(|job| job.workload.uses_cores());
    let paper = Paper { scenario: "", study, results };
    let moved = |case: &CaseResult| {
        let some = |metric| case.summary(metric).is_some_and(|summary| summary.mean > 0.0);
        some(Metric::Steals) || some(Metric::Migrations)
    };
    let steals = || results.cases.iter().any(moved);
    match name {
        "heatmap" => heatmap::fits(&paper),
        "speedup" => cores && !arriving && speedup::fits(&paper),
        "comparison" => {
            !cores || results.cases.len() > 1 || results.cases.iter().any(|case| case.replicates.len() > 1)
        }
        "gantt" => cores && !arriving,
        "breakdown" => cores,
        "waterfall" => cores && !arriving && results.cases.len() == 1,
        "distribution" | "timeseries" | "queues" => arriving,
        "chunks" => jobs().any(|job| job.workload.shape().is_some()),
        "steals" => !arriving && steals(),
        "links" => results.cases.iter().any(|case| case.summary(Metric::Bytes).is_some_and(|s| s.mean > 0.0)),
        _ => false,
    }
}

/// The scenario's own plots, under their names.
fn own_plots(paper: &Paper<'_>) -> Vec<(String, Box<dyn Picture>)> {
    let plots = paper.study.report.own.iter();
    plots.filter_map(|plot| Some((plot.name.clone(), boxed(own::fill(paper, plot))?))).collect()
}

/// The baseline's matrix of steals, or that of the first variant that steals.
fn thefts(paper: &Paper<'_>, recorded: &[Recorded]) -> Vec<(String, Box<dyn Picture>)> {
    let first = recorded.iter().find_map(|run| Some((run.case, steals::fill(paper, run)?)));
    let named = |(case, picture)| {
        let suffix = if case == 0 { String::new() } else { format!("-{}", stem(paper.study, case)) };
        (format!("steals{suffix}"), Box::new(picture) as Box<dyn Picture>)
    };
    first.map(named).into_iter().collect()
}

/// What the links did under the baseline, and under the best where there are many variants.
fn links(paper: &Paper<'_>, recorded: &[Recorded]) -> Vec<(String, Box<dyn Picture>)> {
    let figure = |run: &Recorded| {
        let suffix = if run.case == 0 { String::new() } else { format!("-{}", stem(paper.study, run.case)) };
        Some((format!("links{suffix}"), boxed(links::fill(paper, run))?))
    };
    shown_lanes(paper, recorded).filter_map(figure).collect()
}

/// Most variants of which each has a Gantt chart; of more, the baseline and the best have one.
const EACH: usize = 3;

/// A picture of a variant each: of the baseline and the best where there are many.
fn each(
    paper: &Paper<'_>,
    chart: &str,
    fill: impl Fn(usize) -> Option<Box<dyn Picture>>,
) -> Vec<(String, Box<dyn Picture>)> {
    let variants = paper.first_point().len();
    let best = paper.best();
    let shown = |at: &usize| variants <= EACH || *at == 0 || Some(*at) == best;
    let suffix = |at: usize| if at == 0 { String::new() } else { format!("-{}", stem(paper.study, at)) };
    let named = |at: usize| Some((format!("{chart}{}", suffix(at)), fill(at)?));
    (0..variants).filter(shown).filter_map(named).collect()
}

/// The recorded runs of which each has a Gantt chart.
fn shown_lanes<'a>(paper: &Paper<'_>, recorded: &'a [Recorded]) -> impl Iterator<Item = &'a Recorded> {
    let (best, all) = (paper.best(), recorded.len() <= EACH);
    recorded.iter().filter(move |run| all || run.case == 0 || Some(run.case) == best)
}

fn gantts(paper: &Paper<'_>, recorded: &[Recorded]) -> Vec<(String, Box<dyn Picture>)> {
    let figure = |run: &Recorded| {
        let suffix = if run.case == 0 { String::new() } else { format!("-{}", stem(paper.study, run.case)) };
        (format!("gantt{suffix}"), Box::new(gantt::fill(paper, run)) as Box<dyn Picture>)
    };
    shown_lanes(paper, recorded).map(figure).collect()
}
