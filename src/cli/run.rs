//! `makespan run`: a scenario simulated, printed, and written into a folder.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use clap::{ArgGroup, Args};

use super::fill::{Run, fill};
use super::log::Log;
use super::overseer::Overseer;
use super::plan;
use super::request::{Ready, Scenario};
use super::session::{Session, Task};
use super::show::Show;
use super::stop::Stop;
use super::terminal::Choice;
use crate::experiment::{self, Results, Share, Threads};
use crate::scenario::Study;
use crate::units::{self, Dimension, Scale};

/// Simulate a scenario: a table here, everything else in a folder
///
/// What is done is kept in the folder until the run is complete: after Ctrl-C or a crash the same command goes on.
#[derive(Args)]
#[command(group = ArgGroup::new("place").args(["out", "plan"]).multiple(true))]
pub(super) struct Arguments {
    #[command(flatten)]
    scenario: Scenario,
    #[command(flatten)]
    effort: Effort,
    #[command(flatten)]
    show: Show,
    /// The folder of this run; output/ and the name of the scenario's file unless given
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Say how much there is to do and about how long it takes, and simulate no more than that needs
    #[arg(long, conflicts_with_all = ["budget", "restart"])]
    plan: bool,
    /// Begin no replicate after so long, such as 10min, and state what was done by then
    #[arg(long, value_name = "TIME", value_parser = time)]
    budget: Option<Duration>,
    /// Give up what is kept in the folder of a run that was ended
    #[arg(long)]
    restart: bool,
    /// Do part I of N into a folder, for makespan merge
    #[arg(long, value_name = "I/N", requires = "place")]
    shard: Option<Share>,
}

/// How replicates are run.
#[derive(Args)]
pub(super) struct Effort {
    /// How many replicates run at once; as many as there are processors unless given
    #[arg(short, long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=4096))]
    jobs: Option<u16>,
    /// Show no bar
    #[arg(long)]
    no_progress: bool,
}

fn time(text: &str) -> Result<Duration, String> {
    let parsed = units::parse(text, Dimension::Time, &Scale::default());
    match parsed {
        Ok(picoseconds) if picoseconds > 0.0 => {
            Duration::try_from_secs_f64(picoseconds * 1e-12).map_err(|error| error.to_string())
        }
        _ => Err("a time with its unit, such as 90s, 10min or 8h".into()),
    }
}

/// Runs the command.
///
/// # Errors
/// Where the scenario is wrong, a replicate fails or something can't be written.
pub(super) fn run(arguments: &Arguments, colour: Choice) -> Result<(), Stop> {
    let (began, at) = (Instant::now(), SystemTime::now());
    let Ready { study, provenance } = arguments.scenario.check(colour)?;
    let threads = arguments.effort.threads()?;
    if arguments.plan {
        return plan::tell(&study, arguments.shard.unwrap_or(Share::WHOLE), &threads);
    }
    let quiet = arguments.show.quiet;
    let default = || Path::new("output").join(arguments.scenario.stem());
    let place = arguments.out.clone().unwrap_or_else(default);
    let mut overseer = Overseer::new(&study, threads.count(), arguments.effort.bar(quiet));
    if let Some(budget) = arguments.budget {
        overseer.until(began + budget);
    }
    let task = Task { provenance: &provenance, share: arguments.shard, restart: arguments.restart };
    let session = Session::begin(&place, &task, &mut overseer)?;
    let tell = |text: &str| {
        if !quiet {
            eprintln!("{text}");
        }
    };
    session.notices.iter().for_each(|notice| tell(notice));
    if let Some(share) = arguments.shard {
        let done = experiment::run_share(&study, share, &threads, &overseer);
        overseer.bar().clear();
        return match done.map_err(|failed| session.failed(&failed, &overseer))? {
            true => {
                session.secure()?;
                tell(&format!("part {share} is complete: {}", place.display()));
                Ok(())
            }
            false => {
                let kept = session.what_is_kept(&overseer);
                Err(Stop::Wrong(format!("the time is over before part {share} is complete: {kept}")))
            }
        };
    }
    let results = experiment::run(&study, &threads, &overseer);
    overseer.bar().clear();
    let results = results.map_err(|failed| session.failed(&failed, &overseer))?;
    let folder = session.folder()?;
    let run =
        Run { name: arguments.scenario.stem(), study: &study, results: &results, provenance: &provenance };
    let log = Log { at, began, threads: threads.count(), overseer: &overseer };
    let notices = fill(&folder, &run, arguments.show.tables(), &|| log.text())?;
    session.finish(folder, overseer.out_of_time())?;
    arguments.show.print(&results, &provenance, colour)?;
    notices.iter().for_each(|notice| tell(notice));
    if overseer.out_of_time() {
        tell(&format!("the time is over: {}", session.what_is_kept(&overseer)));
    }
    tell(&format!("{} · {:.2} s", place.display(), began.elapsed().as_secs_f64()));
    Ok(())
}

impl Effort {
    /// How many replicates run at once, if that is said.
    pub fn jobs(&self) -> Option<usize> {
        self.jobs.map(usize::from)
    }

    /// The threads on which replicates run.
    ///
    /// # Errors
    /// Where the system gives none.
    pub fn threads(&self) -> Result<Threads, Stop> {
        Threads::new(self.jobs()).map_err(Stop::Fault)
    }

    /// Whether a bar is wanted.
    pub fn bar(&self, quiet: bool) -> bool {
        !quiet && !self.no_progress
    }
}

/// Simulates all replicates of `study`, without a place where anything is kept.
///
/// # Errors
/// Where a replicate fails.
pub(super) fn simulate(study: &Study, effort: &Effort, quiet: bool) -> Result<Results, Stop> {
    let threads = effort.threads()?;
    let overseer = Overseer::new(study, threads.count(), effort.bar(quiet));
    let results = experiment::run(study, &threads, &overseer);
    overseer.bar().clear();
    results.map_err(|failed| Stop::Wrong(failed.to_string()))
}
