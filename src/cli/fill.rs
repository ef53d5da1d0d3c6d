//! What a run leaves in its folder.

use std::io::{self, Write};

use clap::ValueEnum;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::stop::Stop;
use crate::experiment::Results;
use crate::output::folder::{Folder, Unwritable};
use crate::output::format::{Look, named};
use crate::output::provenance::Provenance;
use crate::output::records::{self, Recorded, Which};
use crate::output::{finished, manifest};
use crate::plot::theme::Theme;
use crate::report::{Document, Figure, figures, html, markdown};
use crate::scenario::{Report, Study};

/// Which replicates leave tables of tasks and cores and a trace.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Records {
    /// Replicate 0 of each variant, at the first point
    One,
    /// Every replicate of every case
    All,
    /// None
    None,
}

/// Which tables a run leaves.
#[derive(Clone, Copy)]
pub(super) struct Tables {
    /// Of which replicates.
    pub records: Records,
    /// Whether as Parquet, too.
    #[cfg(feature = "parquet")]
    pub parquet: bool,
}

/// What a run came to.
pub(super) struct Run<'a> {
    /// The name of its scenario, for the small print of pictures.
    pub name: &'a str,
    /// What was simulated.
    pub study: &'a Study,
    /// What came out.
    pub results: &'a Results,
    /// Where it comes from.
    pub provenance: &'a Provenance,
}

/// Writes everything that `run` leaves into `folder`, with the text of its log; what a reader should know of it, a sentence
/// each.
///
/// # Errors
/// Where something can't be written.
pub(super) fn fill(
    folder: &Folder,
    run: &Run<'_>,
    tables: Tables,
    log: &dyn Fn() -> String,
) -> Result<Vec<String>, Stop> {
    let plain = Look { colour: false, width: Look::WIDTH };
    for (name, format) in [(finished::SUMMARY, "json"), ("replicates.csv", "csv")] {
        let Some(format) = named(format) else { continue };
        folder.write(name, |out| (format.write)(run.results, run.provenance, plain, out)).map_err(stop)?;
    }
    let which = match tables.records {
        Records::One => Some(Which::First),
        Records::All => Some(Which::All),
        Records::None => None,
    };
    let (recorded, notices) = match which {
        Some(which) => record(folder, run, which)?,
        None => (Vec::new(), Vec::new()),
    };
    #[cfg(feature = "parquet")]
    if tables.parquet {
        convert(folder)?;
    }
    let figures = figures(run.name, run.study, run.results, &recorded);
    draw(folder, &figures, &run.study.report)?;
    let document = Document {
        scenario: run.name,
        study: run.study,
        results: run.results,
        provenance: run.provenance,
        recorded: &recorded,
        figures: &figures,
    };
    folder.write("report.html", |out| html::write(&document, out)).map_err(stop)?;
    folder.write("report.md", |out| markdown::write(&document, out)).map_err(stop)?;
    folder.write(super::log::NAME, |out| out.write_all(log().as_bytes())).map_err(stop)?;
    // Last of all, since it says that the folder is complete.
    let manifest = manifest::manifest(run.results, run.provenance);
    folder.write(manifest::NAME, |out| out.write_all(manifest.as_bytes())).map_err(stop)?;
    Ok(notices)
}

/// Puts a Parquet file beside each table.
#[cfg(feature = "parquet")]
fn convert(folder: &Folder) -> Result<(), Stop> {
    use crate::output::parquet;
    for stem in parquet::TABLES.iter().filter(|stem| folder.has(&format!("{stem}.csv"))) {
        let open = || folder.read(&format!("{stem}.csv"));
        let put = |out: &mut dyn Write| {
            let mut bytes = Vec::new();
            parquet::convert(stem, open, &mut bytes).map_err(io::Error::other)?;
            out.write_all(&bytes)
        };
        folder.write(&format!("{stem}.parquet"), put).map_err(stop)?;
    }
    Ok(())
}

fn record(folder: &Folder, run: &Run<'_>, which: Which) -> Result<(Vec<Recorded>, Vec<String>), Stop> {
    let counts: Vec<usize> = run.results.cases.iter().map(|case| case.replicates.len()).collect();
    let mut open = |name: &str| folder.open(name).map(|file| Box::new(file) as Box<dyn Write>);
    let records = records::write(run.study, which, &counts, &mut open);
    let records = records.map_err(|error| Stop::Wrong(error.to_string()))?;
    Ok((records.recorded, records.notices))
}

/// Writes every picture as drawn, in points for where that can't be shown, and its data for `makespan plot`.
fn draw(folder: &Folder, figures: &[Figure], report: &Report) -> Result<(), Stop> {
    figures.par_iter().try_for_each(|figure| {
        let mut files = rendered(figure, Theme::of(report), report.grey)?;
        let kept = figure.keep().map_err(|error| Stop::Fault(error.to_string()))?;
        files.push(("json", kept.into_bytes()));
        files.iter().try_for_each(|(ending, bytes)| {
            let put = |out: &mut dyn Write| -> io::Result<()> { out.write_all(bytes) };
            folder.write(&format!("plots/{}.{ending}", figure.name), put).map_err(stop)
        })
    })
}

/// A picture as SVG and PNG, each with the ending of its file's name.
///
/// # Errors
/// Where it can't be drawn.
pub(super) fn rendered(
    figure: &Figure,
    theme: &Theme,
    grey: bool,
) -> Result<Vec<(&'static str, Vec<u8>)>, Stop> {
    let drawing = figure.picture.draw(theme);
    let drawing = if grey { drawing.grey() } else { drawing };
    let fault = |error: crate::plot::render::RenderError| Stop::Fault(error.to_string());
    Ok(vec![("svg", drawing.svg().map_err(fault)?.into_bytes()), ("png", drawing.png().map_err(fault)?)])
}

fn stop(error: Unwritable) -> Stop {
    Stop::Wrong(error.to_string())
}
