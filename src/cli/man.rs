//! `makespan man`: the manual page.

use clap::{Args, CommandFactory};

use super::stop::Stop;
use super::terminal::print;

/// Print the manual page, to be read with man -l or installed
#[derive(Args)]
pub(super) struct Arguments {}

/// Runs the command.
///
/// # Errors
/// Where standard output can't be written.
pub(super) fn run(_: &Arguments) -> Result<(), Stop> {
    let mut command = super::Arguments::command();
    // What the flattened pages of the subcommands refer to must be settled first.
    command.build();
    let mut page = Vec::new();
    let rendered = pages(&command, &mut page);
    rendered.map_err(|error| Stop::Fault(error.to_string()))?;
    print(|out| out.write_all(&page))
}

/// The page of the program, and below it the options of every command.
fn pages(command: &clap::Command, page: &mut Vec<u8>) -> std::io::Result<()> {
    let man = clap_mangen::Man::new(command.clone());
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    for each in command.get_subcommands().filter(|each| each.get_name() != "help") {
        let name = each.get_name().to_uppercase();
        page.extend(format!(".SH {name}\n").into_bytes());
        let about = each.get_about().map(ToString::to_string).unwrap_or_default();
        page.extend(format!("{about}.\n").into_bytes());
        let mut options = Vec::new();
        clap_mangen::Man::new(each.clone()).render_options_section(&mut options)?;
        // A heading of its own level: the options belong to the command.
        let options = String::from_utf8_lossy(&options).replacen(".SH OPTIONS", ".SS OPTIONS", 1);
        page.extend(options.into_bytes());
    }
    man.render_extra_section(page)?;
    man.render_version_section(page)
}
