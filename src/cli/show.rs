//! What is shown of results, and where.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::fill::{Records, Tables};
use super::stop::Stop;
use super::terminal::{Choice, print};
use crate::experiment::Results;
use crate::output::answer::Answer;
use crate::output::format::{FORMATS, Format, Look, named};
use crate::output::provenance::Provenance;

/// In which format something is printed, and where.
#[derive(Args)]
pub(super) struct Printed {
    /// What is printed
    #[arg(long, value_name = "FORMAT", default_value = "table",
          value_parser = clap::builder::PossibleValuesParser::new(FORMATS.iter().map(|format| format.name)))]
    format: String,
    /// Print into a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// What is shown of results, and where.
#[derive(Args)]
pub(super) struct Show {
    #[command(flatten)]
    printed: Printed,
    /// Which replicates leave tables of tasks and cores and a trace
    #[arg(long, value_enum, default_value_t = Records::One)]
    records: Records,
    /// Leave the tables as Parquet, too
    #[cfg(feature = "parquet")]
    #[arg(long)]
    parquet: bool,
    /// Say nothing but results and errors
    #[arg(short, long)]
    pub quiet: bool,
}

impl Printed {
    /// Prints what `write` writes in the format that was asked for.
    ///
    /// # Errors
    /// Where it can't be written.
    fn print(
        &self,
        look: Look,
        write: impl Fn(&Format, Look, &mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Stop> {
        let Some(format) = named(&self.format) else { return Err(Stop::Fault("no such format".into())) };
        match &self.output {
            Some(path) if path.as_os_str() != "-" => write_file(path, &|look, out| write(format, look, out)),
            _ => print(|out| write(format, look, out)),
        }
    }

    /// Prints the answer to a question.
    ///
    /// # Errors
    /// Where it can't be written.
    pub fn answer(&self, answer: &Answer, colour: Choice) -> Result<(), Stop> {
        self.print(colour.look(), |format, _, out| (format.answer)(answer, out))
    }
}

impl Show {
    /// Which tables a run leaves.
    pub fn tables(&self) -> Tables {
        Tables {
            records: self.records,
            #[cfg(feature = "parquet")]
            parquet: self.parquet,
        }
    }

    /// Prints results.
    ///
    /// # Errors
    /// Where they can't be written.
    pub fn print(&self, results: &Results, provenance: &Provenance, colour: Choice) -> Result<(), Stop> {
        self.printed.print(colour.look(), |format, look, out| (format.write)(results, provenance, look, out))
    }
}

/// Writes into a file, which is complete or not there; what is no plain file, such as a pipe, is written to.
fn write_file(path: &Path, write: &dyn Fn(Look, &mut dyn Write) -> io::Result<()>) -> Result<(), Stop> {
    let look = Look { colour: false, width: Look::WIDTH };
    let plain = fs::metadata(path).map_or(true, |metadata| metadata.is_file());
    let aside = match path.file_name() {
        Some(name) if plain => {
            path.with_file_name(format!(".{}.{}.partial", name.to_string_lossy(), std::process::id()))
        }
        _ => path.to_owned(),
    };
    let written = fs::File::create(&aside).and_then(|file| {
        let mut out = BufWriter::new(file);
        write(look, &mut out)?;
        out.flush()
    });
    let written = written.and_then(|()| if aside == path { Ok(()) } else { fs::rename(&aside, path) });
    written.map_err(|error: io::Error| {
        if aside != path {
            // The failure is told; that its beginnings may stay behind is not worth another.
            let _ = fs::remove_file(&aside);
        }
        Stop::unwritten(&format!("`{}`", path.display()), &error)
    })
}
