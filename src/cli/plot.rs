//! `makespan plot`: the pictures of a finished run drawn again.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::stop::Stop;
use crate::output::folder::replace;
use crate::output::manifest;
use crate::plot::theme::{THEMES, Theme};
use crate::report::{Figure, kept};

/// Draw the pictures of a finished run again, for slides or paper, without running it
#[derive(Args)]
pub(super) struct Arguments {
    /// The folder of a run
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// What the pictures are for
    #[arg(long, default_value = Theme::USUAL.name,
          value_parser = PossibleValuesParser::new(THEMES.iter().map(|theme| theme.name)))]
    theme: String,
    /// Draw in shades of grey
    #[arg(long)]
    grey: bool,
    /// Draw only these of its pictures
    #[arg(long, value_name = "A,B,…", value_delimiter = ',')]
    plots: Vec<String>,
    /// Where to put them; in the place of the old ones unless given
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// Where the folder is none of a run, lacks a picture that is asked for, or can't be written.
pub(super) fn run(arguments: &Arguments) -> Result<(), Stop> {
    let whole =
        [manifest::NAME, "plots/tornado.json"].iter().any(|name| arguments.folder.join(name).is_file());
    if !whole {
        return Err(Stop::Wrong(format!(
            "`{}` is not the folder of a finished run",
            arguments.folder.display()
        )));
    }
    let Some(theme) = Theme::named(&arguments.theme) else { return Err(Stop::Fault("no such theme".into())) };
    let plots = arguments.folder.join("plots");
    let figures = figures(&plots)?;
    let known: Vec<&str> = figures.iter().map(|figure| figure.name.as_str()).collect();
    if let Some(unknown) = arguments.plots.iter().find(|name| !known.contains(&name.as_str())) {
        let known = known.join(", ");
        return Err(Stop::Wrong(format!("`{}` has no picture `{unknown}`; it has {known}", plots.display())));
    }
    let place = arguments.out.clone().unwrap_or(plots);
    fs::create_dir_all(&place).map_err(|error| Stop::unwritten(&format!("`{}`", place.display()), &error))?;
    let wanted = |name: &String| arguments.plots.is_empty() || arguments.plots.contains(name);
    for figure in figures.iter().filter(|figure| wanted(&figure.name)) {
        for (ending, bytes) in super::fill::rendered(figure, theme, arguments.grey)? {
            let path = place.join(format!("{}.{ending}", figure.name));
            replace(&path, &bytes).map_err(|error| Stop::Wrong(error.to_string()))?;
        }
    }
    eprintln!("{}", place.display());
    Ok(())
}

/// The pictures that were kept in `plots`, in the order of their names.
fn figures(plots: &Path) -> Result<Vec<Figure>, Stop> {
    let unreadable = |error: &dyn std::fmt::Display| {
        Stop::Wrong(format!("the pictures in `{}` can't be read: {error}", plots.display()))
    };
    let mut paths: Vec<PathBuf> = fs::read_dir(plots)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
        .map_err(|error| unreadable(&error))?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    paths.sort();
    let figure = |path: &PathBuf| {
        let stem = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let bytes = fs::read(path).map_err(|error| unreadable(&error))?;
        kept(&stem, &bytes).map_err(|why| Stop::Wrong(format!("`{}` can't be read: {why}", path.display())))
    };
    paths.iter().map(figure).collect()
}
