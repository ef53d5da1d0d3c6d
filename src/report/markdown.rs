//! `report.md`: a study for a pull request or the appendix of a paper.

use std::io::{self, Write};

use super::Document;
use crate::explain::sections;
use crate::output::markdown::{body, escaped as plain};

/// Writes the report; its pictures are those beside it under `plots/`.
///
/// # Errors
/// When the writer fails.
pub fn write(document: &Document<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# {}\n", plain(&document.title()))?;
    if let Some(question) = &document.results.question {
        writeln!(out, "*{}*\n", plain(question))?;
    }
    writeln!(out, "**{}**\n", plain(&document.answer()))?;
    body(document.results, out)?;
    writeln!(out, "\n## Pictures\n")?;
    for figure in document.figures {
        let heading = figure.picture.heading();
        let (title, subtitle) = (plain(&heading.title), plain(&heading.subtitle));
        writeln!(out, "![{title}](plots/{}.png)\n\n*{title}.* {subtitle}\n", figure.name)?;
    }
    writeln!(out, "## Explanation")?;
    let sections = sections(document.study, document.results, &document.stories());
    for section in sections.iter().filter(|section| !section.lines.is_empty()) {
        writeln!(out, "\n### {}\n", section.title)?;
        let drawn = |line: &String| line.starts_with(' ') || line.contains(['│', '┌', '└', '├']);
        for lines in section.lines.chunk_by(|one, next| drawn(one) == drawn(next)) {
            if lines.iter().all(drawn) {
                writeln!(out, "```text\n{}\n```\n", lines.join("\n"))?;
            } else {
                let item = |line: &str| line.strip_prefix("* ").map(|rest| format!("* {}\n", plain(rest)));
                let line = |line: &String| item(line).unwrap_or_else(|| format!("{}\n", plain(line)));
                lines.iter().try_for_each(|one| writeln!(out, "{}", line(one)))?;
            }
        }
    }
    writeln!(out, "## Scenario\n\n```sh\n{}\n```\n", document.command())?;
    for file in &document.provenance.files {
        match &file.text {
            Some(text) => writeln!(
                out,
                "`{}`\n\n{fence}toml\n{}\n{fence}\n",
                file.name,
                text.trim_end(),
                fence = fence(text)
            )?,
            None => writeln!(out, "`{}` ({})\n", file.name, file.hash)?,
        }
    }
    writeln!(out, "The scenario with every key said hashes to `{}`.", document.provenance.scenario_hash())
}

/// More backticks than stand in `text` in a row.
fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}
