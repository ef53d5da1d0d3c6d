//! From files to a study: every case read, every problem collected.

use super::Study;
use super::cases::Cases;
use super::keys::ALL;
use super::resolution::Resolution;
use crate::error::Problem;
use crate::source::{Context, Files, SourceMap};

/// What is to be checked.
#[derive(Clone, Copy, Default, Debug)]
pub struct Request<'a> {
    /// The path of the scenario, as [`Files`] knows it.
    pub path: &'a str,
    /// Keys to be set, each `key.path=value`, over the file, its variants and its sweep.
    pub sets: &'a [String],
    /// Keys to be swept, each `key.path=1,2,4`, beside those of the file.
    pub sweeps: &'a [String],
    /// The charts that exist; any name will do where empty.
    pub plots: &'a [&'a str],
    /// Whether only the file as it stands at the first point of its sweep is asked for: without variants, without plots
    /// of its own and expectations.
    pub alone: bool,
}

/// A scenario with nothing wrong in it.
#[derive(Debug)]
pub struct Checked {
    /// What is to be simulated.
    pub study: Study,
    /// What every key came to, to be printed.
    pub resolution: Resolution,
}

/// A scenario with something wrong in it.
pub struct Refused {
    /// The texts.
    pub map: SourceMap,
    /// What is wrong with them: at least one problem.
    pub problems: Vec<Problem>,
}

/// Reads a scenario with all that it names from `files`: the one way from text to something that can be simulated.
///
/// # Errors
/// All that is wrong, at its places.
///
/// ```
/// use makespan::scenario::{Request, check};
/// use makespan::source::{InMemory, render};
/// let files = InMemory::new([("s.toml", "machine.cores = 8\nschedule.polcy = \"fifo\"\nworkload = {}")]);
/// let refused = check(&files, &Request { path: "s.toml", ..Request::default() }).unwrap_err();
/// assert!(render(&refused.map, &refused.problems, false).contains("did you mean `policy`?"));
/// ```
pub fn check(files: &dyn Files, request: &Request<'_>) -> Result<Checked, Refused> {
    let cx = Context::new(files).with_top_level(ALL);
    let checked = Cases::load(request, &cx).and_then(Cases::study);
    let problems = beyond_syntax(cx.take_problems(), &cx);
    match checked {
        Some(checked) if problems.is_empty() => Ok(checked),
        _ => {
            debug_assert!(!problems.is_empty(), "refused without a reason");
            Err(Refused { map: cx.map.into_inner(), problems })
        }
    }
}

/// The problems without those that come of a line which is no TOML.
fn beyond_syntax(problems: Vec<Problem>, cx: &Context<'_>) -> Vec<Problem> {
    let map = cx.map.borrow();
    let line = |problem: &Problem| {
        problem.at.as_ref().map(|(place, _)| {
            let (name, line, _) = map.position(*place);
            (name.to_owned(), line)
        })
    };
    let broken: Vec<_> = problems.iter().filter(|problem| problem.syntax).map(line).collect();
    problems
        .into_iter()
        .filter(|problem| problem.syntax || broken.is_empty() || !broken.contains(&line(problem)))
        .collect()
}
