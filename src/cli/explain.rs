//! `makespan explain`: bounds, the machine and where the time went, in sentences.

use clap::Args;

use super::request::Scenario;
use super::run::{Effort, simulate};
use super::stop::Stop;
use super::terminal::{Choice, print};

/// Say in sentences what a scenario is and where its time goes
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    scenario: Scenario,
    #[command(flatten)]
    effort: Effort,
}
