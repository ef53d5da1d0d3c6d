//! `report.html`: a study in one file that needs no network, the same bytes for the same results.

mod lanes;
mod write;

use std::io::{self, Write};

use serde_json::{Value, json};

use super::Document;
use crate::explain::{Section, sections};
use crate::output::grid::{Grid, VERDICTS, grid};
use crate::output::records::Recorded;
use crate::output::{manifest, remarks};
use crate::plot::picture::Table;
use crate::plot::theme::Theme;
use write::{attribute, json_script, text, verbatim};

const STYLE: &str = include_str!("../../../assets/report/report.css");
const CHARTS: &str = include_str!("../../../assets/report/charts.js");
const LANES: &str = include_str!("../../../assets/report/lanes.js");
const CONTROLS: &str = include_str!("../../../assets/report/lanes.html");
const VEGA: [&str; 3] = [
    include_str!("../../../assets/vega/vega.min.js"),
    include_str!("../../../assets/vega/vega-lite.min.js"),
    include_str!("../../../assets/vega/vega-embed.min.js"),
];

/// Nothing may be fetched from anywhere. (Vega compiles the expressions of its charts.)
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:";

/// Writes the report.
///
/// # Errors
/// When the writer fails.
pub fn write(document: &Document<'_>, out: &mut dyn Write) -> io::Result<()> {
    let results = document.results;
    let title = document.title();
    writeln!(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">")?;
    writeln!(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
    writeln!(out, "<meta name=\"generator\" content=\"makespan {}\">", env!("CARGO_PKG_VERSION"))?;
    writeln!(out, "<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>", text(&title))?;
    writeln!(
        out,
        "<a class=\"skip\" href=\"#results\">Go to the results</a>\n<header>\n<h1>{}</h1>",
        text(&title)
    )?;
    if let Some(question) = &results.question {
        writeln!(out, "<p class=\"question\">{}</p>", text(question))?;
    }
    writeln!(out, "<p class=\"answer\">{}</p>", text(&document.answer()))?;
    writeln!(out, "<p class=\"small\">{}</p>\n</header>", text(&remarks::replicates(results)))?;
    let lanes = document.lanes();
    navigation(!lanes.is_empty(), out)?;
    writeln!(out, "<main>")?;
    results_section(document, out)?;
    let charts = pictures(document, out)?;
    if !lanes.is_empty() {
        cores(document, &lanes, out)?;
    }
    explanation(&sections(document.study, results, &document.stories()), out)?;
    provenance(document, out)?;
    writeln!(
        out,
        "</main>\n<footer class=\"small\"><p>Written by makespan {}.</p></footer>",
        env!("CARGO_PKG_VERSION")
    )?;
    json_script("charts", &Value::Array(charts), out)?;
    if !lanes.is_empty() {
        json_script("runs", &Value::Array(lanes::runs(&document.paper(), &lanes)), out)?;
    }
    for script in VEGA.into_iter().chain([CHARTS, LANES]) {
        writeln!(out, "<script>{script}</script>")?;
    }
    writeln!(out, "</body>\n</html>")
}

fn navigation(cores: bool, out: &mut dyn Write) -> io::Result<()> {
    let places = [
        ("results", "Results"),
        ("pictures", "Pictures"),
        ("cores", "Cores, step by step"),
        ("explanation", "Explanation"),
        ("scenario", "Scenario"),
        ("manifest", "How to run it again"),
    ];
    writeln!(out, "<nav aria-label=\"Parts of the report\">\n<ul>")?;
    for (id, name) in places.into_iter().filter(|(id, _)| cores || *id != "cores") {
        writeln!(out, "<li><a href=\"#{id}\">{name}</a></li>")?;
    }
    writeln!(out, "</ul>\n</nav>")
}

/// The table, what follows from it, and what became of the expectations.
fn results_section(document: &Document<'_>, out: &mut dyn Write) -> io::Result<()> {
    let results = document.results;
    begin("results", "Results", out)?;
    let grid = grid(results);
    results_table(&grid, out)?;
    for line in remarks::findings(results).iter().chain(&remarks::bounds(results, &grid)) {
        writeln!(out, "<p>{}</p>", text(line))?;
    }
    for line in remarks::recorded(results).iter().chain(&results.notes) {
        writeln!(out, "<p>{}</p>", text(line))?;
    }
    let expectations = remarks::expectations_in_short(results);
    if !expectations.is_empty() {
        writeln!(out, "<h3>What was expected</h3>\n<ul>")?;
        for (met, line) in expectations {
            writeln!(out, "<li class=\"{}\">{}</li>", if met { "met" } else { "missed" }, text(&line))?;
        }
        writeln!(out, "</ul>")?;
    }
    end(out)
}

fn results_table(grid: &Grid, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Table of results\">\n<table>"
    )?;
    writeln!(out, "<caption>Each variant by metric</caption>\n<thead><tr>")?;
    for (at, column) in grid.header.iter().enumerate() {
        let class = if at < grid.names || column == VERDICTS { " class=\"name\"" } else { "" };
        writeln!(out, "<th scope=\"col\"{class}>{}</th>", text(column))?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    for row in &grid.rows {
        let class = match row.better {
            Some(true) => " class=\"better\"",
            Some(false) => " class=\"worse\"",
            None => "",
        };
        write!(out, "<tr{class}>")?;
        for (at, cell) in row.cells.iter().enumerate() {
            match at {
                _ if at + 1 == grid.names => {
                    write!(out, "<th scope=\"row\" class=\"name\">{}</th>", text(cell))?
                }
                _ if at < grid.names => write!(out, "<td class=\"name\">{}</td>", text(cell))?,
                _ if grid.header[at] == VERDICTS => {
                    write!(out, "<td class=\"text verdict\">{}</td>", text(cell))?
                }
                _ => write!(out, "<td>{}</td>", text(cell))?,
            }
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tbody>\n</table>\n</div>")
}

/// The pictures; gives the specifications of those that the browser draws.
fn pictures(document: &Document<'_>, out: &mut dyn Write) -> io::Result<Vec<Value>> {
    let mut charts = Vec::new();
    begin("pictures", "Pictures", out)?;
    writeln!(
        out,
        "<noscript><p>Without scripts the charts aren't drawn: they lie beside this file under plots/, and their \
                   numbers in the tables below them.</p></noscript>"
    )?;
    for figure in document.figures.iter() {
        let panels = figure.picture.vega();
        // The canvas shows what the cores of recorded runs did.
        if panels.is_empty() && figure.chart == "gantt" {
            continue;
        }
        let heading = figure.picture.heading();
        writeln!(
            out,
            "<figure aria-labelledby=\"title-{0}\">\n<figcaption><strong id=\"title-{0}\">{1}</strong><span>{2}</span></figcaption>",
            figure.name,
            text(&heading.title),
            text(&heading.subtitle)
        )?;
        for (number, spec) in panels.iter().enumerate() {
            let id = format!("chart-{}-{number}", figure.name);
            writeln!(
                out,
                "<div class=\"chart\" id=\"{id}\" role=\"img\" aria-label=\"{}\"></div>",
                attribute(&heading.title)
            )?;
            charts.push(json!({ "id": id, "spec": spec }));
        }
        if panels.is_empty() {
            // Its words stand around it already.
            let theme = Theme { headed: false, ..*Theme::USUAL };
            let svg = figure.picture.draw(&theme).svg().map_err(io::Error::other)?;
            writeln!(out, "<div class=\"drawn\">{svg}</div>")?;
        }
        numbers(&figure.picture.table(), out)?;
        writeln!(out, "<p class=\"small\">{}</p>\n</figure>", text(&heading.small_print))?;
    }
    end(out)?;
    Ok(charts)
}

/// The numbers of a picture.
fn numbers(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    if table.rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "<details>\n<summary>The numbers</summary>\n<div class=\"wide\"><table>\n<thead><tr>")?;
    for column in &table.columns {
        writeln!(out, "<th scope=\"col\">{}</th>", text(column))?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    for row in &table.rows {
        write!(out, "<tr>")?;
        for cell in row {
            write!(out, "<td>{}</td>", text(cell))?;
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tbody>\n</table></div>\n</details>")
}

/// The canvas with its controls.
fn cores(document: &Document<'_>, lanes: &[&Recorded], out: &mut dyn Write) -> io::Result<()> {
    begin("cores", "Cores, step by step", out)?;
    let options: String = lanes
        .iter()
        .enumerate()
        .map(|(number, run)| {
            let label = text(&document.study.cases[run.case].label);
            format!("<option value=\"{number}\">{label}</option>")
        })
        .collect();
    write!(out, "{}", CONTROLS.replace("{options}", &options))?;
    end(out)
}

fn explanation(sections: &[Section], out: &mut dyn Write) -> io::Result<()> {
    begin("explanation", "Explanation", out)?;
    for section in sections.iter().filter(|section| !section.lines.is_empty()) {
        writeln!(out, "<h3>{}</h3>", text(section.title))?;
        let drawn = |line: &String| line.starts_with(' ') || line.contains(['│', '┌', '└', '├']);
        for lines in section.lines.chunk_by(|one, next| drawn(one) == drawn(next)) {
            if lines.iter().all(drawn) {
                writeln!(out, "<pre>{}</pre>", verbatim(&lines.join("\n")))?;
            } else {
                sentences(lines, out)?;
            }
        }
    }
    end(out)
}

/// Paragraphs, and lists of the lines that begin with a star.
fn sentences(lines: &[String], out: &mut dyn Write) -> io::Result<()> {
    let item = |line: &String| line.starts_with("* ");
    for lines in lines.chunk_by(|one, next| item(one) == item(next)) {
        if lines.iter().all(item) {
            writeln!(out, "<ul>")?;
            lines.iter().try_for_each(|line| writeln!(out, "<li>{}</li>", text(&line[2..])))?;
            writeln!(out, "</ul>")?;
        } else {
            lines.iter().try_for_each(|line| writeln!(out, "<p>{}</p>", text(line)))?;
        }
    }
    Ok(())
}

/// The scenario in its author's words and with every key said, and the manifest.
fn provenance(document: &Document<'_>, out: &mut dyn Write) -> io::Result<()> {
    let provenance = document.provenance;
    begin("scenario", "Scenario", out)?;
    for file in &provenance.files {
        match &file.text {
            Some(words) => writeln!(out, "<h3>{}</h3>\n<pre>{}</pre>", text(&file.name), verbatim(words))?,
            None => writeln!(out, "<p>{} ({})</p>", text(&file.name), text(&file.hash))?,
        }
    }
    let resolved = verbatim(&provenance.resolved);
    writeln!(
        out,
        "<details>\n<summary>The scenario with every key said</summary>\n<pre>{resolved}</pre>\n</details>"
    )?;
    end(out)?;
    begin("manifest", "How to run it again", out)?;
    writeln!(out, "<pre>{}</pre>", verbatim(&document.command()))?;
    let manifest = manifest::manifest(document.results, provenance);
    writeln!(
        out,
        "<details>\n<summary>The manifest</summary>\n<pre>{}</pre>\n</details>",
        verbatim(&manifest)
    )?;
    end(out)
}

fn begin(id: &str, title: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<section id=\"{id}\" aria-labelledby=\"{id}-title\">\n<h2 id=\"{id}-title\">{title}</h2>")
}

fn end(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "</section>")
}
